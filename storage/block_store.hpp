// Decided blocks and what belongs to them.
//
// Keys (height: u64 big-endian): "b/" height -> decided block; "r/" height -> receipts; "i/" height -> BlockInfo;
// "x/" transaction hash -> height, index; "h/" block hash -> height; "w/" height -> witness (pruned when its state
// update is final). Values are msgpack of messages/define.hpp, witnesses their own form.
// Invariants: heights are dense from 0; everything of one height is written in one batch with the state.
// Writes go into a batch of the caller's; reads see what the KeyValue has.
#pragma once
#include "core/chain/vote.hpp"
#include "core/state/transition_block.hpp"
#include "core/state/witness.hpp"
#include "messages/define.hpp"
#include "storage/key_value.hpp"

namespace asterism::storage {

// What is needed of a block without its transactions.
struct BlockInfo {
  core::BlockHeader header;
  core::Felt hash;
  std::uint64_t witness_bytes = 0;
  core::MessageSegment messages;
  MSGPACK_DEFINE(header, hash, witness_bytes, messages)
};

struct TransactionPlace {
  core::BlockNumber height;
  std::uint64_t index = 0;
};

class BlockStore {
 public:
  explicit BlockStore(const KeyValue& store) : store_(store) {}

  // The highest block that is stored.
  std::optional<core::BlockNumber> latest() const;
  std::optional<core::DecidedBlock> block(core::BlockNumber height) const;
  // As stored: msgpack of DecidedBlock.
  std::optional<std::string> block_bytes(core::BlockNumber height) const;
  std::optional<BlockInfo> info(core::BlockNumber height) const;
  std::vector<core::Receipt> receipts(core::BlockNumber height) const;
  std::optional<core::BlockNumber> height_of(const core::Felt& block_hash) const;
  std::optional<TransactionPlace> find_transaction(const core::Felt& hash) const;
  std::optional<core::BlockWitness> witness(core::BlockNumber height) const;

  struct Committed {
    const core::DecidedBlock& decided;
    const core::ExecutedBlock& executed;
    const core::Bytes& witness;  // empty for block 0
  };
  static void commit(const Committed& committed, WriteBatch& batch);
  static void erase_witness(core::BlockNumber height, WriteBatch& batch);
  // The lowest height whose witness is stored.
  std::optional<core::BlockNumber> first_witness() const;

 private:
  const KeyValue& store_;
};

}  // namespace asterism::storage
