// up: a cluster on this machine, from nothing or from where it stopped, with client load and a live view.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <thread>

#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "cluster/local/live_view.hpp"
#include "cluster/local/local_cluster.hpp"

namespace asterism::cluster {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

std::atomic<int> g_interrupts{0};
void on_signal(int) {
  if (++g_interrupts >= 2) ::_exit(130);  // children get SIGTERM when this process is gone
}

struct UpArguments {
  LocalOptions local;
  std::string dir = ".asterism";
  double rate = 50;
  std::uint64_t until_safe = 0;
  unsigned timeout = 0;
  bool fresh = false, json = false, no_restart = false, no_empty = false;
};

std::string own_binary() { return fs::read_symlink("/proc/self/exe").string(); }

std::expected<void, std::string> move_aside(const fs::path& dir) {
  if (!fs::exists(dir)) return {};
  fs::path aside;
  for (unsigned i = 1; aside.empty() || fs::exists(aside); ++i) aside = dir.string() + "-" + std::to_string(i);
  std::error_code fault;
  fs::rename(dir, aside, fault);
  if (fault) return std::unexpected("cannot move " + dir.string() + " aside: " + fault.message());
  std::fprintf(stderr, "moved the old %s to %s\n", dir.c_str(), aside.c_str());
  return {};
}

class UpRun {
 public:
  UpRun(const UpArguments& arguments, LocalCluster& cluster)
      : arguments_(arguments),
        cluster_(cluster),
        observer_(cluster),
        terminal_(::isatty(STDOUT_FILENO) != 0 && !arguments.json) {}

  // The exit code.
  int run() {
    start_load();
    auto next = Clock::now();
    while (g_interrupts == 0) {
      next = std::max(next + std::chrono::seconds(1), Clock::now());
      if (!workers_started_) workers_started_ = cluster_.start_new_workers();
      for (std::string& event : cluster_.supervisor().watch()) remember(std::move(event));
      const ClusterView& view = observer_.look();
      // One that was drained left; since it was resumed the coordinator waits for it.
      for (const WorkerView& worker : view.workers) {
        if (worker.state == "away") cluster_.supervisor().bring_back(worker.name);
      }
      const LoadReport load = load_ ? load_->report() : LoadReport{};
      show(view, load);
      if (arguments_.until_safe != 0 && view.safe >= arguments_.until_safe) return finish(view, true);
      if (arguments_.timeout != 0 && seconds() >= arguments_.timeout) return end_early(view);
      while (g_interrupts == 0 && Clock::now() < next)
        std::this_thread::sleep_for(std::min<Clock::duration>(next - Clock::now(), std::chrono::milliseconds(50)));
    }
    return end_early(observer_.look());
  }

 private:
  // By time-out or signal: a failure only if there was a goal.
  int end_early(const ClusterView& view) {
    const bool aimless = arguments_.until_safe == 0;
    const int code = finish(view, aimless);
    if (aimless) return code;
    return complain("up", "safe is " + std::to_string(view.safe) + " after " +
                              std::to_string(static_cast<unsigned>(seconds())) + " s, not " +
                              std::to_string(arguments_.until_safe) +
                              (view.why_safe.empty() ? "" : ": " + view.why_safe));
  }

  double seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

  void start_load() {
    if (arguments_.rate <= 0) return;
    LoadOptions options{.genesis = cluster_.folder().genesis,
                        .genesis_hash = cluster_.folder().genesis_hash,
                        .addresses = cluster_.client_addresses(),
                        .accounts = load_accounts_of(cluster_.options().dir),
                        .rate = arguments_.rate};
    load_ = std::make_unique<Load>(std::move(options));
    load_->start();
  }

  void remember(std::string event) {
    if (!terminal_) std::fprintf(stderr, "%s\n", event.c_str());
    events_.push_back(std::move(event));
    if (events_.size() > 5) events_.erase(events_.begin());
  }

  void show(const ClusterView& view, const LoadReport& load) {
    recent_.push_back({seconds(), load.succeeded});
    if (recent_.size() > 6) recent_.erase(recent_.begin());
    const double span = recent_.back().first - recent_.front().first;
    const Moment moment{
        .seconds = seconds(),
        .tx_per_s = span > 0 ? static_cast<double>(recent_.back().second - recent_.front().second) / span : 0,
        .goal = arguments_.until_safe};
    if (terminal_) {
      std::printf("\033[H\033[2J%s\nctrl-c ends everything; the same command resumes\n",
                  draw_table(view, load, moment, events_).c_str());
      std::fflush(stdout);
    } else {
      std::fprintf(stderr, "%s\n",
                   view.reachable ? draw_line(view, load, moment).c_str() : "waiting for the first replica to answer");
    }
  }

  int finish(const ClusterView& view, bool reached) {
    if (load_) load_->drain(std::chrono::seconds(g_interrupts > 0 ? 0 : 10));
    const LoadReport load = load_ ? load_->report() : LoadReport{};
    const bool equal = view.safe > 0 && observer_.same_block_everywhere(view.safe);
    if (arguments_.json) print_json(view, load, equal);
    if (load_) load_->stop();
    cluster_.supervisor().stop(std::chrono::milliseconds(5000));
    std::fprintf(stderr, "stopped; resume with: asterism up --dir %s\n", cluster_.options().dir.c_str());
    return reached && (equal || arguments_.until_safe == 0) ? kExitDone : kExitFailed;
  }

  void print_json(const ClusterView& view, const LoadReport& load, bool equal) const {
    Json spans = Json::object();
    for (const auto& [state, count] : view.spans) spans[state] = count;
    std::printf("%s\n", Json{{"transactions", load.sent},
                             {"succeeded", load.succeeded},
                             {"reverted", load.reverted},
                             {"blocks", view.latest},
                             {"settled", view.settled},
                             {"safe", view.safe},
                             {"seconds", seconds()},
                             {"tx_per_s", static_cast<double>(load.succeeded) / std::max(seconds(), 0.001)},
                             {"latency_ms_p50", percentile(load.latencies_ms, 0.5)},
                             {"latency_ms_p99", percentile(load.latencies_ms, 0.99)},
                             {"decision_ms_p50", view.decision_ms_p50},
                             {"state_roots_equal", equal},
                             {"proof_kind", "attestation"},
                             {"spans", spans}}
                            .dump()
                            .c_str());
    std::fflush(stdout);
  }

  const UpArguments& arguments_;
  LocalCluster& cluster_;
  Observer observer_;
  const bool terminal_;
  std::unique_ptr<Load> load_;
  bool workers_started_ = false;
  std::vector<std::string> events_;
  std::vector<std::pair<double, std::uint64_t>> recent_;
  const Clock::time_point begin_ = Clock::now();
};

// Flags that only a new cluster obeys: of a resumed one they must say what it is.
struct ShapeFlags {
  CLI::Option *replicas, *workers, *port, *no_empty, *accounts;
};

ShapeFlags add_flags(CommandLine& app, UpArguments& arguments) {
  LocalOptions& local = arguments.local;
  ShapeFlags shape{};
  shape.replicas = app.add_option("--replicas", local.replicas, "replicas of a new cluster")
                       ->capture_default_str()
                       ->check(CLI::Range(1, 64));
  shape.workers = app.add_option("--workers", local.workers, "prover workers; further ones join a resumed cluster")
                      ->capture_default_str()
                      ->check(CLI::Range(0, 64));
  app.add_option("--dir", arguments.dir, "folder of the cluster")->capture_default_str();
  app.add_flag("--fresh", arguments.fresh, "moves an existing folder aside and begins anew");
  app.add_option("--rate", arguments.rate, "client transfers a second; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 100'000.0));
  app.add_option("--until-safe", arguments.until_safe, "ends with exit code 0 once so many blocks are safe")
      ->check(CLI::Range(1, 1'000'000'000));
  app.add_option("--timeout", arguments.timeout,
                 "ends after so many seconds: exit code 1 if --until-safe was not reached")
      ->check(CLI::Range(1, 31'536'000));
  app.add_flag("--json", arguments.json, "prints one JSON line at the end");
  shape.port = app.add_option("--base-port", local.base_port, "first of the ports of a new cluster (10 a process)")
                   ->capture_default_str()
                   ->check(CLI::Range(1024, 64'000));
  app.add_flag("--no-restart", arguments.no_restart, "a process that dies stays dead (drills)");
  shape.no_empty = app.add_flag("--no-empty-blocks", arguments.no_empty,
                                "a new cluster makes blocks only when there are transactions");
  shape.accounts =
      app.add_option("--load-accounts", local.load_accounts, "accounts of a new cluster that client load uses")
          ->capture_default_str()
          ->check(CLI::Range(1, 12'000));
  constexpr std::uint64_t kMost = std::uint64_t{1} << 48;
  app.add_option("--worker-memory", local.worker_memory, "bytes a proving child of a new worker may use")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1} << 20, kMost));
  app.add_option("--worker-transactions", local.worker_transactions, "largest span a new worker accepts")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, kMost));
  return shape;
}

// What a cluster is and the flags say otherwise; empty when they agree.
std::string other_shape(const LocalOptions& is, const LocalOptions& wanted, const ShapeFlags& flags) {
  const bool other =
      (*flags.replicas && is.replicas != wanted.replicas) || (*flags.port && is.base_port != wanted.base_port) ||
      (*flags.no_empty && is.empty_blocks != wanted.empty_blocks) ||
      (*flags.accounts && is.load_accounts != wanted.load_accounts) || (*flags.workers && is.workers > wanted.workers);
  if (!other) return {};
  return "the cluster in " + is.dir.string() + " has another shape (" + std::to_string(is.replicas) + " replicas, " +
         std::to_string(is.workers) + " workers, base port " + std::to_string(is.base_port) + ", " +
         std::to_string(is.load_accounts) + " accounts for load, " + (is.empty_blocks ? "" : "no ") +
         "empty blocks); --fresh begins anew";
}

}  // namespace

int up_command(int argc, char** argv) {
  CommandLine app(
      "up",
      "Runs a whole cluster on this machine: an embedded L1, replicas, prover workers, client load. The first time it "
      "makes\n"
      "the folder (keys, genesis, configurations); afterwards it resumes what is there. Ctrl-C ends everything.",
      "asterism up --until-safe 20 --json");
  UpArguments arguments;
  const ShapeFlags flags = add_flags(app, arguments);
  if (const auto code = app.read(argc, argv)) return *code;
  const auto waits_for_ever = [&](bool empty_blocks) {
    return arguments.until_safe != 0 && arguments.rate <= 0 && !empty_blocks;
  };
  const std::string idle =
      "--until-safe with --rate 0 and without empty blocks would wait for ever: nothing makes blocks";
  if (waits_for_ever(!arguments.no_empty)) return complain("up", idle, kExitUsage);
  LocalOptions& local = arguments.local;
  local.dir = fs::absolute(arguments.dir);
  local.restart = !arguments.no_restart;
  local.empty_blocks = !arguments.no_empty;
  local.binary = own_binary();
  if (arguments.fresh) {
    if (auto free = LocalCluster::check_ports(local, false); !free) return complain("up", free.error());
    if (auto moved = move_aside(local.dir); !moved) return complain("up", moved.error());
  }
  const auto cluster = LocalCluster::prepare(local);
  if (!cluster) return complain("up", cluster.error());
  const LocalOptions& shape = (*cluster)->options();
  if (const std::string other = other_shape(shape, local, flags); (*cluster)->resumed() && !other.empty())
    return complain("up", other, kExitUsage);
  if (waits_for_ever(shape.empty_blocks))
    return complain("up", local.dir.string() + " was made with --no-empty-blocks: " + idle, kExitUsage);
  struct sigaction action{};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  std::fprintf(stderr, "%s the cluster in %s\n", (*cluster)->resumed() ? "resuming" : "starting", local.dir.c_str());
  if (auto started = (*cluster)->start(); !started) return complain("up", started.error());
  return UpRun(arguments, **cluster).run();
}

}  // namespace asterism::cluster
