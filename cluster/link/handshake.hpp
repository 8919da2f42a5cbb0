// The handshake of a link as a pure state machine: contents of frames in, contents of frames out; time and the socket
// belong to the session and its shell. protocol.md, "Links" says what is signed; the messages are
//   1  I -> R  u8 1 ‖ u16 version ‖ u8 listener ‖ genesis hash ‖ ephemeral X25519 ‖ link key
//   2  R -> I  u8 2 ‖ u16 version ‖ genesis hash ‖ ephemeral X25519 ‖ link key
//   3  I -> R  u8 3 ‖ signature ‖ stream header ‖ certificate      (the initiator proves first)
//   4  R -> I  u8 4 ‖ signature ‖ stream header ‖ certificate
// where a process that genesis does not know shows its messages::ProcessCertificate, and others nothing;
// after which each side's first encrypted frame holds the transcript hash: it confirms the keys. A responder that
// refuses version or genesis still sends message 2, so that both sides can show both hashes; then it closes. Invariant:
// keys() is only there when the other side's signature over this transcript was good.
#pragma once
#include <expected>
#include <optional>

#include "cluster/link/fault.hpp"
#include "cluster/link/secret_stream.hpp"
#include "core/chain/keys.hpp"
#include "core/crypto/ed25519.hpp"
#include "messages/table.hpp"

namespace asterism::cluster {

inline constexpr std::uint16_t kLinkVersion = messages::kWireVersion;

// Frozen: on the wire and in the transcript.
enum class ListenerKind : std::uint8_t { kPeers = 0, kClients = 1 };
enum class Side : std::uint8_t { kInitiator = 'I', kResponder = 'R' };

// Who this process is, for all of its links.
struct LinkIdentity {
  core::Word genesis_hash{};
  core::Ed25519Secret key;
  core::Bytes certificate{};  // msgpack of messages::ProcessCertificate; empty: genesis names this process
  core::LinkKey public_key() const { return {key.public_bytes()}; }
};

struct HandshakeOptions {
  Side side = Side::kInitiator;
  ListenerKind listener = ListenerKind::kPeers;
  std::optional<core::LinkKey> expected;  // initiator: who must answer; absent: whoever does
  core::Word ephemeral_secret{};          // fresh random bytes for each handshake
};

struct LinkKeys {
  core::LinkKey peer{};
  core::Word transcript{};
  SealingStream seal;
  OpeningStream open;
};

class Handshake {
 public:
  Handshake(const LinkIdentity& identity, const HandshakeOptions& options);
  ~Handshake();
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;

  // The initiator's first message; nothing for a responder.
  std::optional<core::Bytes> first() const;
  struct Step {
    std::optional<core::Bytes> reply;  // to send, also before a fault ends the link
    std::optional<LinkFault> fault;
  };
  Step receive(core::ByteView message);
  // The other side's key as claimed, before it is proven.
  std::optional<core::LinkKey> claimed() const { return claimed_; }
  bool done() const { return keys_.has_value(); }
  // The other side's, as it came; empty when it showed none.
  const core::Bytes& certificate() const { return certificate_; }
  LinkKeys& keys() { return *keys_; }

 private:
  enum class State : std::uint8_t { kAwaitHello, kAwaitProof, kDone, kFailed };
  struct Hello {
    std::uint16_t version = 0;
    ListenerKind listener = ListenerKind::kPeers;
    core::Word genesis{}, ephemeral{}, key{};
  };
  Step on_hello(core::ByteView message);
  Step on_proof(core::ByteView message);
  Step fail(LinkError error, std::string text, std::optional<core::Bytes> reply = std::nullopt);
  std::optional<Hello> read_hello(core::ByteView message) const;
  core::Bytes own_hello() const;
  core::Bytes own_proof(const SealingStream& seal) const;
  bool agree(const Hello& theirs);
  core::Word direction_key(Side from) const;
  core::Bytes signed_bytes(Side side) const;

  const LinkIdentity& identity_;
  HandshakeOptions options_;
  core::Word ephemeral_{};  // public half
  core::Word shared_{}, transcript_{};
  std::optional<core::LinkKey> claimed_;
  core::Bytes certificate_;
  std::optional<SealingStream> seal_;
  std::optional<LinkKeys> keys_;
  State state_ = State::kAwaitHello;
};

}  // namespace asterism::cluster
