// Who votes, with what weight, and whose turn it is to propose.
#pragma once
#include <vector>

#include "core/chain/genesis.hpp"
#include "core/chain/vote.hpp"

namespace asterism::actors::consensus {

class ValidatorSet {
 public:
  explicit ValidatorSet(const core::Genesis& genesis);

  std::size_t size() const { return weights_.size(); }
  bool contains(core::ValidatorIndex index) const { return index.value < weights_.size(); }
  std::uint64_t weight(core::ValidatorIndex index) const { return weights_[index.value]; }
  std::uint64_t total() const { return total_; }
  const core::ConsensusKey& key(core::ValidatorIndex index) const { return keys_[index.value]; }
  // Weighted round-robin over height + round: in one cycle each validator has turns in proportion to its weight, spread
  // evenly; equal weights give index (height + round) mod n (protocol.md, "Votes").
  core::ValidatorIndex proposer(core::BlockNumber height, core::Round round) const;

 private:
  std::vector<std::uint64_t> weights_;
  std::vector<core::ConsensusKey> keys_;
  std::uint64_t total_ = 0;
  std::vector<std::uint16_t> schedule_;  // one cycle
};

}  // namespace asterism::actors::consensus
