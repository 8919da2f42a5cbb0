// Client traffic that remembers what it was promised: every transaction whose receipt a gateway showed as
// ACCEPTED_ON_L2, with the block it was said to be in. One thread a gateway; a lost link is made anew and what was in
// flight is sent again.
#pragma once
#include <atomic>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "tests/cluster/acceptance/cluster.hpp"

namespace asterism::acceptance {

class Traffic {
 public:
  // `gateways`: replicas whose clients' listeners are used; accounts are shared out among them.
  Traffic(const Cluster& cluster, std::vector<unsigned> gateways);
  ~Traffic() { stop(); }
  void stop();

  std::size_t accepted() const;
  // True once `more` further transactions were shown as accepted.
  bool wait_for(std::size_t more, Millis bound = Millis(30'000)) const;
  // All promises against the chains of all replicas: there, in the promised block, with one receipt everywhere. Empty,
  // or the first that is broken.
  std::string check(const Cluster& cluster) const;

 private:
  struct Runner;
  const Cluster& cluster_;
  std::atomic<bool> stopped_{false};
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::string> promised_;  // transaction hash -> block hash
  std::vector<std::thread> threads_;
};

}  // namespace asterism::acceptance
