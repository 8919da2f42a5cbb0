#include "core/chain/block_hash.hpp"

#include <charconv>

#include "core/base/check.hpp"
#include "core/hash/keccak.hpp"
#include "core/hash/poseidon.hpp"
#include "core/state/trie.hpp"

namespace asterism::core {
namespace {

constexpr std::array<unsigned, 4> k0_13_4{0, 13, 4, 0};

std::array<unsigned, 4> parse_version(std::string_view text) {
  std::array<unsigned, 4> parts{};
  for (unsigned& part : parts) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), part);
    if (error != std::errc()) return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) return parts;
    if (text.front() != '.') return {};
    text.remove_prefix(1);
  }
  return {};
}

void add_prices(PoseidonHasher& hasher, const GasPrice& price) {
  hasher.add(Felt::from_u128(price.wei)).add(Felt::from_u128(price.fri));
}

std::size_t contracts_with_storage(const StateDiff& diff) {
  std::size_t count = 0;
  for (const auto& [address, cells] : diff.storage) count += cells.empty() ? 0 : 1;
  return count;
}

void add_pairs(PoseidonHasher& hasher, const std::map<Felt, Felt>& pairs) {
  hasher.add(Felt(pairs.size()));
  for (const auto& [key, value] : pairs) hasher.add(key).add(value);
}

// What leaves hash, for a hasher of one or for lists that are hashed together.
template <class Sink>
void add_transaction(Sink& sink, const Felt& hash, std::span<const Felt> signature, std::string_view version) {
  sink.add(hash).add(signature);
  if (signature.empty() && !version_at_least(version, k0_13_4)) sink.add(Felt());
}

template <class Sink>
void add_event(Sink& sink, const Event& event, const Felt& transaction_hash) {
  sink.add(event.from).add(transaction_hash);
  sink.add(Felt(event.keys.size())).add(event.keys);
  sink.add(Felt(event.data.size())).add(event.data);
}

template <class Sink>
void add_receipt(Sink& sink, const Receipt& receipt) {
  const bool reverted = receipt.status == ExecutionStatus::kReverted;
  sink.add(receipt.transaction_hash).add(Felt::from_u128(receipt.actual_fee)).add(messages_hash(receipt.messages));
  sink.add(reverted ? starknet_keccak(as_bytes(receipt.revert_reason)) : Felt());
  // The word for L2 gas is 0 in every version.
  sink.add(Felt()).add(Felt(receipt.gas.l1)).add(Felt(receipt.gas.l1_data));
}

}  // namespace

bool version_at_least(std::string_view version, std::array<unsigned, 4> wanted) {
  return parse_version(version) >= wanted;
}

Felt transaction_leaf(const Felt& hash, std::span<const Felt> signature, std::string_view version) {
  PoseidonHasher hasher;
  add_transaction(hasher, hash, signature, version);
  return hasher.finish();
}

Felt event_leaf(const Event& event, const Felt& transaction_hash) {
  PoseidonHasher hasher;
  add_event(hasher, event, transaction_hash);
  return hasher.finish();
}

Felt messages_hash(std::span<const L2ToL1Message> messages) {
  static const Felt kOfNone = poseidon_many(std::array{Felt()});
  if (messages.empty()) return kOfNone;
  PoseidonHasher hasher;
  hasher.add(Felt(messages.size()));
  for (const L2ToL1Message& message : messages) {
    hasher.add(message.from).add(message.to).add(Felt(message.payload.size())).add(message.payload);
  }
  return hasher.finish();
}

Felt receipt_leaf(const Receipt& receipt) {
  PoseidonHasher hasher;
  add_receipt(hasher, receipt);
  return hasher.finish();
}

BlockLeaves block_leaves(std::span<const std::span<const Felt>> signatures, std::span<const Receipt> receipts,
                         std::string_view version) {
  ASTERISM_CHECK(signatures.size() == receipts.size(), "a receipt for each transaction");
  PoseidonLists transactions, leaves, events;
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    const Receipt& receipt = receipts[i];
    add_transaction(transactions, receipt.transaction_hash, signatures[i], version);
    transactions.end();
    add_receipt(leaves, receipt);
    leaves.end();
    for (const Event& event : receipt.events) {
      add_event(events, event, receipt.transaction_hash);
      events.end();
    }
  }
  return {transactions.hashes(), leaves.hashes(), events.hashes()};
}

Felt leaves_commitment(std::span<const Felt> leaves) { return list_commitment(TrieHash::kPoseidon, leaves); }

Felt state_diff_commitment(const StateDiff& diff, const ClassChanges& classes) {
  static constexpr Felt kPrefix = short_string("STARKNET_STATE_DIFF0");
  PoseidonHasher hasher;
  hasher.add(kPrefix);
  add_pairs(hasher, diff.deployed);
  add_pairs(hasher, classes.declared);
  hasher.add(Felt(classes.declared_cairo0.size())).add(classes.declared_cairo0);
  hasher.add(Felt::one()).add(Felt());
  hasher.add(Felt(contracts_with_storage(diff)));
  for (const auto& [address, cells] : diff.storage) {
    if (cells.empty()) continue;
    hasher.add(address);
    add_pairs(hasher, cells);
  }
  add_pairs(hasher, diff.nonces);
  return hasher.finish();
}

std::uint64_t state_diff_length(const StateDiff& diff, const ClassChanges& classes) {
  std::uint64_t length =
      diff.deployed.size() + diff.nonces.size() + classes.declared.size() + classes.declared_cairo0.size();
  for (const auto& [address, cells] : diff.storage) length += cells.size();
  return length;
}

Felt packed_counts(const BlockHeader& header) {
  U256 word;
  word.limb[3] = header.transaction_count;
  word.limb[2] = header.event_count;
  word.limb[1] = header.state_diff_length;
  word.limb[0] = header.l1_da_mode == L1DaMode::kBlob ? std::uint64_t{1} << 63 : 0;
  return Felt::reduce(word);
}

Felt gas_prices_hash(const GasPrices& prices) {
  static constexpr Felt kPrefix = short_string("STARKNET_GAS_PRICES0");
  PoseidonHasher hasher;
  hasher.add(kPrefix);
  add_prices(hasher, prices.l1);
  add_prices(hasher, prices.l1_data);
  add_prices(hasher, prices.l2);
  return hasher.finish();
}

Felt block_hash(const BlockHeader& header) {
  static constexpr Felt kTag0 = short_string("STARKNET_BLOCK_HASH0");
  static constexpr Felt kTag1 = short_string("STARKNET_BLOCK_HASH1");
  const bool hashed_prices = version_at_least(header.protocol_version, k0_13_4);
  PoseidonHasher hasher;
  hasher.add(hashed_prices ? kTag1 : kTag0).add(Felt(header.number.value)).add(header.state_root);
  hasher.add(header.sequencer).add(Felt(header.timestamp)).add(packed_counts(header));
  hasher.add(header.state_diff_commitment).add(header.transaction_commitment);
  hasher.add(header.event_commitment).add(header.receipt_commitment);
  if (hashed_prices) {
    hasher.add(gas_prices_hash(header.gas_prices));
  } else {
    add_prices(hasher, header.gas_prices.l1);
    add_prices(hasher, header.gas_prices.l1_data);
  }
  hasher.add(short_string(header.protocol_version)).add(Felt()).add(header.parent_hash);
  return hasher.finish();
}

}  // namespace asterism::core
