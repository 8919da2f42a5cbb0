// Four (or as many as there are weights) validators with real keys, and what they would sign.
#pragma once
#include <gtest/gtest.h>

#include "actors/consensus/signatures.hpp"
#include "core/chain/genesis.hpp"

namespace asterism::actors::consensus {

inline core::Ed25519Secret secret_of(std::uint16_t index) {
  core::Word seed{};
  seed[31] = static_cast<std::uint8_t>(index + 1);
  return core::Ed25519Secret::from_seed(seed);
}

inline core::Genesis genesis_of(const std::vector<std::uint64_t>& weights) {
  core::Genesis genesis;
  for (std::uint16_t i = 0; i < weights.size(); ++i) {
    core::GenesisValidator validator;
    validator.name = "v" + std::to_string(i);
    validator.weight = weights[i];
    validator.consensus_key.bytes = secret_of(i).public_bytes();
    genesis.validators.push_back(validator);
  }
  return genesis;
}

inline core::ValueId value_of(std::uint8_t number) {
  core::ValueId value{};
  value[31] = number;
  return value;
}

inline const core::ValueId kA = value_of(0xa), kB = value_of(0xb), kC = value_of(0xc);

inline core::Vote vote_of(std::uint16_t validator, core::VoteType type, std::uint32_t round, const core::ValueId& value,
                          std::uint64_t height = 1) {
  return {core::BlockNumber(height), core::Round(round), type, value, core::ValidatorIndex(validator), {}};
}

inline core::Vote signed_vote(const core::Word& genesis_hash, core::Vote vote) {
  vote.signature = secret_of(vote.validator.value).sign(core::vote_signing_bytes(genesis_hash, vote));
  return vote;
}

inline core::ProposalHeader signed_proposal(const core::Word& genesis_hash, core::ProposalHeader header) {
  header.signature = secret_of(header.validator.value).sign(core::proposal_signing_bytes(genesis_hash, header));
  return header;
}

}  // namespace asterism::actors::consensus
