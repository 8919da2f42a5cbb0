// Votes, proposals and certificates as values, the bytes that are signed for them (protocol.md, "Votes"), and the
// weights that decide. Consensus decides when; this file says what is signed and what a quorum is.
#pragma once
#include <cstdint>
#include <vector>

#include "core/base/strong_id.hpp"
#include "core/chain/block.hpp"
#include "core/chain/keys.hpp"

namespace asterism::core {

enum class VoteType : std::uint8_t { kProposal = 0, kPrevote = 1, kPrecommit = 2 };

// The Starknet block hash as a word; nil is zero.
using ValueId = Word;
inline constexpr ValueId kNil{};

struct Vote {
  BlockNumber height;
  Round round;
  VoteType type = VoteType::kPrevote;  // kPrevote or kPrecommit
  ValueId value{};
  ValidatorIndex validator;
  Ed25519Signature signature{};
  bool operator==(const Vote&) const = default;
};

// The block itself travels beside it.
struct ProposalHeader {
  BlockNumber height;
  Round round;
  std::int32_t valid_round = -1;
  ValueId value{};
  ValidatorIndex validator;
  Ed25519Signature signature{};
  bool operator==(const ProposalHeader&) const = default;
};

struct CertificateSignature {
  ValidatorIndex validator;
  Ed25519Signature signature{};
  bool operator==(const CertificateSignature&) const = default;
};

// Precommits of one round; validators ascending, each at most once.
struct Certificate {
  BlockNumber height;
  Round round;
  ValueId value{};
  std::vector<CertificateSignature> signatures;
  bool operator==(const Certificate&) const = default;
};

struct DecidedBlock {
  Block block;
  Certificate certificate;
  bool operator==(const DecidedBlock&) const = default;
};

Bytes vote_signing_bytes(const Word& genesis_hash, const Vote& vote);
Bytes proposal_signing_bytes(const Word& genesis_hash, const ProposalHeader& proposal);

// Strictly more than two thirds / one third of `total`; total * 3 must not overflow (genesis guarantees it).
constexpr bool is_quorum(std::uint64_t weight, std::uint64_t total) {
  return static_cast<Uint128>(weight) * 3 > static_cast<Uint128>(total) * 2;
}
constexpr bool is_over_third(std::uint64_t weight, std::uint64_t total) {
  return static_cast<Uint128>(weight) * 3 > total;
}

struct Genesis;
enum class CertificateError : std::uint8_t {
  kWrongHeight,
  kNilValue,
  kUnknownValidator,
  kNotAscending,
  kBadSignature,
  kTooLittleWeight
};
// Verifies signatures and weight against genesis; nullopt when good.
std::optional<CertificateError> verify_certificate(const Genesis& genesis, const Word& genesis_hash,
                                                   const Certificate& certificate);

}  // namespace asterism::core
