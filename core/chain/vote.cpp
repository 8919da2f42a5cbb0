#include "core/chain/vote.hpp"

#include "core/chain/genesis.hpp"
#include "core/crypto/ed25519.hpp"

namespace asterism::core {

Bytes vote_signing_bytes(const Word& genesis_hash, const Vote& vote) {
  ByteWriter out;
  out.text("asterism/vote/1").raw(genesis_hash).u64(vote.height.value).u32(vote.round.value);
  out.u8(static_cast<std::uint8_t>(vote.type)).raw(vote.value);
  return out.take();
}

Bytes proposal_signing_bytes(const Word& genesis_hash, const ProposalHeader& proposal) {
  ByteWriter out;
  out.text("asterism/proposal/1").raw(genesis_hash).u64(proposal.height.value).u32(proposal.round.value);
  out.u8(static_cast<std::uint8_t>(VoteType::kProposal));
  out.u32(static_cast<std::uint32_t>(proposal.valid_round)).raw(proposal.value);
  return out.take();
}

std::optional<CertificateError> verify_certificate(const Genesis& genesis, const Word& genesis_hash,
                                                   const Certificate& certificate) {
  if (certificate.height.value == 0) return CertificateError::kWrongHeight;
  if (certificate.value == kNil) return CertificateError::kNilValue;
  std::uint64_t total = 0, weight = 0;
  for (const GenesisValidator& validator : genesis.validators) total += validator.weight;
  const CertificateSignature* previous = nullptr;
  for (const CertificateSignature& one : certificate.signatures) {
    if (one.validator.value >= genesis.validators.size()) return CertificateError::kUnknownValidator;
    if (previous && one.validator <= previous->validator) return CertificateError::kNotAscending;
    previous = &one;
    const GenesisValidator& validator = genesis.validators[one.validator.value];
    const Vote vote{.height = certificate.height,
                    .round = certificate.round,
                    .type = VoteType::kPrecommit,
                    .value = certificate.value,
                    .validator = one.validator,
                    .signature = one.signature};
    if (!ed25519_verify(validator.consensus_key.bytes, vote_signing_bytes(genesis_hash, vote), one.signature))
      return CertificateError::kBadSignature;
    weight += validator.weight;
  }
  if (!is_quorum(weight, total)) return CertificateError::kTooLittleWeight;
  return std::nullopt;
}

}  // namespace asterism::core
