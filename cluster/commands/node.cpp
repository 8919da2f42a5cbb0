// node: runs the process that a configuration describes.
#include "cluster/node.hpp"

#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "config/config.hpp"

namespace asterism::cluster {

int node_command(int argc, char** argv) {
  CommandLine app("node", "Runs one process: the roles that its configuration names, until SIGTERM or SIGINT.",
                  "asterism node --config .asterism/node0/config.toml");
  std::string file;
  app.add_option("--config", file, "configuration of this process (`asterism config check` explains it)")->required();
  if (const auto code = app.read(argc, argv)) return *code;
  const auto config = config::load(file);
  if (!config) {
    for (const auto& problem : config.error()) complain("node", config::to_string(problem));
    return kExitFailed;
  }
  return run_node(*config);
}

}  // namespace asterism::cluster
