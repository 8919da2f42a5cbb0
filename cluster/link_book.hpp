// What there is to say of links: who is up, who is being dialed, what was refused and why. Written by links, read by
// the `peers` inquiry. Bounded: members and workers by membership, clients only while connected, refusals the last few.
#pragma once
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/link/admission.hpp"

namespace asterism::cluster {

struct LinkStatus {
  std::string name, address, state, last_fault;  // state: up, dialing, waiting
  actors::PeerKind kind = actors::PeerKind::kValidator;
  ListenerKind listener = ListenerKind::kPeers;
  std::uint64_t since_ms = 0;  // unix
  std::int64_t round_trip_ms = -1;
  std::uint64_t bytes_in = 0, bytes_out = 0, queued_bytes = 0, attempts = 0;
};
struct RefusedLink {
  std::uint64_t at_ms = 0;
  std::string address, reason, text;
};

class LinkBook {
 public:
  using Key = std::pair<ListenerKind, core::LinkKey>;
  template <class Change>
  void update(const Key& key, Change change) {
    const std::lock_guard lock(mutex_);
    change(links_[key]);
  }
  void forget(const Key& key) {
    const std::lock_guard lock(mutex_);
    links_.erase(key);
  }
  void refused(RefusedLink refused) {
    const std::lock_guard lock(mutex_);
    refusals_.push_back(std::move(refused));
    if (refusals_.size() > 64) refusals_.pop_front();
  }
  std::map<Key, LinkStatus> links() const {
    const std::lock_guard lock(mutex_);
    return links_;
  }
  std::vector<RefusedLink> refusals() const {
    const std::lock_guard lock(mutex_);
    return {refusals_.begin(), refusals_.end()};
  }

 private:
  mutable std::mutex mutex_;
  std::map<Key, LinkStatus> links_;
  std::deque<RefusedLink> refusals_;
};

}  // namespace asterism::cluster
