// A version 3 transaction as wallets serialise it for JSON-RPC, read strictly. Upper-case resource names, numeric data
// availability modes and INVOKE_FUNCTION, as the feeder gateway writes them, are accepted too.
#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <variant>

#include "core/chain/transaction_hash.hpp"

namespace asterism::core {

using JsonTransaction =
    std::variant<InvokeTransaction, DeployAccountTransaction, DeclareTransaction, L1HandlerTransaction>;

struct ParsedTransaction {
  JsonTransaction transaction;
  HashPurpose purpose = HashPurpose::kTransaction;
};

enum class TransactionJsonError : std::uint8_t {
  kNotJson = 0,             // nor of at most 1 MiB, nor with every key once
  kUnsupportedVersion = 1,  // not version 3 (L1_HANDLER: 0)
  kUnknownType = 2,
  kWrongField = 3,  // missing, unknown or of another type
  kOutOfRange = 4,
  kHashMismatch = 5,  // the transaction_hash that stands in it is not its hash
};
struct TransactionJsonFault {
  TransactionJsonError error;
  std::string where;
};

// `chain_id` checks a transaction_hash that stands in the JSON.
std::expected<ParsedTransaction, TransactionJsonFault> parse_transaction(std::string_view json, const Felt& chain_id);
Felt transaction_hash(const ParsedTransaction& parsed, const Felt& chain_id);
// As JSON-RPC shows it, with its hash.
std::string transaction_to_json(const Transaction& transaction, const Felt& chain_id);

// A felt as 0x-hex, or ASCII of at most 31 characters.
std::optional<Felt> parse_chain_id(std::string_view text);

}  // namespace asterism::core
