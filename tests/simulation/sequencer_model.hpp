// The sequencer beside each simulated validator: the same rules for everybody, a chain that survives crashes. A block's
// hash is BLAKE2b over its header; its root follows from the parent's root and the header, so that a wrong one is seen.
#pragma once
#include <vector>

#include "core/chain/vote.hpp"
#include "messages/consensus.hpp"

namespace asterism::simulation {

core::ValueId model_hash(const core::BlockHeader& header);
core::Felt model_root(const core::Felt& parent_root, const core::BlockHeader& header);

class SequencerModel {
 public:
  explicit SequencerModel(std::uint16_t index) : index_(index) {}

  std::uint64_t tip() const { return chain_.size(); }
  core::ValueId tip_hash() const { return chain_.empty() ? core::ValueId{} : chain_.back().certificate.value; }
  const std::vector<core::DecidedBlock>& chain() const { return chain_; }

  // `salt` makes two blocks of one height different.
  core::Block build(std::uint64_t unix_ms, std::uint64_t salt) const;
  bool check(const messages::CheckBlock& check) const;
  // False: not the next block.
  bool commit(const core::DecidedBlock& decided);
  messages::CatchUpReply serve(const messages::CatchUpRequest& request) const;

 private:
  core::Felt tip_root() const { return chain_.empty() ? core::Felt() : chain_.back().block.header.state_root; }

  std::uint16_t index_;
  std::vector<core::DecidedBlock> chain_;
};

}  // namespace asterism::simulation
