#include "cluster/client/wallet.hpp"

#include "core/chain/transaction_hash.hpp"
#include "core/curve/ecdsa.hpp"
#include "core/hash/keccak.hpp"
#include "core/state/transition.hpp"

namespace asterism::cluster {
namespace {

// Room for any native call; what is not used is not paid.
constexpr std::uint64_t kL2Gas = 5'000'000;
constexpr std::uint64_t kL1DataGas = 2'000;
constexpr std::uint64_t kL1GasOfWithdrawal = 60'000;

void sign(core::V3Fields& fields, const core::Felt& hash, const core::Felt& secret) {
  const core::Signature signature = core::sign(secret, hash);
  fields.signature = {signature.r, signature.s};
}

}  // namespace

core::V3Fields Wallet::fields(std::uint64_t nonce, std::uint64_t l1_gas) const {
  core::V3Fields out;
  out.nonce = core::Felt(nonce);
  out.bounds.l1_gas = {l1_gas, prices_.l1.fri * 3 / 2};
  out.bounds.l2_gas = {kL2Gas, prices_.l2.fri * 3 / 2};
  out.bounds.l1_data_gas = core::ResourceBounds{kL1DataGas, prices_.l1_data.fri * 3 / 2 + 1};
  return out;
}

core::Transaction Wallet::invoke(const std::vector<WalletCall>& calls, std::uint64_t nonce) const {
  bool withdraws = false;
  core::InvokeTransaction out{.v3 = {},
                              .sender = key_.address,
                              .calldata = {core::Felt(calls.size())},
                              .account_deployment_data = {},
                              .proof_facts = {}};
  for (const WalletCall& call : calls) {
    out.calldata.insert(out.calldata.end(), {call.to, call.selector, core::Felt(call.calldata.size())});
    out.calldata.insert(out.calldata.end(), call.calldata.begin(), call.calldata.end());
    withdraws = withdraws || call.selector == core::selector("initiate_token_withdraw");
  }
  out.v3 = fields(nonce, withdraws ? kL1GasOfWithdrawal : 0);
  sign(out.v3, core::transaction_hash(out, chain_id_), key_.private_key);
  return out;
}

core::Transaction Wallet::transfer(const core::Felt& to, core::Uint128 amount, std::uint64_t nonce) const {
  static const core::Felt kTransfer = core::selector("transfer");
  return invoke({{core::native::fee_token_address(), kTransfer, {to, core::Felt::from_u128(amount), core::Felt()}}},
                nonce);
}

core::Transaction Wallet::withdraw(const core::EthAddress& to, core::Uint128 amount, std::uint64_t nonce) const {
  core::Word word{};
  std::copy(to.bytes.begin(), to.bytes.end(), word.begin() + 12);
  return invoke({{core::native::fee_token_address(),
                  core::selector("initiate_token_withdraw"),
                  {core::Felt::reduce_be(word), core::Felt::from_u128(amount), core::Felt()}}},
                nonce);
}

core::Transaction Wallet::deploy() const {
  core::DeployAccountTransaction out{.v3 = fields(0, 0),
                                     .class_hash = core::native::account_class(),
                                     .salt = key_.salt,
                                     .constructor_calldata = {key_.public_key}};
  sign(out.v3, core::transaction_hash(out, chain_id_), key_.private_key);
  return out;
}

std::vector<AccountKey> load_accounts(const core::Word& seed, std::size_t count) {
  std::vector<AccountKey> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    core::ByteWriter bytes;
    bytes.text("asterism/load/1").raw(seed).u64(i);
    core::Word word = core::keccak256(bytes.bytes());
    word[0] &= 3;
    AccountKey key;
    key.private_key = core::Felt::reduce_be(word);
    key.public_key = core::public_key(key.private_key).x;
    key.salt = core::Felt(i);
    key.address = core::native::account_address(key.public_key, key.salt);
    out.push_back(key);
  }
  return out;
}

std::vector<AccountKey> load_accounts_of(const std::filesystem::path& deployment) {
  const auto seed = load_ed25519(deployment / "accounts" / "load.key");
  const auto count = read_file(deployment / "accounts" / "load.count", 32);
  if (!seed || !count) return {};
  return load_accounts(seed->seed(), std::strtoull(count->c_str(), nullptr, 10));
}

}  // namespace asterism::cluster
