// Blocks, receipts and state differences as values. Commitments and hashes are in block_hash.hpp.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/strong_id.hpp"
#include "core/chain/transaction.hpp"

namespace asterism::core {

struct GasPrice {
  Uint128 wei = 0;
  Uint128 fri = 0;
  bool operator==(const GasPrice&) const = default;
};

struct GasPrices {
  GasPrice l1, l1_data, l2;
  bool operator==(const GasPrices&) const = default;
};

enum class L1DaMode : std::uint8_t { kCalldata = 0, kBlob = 1 };

inline constexpr std::string_view kProtocolVersion = "0.14.2";

struct BlockHeader {
  BlockNumber number;
  Felt parent_hash;
  Felt state_root;
  Felt sequencer;
  std::uint64_t timestamp = 0;  // seconds
  std::uint64_t transaction_count = 0;
  std::uint64_t event_count = 0;
  std::uint64_t state_diff_length = 0;
  Felt state_diff_commitment, transaction_commitment, event_commitment, receipt_commitment;
  GasPrices gas_prices;
  L1DaMode l1_da_mode = L1DaMode::kCalldata;
  std::string protocol_version{kProtocolVersion};
  bool operator==(const BlockHeader&) const = default;
};

// What a proposal carries and a replica stores. The block hash is that of the header.
struct Block {
  BlockHeader header;
  std::vector<Transaction> transactions;
  bool operator==(const Block&) const = default;
};

struct Event {
  Felt from;
  std::vector<Felt> keys, data;
  bool operator==(const Event&) const = default;
};

struct L2ToL1Message {
  Felt from;
  Felt to;  // an Ethereum address
  std::vector<Felt> payload;
  bool operator==(const L2ToL1Message&) const = default;
};

struct GasVector {
  std::uint64_t l1 = 0, l1_data = 0, l2 = 0;
  bool operator==(const GasVector&) const = default;
};

enum class ExecutionStatus : std::uint8_t { kSucceeded = 0, kReverted = 1 };

struct Receipt {
  Felt transaction_hash;
  Uint128 actual_fee = 0;  // fri
  ExecutionStatus status = ExecutionStatus::kSucceeded;
  std::string revert_reason;  // empty when succeeded
  std::vector<Event> events;
  std::vector<L2ToL1Message> messages;
  GasVector gas;
  Word l1_message_hash{};  // L1_HANDLER only: keccak hash of the consumed message
  Felt contract_address;   // DEPLOY_ACCOUNT only
  bool operator==(const Receipt&) const = default;
};

// Only real changes, keyed in ascending numeric order (Felt's operator<).
struct StateDiff {
  std::map<Felt, Felt> deployed;  // address -> class hash
  std::map<Felt, Felt> nonces;
  std::map<Felt, std::map<Felt, Felt>> storage;
  bool operator==(const StateDiff&) const = default;
};

}  // namespace asterism::core
