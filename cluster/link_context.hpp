// What all links of a process share. Lives until the last broker has ended.
#pragma once
#include <atomic>
#include <caf/actor.hpp>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "cluster/link/rate_limit.hpp"
#include "cluster/link/session.hpp"
#include "cluster/link_book.hpp"
#include "cluster/links.hpp"
#include "cluster/router.hpp"

namespace asterism::cluster {

struct LinkContext {
  LinkContext(const LinkParts& parts, const LinkSettings& link_settings)
      : identity(parts.identity),
        membership(parts.membership),
        router(parts.router),
        metrics(parts.metrics),
        log(parts.log),
        settings(link_settings),
        client_limits(link_settings.client_limits),
        peer_limits(link_settings.peer_limits) {}

  const LinkIdentity& identity;
  Membership& membership;
  Router& router;
  Metrics& metrics;
  LogSink log;
  const LinkSettings settings;
  LinkBook book;
  std::atomic<bool> stopping{false};

  // Brokers and owners use what belongs to the node: stop() waits until the last of them is gone.
  void enter() {
    const std::lock_guard lock(mutex);
    ++running;
  }
  void left() {
    const std::lock_guard lock(mutex);
    --running;
    all_left.notify_all();
  }

  std::mutex own_mutex;  // one owner a key; taken before `mutex`

  // Below: under `mutex`.
  std::mutex mutex;
  RateLimiter client_limits, peer_limits;
  std::map<LinkBook::Key, caf::actor> live;  // the newest link of each key
  std::set<caf::actor> connections;          // all of them
  std::map<core::LinkKey, caf::actor> owners;
  std::size_t running = 0;
  std::condition_variable all_left;
};

Millis monotonic_now();
std::uint64_t unix_ms_now();

}  // namespace asterism::cluster
