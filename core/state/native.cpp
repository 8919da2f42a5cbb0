#include "core/state/native.hpp"

#include <array>
#include <mutex>
#include <unordered_map>

#include "core/chain/transaction_hash.hpp"
#include "core/hash/keccak.hpp"

namespace asterism::core::native {

namespace {

// Balance keys cost a Pedersen hash each and are asked for again and again. Two generations bound the memory: when the
// young one is full it becomes the old one.
class BalanceKeys {
 public:
  Felt of(const Felt& account) {
    const std::lock_guard lock(mutex_);
    if (const auto found = young_.find(account); found != young_.end()) return found->second;
    const auto old = old_.find(account);
    const Felt key = old != old_.end() ? old->second : storage_address("ERC20_balances", std::span(&account, 1));
    if (young_.size() >= kGeneration) {
      old_ = std::move(young_);
      young_.clear();
    }
    young_.emplace(account, key);
    return key;
  }

 private:
  static constexpr std::size_t kGeneration = 1 << 15;
  std::mutex mutex_;
  std::unordered_map<Felt, Felt> young_, old_;
};

}  // namespace

Felt account_class() {
  static const Felt value = starknet_keccak(as_bytes("asterism/account/1"));
  return value;
}
Felt fee_token_class() {
  static const Felt value = starknet_keccak(as_bytes("asterism/fee_token/1"));
  return value;
}
Felt fee_token_address() { return Felt::literal("0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d"); }
Felt account_address(const Felt& public_key, const Felt& salt) {
  return contract_address(Felt(), salt, account_class(), std::span(&public_key, 1));
}
Felt balance_key(const Felt& account) {
  static BalanceKeys keys;
  return keys.of(account);
}
Felt allowance_key(const Felt& owner, const Felt& spender) {
  return storage_address("ERC20_allowances", std::array{owner, spender});
}
Felt public_key_key() {
  static const Felt value = storage_address("Account_public_key");
  return value;
}
Felt next_l1_nonce_key() {
  static const Felt value = storage_address("next_l1_nonce");
  return value;
}
Felt total_supply_key() {
  static const Felt value = storage_address("ERC20_total_supply");
  return value;
}

std::string_view to_string(Revert reason) {
  switch (reason) {
    case Revert::kNotDeployed:
      return "Requested contract address is not deployed";
    case Revert::kNoEntryPoint:
      return "Entry point not found in contract";
    case Revert::kArguments:
      return "Failed to deserialize parameters";
    case Revert::kBalance:
      return "ERC20: insufficient balance";
    case Revert::kAllowance:
      return "ERC20: insufficient allowance";
    case Revert::kZeroAddress:
      return "ERC20: zero address";
    case Revert::kOverflow:
      return "u256_add Overflow";
    case Revert::kZeroWithdrawal:
      return "ZERO_WITHDRAWAL";
    case Revert::kL1Recipient:
      return "INVALID_RECIPIENT";
    case Revert::kNotBridge:
      return "EXPECTED_FROM_BRIDGE_ONLY";
    case Revert::kMaxL1Gas:
      return "Insufficient max L1Gas";
    case Revert::kMaxL1DataGas:
      return "Insufficient max L1DataGas";
    case Revert::kMaxL2Gas:
      return "Insufficient max L2Gas";
    case Revert::kFeeBalance:
      return "Insufficient fee token balance";
  }
  return "unknown";
}

}  // namespace asterism::core::native
