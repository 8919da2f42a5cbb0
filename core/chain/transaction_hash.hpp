// Hashes of transactions and what they are made of (starknet-formats.md): version 3, L1_HANDLER, addresses and the
// Ethereum hashes of messages. Older versions are in legacy_transaction.hpp.
#pragma once
#include <span>

#include "core/chain/block.hpp"
#include "core/chain/keys.hpp"
#include "core/chain/span.hpp"
#include "core/chain/transaction.hpp"

namespace asterism::core {

// What a wallet signs to simulate or estimate carries the version plus 2^128; it never enters a block.
enum class HashPurpose : bool { kTransaction, kQuery };

Felt transaction_hash(const Transaction& transaction, const Felt& chain_id,
                      HashPurpose purpose = HashPurpose::kTransaction);
Felt transaction_hash(const InvokeTransaction& transaction, const Felt& chain_id,
                      HashPurpose purpose = HashPurpose::kTransaction);
Felt transaction_hash(const DeployAccountTransaction& transaction, const Felt& chain_id,
                      HashPurpose purpose = HashPurpose::kTransaction);
Felt transaction_hash(const DeclareTransaction& transaction, const Felt& chain_id,
                      HashPurpose purpose = HashPurpose::kTransaction);
Felt transaction_hash(const L1HandlerTransaction& transaction, const Felt& chain_id,
                      HashPurpose purpose = HashPurpose::kTransaction);

// Of each; those of INVOKE are hashed together, several times the speed of one by one.
std::vector<Felt> transaction_hashes(std::span<const Transaction> transactions, const Felt& chain_id);

// The signature that enters the transaction's leaf in the block; none for L1_HANDLER.
std::span<const Felt> signature_of(const Transaction& transaction);

// Where a contract lives; deployer 0 for DEPLOY_ACCOUNT and deploys that are not bound to one.
Felt contract_address(const Felt& deployer, const Felt& salt, const Felt& class_hash,
                      std::span<const Felt> constructor_calldata);
// A storage variable of that name, of a map with those keys.
Felt storage_address(std::string_view name, std::span<const Felt> keys = {});
// Modulo 2^251 - 256, as addresses of contracts and of map entries are.
Felt reduce_address(const Felt& value);

// keccak over 32-byte words, as the core contract on Ethereum computes them.
Word l1_to_l2_message_hash(const L1ToL2Message& message);
Word l2_to_l1_message_hash(const L2ToL1Message& message);
// The message that an L1_HANDLER consumes; calldata[0] is the sender. nullopt when that is no Ethereum address.
std::optional<L1ToL2Message> consumed_message(const L1HandlerTransaction& transaction);
// The transaction that consumes a message.
L1HandlerTransaction handler_of(const L1ToL2Message& message);

Felt as_felt(const EthAddress& address);
std::optional<EthAddress> as_eth_address(const Felt& value);
Word as_word(const EthAddress& address);

}  // namespace asterism::core
