// What all subcommands share on the command line: exit codes, help with an example, and errors on standard error.
#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace asterism::cluster {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

// An application whose help ends with `example` and the exit codes.
class CommandLine : public CLI::App {
 public:
  CommandLine(const std::string& name, const std::string& description, const std::string& example);
  // nullopt: go on. Otherwise the exit code: help was printed (0) or the usage is wrong (2).
  std::optional<int> read(int argc, char** argv);
};

// Prints "asterism NAME: text" to standard error; returns `code`.
int complain(std::string_view command, std::string_view text, int code = kExitFailed);

}  // namespace asterism::cluster
