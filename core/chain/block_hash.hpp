// Commitments of a block and its hash, for every format from 0.13.2 on (starknet-formats.md, "Block hash").
#pragma once
#include <span>

#include "core/chain/block.hpp"

namespace asterism::core {

// Up to four parts; missing parts are 0; anything else compares as 0.
bool version_at_least(std::string_view version, std::array<unsigned, 4> wanted);

// `version`: protocol version of the block. An empty signature is hashed as one 0 before 0.13.4.
Felt transaction_leaf(const Felt& hash, std::span<const Felt> signature, std::string_view version = kProtocolVersion);
Felt event_leaf(const Event& event, const Felt& transaction_hash);
Felt messages_hash(std::span<const L2ToL1Message> messages);
Felt receipt_leaf(const Receipt& receipt);
// The leaves of a block's transactions, receipts and events, hashed together: several times the speed of one by one.
struct BlockLeaves {
  std::vector<Felt> transactions, receipts, events;
};
BlockLeaves block_leaves(std::span<const std::span<const Felt>> signatures, std::span<const Receipt> receipts,
                         std::string_view version = kProtocolVersion);
// Of the leaves of a block, in order.
Felt leaves_commitment(std::span<const Felt> leaves);

// What a difference says of classes; only in blocks of Starknet itself.
struct ClassChanges {
  std::map<Felt, Felt> declared;      // class hash -> compiled class hash; migrated ones too
  std::vector<Felt> declared_cairo0;  // ascending
};
Felt state_diff_commitment(const StateDiff& diff, const ClassChanges& classes = {});
std::uint64_t state_diff_length(const StateDiff& diff, const ClassChanges& classes = {});

Felt packed_counts(const BlockHeader& header);
Felt gas_prices_hash(const GasPrices& prices);  // from 0.13.4
Felt block_hash(const BlockHeader& header);

}  // namespace asterism::core
