// A process of Asterism, built from its configuration: storage, membership, router, links, the machines of its roles in
// their shells, /metrics and /health. It owns all of them and ends them in order: roles, then links, then the actor
// system, then storage.
//
// run() returns the process's exit code: 0 after SIGTERM, SIGINT or a worker that left; 1 when a role halted or the
// process could not start. SIGTERM finishes within five seconds; a second SIGINT ends at once.
#pragma once
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"

namespace asterism::cluster {

class Node {
 public:
  // Opens and starts everything. The error is for people: what, where, what to do.
  static std::expected<std::unique_ptr<Node>, std::string> start(const config::Config& config);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // A role has ended the process: its exit code. Empty while all is well.
  std::optional<int> ended() const;
  const std::string& end_reason() const;
  std::uint16_t peers_port() const;
  std::uint16_t clients_port() const;
  std::uint16_t metrics_port() const;
  void stop();

 private:
  struct Impl;
  explicit Node(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Signals and all: what `asterism node` does.
int run_node(const config::Config& config);

}  // namespace asterism::cluster
