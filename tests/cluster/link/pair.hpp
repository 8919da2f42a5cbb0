// Two sessions and the wire between them, in virtual time: a test can hold, alter, drop or repeat bytes.
#pragma once
#include <functional>
#include <memory>

#include "cluster/link/session.hpp"
#include "messages/codec.hpp"

namespace asterism::cluster::test {

// Admits what it is told to; every sender bit, unless narrowed.
class OpenAdmission : public Admission {
 public:
  actors::PeerKind kind = actors::PeerKind::kValidator;
  messages::SenderSet senders = messages::kFromValidator | messages::kFromSibling | messages::kFromCoordinator;
  std::optional<core::LinkKey> only;
  std::expected<Access, LinkFault> admit(const core::LinkKey& key, ListenerKind, Side) const override {
    if (only && key != *only) return std::unexpected(LinkFault{LinkError::kUnknownKey, key.hex()});
    return Access{{kind, key, std::nullopt}, senders, 0xFFFF, "test"};
  }
  bool allows(const Access& access, const messages::KindInfo& message) const override {
    return message.may_come_from(access.senders);
  }
};

inline LinkIdentity identity(std::uint8_t seed, std::uint8_t genesis = 7) {
  core::Word bytes{}, hash{};
  bytes.fill(seed);
  hash.fill(genesis);
  return {hash, core::Ed25519Secret::from_seed(bytes)};
}

inline core::Word ephemeral(std::uint8_t seed) {
  core::Word out{};
  out.fill(seed);
  return out;
}

struct Pair {
  LinkIdentity left = identity(1), right = identity(2);
  OpenAdmission left_admission, right_admission;
  SessionOptions left_options{{Side::kInitiator, ListenerKind::kPeers, right.public_key(), ephemeral(11)}, {}};
  SessionOptions right_options{{Side::kResponder, ListenerKind::kPeers, std::nullopt, ephemeral(12)}, {}};
  std::unique_ptr<Session> a, b;
  Millis now{1000};
  std::vector<messages::MessagePtr> at_a, at_b;
  std::function<void(core::Bytes&)> on_wire_to_b, on_wire_to_a;

  void open() {
    a = std::make_unique<Session>(left, left_admission, left_options, now);
    b = std::make_unique<Session>(right, right_admission, right_options, now);
  }
  bool step(std::size_t limit = 1 << 20) {
    core::Bytes to_b, to_a;
    a->produce(to_b, limit, now);
    b->produce(to_a, limit, now);
    if (on_wire_to_b && !to_b.empty()) on_wire_to_b(to_b);
    if (on_wire_to_a && !to_a.empty()) on_wire_to_a(to_a);
    for (auto& message : b->feed(to_b, now)) at_b.push_back(std::move(message));
    for (auto& message : a->feed(to_a, now)) at_a.push_back(std::move(message));
    return !to_b.empty() || !to_a.empty();
  }
  void settle() {
    for (int i = 0; i < 10000 && step(); ++i) {
    }
  }
  void connect() {
    open();
    settle();
  }
};

template <class T>
Packet packet(T message) {
  const messages::Message whole{std::move(message)};
  return {messages::kind_of(whole).priority, std::make_shared<const core::Bytes>(messages::encode_with_kind(whole))};
}

}  // namespace asterism::cluster::test
