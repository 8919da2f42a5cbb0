// A whole block over a parent: the header it must have, its transactions executed, its root computed. Replicas build
// and check blocks with this over their database, workers re-execute with it over a witness.
// Invariants: a header that passes equals, field by field, what this code computes from parent and transactions; the
// only free choices of a proposer are timestamp, sequencer (a validator's fee account) and transactions.
#pragma once
#include "core/state/commitment.hpp"
#include "core/state/transition.hpp"

namespace asterism::core {

// What genesis fixes for every block.
struct ChainRules {
  explicit ChainRules(const Genesis& genesis);
  ExecutionRules execution;
  L1DaMode l1_da_mode;
  std::vector<Felt> sequencers;  // fee accounts of the validators
};

struct ParentBlock {
  BlockNumber number;
  Felt hash;
  std::uint64_t timestamp = 0;
  StateRoots roots;
};

enum class BlockFault : std::uint8_t {
  kNumber = 1,
  kParentHash = 2,
  kTimestamp = 3,  // below the parent's
  kSequencer = 4,  // no validator's fee account
  kGasPrices = 5,
  kL1DaMode = 6,
  kVersion = 7,
  kTransaction = 8,  // a transaction that must be rejected
  kCounts = 9,
  kCommitments = 10,
  kRoot = 11,
  kMissingState = 12,  // the source lacks a node or leaf: says nothing about the block
};
std::string_view to_string(BlockFault fault);
struct BlockFailure {
  BlockFault fault;
  std::string text;
};

struct ExecutedBlock {
  BlockHeader header;
  Felt hash;
  std::vector<Receipt> receipts;
  StateDiff difference;
  StateChange change;
  MessageSegment messages;
  TouchedState touched;
};

struct BlockInput {
  const StateView& view;
  const StateSource& source;
  const ChainRules& rules;
  ParentBlock parent;
  Felt hash_of_tenth_before;  // of block number - 10; zero when there is none
  SignatureKnownGood known_good;
};

// The header of a block after `parent`, before counts, commitments and root are known.
BlockHeader open_header(const ChainRules& rules, const ParentBlock& parent, const Felt& sequencer,
                        std::uint64_t timestamp);
BlockContext context_of(const ChainRules& rules, const BlockHeader& header, const Felt& hash_of_tenth_before);

// What of a header can be judged without executing.
std::optional<BlockFailure> check_header(const ChainRules& rules, const ParentBlock& parent, const BlockHeader& header);

// Closes what an executor has done into a block.
std::expected<ExecutedBlock, CommitError> close_block(BlockHeader header, const std::vector<Transaction>& transactions,
                                                      const BlockExecutor& executor, const StateSource& source,
                                                      const StateRoots& roots);

std::expected<ExecutedBlock, BlockFailure> execute_block(const BlockInput& input, const Block& block);

ExecutedBlock genesis_block(const Genesis& genesis);

}  // namespace asterism::core
