// A cluster under client load, with what must hold whatever happens to it: those who can decide do, who was away
// catches up, everything decided settles, and all replicas agree on every block and keep every promise.
#pragma once
#include "tests/cluster/acceptance/traffic.hpp"

namespace asterism::acceptance {

class LoadedCluster {
 public:
  explicit LoadedCluster(ClusterOptions options = {}) : cluster_(std::move(options)) {}
  // True once clients have seen the first transactions accepted.
  bool start();

  Cluster& cluster() { return cluster_; }
  Traffic& traffic() { return *traffic_; }
  std::vector<unsigned> all() const { return all_but({}); }
  std::vector<unsigned> all_but(const std::vector<unsigned>& others) const;

  // `more` further blocks at each of these replicas.
  bool decides(const std::vector<unsigned>& replicas, std::uint64_t more = 3) const;
  // What the others have now.
  bool catches_up(unsigned replica) const;
  // Everything that is decided now.
  bool settles() const;

  // Blocks and promises since the last call are the same on all replicas; empty, or what is not.
  std::string agreement();
  // All of them, from the first block on; ends the load.
  std::string final_agreement();

 private:
  Cluster cluster_;
  std::unique_ptr<Traffic> traffic_;
  std::uint64_t compared_ = 0;  // blocks up to here
  std::size_t kept_ = 0;        // promises
};

}  // namespace asterism::acceptance
