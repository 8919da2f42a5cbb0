// The commands of the admin shell: the one table that the shell's help and completion, the admin role's dispatch,
// README and the test that walks them all read.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/chain/genesis.hpp"

namespace asterism::actors {

// Who answers: the process itself, or a role. The shell puts `status`, `tx` and `worker invite` together from several.
enum class Answerer : std::uint8_t { kProcess, kAdmin, kGateway, kMempool, kConsensus, kSequencer, kCoordinator, kL1 };

struct CommandInfo {
  std::string_view name;       // one or two words
  std::string_view arguments;  // as help shows them
  Answerer answerer = Answerer::kProcess;
  bool changes = false;             // then it is audited
  std::size_t least = 0, most = 0;  // number of arguments
  std::string_view help, example;
};

std::span<const CommandInfo> all_commands();

// The command that `words` begin with (two words before one), and how many words its name has.
struct ParsedCommand {
  const CommandInfo* info = nullptr;
  std::vector<std::string> arguments;
};
// nullopt with nothing known by that name; a wrong number of arguments is for the caller to see (`accepts`).
std::optional<ParsedCommand> parse_command(const std::vector<std::string>& words);
bool accepts(const ParsedCommand& command);

std::optional<core::Role> role_of(Answerer answerer);

}  // namespace asterism::actors
