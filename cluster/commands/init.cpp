// init: genesis and a configuration per process from public records.
#include <chrono>
#include <cstdio>

#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "cluster/deployment/deployment.hpp"
#include "cluster/deployment/key_files.hpp"

namespace asterism::cluster {
namespace {

// "PUBLIC_KEY:SALT:BALANCE", as `client account new` prints it.
std::optional<core::GenesisAccount> parse_account(const std::string& text) {
  const std::size_t first = text.find(':'), second = text.find(':', first == std::string::npos ? first : first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  const auto key = core::Felt::from_hex(text.substr(0, first));
  const auto salt = core::Felt::from_hex(text.substr(first + 1, second - first - 1));
  const auto balance = core::Felt::from_decimal(text.substr(second + 1));
  if (!key || !salt || !balance || !balance->to_u128()) return std::nullopt;
  return core::GenesisAccount{.public_key = *key, .salt = *salt, .balance = *balance->to_u128()};
}

}  // namespace

int init_command(int argc, char** argv) {
  CommandLine app("init",
                  "Composes a genesis and a configuration for each process from the records that `keygen` printed. "
                  "Copy genesis.json and\n"
                  "NAME.toml to the folder of each process's keys, then run `asterism node --config NAME.toml` there.",
                  "asterism init --member r0.json --member r1.json --member r2.json --member r3.json --member l1.json "
                  "--member me.json --out deployment");
  std::vector<std::string> members, accounts;
  std::string out = "deployment";
  DeploymentOptions options;
  options.genesis_time =
      static_cast<std::uint64_t>(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  app.add_option("--member", members, "record of a process or an admin: a file")->required();
  app.add_option("--out", out, "folder to write to")->capture_default_str();
  app.add_option("--chain-id", options.chain_id, "chain id, ASCII, at most 31 characters")->capture_default_str();
  app.add_option("--coordinator", options.coordinator,
                 "replica that holds the prover coordinator (default: the first)");
  app.add_option("--account", accounts, "account funded in block 0: PUBLIC_KEY:SALT:BALANCE");
  app.add_option("--threshold", options.attestation_threshold, "weight of attesters that a span needs")
      ->capture_default_str();
  app.add_option("--time", options.genesis_time, "genesis time, unix seconds (default: now)");
  if (const auto code = app.read(argc, argv)) return *code;
  if (options.chain_id.empty() || options.chain_id.size() > 31)
    return complain("init", "--chain-id has 1 to 31 characters", kExitUsage);
  std::vector<PublicRecord> records;
  for (const std::string& member : members) {
    const auto text = read_file(member);
    if (!text) return complain("init", text.error());
    auto record = decode_record(*text);
    if (!record) return complain("init", member + ": " + record.error());
    records.push_back(std::move(*record));
  }
  for (const std::string& text : accounts) {
    const auto account = parse_account(text);
    if (!account) return complain("init", "--account " + text + " is not PUBLIC_KEY:SALT:BALANCE", kExitUsage);
    options.accounts.push_back(*account);
  }
  const auto genesis = compose_genesis(records, options);
  if (!genesis) return complain("init", genesis.error());
  const std::filesystem::path folder(out);
  if (std::filesystem::exists(folder / "genesis.json"))
    return complain("init", (folder / "genesis.json").string() + " exists; give another --out");
  if (auto written = write_file(folder / "genesis.json", core::encode_genesis(*genesis)); !written)
    return complain("init", written.error());
  for (const PublicRecord& record : records) {
    if (record.roles.empty()) continue;
    const std::string text = config::render(compose_config(record, records), true);
    if (auto written = write_file(folder / (record.name + ".toml"), text); !written)
      return complain("init", written.error());
  }
  std::printf("genesis hash 0x%s\nwritten to %s: genesis.json and %zu configurations\n",
              core::to_hex(core::genesis_hash(*genesis)).c_str(), out.c_str(), records.size());
  return kExitDone;
}

}  // namespace asterism::cluster
