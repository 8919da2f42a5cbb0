// Starknet v3 transactions as values. Hashing is in transaction_hash.hpp, JSON of wallets in transaction_json.hpp.
// A transaction here is syntactically bounded (see kMax...), nothing more: validity is the transition's business.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/felt/felt.hpp"

namespace asterism::core {

using Uint128 = unsigned __int128;

inline constexpr std::size_t kMaxCalldata = 4096;  // felts
inline constexpr std::size_t kMaxSignature = 16;   // felts
inline constexpr std::size_t kMaxShortList = 64;   // felts: paymaster data, account deployment data, proof facts

struct ResourceBounds {
  std::uint64_t max_amount = 0;
  Uint128 max_price = 0;  // fri per unit
  bool operator==(const ResourceBounds&) const = default;
};

struct ResourceBoundsSet {
  ResourceBounds l1_gas, l2_gas;
  std::optional<ResourceBounds> l1_data_gas;  // absent in transactions made before 0.13.4: presence changes the hash
  bool operator==(const ResourceBoundsSet&) const = default;
};

enum class DataAvailabilityMode : std::uint8_t { kL1 = 0, kL2 = 1 };

// What every v3 transaction carries.
struct V3Fields {
  Felt nonce;
  std::uint64_t tip = 0;
  ResourceBoundsSet bounds;
  std::vector<Felt> paymaster_data;
  DataAvailabilityMode nonce_da_mode = DataAvailabilityMode::kL1;
  DataAvailabilityMode fee_da_mode = DataAvailabilityMode::kL1;
  std::vector<Felt> signature;
  bool operator==(const V3Fields&) const = default;
};

struct InvokeTransaction {
  V3Fields v3;
  Felt sender;
  std::vector<Felt> calldata;
  std::vector<Felt> account_deployment_data;
  std::vector<Felt> proof_facts;  // 0.14.2+, hashed only when not empty
  bool operator==(const InvokeTransaction&) const = default;
};

struct DeployAccountTransaction {
  V3Fields v3;
  Felt class_hash;
  Felt salt;
  std::vector<Felt> constructor_calldata;
  bool operator==(const DeployAccountTransaction&) const = default;
};

// Only hashed in version 1: native classes are not declared.
struct DeclareTransaction {
  V3Fields v3;
  Felt sender;
  Felt class_hash;
  Felt compiled_class_hash;
  std::vector<Felt> account_deployment_data;
  bool operator==(const DeclareTransaction&) const = default;
};

// calldata[0] is the L1 sender.
struct L1HandlerTransaction {
  Felt nonce;
  Felt contract;
  Felt selector;
  std::vector<Felt> calldata;
  bool operator==(const L1HandlerTransaction&) const = default;
};

// Frozen order: the index is the type byte on disk and on the wire.
using Transaction = std::variant<InvokeTransaction, DeployAccountTransaction, L1HandlerTransaction>;

}  // namespace asterism::core
