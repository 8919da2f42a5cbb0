// A blocking link of its own socket, for command lines, the shell and tests: the same session as between processes, no
// CAF, no thread. Not thread-safe. It only moves while one of its functions runs.
#pragma once
#include <expected>
#include <memory>

#include "cluster/link/session.hpp"
#include "core/chain/genesis.hpp"

namespace asterism::cluster {

// Whose processes may answer: those of genesis, and those that show a certificate of one of its validators.
struct DeploymentView {
  const core::Genesis& genesis;
  const core::Word& genesis_hash;
};

struct ClientLinkOptions {
  std::string address;  // "host:port"
  ListenerKind listener = ListenerKind::kClients;
  std::optional<core::LinkKey> expected;                    // absent: any process of the deployment
  Millis bound{5000};                                       // for dialing, and again for the handshake
  std::optional<DeploymentView> deployment = std::nullopt;  // absent: `expected` decides alone
};

// "cannot reach ADDRESS: why", and what it should have been where something else answered.
std::string unreachable(const std::string& address, const LinkFault& fault, std::string_view wanted);

class ClientLink {
 public:
  // `identity`: genesis hash, and the link key (clients: a fresh one; admins: the admin key; joiners: the worker's
  // key).
  static std::expected<std::unique_ptr<ClientLink>, LinkFault> connect(const LinkIdentity& identity,
                                                                       const ClientLinkOptions& options);
  ~ClientLink();
  ClientLink(const ClientLink&) = delete;
  ClientLink& operator=(const ClientLink&) = delete;

  // Returns when the bytes are with the kernel, at most after `bound`.
  std::expected<void, LinkFault> send(const messages::Message& message);
  // The next message; null when none came in time.
  std::expected<messages::MessagePtr, LinkFault> receive(Millis timeout);
  void close();
  // Reads what has come: false once the other side has ended the link.
  bool alive();

  core::LinkKey peer() const;
  const core::Word& transcript() const;  // what a join token's key signs

 private:
  struct Impl;
  explicit ClientLink(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace asterism::cluster
