// Who may hold a link and what may come over it: what sessions ask of membership, and tell it. Called from the links'
// thread.
#pragma once
#include <expected>

#include "actors/machine.hpp"
#include "cluster/link/handshake.hpp"
#include "messages/table.hpp"

namespace asterism::cluster {

struct Access {
  actors::Sender sender;
  messages::SenderSet senders = 0;  // what of the table applies
  std::uint16_t roles = 0;          // bits by core::Role that the process holds; all for who has no roles
  std::string name;                 // for logs and `peers`
  bool visitor() const { return sender.kind == actors::PeerKind::kClient || sender.kind == actors::PeerKind::kAdmin; }
  bool join_only() const { return sender.kind == actors::PeerKind::kJoiner; }
};

class Admission {
 public:
  virtual ~Admission() = default;
  virtual std::expected<Access, LinkFault> admit(const core::LinkKey& key, ListenerKind listener, Side own) const = 0;
  virtual bool allows(const Access& access, const messages::KindInfo& kind) const = 0;
  // A certificate that the other side carries, or passes on.
  virtual void learn(const messages::ProcessCertificate&) {}
};

}  // namespace asterism::cluster
