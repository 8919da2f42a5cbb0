#include "cluster/commands/command_line.hpp"

#include <cstdio>

namespace asterism::cluster {

CommandLine::CommandLine(const std::string& name, const std::string& description, const std::string& example)
    : CLI::App(description, "asterism " + name) {
  footer("Example:\n  " + example + "\nExit codes: 0 done, 1 failed, 2 usage");
  get_formatter()->column_width(34);
  failure_message([](const CLI::App* app, const CLI::Error& fault) {
    // The subcommand whose words were wrong.
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    std::string words = app->get_name();
    for (const CLI::App* above = app->get_parent(); above != nullptr; above = above->get_parent())
      words = above->get_name() + " " + words;
    return words + ": " + fault.what() + "\n`" + words + " --help` shows an example\n";
  });
}

std::optional<int> CommandLine::read(int argc, char** argv) {
  try {
    parse(argc, argv);
  } catch (const CLI::ParseError& fault) {
    return exit(fault) == 0 ? kExitDone : kExitUsage;
  }
  return std::nullopt;
}

int complain(std::string_view command, std::string_view text, int code) {
  std::fprintf(stderr, "asterism %.*s: %.*s\n", static_cast<int>(command.size()), command.data(),
               static_cast<int>(text.size()), text.data());
  return code;
}

}  // namespace asterism::cluster
