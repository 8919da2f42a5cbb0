// version: of the program, and of what it speaks.
#include <cstdio>

#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "messages/table.hpp"

#ifndef ASTERISM_VERSION
#error "the build says which version this is"
#endif

namespace asterism::cluster {

int version_command(int argc, char** argv) {
  CommandLine app("version", "Prints the version; with --messages the table of all messages.",
                  "asterism version --messages");
  bool messages = false;
  app.add_flag("--messages", messages, "kind, size cap, priority, receiver and sender of every message");
  if (const auto code = app.read(argc, argv)) return *code;
  if (messages) {
    std::fputs(messages::table_markdown().c_str(), stdout);
  } else {
    std::printf("asterism %s, wire version %u\n", ASTERISM_VERSION, unsigned{messages::kWireVersion});
  }
  return kExitDone;
}

}  // namespace asterism::cluster
