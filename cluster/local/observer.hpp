// What `up` knows of its cluster, asked once a second over one admin link: heads, consensus, spans, workers.
#pragma once
#include <map>
#include <set>

#include "cluster/local/local_cluster.hpp"

namespace asterism::cluster {

struct ReplicaView {
  std::string name, step, state;  // state: empty when it answers
  std::uint64_t height = 0, round = 0, peers = 0;
};
struct WorkerView {
  std::string name, state;
  std::uint64_t span = 0, proven = 0, failed = 0;
};
struct ClusterView {
  bool reachable = false;
  std::vector<ReplicaView> replicas;
  std::vector<WorkerView> workers;
  std::uint64_t latest = 0, unsafe = 0, safe = 0, settled = 0, l1_head = 0;
  std::string why_safe;                        // why `safe` is where it is
  std::map<std::string, std::uint64_t> spans;  // by state
  std::set<std::string> alarms;                // open ones of all replicas: code and subject
  std::uint32_t decision_ms_p50 = 0;
};

class Observer {
 public:
  explicit Observer(const LocalCluster& cluster) : cluster_(cluster) {}
  const ClusterView& look();
  // Hash, root and receipts commitment of one block at every replica: all equal, and all there.
  bool same_block_everywhere(std::uint64_t height);

 private:
  bool connect();
  void look_at_replicas();
  void look_at_alarms(const core::LinkKey& process);
  void look_at_proving();

  const LocalCluster& cluster_;
  std::unique_ptr<AdminClient> admin_;
  ClusterView view_;
};

}  // namespace asterism::cluster
