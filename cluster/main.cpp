// asterism: one binary. Each subcommand lives in cluster/commands/<name>.cpp.
#include <array>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "cluster/cairo/cairo_run_command.hpp"
#include "cluster/commands/commands.hpp"
#include "cluster/stark/stark_command.hpp"

namespace {

using namespace asterism::cluster;

struct Command {
  std::string_view name, help;
  int (*run)(int argc, char** argv);
  bool hidden = false;
};

constexpr std::array kCommands{
    Command{"up", "starts or resumes a whole cluster on this machine and shows it live", up_command},
    Command{"keygen", "makes the keys of a process where they will live; prints its public record", keygen_command},
    Command{"init", "composes genesis and configurations from public records", init_command},
    Command{"node", "runs the process that a configuration describes", node_command},
    Command{"worker", "joins a cluster and proves spans", worker_command},
    Command{"shell", "the admin shell", shell_command},
    Command{"client", "accounts, transfers, deposits, withdrawals, load", client_command},
    Command{"l1", "the embedded L1: status, drills", l1_command},
    Command{"config", "checks and resolves a configuration", config_command},
    Command{"tx", "hashes a Starknet v3 transaction", tx_command},
    Command{"cairo-run", "runs a Cairo program, as the official cairo-run does", cairo_run_command},
    Command{"prove", "proves a Cairo run: Stone's flags, files and bytes", prove_command},
    Command{"verify", "verifies a STARK proof, ours or Stone's", verify_command},
    Command{"version", "version, and the table of all messages", version_command},
    Command{"prove-span", "", prove_span_command, true},
};

int usage(std::FILE* to, int code) {
  std::fputs("usage: asterism COMMAND [...]      asterism COMMAND --help\n\n", to);
  for (const Command& command : kCommands) {
    if (command.hidden) continue;
    std::fprintf(to, "  %-10.*s %.*s\n", static_cast<int>(command.name.size()), command.name.data(),
                 static_cast<int>(command.help.size()), command.help.data());
  }
  std::fputs("\nexit codes: 0 done, 1 failed, 2 usage\n", to);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return usage(stderr, 2);
  const std::string_view word = argv[1];
  const bool help = word == "--help" || word == "-h" || word == "help";
  if (help && argc == 2) return usage(stdout, 0);
  const std::string_view name = help ? argv[2] : word;
  std::string flag = "--help";
  char* asked[] = {argv[0], flag.data(), nullptr};
  if (word == "--version") return version_command(1, argv);
  for (const Command& command : kCommands) {
    if (command.name != name) continue;
    return help ? command.run(2, asked) : command.run(argc - 1, argv + 1);
  }
  std::fprintf(stderr, "asterism: no command is called %.*s\n", static_cast<int>(name.size()), name.data());
  return usage(stderr, 2);
}
