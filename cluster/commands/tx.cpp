// tx hash: the hash of a Starknet v3 transaction as wallets serialise it.
#include <cstdio>

#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "cluster/deployment/key_files.hpp"
#include "core/chain/transaction_json.hpp"

namespace asterism::cluster {

int tx_command(int argc, char** argv) {
  CommandLine app("tx", "Looks at transactions.", "asterism tx hash --chain-id SN_SEPOLIA transaction.json");
  app.require_subcommand(1);
  std::string file, chain;
  CLI::App* hash = app.add_subcommand("hash", "Prints the hash of a Starknet v3 transaction (JSON-RPC form).");
  hash->add_option("--chain-id", chain, "as a felt (0x...) or ASCII (SN_MAIN)")->required();
  hash->add_option("FILE", file, "JSON file; - is standard input")->required();
  hash->footer(
      "Example:\n  asterism tx hash --chain-id SN_SEPOLIA transaction.json\nExit codes: 0 done, 1 failed, 2 usage");
  if (const auto code = app.read(argc, argv)) return *code;
  const auto id = core::parse_chain_id(chain);
  if (!id) return complain("tx hash", "--chain-id is neither a felt nor ASCII of at most 31 characters", kExitUsage);
  const auto text = read_file(file == "-" ? "/dev/stdin" : file, 1 << 20);
  if (!text) return complain("tx hash", text.error());
  const auto parsed = core::parse_transaction(*text, *id);
  if (!parsed) return complain("tx hash", file + ": " + parsed.error().where);
  std::printf("%s\n", core::transaction_hash(*parsed, *id).to_hex().c_str());
  return kExitDone;
}

}  // namespace asterism::cluster
