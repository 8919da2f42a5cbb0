// client: what a user does: accounts, transfers, balances, deposits and withdrawals, load.
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cluster/client/node_client.hpp"
#include "cluster/client/wallet.hpp"
#include "cluster/commands/client_commands.hpp"
#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "core/chain/transaction_hash.hpp"

namespace asterism::cluster {

using OrderedJson = nlohmann::ordered_json;

std::expected<core::Uint128, std::string> parse_amount(const std::string& text) {
  const auto felt = core::Felt::from_decimal(text);
  const auto amount = felt ? felt->to_u128() : std::nullopt;
  if (!amount) return std::unexpected("an amount is a whole number of fri below 2^128, not `" + text + "`");
  return *amount;
}

std::expected<std::unique_ptr<NodeClient>, std::string> ClientContext::connect() const {
  const auto addresses = address.empty() ? folder.client_addresses() : std::vector<std::string>{address};
  return NodeClient::connect_any(addresses, folder.view());
}

std::expected<std::uint64_t, std::string> nonce_of(NodeClient& client, const core::Felt& address) {
  const auto json = client.query("account", {address.to_hex()});
  if (!json) return std::unexpected(json.error());
  if (json->contains("error")) return std::unexpected((*json)["error"].get<std::string>());
  // After those that wait in the pool already.
  const std::uint64_t nonce = std::strtoull(json->value("nonce", "0").c_str(), nullptr, 10);
  return std::max(nonce, json->value("next_nonce", nonce));
}

namespace {

int rank(const std::string& status) {
  if (status == "safe") return 3;
  if (status == "accepted_on_l1") return 2;
  return status == "accepted_on_l2" ? 1 : 0;
}

// -1: in no block yet (a gateway that has it in its pool answers too).
int reached(const OrderedJson& receipt) {
  if (receipt.value("safe", false)) return 3;
  const std::string finality = receipt.value("finality_status", "");
  if (finality == "ACCEPTED_ON_L1") return 2;
  return finality == "ACCEPTED_ON_L2" ? 1 : -1;
}

}  // namespace

// Follows a transaction until it has the wanted status; a link that breaks is made anew.
int wait_for_status(const ClientContext& context, const core::Felt& hash) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(context.timeout);
  std::unique_ptr<NodeClient> client;
  std::string last = "RECEIVED";
  while (std::chrono::steady_clock::now() < until) {
    if (!client) {
      auto made = context.connect();
      if (!made) return complain("client", made.error());
      client = std::move(*made);
    }
    const auto receipt = client->query("receipt", {hash.to_hex()});
    if (!receipt) {
      client.reset();
      continue;
    }
    if (!receipt->contains("error")) {
      last = receipt->value("finality_status", receipt->value("status", last));
      if (receipt->value("execution_status", "") == "REVERTED") {
        std::printf("%s\n", receipt->dump().c_str());
        return complain("client", "the transaction was reverted: " + receipt->value("revert_reason", ""));
      }
      if (reached(*receipt) >= rank(context.wait)) {
        std::printf("%s\n", receipt->dump().c_str());
        return kExitDone;
      }
    }
    static_cast<void>(client->poll(Millis(100)));
  }
  return complain("client",
                  "not " + context.wait + " after " + std::to_string(context.timeout) + " s; last seen: " + last);
}

int submit_and_wait(const ClientContext& context, NodeClient& client, const core::Transaction& transaction) {
  const core::Felt hash = core::transaction_hash(transaction, context.folder.genesis.chain_id);
  std::printf("transaction %s\n", hash.to_hex().c_str());
  std::fflush(stdout);
  const auto reply = client.submit(transaction);
  if (!reply) return complain("client", reply.error());
  const auto code = static_cast<messages::SubmitCode>(reply->code);
  if (code != messages::SubmitCode::kReceived && code != messages::SubmitCode::kDuplicate)
    return complain("client",
                    "refused: " + std::string(to_string(code)) + (reply->text.empty() ? "" : ": " + reply->text));
  if (context.wait.empty()) {
    std::printf("RECEIVED (it may still expire or be replaced; --wait accepted_on_l2 follows it)\n");
    return kExitDone;
  }
  return wait_for_status(context, hash);
}

namespace {

int transfer(const ClientContext& context, const std::string& from, const std::string& to,
             const std::string& amount_text) {
  const auto amount = parse_amount(amount_text);
  if (!amount) return complain("client transfer", amount.error(), kExitUsage);
  const auto key = context.folder.account(from);
  if (!key) return complain("client transfer", key.error().text);
  const auto target = context.folder.address_of(to);
  if (!target) return complain("client transfer", target.error());
  const auto client = context.connect();
  if (!client) return complain("client transfer", client.error());
  const auto nonce = nonce_of(**client, key->address);
  if (!nonce) return complain("client transfer", nonce.error());
  return submit_and_wait(context, **client, Wallet(context.folder.genesis, *key).transfer(*target, *amount, *nonce));
}

int print_query(const ClientContext& context, const std::string& what, const std::string& argument) {
  const auto client = context.connect();
  if (!client) return complain("client", client.error());
  const auto json = (*client)->query(what, {argument});
  if (!json) return complain("client", json.error());
  if (json->contains("error")) return complain("client", (*json)["error"].get<std::string>());
  std::printf("%s\n", json->dump().c_str());
  return kExitDone;
}

int new_account(const ClientContext& context, const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos || name.starts_with('.'))
    return complain("client account new", "a name has no slash and does not begin with a dot", kExitUsage);
  const auto key = create_account(context.folder.path / "accounts" / (name + ".key"));
  if (!key) return complain("client account new", key.error().text);
  std::printf("%s\n", OrderedJson{{"name", name},
                                  {"address", key->address.to_hex()},
                                  {"public_key", key->public_key.to_hex()},
                                  {"salt", key->salt.to_hex()}}
                          .dump()
                          .c_str());
  std::printf("fund the address, then: asterism client account deploy %s\n", name.c_str());
  return kExitDone;
}

int deploy_account(const ClientContext& context, const std::string& name) {
  const auto key = context.folder.account(name);
  if (!key) return complain("client account deploy", key.error().text);
  const auto client = context.connect();
  if (!client) return complain("client account deploy", client.error());
  return submit_and_wait(context, **client, Wallet(context.folder.genesis, *key).deploy());
}

}  // namespace

int client_command(int argc, char** argv) {
  CommandLine app("client", "What a user does. Accounts are keys in DIR/accounts (mode 0600) and go by name.",
                  "asterism client transfer --from alice --to bob --amount 1000 --wait accepted_on_l2");
  app.require_subcommand(1);
  std::string dir = ".asterism", from, to, amount, name, hash;
  ClientContext context;
  context.timeout = 120;
  app.add_option("--dir", dir, "deployment's folder")->capture_default_str();
  app.add_option("--connect", context.address,
                 "host:port of a clients' listener (default: those of the folder's configurations)");
  const std::string codes = "\nExit codes: 0 done, 1 failed (REVERTED and time-out too), 2 usage";
  const auto waits = [&](CLI::App* command, const std::string& example) {
    command->add_option("--wait", context.wait, "follow it until it is accepted_on_l2, accepted_on_l1 or safe")
        ->check(CLI::IsMember({"accepted_on_l2", "accepted_on_l1", "safe"}));
    command->add_option("--timeout", context.timeout, "seconds to wait")
        ->capture_default_str()
        ->check(CLI::Range(1, 86'400));
    command->footer("Example:\n  " + example + codes);
  };
  CLI::App* send = app.add_subcommand("transfer", "Sends tokens.");
  send->add_option("--from", from, "account that pays")->required();
  send->add_option("--to", to, "account or 0x-address")->required();
  send->add_option("--amount", amount, "fri")->required();
  waits(send, "asterism client transfer --from alice --to bob --amount 1000 --wait safe --timeout 60");
  CLI::App* balance = app.add_subcommand("balance", "Nonce and balance of an account.");
  balance->add_option("ACCOUNT", name, "account or 0x-address")->required();
  balance->footer("Example:\n  asterism client balance alice" + codes);
  CLI::App* status = app.add_subcommand("status", "What became of a transaction.");
  status->add_option("HASH", hash, "its hash")->required();
  status->footer("Example:\n  asterism client status 0x1234" + codes);
  CLI::App* deposit = app.add_subcommand(
      "deposit", "Locks tokens in the bridge on L1; they appear here once the message is deep enough.");
  deposit->add_option("--to", to, "account or 0x-address")->required();
  deposit->add_option("--amount", amount, "fri")->required();
  deposit->footer("Example:\n  asterism client deposit --to alice --amount 5000" + codes);
  CLI::App* withdraw =
      app.add_subcommand("withdraw", "Burns tokens here; the bridge releases them once the block is settled.");
  withdraw->add_option("--from", from, "account")->required();
  withdraw->add_option("--to", to, "L1 address, 20 bytes of hex (default: the L1 account of this folder)");
  withdraw->add_option("--amount", amount, "fri")->required();
  waits(withdraw, "asterism client withdraw --from alice --amount 100 --wait accepted_on_l1");
  CLI::App* account = app.add_subcommand("account", "Makes and deploys accounts.");
  account->require_subcommand(1);
  account->footer("Example:\n  asterism client account new carol" + codes);
  CLI::App* fresh = account->add_subcommand("new", "Makes a key and prints its address.");
  fresh->add_option("NAME", name, "name of the account")->required();
  fresh->footer("Example:\n  asterism client account new carol" + codes);
  CLI::App* deploy =
      account->add_subcommand("deploy", "Deploys the account's contract; its address must have tokens for the fee.");
  deploy->add_option("NAME", name, "name of the account")->required();
  waits(deploy, "asterism client account deploy carol --wait accepted_on_l2");
  LoadArguments load;
  CLI::App* loading = add_load_command(app, load, codes);
  if (const auto code = app.read(argc, argv)) return *code;
  if (fresh->parsed()) {  // a key needs no deployment yet: `init --account` funds it in block 0
    context.folder.path = dir;
    return new_account(context, name);
  }
  auto folder = DeploymentFolder::open(dir);
  if (!folder) return complain("client", folder.error());
  context.folder = std::move(*folder);
  if (send->parsed()) return transfer(context, from, to, amount);
  if (status->parsed()) return print_query(context, "transaction", hash);
  if (deploy->parsed()) return deploy_account(context, name);
  if (deposit->parsed()) return deposit_command(context, to, amount);
  if (withdraw->parsed()) return withdraw_command(context, from, to, amount);
  if (loading->parsed()) return load_command(context, load);
  const auto address = context.folder.address_of(name);
  if (!address) return complain("client balance", address.error());
  return print_query(context, "account", address->to_hex());
}

}  // namespace asterism::cluster
