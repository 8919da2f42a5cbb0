// All links of a process: two listeners (peers, clients), a dialer for each process that it keeps a link to, a broker
// for each connection. Owned by the node; what comes in goes to the router, what goes out comes from it. No CAF in this
// header.
#pragma once
#include <expected>
#include <functional>
#include <memory>

#include "cluster/link/rate_limit.hpp"
#include "cluster/link/session.hpp"
#include "cluster/link_book.hpp"
#include "cluster/router.hpp"

namespace caf {
class actor_system;
}

namespace asterism::cluster {

using LogSink = std::function<void(actors::LogLevel, const std::string&)>;

struct LinkSettings {
  std::string peers_listen, clients_listen;  // "host:port"; empty: none
  RateLimits client_limits;
  RateLimits peer_limits{0, 0, 1024, 256, false};  // connections only
  SessionTimes times;
  Millis dial_bound{3000};
  Millis backoff_first{100}, backoff_last{5000};
  // Of two processes that may dial each other, the one with the greater key leaves the first word to the other.
  Millis courtesy{3000};
};

// Outlive the links.
struct LinkParts {
  const LinkIdentity& identity;
  Membership& membership;
  Router& router;
  Metrics& metrics;
  LogSink log;
};

class Links {
 public:
  Links(caf::actor_system& system, const LinkParts& parts, const LinkSettings& settings);
  ~Links();
  Links(const Links&) = delete;
  Links& operator=(const Links&) = delete;

  // Listens and starts to dial. The error names the address.
  std::expected<void, std::string> start();
  std::uint16_t peers_port() const;
  std::uint16_t clients_port() const;
  const LinkBook& book() const;
  // A process was certified, or has other roles than before: dials it, and tells all other processes.
  void adopt(const messages::ProcessCertificate& certificate);
  // Ends the link of a key, if there is one (a worker that was removed).
  void drop(const core::LinkKey& key);
  // Says goodbye on every link and ends all actors; returns when the listeners are closed.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace asterism::cluster
