#include "cluster/local/live_view.hpp"

#include <cstdarg>
#include <cstdio>

namespace asterism::cluster {
namespace {

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
  char buffer[512];
  va_list arguments;
  va_start(arguments, pattern);
  const int size = std::vsnprintf(buffer, sizeof buffer, pattern, arguments);
  va_end(arguments);
  return std::string(buffer, static_cast<std::size_t>(std::min<int>(std::max(size, 0), sizeof buffer - 1)));
}

std::string bar(std::uint64_t done, std::uint64_t all) {
  constexpr std::uint64_t kWidth = 30;
  const std::uint64_t filled = all == 0 ? 0 : std::min(kWidth, done * kWidth / all);
  return "[" + std::string(filled, '#') + std::string(kWidth - filled, '.') + "]";
}

std::string spans_text(const ClusterView& view) {
  std::string out;
  for (const auto& [state, count] : view.spans) out += (out.empty() ? "" : " ") + state + "=" + std::to_string(count);
  return out.empty() ? "none yet" : out;
}

unsigned long long ull(std::uint64_t value) { return value; }

}  // namespace

std::string draw_table(const ClusterView& view, const LoadReport& load, const Moment& moment,
                       const std::vector<std::string>& events) {
  std::string out =
      format("asterism   %.0f s   %.1f transfers/s   latency p50 %u ms p99 %u ms   proofs: attestation\n\n",
             moment.seconds, moment.tx_per_s, percentile(load.latencies_ms, 0.5), percentile(load.latencies_ms, 0.99));
  out += "replica  height  round  step        peers\n";
  for (const ReplicaView& replica : view.replicas) {
    out += replica.state.empty() ? format("%-8s %6llu %6llu  %-10s %6llu\n", replica.name.c_str(), ull(replica.height),
                                          ull(replica.round), replica.step.c_str(), ull(replica.peers))
                                 : format("%-8s %s\n", replica.name.c_str(), replica.state.c_str());
  }
  const std::uint64_t goal = moment.goal != 0 ? moment.goal : view.latest;
  out += format("\nlatest  %s %llu\nsettled %s %llu   (L1 block %llu)\nsafe    %s %llu%s\n",
                bar(view.latest, std::max(goal, view.latest)).c_str(), ull(view.latest),
                bar(view.settled, std::max(goal, view.latest)).c_str(), ull(view.settled), ull(view.l1_head),
                bar(view.safe, goal).c_str(), ull(view.safe),
                moment.goal != 0 ? format(" of %llu", ull(moment.goal)).c_str() : "");
  if (!view.why_safe.empty()) out += "        " + view.why_safe + "\n";
  out += "\nspans   " + spans_text(view) + "\n\nworker   state       span  proven  failed\n";
  for (const WorkerView& worker : view.workers)
    out += format("%-8s %-10s %5llu %7llu %7llu\n", worker.name.c_str(), worker.state.c_str(), ull(worker.span),
                  ull(worker.proven), ull(worker.failed));
  out += format("\ntransfers: %llu sent, %llu succeeded, %llu reverted, %llu refused, %llu retried\n", ull(load.sent),
                ull(load.succeeded), ull(load.reverted), ull(load.refused), ull(load.retried));
  for (const std::string& alarm : view.alarms) out += "ALARM " + alarm + "  (asterism shell --exec alarms)\n";
  for (const std::string& event : events) out += event + "\n";
  return out;
}

std::string draw_line(const ClusterView& view, const LoadReport& load, const Moment& moment) {
  std::string heights, workers;
  for (const ReplicaView& replica : view.replicas)
    heights += (heights.empty() ? "" : ",") + replica.name + ":" +
               (replica.state.empty() ? std::to_string(replica.height) + "/" + std::to_string(replica.round) : "down");
  for (const WorkerView& worker : view.workers)
    workers += (workers.empty() ? "" : ",") + worker.name + ":" + worker.state +
               (worker.span != 0 ? "(" + std::to_string(worker.span) + ")" : "");
  return format("t=%.0f latest=%llu unsafe=%llu settled=%llu safe=%llu tx/s=%.1f p50_ms=%u succeeded=%llu ",
                moment.seconds, ull(view.latest), ull(view.unsafe), ull(view.settled), ull(view.safe), moment.tx_per_s,
                percentile(load.latencies_ms, 0.5), ull(load.succeeded)) +
         "replicas=" + heights + " spans={" + spans_text(view) + "} workers=" + workers +
         (view.alarms.empty() ? ""
                              : " alarms=" + std::to_string(view.alarms.size()) + " why=\"" + view.why_safe + "\"");
}

}  // namespace asterism::cluster
