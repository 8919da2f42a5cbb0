// What a wallet does: Starknet v3 transactions of the native account, encoded and signed as wallets do.
#pragma once
#include "cluster/deployment/key_files.hpp"
#include "core/chain/genesis.hpp"
#include "core/chain/transaction.hpp"

namespace asterism::cluster {

struct WalletCall {
  core::Felt to, selector;
  std::vector<core::Felt> calldata;
};

class Wallet {
 public:
  Wallet(const core::Genesis& genesis, const AccountKey& key)
      : chain_id_(genesis.chain_id), prices_(genesis.gas_prices), key_(key) {}

  core::Transaction invoke(const std::vector<WalletCall>& calls, std::uint64_t nonce) const;
  core::Transaction transfer(const core::Felt& to, core::Uint128 amount, std::uint64_t nonce) const;
  core::Transaction withdraw(const core::EthAddress& to, core::Uint128 amount, std::uint64_t nonce) const;
  core::Transaction deploy() const;
  const AccountKey& key() const { return key_; }

 private:
  core::V3Fields fields(std::uint64_t nonce, std::uint64_t l1_gas) const;

  core::Felt chain_id_;
  core::GasPrices prices_;
  AccountKey key_;
};

// The accounts that `up --load-accounts` funds: derived from one seed file, so that ten thousand need no files.
std::vector<AccountKey> load_accounts(const core::Word& seed, std::size_t count);
// DIR/accounts/load.key and DIR/accounts/load.count; empty when the deployment has none.
std::vector<AccountKey> load_accounts_of(const std::filesystem::path& deployment);

}  // namespace asterism::cluster
