#include "cluster/local/local_cluster.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "cluster/client/wallet.hpp"
#include "cluster/deployment/deployment.hpp"
#include "cluster/shell/shell_session.hpp"

namespace asterism::cluster {
namespace {

namespace fs = std::filesystem;

constexpr core::Uint128 kFaucetBalance = core::Uint128{1'000'000'000'000'000'000u} * 1'000'000;
constexpr core::Uint128 kUserBalance = core::Uint128{1'000'000'000'000'000'000u} * 1'000;
constexpr unsigned kPortsOfProcess = 10;
constexpr const char* kOwnAdmin = "up";  // the key with which `up` itself asks

std::string at(unsigned port) { return "127.0.0.1:" + std::to_string(port); }
unsigned ledger_port(const LocalOptions& options) { return options.base_port; }
unsigned replica_port(const LocalOptions& options, unsigned index) {
  return options.base_port + kPortsOfProcess * (index + 1);
}
unsigned worker_port(const LocalOptions& options, unsigned index) {
  return options.base_port + kPortsOfProcess * (options.replicas + 1 + index);
}

bool is_free(unsigned port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return free;
}

std::expected<std::vector<core::GenesisAccount>, std::string> make_accounts(const LocalOptions& options) {
  std::vector<core::GenesisAccount> out;
  for (const auto& [name, balance] :
       {std::pair{"alice", kUserBalance}, std::pair{"bob", kUserBalance}, std::pair{"faucet", kFaucetBalance}}) {
    const auto key = create_account(options.dir / "accounts" / (std::string(name) + ".key"));
    if (!key) return std::unexpected(key.error().text);
    out.push_back({.public_key = key->public_key, .salt = key->salt, .balance = balance});
  }
  const auto seed = load_or_create_ed25519(options.dir / "accounts" / "load.key");
  if (!seed) return std::unexpected(seed.error().text);
  if (auto written = write_file(options.dir / "accounts" / "load.count", std::to_string(options.load_accounts));
      !written)
    return std::unexpected(written.error());
  for (const AccountKey& key : load_accounts(seed->seed(), options.load_accounts))
    out.push_back({.public_key = key.public_key, .salt = key.salt, .balance = kUserBalance});
  return out;
}

std::expected<std::vector<PublicRecord>, std::string> make_records(const LocalOptions& options) {
  std::vector<PublicRecord> records;
  PublicRecord ledger{.name = "l1", .validator = "", .weight = 1, .roles = {"ledger", "admin"}};
  ledger.peers = at(ledger_port(options));
  ledger.clients = at(ledger_port(options) + 1);
  records.push_back(ledger);
  for (unsigned i = 0; i < options.replicas; ++i) {
    PublicRecord replica{.name = "r" + std::to_string(i),
                         .validator = "r" + std::to_string(i),
                         .weight = 1,
                         .roles = {"gateway", "mempool", "consensus", "sequencer", "l1", "admin"}};
    if (i == 0) replica.roles.push_back("coordinator");
    replica.peers = at(replica_port(options, i));
    replica.clients = at(replica_port(options, i) + 1);
    records.push_back(replica);
  }
  for (PublicRecord& record : records) {
    if (auto made = make_keys(record, options.dir / record.name); !made) return std::unexpected(made.error());
  }
  for (const std::string name : {"admin", kOwnAdmin}) {
    const auto admin = load_or_create_ed25519(options.dir / "admin" / (name + ".key"));
    if (!admin) return std::unexpected(admin.error().text);
    PublicRecord person;
    person.name = name;
    person.admin.bytes = admin->public_bytes();
    records.push_back(std::move(person));
  }
  return records;
}

std::expected<void, std::string> write_shape(const LocalOptions& options) {
  const Json shape{{"replicas", options.replicas},
                   {"workers", options.workers},
                   {"base_port", options.base_port},
                   {"empty_blocks", options.empty_blocks},
                   {"load_accounts", options.load_accounts}};
  return write_file(options.dir / "up.json", shape.dump());
}

}  // namespace

// genesis.json is written last: a folder without it was not finished, and is made again over what is there.
std::expected<void, std::string> LocalCluster::create(const LocalOptions& options) {
  std::error_code ignored;
  fs::remove_all(options.dir / "accounts", ignored);
  const auto accounts = make_accounts(options);
  if (!accounts) return std::unexpected(accounts.error());
  const auto records = make_records(options);
  if (!records) return std::unexpected(records.error());
  DeploymentOptions deployment;
  deployment.genesis_time =
      static_cast<std::uint64_t>(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  deployment.accounts = *accounts;
  deployment.limits.span_seconds = 3;
  const auto genesis = compose_genesis(*records, deployment);
  if (!genesis) return std::unexpected(genesis.error());
  for (const PublicRecord& record : *records) {
    if (record.roles.empty()) continue;
    config::Config config = compose_config(record, *records);
    const std::string::size_type colon = record.peers.rfind(':');
    config.genesis = "../genesis.json";
    config.listen.metrics = at(static_cast<unsigned>(std::stoul(record.peers.substr(colon + 1))) + 2);
    config.ledger.allow_reorg = true;
    config.gateway.limit_loopback = false;
    config.blocks.empty = options.empty_blocks;
    if (auto written = write_file(options.dir / record.name / "config.toml", config::render(config)); !written)
      return written;
  }
  if (auto written = write_shape(options); !written) return written;
  return write_file(options.dir / "genesis.json", core::encode_genesis(*genesis));
}

std::expected<std::unique_ptr<LocalCluster>, std::string> LocalCluster::prepare(LocalOptions options) {
  const bool resumed = fs::exists(options.dir / "genesis.json");
  if (!resumed) {
    if (fs::exists(options.dir) && !fs::is_empty(options.dir) && !fs::exists(options.dir / "accounts"))
      return std::unexpected(options.dir.string() + " exists and is no deployment; choose another --dir");
    if (auto free = check_ports(options, false); !free) return std::unexpected(free.error());
    if (auto created = create(options); !created)
      return std::unexpected(created.error() + " (--dir names the cluster's folder)");
  } else {
    const auto text = read_file(options.dir / "up.json");
    const Json shape = text ? Json::parse(*text, nullptr, false) : Json();
    if (!shape.is_object())
      return std::unexpected(options.dir.string() + " was not made by `up`; start its processes with `asterism node`");
    options.replicas = shape.value("replicas", options.replicas);
    options.workers = std::max(options.workers, shape.value("workers", options.workers));
    options.base_port = shape.value("base_port", options.base_port);
    options.empty_blocks = shape.value("empty_blocks", true);
    options.load_accounts = shape.value("load_accounts", options.load_accounts);
    if (auto free = check_ports(options, true); !free) return std::unexpected(free.error());
    if (auto written = write_shape(options); !written) return std::unexpected(written.error());
  }
  auto folder = DeploymentFolder::open(options.dir);
  if (!folder) return std::unexpected(folder.error());
  return std::unique_ptr<LocalCluster>(new LocalCluster(std::move(options), std::move(*folder), resumed));
}

std::expected<void, std::string> LocalCluster::check_ports(const LocalOptions& options, bool resumed) {
  const auto check = [&](unsigned port, unsigned count, const std::string& who) -> std::expected<void, std::string> {
    for (unsigned i = 0; i < count; ++i) {
      if (is_free(port + i)) continue;
      return std::unexpected("port " + std::to_string(port + i) + ", which " + who + " needs, is in use" +
                             (resumed ? ": does this cluster run already? If not, end what uses it, or begin anew with "
                                        "--fresh and another --base-port"
                                      : "; another --base-port avoids it"));
    }
    return {};
  };
  if (auto free = check(ledger_port(options), 3, "l1"); !free) return free;
  for (unsigned i = 0; i < options.replicas; ++i) {
    if (auto free = check(replica_port(options, i), 3, "r" + std::to_string(i)); !free) return free;
  }
  for (unsigned i = 0; i < options.workers; ++i) {
    if (auto free = check(worker_port(options, i) + 2, 1, "w" + std::to_string(i)); !free) return free;
  }
  return {};
}

std::expected<void, std::string> LocalCluster::start_process(const std::string& name,
                                                             std::vector<std::string> arguments) {
  const bool worker = arguments.front() == "worker";
  arguments.insert(arguments.begin(), options_.binary);
  return supervisor_.add(name, std::move(arguments), options_.dir / name / "log", worker);
}

std::expected<void, std::string> LocalCluster::start() {
  if (auto started = start_process("l1", {"node", "--config", (options_.dir / "l1" / "config.toml").string()});
      !started)
    return started;
  for (unsigned i = 0; i < options_.replicas; ++i) {
    const std::string name = "r" + std::to_string(i);
    if (auto started = start_process(name, {"node", "--config", (options_.dir / name / "config.toml").string()});
        !started)
      return started;
  }
  while (new_workers_from_ < options_.workers && fs::exists(worker_folder(new_workers_from_) / "config.toml")) {
    const std::string name = "w" + std::to_string(new_workers_from_);
    if (auto started = start_process(name, {"worker", "--dir", worker_folder(new_workers_from_).string()}); !started)
      return started;
    ++new_workers_from_;
  }
  return {};
}

// A folder of an earlier version has the person's key only.
std::expected<std::unique_ptr<AdminClient>, std::string> LocalCluster::connect_admin() const {
  const bool own = fs::exists(options_.dir / "admin" / (std::string(kOwnAdmin) + ".key"));
  return folder_.connect_admin("", own ? kOwnAdmin : "admin");
}

bool LocalCluster::start_new_workers() {
  if (new_workers_from_ >= options_.workers) return true;
  const auto admin = connect_admin();
  if (!admin) return false;
  ShellSession session(**admin, folder_.genesis_hash);
  for (; new_workers_from_ < options_.workers; ++new_workers_from_) {
    const Json invitation = session.run("worker invite");
    if (!invitation.contains("token")) return false;
    const fs::path folder = worker_folder(new_workers_from_);
    const std::string name = "w" + std::to_string(new_workers_from_);
    if (!write_file(folder / "token", invitation["token"].get<std::string>(), 0600)) return false;
    std::vector<std::string> command{
        "worker", "--dir", folder.string(), "--name", name, "--join", "@" + (folder / "token").string()};
    command.insert(command.end(), {"--metrics", at(worker_port(options_, new_workers_from_) + 2), "--memory-limit",
                                   std::to_string(options_.worker_memory), "--max-transactions",
                                   std::to_string(options_.worker_transactions)});
    if (!start_process(name, std::move(command))) return false;
  }
  return true;
}

}  // namespace asterism::cluster
