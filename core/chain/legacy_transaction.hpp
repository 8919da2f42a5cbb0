// Transactions of versions 0 to 2, which still stand in old blocks: only their hashes.
#pragma once
#include "core/chain/transaction_hash.hpp"

namespace asterism::core {

struct LegacyTransaction {
  enum class Kind : std::uint8_t { kInvoke, kDeclare, kDeployAccount, kDeploy };
  Kind kind = Kind::kInvoke;
  std::uint64_t version = 0;
  Felt address;   // sender, or the contract called; not used by deploys
  Felt selector;  // INVOKE 0
  std::vector<Felt> calldata;
  Felt max_fee, nonce;
  Felt class_hash, compiled_class_hash, salt;
};

// nullopt: there was never such a version.
std::optional<Felt> legacy_transaction_hash(const LegacyTransaction& transaction, const Felt& chain_id,
                                            HashPurpose purpose = HashPurpose::kTransaction);

}  // namespace asterism::core
