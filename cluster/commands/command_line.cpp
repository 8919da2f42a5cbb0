#include "cluster/commands/command_line.hpp"

#include <cstdio>

namespace asterism::cluster {
namespace {

// Where a subcommand is missing CLI11 does not say which there are, nor what stands in its place; of a number that it
// cannot read, not that a number is wanted.
std::string explain(const CLI::App& app, const CLI::Error& fault) {
  if (fault.get_exit_code() == static_cast<int>(CLI::ExitCodes::ConversionError))
    return std::string(fault.what()) + ": a number is needed";
  if (app.get_require_subcommand_min() == 0 || fault.get_exit_code() != static_cast<int>(CLI::ExitCodes::RequiredError))
    return fault.what();
  std::string names;
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; }))
    names += (names.empty() ? "" : ", ") + one->get_name();
  const auto rest = app.remaining();
  return (rest.empty() ? "one of these is needed: " : "`" + rest.front() + "` is none of: ") + names;
}

}  // namespace

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
    return words + ": " + explain(*app, fault) + "\n`" + words + " --help` shows an example\n";
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
