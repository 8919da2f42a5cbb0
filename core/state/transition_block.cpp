#include "core/state/transition_block.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/chain/block_hash.hpp"
#include "core/chain/transaction_hash.hpp"

namespace asterism::core {

namespace {

std::unexpected<BlockFailure> failure(BlockFault fault, std::string text) {
  return std::unexpected(BlockFailure{fault, std::move(text)});
}

// The first field in which a header differs from the computed one.
BlockFailure difference(const BlockHeader& computed, const BlockHeader& given) {
  if (computed.transaction_count != given.transaction_count || computed.event_count != given.event_count ||
      computed.state_diff_length != given.state_diff_length) {
    return {BlockFault::kCounts, "transaction, event or state difference count"};
  }
  if (computed.state_diff_commitment != given.state_diff_commitment) {
    return {BlockFault::kCommitments, "state_diff_commitment"};
  }
  if (computed.transaction_commitment != given.transaction_commitment) {
    return {BlockFault::kCommitments, "transaction_commitment"};
  }
  if (computed.event_commitment != given.event_commitment) return {BlockFault::kCommitments, "event_commitment"};
  if (computed.receipt_commitment != given.receipt_commitment) return {BlockFault::kCommitments, "receipt_commitment"};
  return {BlockFault::kRoot, "state root " + given.state_root.to_hex() + ", computed " + computed.state_root.to_hex()};
}

}  // namespace

void seal_header(BlockHeader& header, const std::vector<Transaction>& transactions,
                 const std::vector<Receipt>& receipts, const StateDiff& diff) {
  std::vector<std::span<const Felt>> signatures;
  for (const Transaction& transaction : transactions) signatures.push_back(signature_of(transaction));
  const BlockLeaves leaves = block_leaves(signatures, receipts, header.protocol_version);
  header.transaction_count = transactions.size();
  header.event_count = leaves.events.size();
  header.state_diff_length = state_diff_length(diff);
  header.state_diff_commitment = state_diff_commitment(diff);
  header.transaction_commitment = leaves_commitment(leaves.transactions);
  header.event_commitment = leaves_commitment(leaves.events);
  header.receipt_commitment = leaves_commitment(leaves.receipts);
}

std::string_view to_string(BlockFault fault) {
  switch (fault) {
    case BlockFault::kNumber:
      return "wrong number";
    case BlockFault::kParentHash:
      return "wrong parent";
    case BlockFault::kTimestamp:
      return "timestamp below the parent's";
    case BlockFault::kSequencer:
      return "sequencer is no validator's fee account";
    case BlockFault::kGasPrices:
      return "wrong gas prices";
    case BlockFault::kL1DaMode:
      return "wrong data availability mode";
    case BlockFault::kVersion:
      return "wrong protocol version";
    case BlockFault::kTransaction:
      return "invalid transaction";
    case BlockFault::kCounts:
      return "wrong counts";
    case BlockFault::kCommitments:
      return "wrong commitment";
    case BlockFault::kRoot:
      return "wrong state root";
    case BlockFault::kMissingState:
      return "state is missing";
  }
  return "unknown";
}

ChainRules::ChainRules(const Genesis& genesis) : execution(genesis), l1_da_mode(genesis.l1_da_mode) {
  for (const GenesisValidator& validator : genesis.validators) sequencers.push_back(validator.fee_account);
}

BlockHeader open_header(const ChainRules& rules, const ParentBlock& parent, const Felt& sequencer,
                        std::uint64_t timestamp) {
  BlockHeader header;
  header.number = parent.number.next();
  header.parent_hash = parent.hash;
  header.sequencer = sequencer;
  header.timestamp = std::max(timestamp, parent.timestamp);
  header.gas_prices = rules.execution.gas_prices;
  header.l1_da_mode = rules.l1_da_mode;
  return header;
}

BlockContext context_of(const ChainRules& rules, const BlockHeader& header, const Felt& hash_of_tenth_before) {
  return {header.number,     header.timestamp,         header.sequencer,
          header.gas_prices, rules.execution.chain_id, hash_of_tenth_before};
}

std::optional<BlockFailure> check_header(const ChainRules& rules, const ParentBlock& parent,
                                         const BlockHeader& header) {
  if (header.number != parent.number.next()) {
    return BlockFailure{BlockFault::kNumber, "block " + std::to_string(header.number.value) + " after " +
                                                 std::to_string(parent.number.value)};
  }
  if (header.parent_hash != parent.hash) return BlockFailure{BlockFault::kParentHash, header.parent_hash.to_hex()};
  if (header.timestamp < parent.timestamp) {
    return BlockFailure{BlockFault::kTimestamp, std::to_string(header.timestamp)};
  }
  if (std::find(rules.sequencers.begin(), rules.sequencers.end(), header.sequencer) == rules.sequencers.end()) {
    return BlockFailure{BlockFault::kSequencer, header.sequencer.to_hex()};
  }
  if (header.gas_prices != rules.execution.gas_prices)
    return BlockFailure{BlockFault::kGasPrices, "not those of genesis"};
  if (header.l1_da_mode != rules.l1_da_mode) return BlockFailure{BlockFault::kL1DaMode, "not that of genesis"};
  if (header.protocol_version != kProtocolVersion) return BlockFailure{BlockFault::kVersion, header.protocol_version};
  return std::nullopt;
}

std::expected<ExecutedBlock, CommitError> close_block(BlockHeader header, const std::vector<Transaction>& transactions,
                                                      const BlockExecutor& executor, const StateSource& source,
                                                      const StateRoots& roots) {
  ExecutedBlock out;
  out.difference = executor.state_diff();
  auto change = commit_state(source, roots, out.difference);
  if (!change) return std::unexpected(change.error());
  out.change = std::move(*change);
  out.receipts = executor.receipts();
  out.messages = executor.messages();
  out.touched = executor.touched();
  header.state_root = global_root(out.change.roots.contracts, out.change.roots.classes);
  seal_header(header, transactions, out.receipts, out.difference);
  out.hash = block_hash(header);
  out.header = std::move(header);
  return out;
}

std::expected<ExecutedBlock, BlockFailure> execute_block(const BlockInput& input, const Block& block) {
  if (auto wrong = check_header(input.rules, input.parent, block.header)) return std::unexpected(std::move(*wrong));
  const BlockContext context = context_of(input.rules, block.header, input.hash_of_tenth_before);
  BlockExecutor executor(input.view, input.rules.execution, context, input.known_good);
  const std::vector<Felt> hashes = transaction_hashes(block.transactions, input.rules.execution.chain_id);
  for (std::size_t i = 0; i < block.transactions.size(); ++i) {
    const auto executed = executor.execute(block.transactions[i], hashes[i]);
    if (input.view.missing()) return failure(BlockFault::kMissingState, "transaction " + std::to_string(i));
    if (!executed) {
      return failure(BlockFault::kTransaction,
                     "transaction " + std::to_string(i) + ": " + std::string(to_string(executed.error())));
    }
  }
  BlockHeader header = open_header(input.rules, input.parent, block.header.sequencer, block.header.timestamp);
  auto out = close_block(std::move(header), block.transactions, executor, input.source, input.parent.roots);
  if (!out) return failure(BlockFault::kMissingState, "trie nodes");
  if (input.view.missing()) return failure(BlockFault::kMissingState, "state");
  if (out->header != block.header) return std::unexpected(difference(out->header, block.header));
  return std::move(*out);
}

ExecutedBlock genesis_block(const Genesis& genesis) {
  class Nothing final : public StateSource {
   public:
    std::optional<TrieNode> node(const TrieOwner&, const Felt&) const override { return std::nullopt; }
    std::optional<ContractLeaf> contract(const Felt&) const override { return ContractLeaf{}; }
  };
  ExecutedBlock out;
  out.difference = genesis_state(genesis);
  auto change = commit_state(Nothing(), StateRoots{}, out.difference);
  ASTERISM_CHECK(change.has_value(), "addresses and keys of genesis are hashes below 2^251");
  out.change = std::move(*change);
  out.header.timestamp = genesis.time;
  out.header.gas_prices = genesis.gas_prices;
  out.header.l1_da_mode = genesis.l1_da_mode;
  out.header.state_root = global_root(out.change.roots.contracts, out.change.roots.classes);
  seal_header(out.header, {}, {}, out.difference);
  out.hash = block_hash(out.header);
  return out;
}

}  // namespace asterism::core
