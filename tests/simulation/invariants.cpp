#include "tests/simulation/invariants.hpp"

namespace asterism::simulation {

using core::VoteType;

namespace {

std::string memory_key(core::ByteView key, core::ByteView message, core::ByteView signature) {
  std::string out(core::as_text(key));
  out.append(core::as_text(signature)).append(core::as_text(message));
  return out;
}

std::string describe(std::uint16_t validator, std::uint64_t height, std::uint32_t round, VoteType type) {
  static constexpr const char* kNames[] = {"proposal", "prevote", "precommit"};
  return std::string(kNames[static_cast<int>(type)]) + " of validator " + std::to_string(validator) + " at height " +
         std::to_string(height) + ", round " + std::to_string(round);
}

// In what a crash now would leave.
bool is_durable(const storage::MemoryStore& store, const core::Ed25519Signature& signature) {
  storage::MemoryStore after = store;
  after.crash(0);
  const auto needle = core::as_text(signature);
  bool found = false;
  after.scan("v/", {}, [&](std::string_view, std::string_view value) {
    found = value.find(needle) != std::string_view::npos;
    return !found;
  });
  return found;
}

}  // namespace

bool SignatureMemory::verify(const core::ConsensusKey& key, core::ByteView message,
                             const core::Ed25519Signature& signature) {
  const auto [entry, fresh] = verified_.try_emplace(memory_key(key.bytes, message, signature), false);
  if (fresh) entry->second = core::ed25519_verify(key.bytes, message, signature);
  return entry->second;
}

core::Ed25519Signature SignatureMemory::sign(const core::Ed25519Secret& secret, core::ByteView message) {
  const auto [entry, fresh] = signed_.try_emplace(memory_key(secret.public_bytes(), message, {}));
  if (fresh) {
    entry->second = secret.sign(message);
    verified_[memory_key(secret.public_bytes(), message, entry->second)] = true;
  }
  return entry->second;
}

void Invariants::sent(core::ValidatorIndex from, const messages::Message& message, const storage::MemoryStore& store,
                      std::uint64_t committed) {
  const auto log_of = [&](core::BlockNumber height) { return height.value > committed ? &store : nullptr; };
  const auto vote = [&](const core::Vote& one) {
    if (one.validator != from) return;
    const core::Bytes content(one.value.begin(), one.value.end());
    signed_once({from.value, one.height.value, one.round.value, one.type}, content, one.signature, log_of(one.height));
  };
  if (const auto* single = std::get_if<messages::VoteMessage>(&message)) vote(single->vote);
  if (const auto* set = std::get_if<messages::VoteSet>(&message)) {
    for (const auto& one : set->votes) vote(one);
  }
  const auto* proposal = std::get_if<messages::Proposal>(&message);
  if (proposal == nullptr || proposal->header.validator != from) return;
  const auto& header = proposal->header;
  signed_once({from.value, header.height.value, header.round.value, VoteType::kProposal},
              core::proposal_signing_bytes(genesis_hash_, header), header.signature, log_of(header.height));
}

void Invariants::signed_once(const Slot& slot, const core::Bytes& content, const core::Ed25519Signature& signature,
                             const storage::MemoryStore* store) {
  const auto& [validator, height, round, type] = slot;
  const auto [entry, fresh] = signed_.try_emplace(slot, content);
  if (!fresh && entry->second != content) fail("two different: " + describe(validator, height, round, type));
  if (store == nullptr || durable_.contains(signature)) return;
  if (!is_durable(*store, signature)) fail("sent before it was durable: " + describe(validator, height, round, type));
  durable_.insert(signature);
}

void Invariants::check_certificate(const core::DecidedBlock& decided) {
  const auto& certificate = decided.certificate;
  const auto where = " in the certificate of block " + std::to_string(certificate.height.value);
  std::uint64_t total = 0, weight = 0;
  for (const auto& validator : genesis_->validators) total += validator.weight;
  int last = -1;
  for (const auto& one : certificate.signatures) {
    if (one.validator.value >= genesis_->validators.size() || one.validator.value <= last) return fail("order" + where);
    last = one.validator.value;
    const core::Vote vote{certificate.height, certificate.round, VoteType::kPrecommit,
                          certificate.value,  one.validator,     one.signature};
    const auto& signer = genesis_->validators[one.validator.value];
    if (!memory_->verify(signer.consensus_key, core::vote_signing_bytes(genesis_hash_, vote), one.signature)) {
      return fail("bad signature" + where);
    }
    weight += signer.weight;
  }
  if (weight * 3 <= total * 2) fail("too little weight" + where);
  if (certificate.height != decided.block.header.number) fail("another height" + where);
}

void Invariants::committed(core::ValidatorIndex at, const core::DecidedBlock& decided) {
  const auto height = decided.block.header.number.value;
  const auto [entry, fresh] = decided_.try_emplace(height, decided.certificate.value);
  if (!fresh && entry->second != decided.certificate.value) {
    fail("two different blocks decided at height " + std::to_string(height) + ", one by validator " +
         std::to_string(at.value));
  }
  check_certificate(decided);
}

}  // namespace asterism::simulation
