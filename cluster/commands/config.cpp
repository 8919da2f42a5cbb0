// config check F: the resolved configuration and every problem with file, line and key.
#include "config/config.hpp"

#include <cstdio>

#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "cluster/deployment/own_place.hpp"

namespace asterism::cluster {

int config_command(int argc, char** argv) {
  CommandLine app("config", "Looks at configuration files.", "asterism config check .asterism/r0/config.toml");
  app.require_subcommand(1);
  std::string file;
  bool explain = false;
  CLI::App* check =
      app.add_subcommand("check", "Prints the resolved configuration, or every problem with file, line and key.");
  check->add_option("FILE", file, "configuration of a process")->required();
  check->add_flag("--explain", explain, "with an explanation of each key");
  check->footer("Example:\n  asterism config check r0.toml\nExit codes: 0 no problem, 1 problems, 2 usage");
  if (const auto code = app.read(argc, argv)) return *code;
  const auto config = config::load(file);
  std::vector<config::Problem> problems;
  if (config) {
    std::printf("%s", config::render(*config, explain).c_str());
    problems = config::check_files(*config);
    if (problems.empty()) problems = check_place(*config);
  } else {
    problems = config.error();
  }
  for (const config::Problem& problem : problems) std::fprintf(stderr, "%s\n", to_string(problem).c_str());
  return problems.empty() ? kExitDone : kExitFailed;
}

}  // namespace asterism::cluster
