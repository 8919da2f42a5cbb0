// Signing and verifying what consensus says. The simulator has a second implementation that remembers what it verified.
#pragma once
#include "actors/consensus/validator_set.hpp"
#include "core/crypto/ed25519.hpp"

namespace asterism::actors::consensus {

class Signatures {
 public:
  virtual ~Signatures() = default;
  // With the own consensus key.
  virtual core::Ed25519Signature sign(core::ByteView message) const = 0;
  virtual bool verify(const core::ConsensusKey& key, core::ByteView message,
                      const core::Ed25519Signature& signature) const = 0;
};

class Ed25519Signatures final : public Signatures {
 public:
  explicit Ed25519Signatures(const core::Ed25519Secret& secret) : secret_(secret) {}
  core::Ed25519Signature sign(core::ByteView message) const override { return secret_.sign(message); }
  bool verify(const core::ConsensusKey& key, core::ByteView message,
              const core::Ed25519Signature& signature) const override {
    return core::ed25519_verify(key.bytes, message, signature);
  }

 private:
  core::Ed25519Secret secret_;
};

// What every part of consensus needs to know of its deployment; outlives them all.
struct Electorate {
  ValidatorSet validators;
  core::Word genesis_hash{};
  core::ValidatorIndex self;
  const Signatures* signatures = nullptr;

  bool verify(const core::Vote& vote) const {
    return validators.contains(vote.validator) &&
           signatures->verify(validators.key(vote.validator), core::vote_signing_bytes(genesis_hash, vote),
                              vote.signature);
  }
  bool verify(const core::ProposalHeader& proposal) const {
    return validators.contains(proposal.validator) &&
           signatures->verify(validators.key(proposal.validator), core::proposal_signing_bytes(genesis_hash, proposal),
                              proposal.signature);
  }
};

}  // namespace asterism::actors::consensus
