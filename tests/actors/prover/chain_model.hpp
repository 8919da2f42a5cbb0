// The chain and the L1 around the coordinator: blocks of a given size and memory, what its sequencer answers about
// them, and an L1 that registers attesters and makes its own checks of a settlement.
#pragma once
#include <map>
#include <set>
#include <vector>

#include "actors/prover/coordinator.hpp"
#include "core/crypto/ed25519.hpp"

namespace asterism::actors::test {

inline core::Word word_of(std::uint64_t n) {
  core::Word out{};
  for (int i = 0; i < 8; ++i) out[31 - i] = static_cast<std::uint8_t>(n >> (8 * i));
  return out;
}

struct BlockModel {
  std::uint64_t transactions = 1;
  std::uint64_t bytes = 100;
  bool poison = false;  // no child ever proves it
  std::uint64_t memory = 1;
};

class ChainModel {
 public:
  ChainModel();

  static core::ChainPoint point(std::uint64_t n) {
    return {core::BlockNumber(n), core::Felt(n * 3 + 1), core::Felt(n * 5 + 2)};
  }
  std::uint64_t height() const { return blocks_.size() - 1; }
  std::uint64_t settled() const { return l1_.number.value; }
  core::SpanHeader header(std::uint64_t start, std::uint64_t end) const;

  std::uint64_t witness_limit = ~std::uint64_t{0};  // of the sequencer
  std::vector<core::Word> lost_messages;            // of L1, in the next view
  std::uint64_t finalized = 0;
  std::map<std::uint64_t, core::L1ToL2Message> messages_of;  // consumed, by block
  std::uint64_t settlements = 0;

 protected:
  // The sequencer.
  messages::BlockCommitted committed(std::uint64_t height) const;
  messages::BlockSummaries summaries(std::uint64_t from) const;
  messages::WitnessReply witness(std::uint64_t start, std::uint64_t end) const;
  // The L1.
  messages::SettlementView view(std::uint64_t threshold) const;
  void register_attester(const messages::RegisterAttester& wanted) { attesters_[wanted.attester] = wanted.weight; }
  // Contiguous from its head, enough distinct registered weight; all or none. True when it moved.
  bool settle(const messages::SettleSpans& settle, const CoordinatorOptions& options);

  core::Genesis genesis_;
  core::Word genesis_hash_ = word_of(42);
  std::vector<BlockModel> blocks_{{}};

 private:
  core::MessageSegment segment_of(std::uint64_t start, std::uint64_t end) const;

  core::Ed25519Secret validator_;
  std::map<core::EthAddress, std::uint64_t> attesters_;
  core::ChainPoint l1_ = point(0);
};

}  // namespace asterism::actors::test
