// client deposit and withdraw: both ways over the bridge.
#include <cstdio>

#include "cluster/client/ledger_client.hpp"
#include "cluster/client/wallet.hpp"
#include "cluster/commands/client_commands.hpp"
#include "cluster/commands/command_line.hpp"
#include "config/config.hpp"

namespace asterism::cluster {

std::expected<std::string, std::string> ledger_address(const DeploymentFolder& folder) {
  const auto config = config::load(folder.path / "l1" / "config.toml");
  if (!config)
    return std::unexpected("this folder has no embedded L1 (" + (folder.path / "l1" / "config.toml").string() + ")");
  if (config->listen.clients.empty()) return std::unexpected("the embedded L1 has no clients' listener");
  return config->listen.clients;
}

namespace {

// The folder's own account on L1.
KeyResult<core::Secp256k1Secret> l1_account(const DeploymentFolder& folder) {
  return load_or_create_secp256k1(folder.path / "accounts" / "l1.key");
}

}  // namespace

int deposit_command(const ClientContext& context, const std::string& to, const std::string& amount_text) {
  const auto amount = parse_amount(amount_text);
  if (!amount) return complain("client deposit", amount.error(), kExitUsage);
  const auto recipient = context.folder.address_of(to);
  if (!recipient) return complain("client deposit", recipient.error());
  const auto key = l1_account(context.folder);
  if (!key) return complain("client deposit", key.error().text);
  const auto address = ledger_address(context.folder);
  if (!address) return complain("client deposit", address.error());
  const auto ledger = LedgerClient::connect(*address, context.folder.view());
  if (!ledger) return complain("client deposit", ledger.error());
  const auto state = (*ledger)->state(key->address());
  if (!state) return complain("client deposit", state.error());
  const std::uint64_t chain = context.folder.genesis.l1_chain_id;
  const auto transaction =
      actors::sign_ledger_transaction(*key, chain, state->account_nonce, messages::LedgerAction::kDeposit,
                                      messages::DepositPayload{.recipient = *recipient, .amount = *amount, .fee = 1});
  const core::Word hash = actors::ledger_transaction_hash(chain, transaction);
  const auto block = (*ledger)->execute(transaction, hash, Millis(30'000));
  if (!block) return complain("client deposit", block.error());
  std::printf("locked in L1 block %llu; it arrives when that block is %llu deep\n",
              static_cast<unsigned long long>(*block),
              static_cast<unsigned long long>(context.folder.genesis.message_depth));
  return kExitDone;
}

int withdraw_command(const ClientContext& context, const std::string& from, const std::string& to,
                     const std::string& amount_text) {
  const auto amount = parse_amount(amount_text);
  if (!amount) return complain("client withdraw", amount.error(), kExitUsage);
  const auto key = context.folder.account(from);
  if (!key) return complain("client withdraw", key.error().text);
  core::EthAddress recipient{};
  if (to.empty()) {
    const auto own = l1_account(context.folder);
    if (!own) return complain("client withdraw", own.error().text);
    recipient = own->address();
  } else {
    const auto bytes = core::array_from_hex<20>(to);
    if (!bytes) return complain("client withdraw", "--to is 20 bytes of hex", kExitUsage);
    recipient.bytes = *bytes;
  }
  const auto client = context.connect();
  if (!client) return complain("client withdraw", client.error());
  const auto nonce = nonce_of(**client, key->address);
  if (!nonce) return complain("client withdraw", nonce.error());
  return submit_and_wait(context, **client, Wallet(context.folder.genesis, *key).withdraw(recipient, *amount, *nonce));
}

}  // namespace asterism::cluster
