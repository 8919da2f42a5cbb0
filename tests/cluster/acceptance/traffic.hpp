// Client traffic that remembers what it was promised: every transaction whose receipt a gateway showed as
// ACCEPTED_ON_L2, with the block it was said to be in. One thread a gateway; a lost link is made anew and what was in
// flight is sent again.
#pragma once
#include <atomic>
#include <mutex>
#include <thread>

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
  // The promises from number `from` up to `to` against the chains of all replicas: each in the promised block, one
  // receipt a block compared in full (compare_chains compares the commitment of all). Empty, or the first that is
  // broken. All replicas must have come to their blocks.
  std::string check(const Cluster& cluster, std::size_t from, std::size_t to) const;
  std::string check(const Cluster& cluster) const { return check(cluster, 0, accepted()); }

 private:
  struct Runner;
  struct Promise {
    std::string transaction, block;  // hashes
  };
  const Cluster& cluster_;
  std::atomic<bool> stopped_{false};
  mutable std::mutex mutex_;
  std::vector<Promise> promised_;
  std::vector<std::thread> threads_;
};

}  // namespace asterism::acceptance
