// l1: the embedded L1: its process, its state, and reorganisations for drills.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cluster/client/ledger_client.hpp"
#include "cluster/commands/client_commands.hpp"
#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"

namespace asterism::cluster {
namespace {

std::string decimal(core::Uint128 value) { return core::Felt::from_u128(value).to_decimal(); }

int status(LedgerClient& ledger) {
  const auto state = ledger.state({});
  if (!state) return complain("l1 status", state.error());
  nlohmann::ordered_json attesters = nlohmann::ordered_json::array();
  for (const auto& [attester, weight] : state->attesters)
    attesters.push_back({{"attester", "0x" + attester.hex()}, {"weight", weight}});
  std::printf("%s\n", nlohmann::ordered_json{{"head", state->head},
                                             {"finalized", state->finalized},
                                             {"initialised", state->initialised},
                                             {"paused", state->paused},
                                             {"block", state->core.number.value},
                                             {"block_hash", state->core.hash.to_hex()},
                                             {"root", state->core.root.to_hex()},
                                             {"threshold", state->threshold},
                                             {"bridge_balance", decimal(state->bridge_balance)},
                                             {"next_message_nonce", state->next_message_nonce},
                                             {"attesters", attesters}}
                          .dump(2)
                          .c_str());
  return kExitDone;
}

int reorganise(const DeploymentFolder& folder, const std::string& address, std::uint64_t depth) {
  const auto key = folder.admin_key();
  if (!key) return complain("l1 reorg", key.error());
  const auto ledger = LedgerClient::connect_admin(address, folder.view(), *key);
  if (!ledger) return complain("l1 reorg", ledger.error());
  const auto reply = (*ledger)->reorganise(depth);
  if (!reply) return complain("l1 reorg", reply.error());
  if (!reply->done) return complain("l1 reorg", reply->text);
  std::printf("%s\n", reply->text.empty() ? "reorganised" : reply->text.c_str());
  return kExitDone;
}

}  // namespace

int l1_command(int argc, char** argv) {
  CommandLine app("l1",
                  "The embedded L1, a development chain. Run it with --config; ask it with status; drill with reorg.",
                  "asterism l1 status");
  std::string dir = ".asterism", config, address;
  std::uint64_t depth = 0;
  app.add_option("--dir", dir, "deployment's folder")->capture_default_str();
  app.add_option("--connect", address, "host:port of its clients' listener (reorg: of its peers' listener)");
  app.add_option("--config", config, "runs it with this configuration");
  CLI::App* show = app.add_subcommand("status", "Head, contracts, attesters.");
  show->footer("Example:\n  asterism l1 status\nExit codes: 0 done, 1 failed, 2 usage");
  CLI::App* reorg =
      app.add_subcommand("reorg", "Replaces the last K blocks (drills of an admin; not below finalized).");
  reorg->add_option("K", depth, "blocks")->required()->check(CLI::Range(1, 1000));
  reorg->footer("Example:\n  asterism l1 reorg 2\nExit codes: 0 done, 1 failed, 2 usage");
  if (const auto code = app.read(argc, argv)) return *code;
  if (!config.empty()) {
    std::string program = "node", flag = "--config";
    char* arguments[] = {program.data(), flag.data(), config.data()};
    return node_command(3, arguments);
  }
  if (!show->parsed() && !reorg->parsed()) return complain("l1", "one of --config F, status, reorg K", kExitUsage);
  const auto folder = DeploymentFolder::open(dir);
  if (!folder) return complain("l1", folder.error());
  if (reorg->parsed()) return reorganise(*folder, address.empty() ? folder->genesis.ledger_address : address, depth);
  const auto found = address.empty() ? ledger_address(*folder) : std::expected<std::string, std::string>(address);
  if (!found) return complain("l1 status", found.error());
  const auto ledger = LedgerClient::connect(*found, folder->view());
  return ledger ? status(**ledger) : complain("l1 status", ledger.error());
}

}  // namespace asterism::cluster
