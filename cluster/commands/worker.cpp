// worker: joins with a token, or comes back to where it was admitted, and proves spans.
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "cluster/client_link.hpp"
#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "cluster/deployment/key_files.hpp"
#include "cluster/shell/join_token.hpp"
#include "config/config.hpp"
#include "core/chain/genesis.hpp"

namespace asterism::cluster {
namespace {

namespace fs = std::filesystem;

struct WorkerArguments {
  std::string dir = "worker", join, name, metrics;
  std::uint64_t memory_limit = 1ull << 30, max_transactions = 20'000, max_witness_bytes = 64ull << 20;
};

// TOKEN, @FILE or - for standard input.
std::expected<JoinToken, std::string> read_token(const std::string& source) {
  std::string text = source;
  if (source == "-" || source.starts_with("@")) {
    const auto content = read_file(source == "-" ? "/dev/stdin" : source.substr(1), 8192);
    if (!content) return std::unexpected(content.error());
    text = *content;
  }
  const auto token = decode_token(text);
  if (!token) return std::unexpected("that is no join token; `worker invite` in the shell prints one");
  const auto now = static_cast<std::uint64_t>(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  if (token->expiry < now) return std::unexpected("the token has expired; ask for another with `worker invite`");
  return *token;
}

std::expected<messages::JoinReply, std::string> ask_to_join(const JoinToken& token, const core::Ed25519Secret& link,
                                                            const messages::Join& prepared) {
  std::string last;
  for (const std::string& address : token.addresses) {
    auto connection =
        ClientLink::connect({.genesis_hash = token.genesis_hash, .key = link},
                            {.address = address, .listener = ListenerKind::kPeers, .expected = token.coordinator});
    if (!connection) {
      last = address + ": " + connection.error().text;
      continue;
    }
    messages::Join join = prepared;
    join.proof = core::Ed25519Secret::from_seed(token.seed).sign((*connection)->transcript());
    if (auto sent = (*connection)->send(join); !sent) {
      last = sent.error().text;
      continue;
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < until) {
      const auto message = (*connection)->receive(Millis(1000));
      if (!message) {
        last = message.error().text;
        break;
      }
      if (!*message) continue;
      if (const auto* reply = std::get_if<messages::JoinReply>(message->get())) return *reply;
    }
  }
  return std::unexpected("the coordinator cannot be reached: " + last);
}

std::expected<void, std::string> join(const WorkerArguments& arguments) {
  const fs::path dir(arguments.dir);
  const auto token = read_token(arguments.join);
  if (!token) return std::unexpected(token.error());
  const auto link = load_or_create_ed25519(dir / "link.key");
  if (!link) return std::unexpected(link.error().text);
  const auto attester = load_or_create_secp256k1(dir / "attester.key");
  if (!attester) return std::unexpected(attester.error().text);
  messages::Join join{.token_key = core::Ed25519Secret::from_seed(token->seed).public_bytes(),
                      .proof = {},
                      .attester = attester->address(),
                      .name = arguments.name};
  const auto reply = ask_to_join(*token, *link, join);
  if (!reply) return std::unexpected(reply.error());
  if (!reply->admitted) return std::unexpected("not admitted: " + reply->text);
  const auto genesis = core::decode_genesis(reply->genesis);
  if (!genesis || core::genesis_hash(*genesis) != token->genesis_hash)
    return std::unexpected("the coordinator sent a genesis that is not the token's");
  if (auto written = write_file(dir / "genesis.json", reply->genesis); !written) return written;
  config::Config config;
  config.name = arguments.name;
  config.roles = {"worker", "admin"};
  config.data_dir = "db";
  config.genesis = "genesis.json";
  config.keys.link = "link.key";
  config.keys.attester = "attester.key";
  config.listen.metrics = arguments.metrics;
  config.worker.memory_limit_bytes = arguments.memory_limit;
  config.worker.max_transactions = arguments.max_transactions;
  config.worker.max_witness_bytes = arguments.max_witness_bytes;
  // Last: a folder with a configuration is one of an admitted worker.
  return write_file(dir / "config.toml", config::render(config));
}

}  // namespace

int worker_command(int argc, char** argv) {
  CommandLine app("worker",
                  "Proves spans. The first time --join takes the token that `worker invite` printed; afterwards the "
                  "folder is enough.",
                  "asterism worker --dir /var/lib/asterism/w7 --join @token.txt");
  WorkerArguments arguments;
  char host[64] = "worker";
  ::gethostname(host, sizeof host - 1);
  arguments.name = host;
  app.add_option("--dir", arguments.dir, "folder of its keys, genesis and configuration")->capture_default_str();
  app.add_option("--join", arguments.join, "TOKEN, @FILE or - (standard input)");
  app.add_option("--name", arguments.name, "name shown in the shell (default: the host's)");
  constexpr std::uint64_t kMost = std::uint64_t{1} << 48;
  const auto number = [&](const char* flag, std::uint64_t& value, std::uint64_t least, const char* help) {
    app.add_option(flag, value, help)->capture_default_str()->check(CLI::Range(least, kMost));
  };
  number("--memory-limit", arguments.memory_limit, 1 << 20, "bytes a proving child may use");
  number("--max-transactions", arguments.max_transactions, 1, "largest span it accepts");
  number("--max-witness-bytes", arguments.max_witness_bytes, 1, "largest witness it accepts");
  app.add_option("--metrics", arguments.metrics, "host:port of /metrics and /health");
  if (const auto code = app.read(argc, argv)) return *code;
  const fs::path config = fs::path(arguments.dir) / "config.toml";
  if (!fs::exists(config)) {
    if (arguments.join.empty())
      return complain(
          "worker",
          config.string() + " does not exist: join first with --join TOKEN (`worker invite` in the shell prints one)",
          kExitUsage);
    if (auto joined = join(arguments); !joined) return complain("worker", joined.error());
    std::fprintf(stderr, "admitted; proves from now on\n");
  }
  std::string program = "node", flag = "--config", file = config.string();
  char* words[] = {program.data(), flag.data(), file.data()};
  return node_command(3, words);
}

}  // namespace asterism::cluster
