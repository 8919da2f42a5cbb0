#include "cluster/link/handshake.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/wipe.hpp"

namespace asterism::cluster {

using core::Bytes;
using core::ByteView;
using core::ByteWriter;
using core::Word;

namespace {

constexpr std::size_t kProofBytes = 1 + 64 + kStreamHeaderBytes;

Word take_word(ByteView bytes, std::size_t at) {
  Word out;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), out.size(), out.begin());
  return out;
}

Side other(Side side) { return side == Side::kInitiator ? Side::kResponder : Side::kInitiator; }
std::uint8_t hello_type(Side side) { return side == Side::kInitiator ? 1 : 2; }
std::uint8_t proof_type(Side side) { return side == Side::kInitiator ? 3 : 4; }

}  // namespace

Handshake::Handshake(const LinkIdentity& identity, const HandshakeOptions& options)
    : identity_(identity), options_(options) {
  ASTERISM_CHECK(sodium_init() >= 0, "libsodium cannot start");
  crypto_scalarmult_base(ephemeral_.data(), options_.ephemeral_secret.data());
}

Handshake::~Handshake() {
  core::wipe(options_.ephemeral_secret);
  core::wipe(shared_);
}

std::optional<Bytes> Handshake::first() const {
  if (options_.side == Side::kResponder) return std::nullopt;
  return own_hello();
}

Bytes Handshake::own_hello() const {
  ByteWriter out;
  out.u8(hello_type(options_.side)).u16(kLinkVersion);
  if (options_.side == Side::kInitiator) out.u8(static_cast<std::uint8_t>(options_.listener));
  out.raw(identity_.genesis_hash).raw(ephemeral_).raw(identity_.public_key().bytes);
  return out.take();
}

std::optional<Handshake::Hello> Handshake::read_hello(ByteView message) const {
  const bool from_initiator = options_.side == Side::kResponder;
  const std::size_t fixed = from_initiator ? 4 : 3;
  if (message.size() < 3 || message[0] != hello_type(other(options_.side))) return std::nullopt;
  Hello out;
  out.version = static_cast<std::uint16_t>(message[1] << 8 | message[2]);
  // Another version may go on differently after its number.
  if (out.version != kLinkVersion) return out;
  if (message.size() != fixed + 96) return std::nullopt;
  if (from_initiator && message[3] > 1) return std::nullopt;
  out.listener = from_initiator ? static_cast<ListenerKind>(message[3]) : options_.listener;
  out.genesis = take_word(message, fixed);
  out.ephemeral = take_word(message, fixed + 32);
  out.key = take_word(message, fixed + 64);
  return out;
}

Handshake::Step Handshake::fail(LinkError error, std::string text, std::optional<Bytes> reply) {
  state_ = State::kFailed;
  return {std::move(reply), LinkFault{error, std::move(text)}};
}

Handshake::Step Handshake::receive(ByteView message) {
  switch (state_) {
    case State::kAwaitHello:
      return on_hello(message);
    case State::kAwaitProof:
      return on_proof(message);
    default:
      return fail(LinkError::kMalformed, "a handshake message after the handshake");
  }
}

Handshake::Step Handshake::on_hello(ByteView message) {
  const auto hello = read_hello(message);
  if (!hello) return fail(LinkError::kMalformed, "not a hello");
  const bool responder = options_.side == Side::kResponder;
  const std::optional<Bytes> answer = responder ? std::optional(own_hello()) : std::nullopt;
  if (hello->version != kLinkVersion) {
    return fail(LinkError::kWrongVersion,
                "theirs " + std::to_string(hello->version) + ", ours " + std::to_string(kLinkVersion), answer);
  }
  if (hello->genesis != identity_.genesis_hash) {
    return fail(LinkError::kWrongGenesis,
                "theirs 0x" + core::to_hex(hello->genesis) + ", ours 0x" + core::to_hex(identity_.genesis_hash),
                answer);
  }
  if (hello->listener != options_.listener) return fail(LinkError::kWrongListener, "dialed the other listener");
  claimed_ = core::LinkKey{hello->key};
  if (options_.expected && *claimed_ != *options_.expected) {
    return fail(LinkError::kWrongKey, "expected " + options_.expected->hex() + ", found " + claimed_->hex());
  }
  if (*claimed_ == identity_.public_key()) return fail(LinkError::kWrongKey, "this is my own key");
  if (!agree(*hello)) return fail(LinkError::kBadShare, "low order");
  state_ = State::kAwaitProof;
  return {responder ? own_hello() : own_proof(*seal_), std::nullopt};
}

bool Handshake::agree(const Hello& theirs) {
  if (crypto_scalarmult(shared_.data(), options_.ephemeral_secret.data(), theirs.ephemeral.data()) != 0) return false;
  const bool initiator = options_.side == Side::kInitiator;
  const Word own_key = identity_.public_key().bytes;
  ByteWriter transcript;
  transcript.u16(kLinkVersion).raw(identity_.genesis_hash);
  transcript.raw(initiator ? ephemeral_ : theirs.ephemeral).raw(initiator ? theirs.ephemeral : ephemeral_);
  transcript.raw(initiator ? own_key : theirs.key).raw(initiator ? theirs.key : own_key);
  transcript.u8(static_cast<std::uint8_t>(options_.listener));
  transcript_ = core::blake2b_256(transcript.bytes());
  seal_.emplace(direction_key(options_.side));
  return true;
}

Word Handshake::direction_key(Side from) const {
  ByteWriter material;
  material.raw(shared_).raw(transcript_).u8(static_cast<std::uint8_t>(from));
  Bytes bytes = material.take();
  const Word out = core::blake2b_256(bytes);
  core::wipe_bytes(bytes.data(), bytes.size());
  return out;
}

Bytes Handshake::signed_bytes(Side side) const {
  ByteWriter out;
  out.text("asterism/link/1").u8(static_cast<std::uint8_t>(side)).raw(transcript_);
  return out.take();
}

Bytes Handshake::own_proof(const SealingStream& seal) const {
  ByteWriter out;
  out.u8(proof_type(options_.side)).raw(identity_.key.sign(signed_bytes(options_.side))).raw(seal.header());
  out.raw(identity_.certificate);
  return out.take();
}

Handshake::Step Handshake::on_proof(ByteView message) {
  const Side them = other(options_.side);
  if (message.size() < kProofBytes || message[0] != proof_type(them)) return fail(LinkError::kMalformed, "not a proof");
  core::Ed25519Signature signature;
  std::copy_n(message.begin() + 1, signature.size(), signature.begin());
  if (!core::ed25519_verify(claimed_->bytes, signed_bytes(them), signature)) {
    return fail(LinkError::kBadSignature, "by " + claimed_->hex());
  }
  StreamHeader header;
  std::copy_n(message.begin() + 65, header.size(), header.begin());
  keys_.emplace(LinkKeys{*claimed_, transcript_, *seal_, OpeningStream(direction_key(them), header)});
  seal_.reset();
  certificate_.assign(message.begin() + kProofBytes, message.end());
  state_ = State::kDone;
  if (options_.side == Side::kInitiator) return {};
  // The proof carries the header of the stream that keys_ now seals with.
  return {own_proof(keys_->seal), std::nullopt};
}

}  // namespace asterism::cluster
