#include "tests/simulation/sequencer_model.hpp"

#include "core/crypto/ed25519.hpp"

namespace asterism::simulation {

using core::Block;
using core::BlockHeader;
using core::Felt;

core::ValueId model_hash(const BlockHeader& header) {
  core::ByteWriter out;
  out.u64(header.number.value).raw(header.parent_hash.to_be()).raw(header.state_root.to_be());
  out.raw(header.sequencer.to_be()).u64(header.timestamp).u64(header.transaction_count).u64(header.event_count);
  auto hash = core::blake2b_256(out.bytes());
  hash[0] = 0;  // a felt, and as good as never zero
  return hash;
}

Felt model_root(const Felt& parent_root, const BlockHeader& header) {
  return parent_root + Felt(header.timestamp) * header.sequencer + Felt(header.event_count) + Felt(1);
}

Block SequencerModel::build(std::uint64_t unix_ms, std::uint64_t salt) const {
  Block block;
  auto& header = block.header;
  header.number = core::BlockNumber(tip() + 1);
  if (!chain_.empty()) header.parent_hash = *Felt::from_be(tip_hash());
  header.sequencer = Felt(std::uint64_t{index_} + 1);
  header.timestamp = unix_ms / 1000;
  header.event_count = salt;
  header.state_root = model_root(tip_root(), header);
  return block;
}

bool SequencerModel::check(const messages::CheckBlock& check) const {
  const auto& header = check.block.header;
  const Felt parent = chain_.empty() ? Felt() : *Felt::from_be(tip_hash());
  if (header.number.value != tip() + 1 || header.parent_hash != parent) return false;
  if (header.transaction_count != check.block.transactions.size()) return false;
  if (header.state_root != model_root(tip_root(), header) || model_hash(header) != check.hash) return false;
  return !check.judge_freshness || header.timestamp <= check.unix_ms / 1000 + 10;
}

bool SequencerModel::commit(const core::DecidedBlock& decided) {
  if (decided.block.header.number.value != tip() + 1) return false;
  chain_.push_back(decided);
  return true;
}

messages::CatchUpReply SequencerModel::serve(const messages::CatchUpRequest& request) const {
  messages::CatchUpReply reply;
  for (auto height = request.from_height; height >= 1 && height <= tip(); ++height) {
    if (reply.blocks.size() >= request.max_blocks) break;
    reply.blocks.push_back(chain_[height - 1]);
  }
  return reply;
}

}  // namespace asterism::simulation
