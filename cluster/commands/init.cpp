// init: genesis and a configuration per process from public records.
#include <algorithm>
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
  const auto number = [&](const std::string& flag, std::uint64_t& value, std::uint64_t least, std::uint64_t most,
                          const std::string& help) {
    app.add_option(flag, value, help)->capture_default_str()->check(CLI::Range(least, most));
  };
  constexpr std::uint64_t kMostPrice = 1'000'000'000'000'000'000;
  number("--threshold", options.attestation_threshold, 1, 1'000'000, "weight of attesters that a span needs");
  number("--block-transactions", options.limits.block_transactions, 1, 20'000, "most transactions of a block");
  number("--block-bytes", options.limits.block_bytes, 256 << 10, 8 << 20, "most bytes of a block");
  number("--span-blocks", options.limits.span_blocks, 1, 10'000, "a span closes at so many blocks");
  number("--span-transactions", options.limits.span_transactions, 1, 10'000'000, "... at so many transactions");
  number("--span-seconds", options.limits.span_seconds, 1, 86'400, "... so long after its first block");
  number("--head-depth", options.head_depth, 0, 10'000, "L1 blocks above a state update until it is safe");
  number("--message-depth", options.message_depth, 0, 10'000, "L1 blocks above a message until a block may consume it");
  number("--l1-gas-price", options.l1_gas_price, 1, kMostPrice, "fri");
  number("--l1-data-gas-price", options.l1_data_gas_price, 1, kMostPrice, "fri");
  number("--l2-gas-price", options.l2_gas_price, 1, kMostPrice, "fri");
  number("--l1-chain-id", options.l1_chain_id, 1, ~std::uint64_t{0}, "chain id of the L1");
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
    if (std::ranges::find(records, record->name, &PublicRecord::name) != records.end())
      return complain("init", member + ": another --member is called " + record->name + " too", kExitUsage);
    records.push_back(std::move(*record));
  }
  for (const std::string& text : accounts) {
    const auto account = parse_account(text);
    if (!account) return complain("init", "--account " + text + " is not PUBLIC_KEY:SALT:BALANCE", kExitUsage);
    options.accounts.push_back(*account);
  }
  place_coordinator(records, options.coordinator);
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
