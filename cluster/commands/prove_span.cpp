// prove-span: the child in which a worker proves one span. Witness on standard input, span header on standard output.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <new>

#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "cluster/deployment/key_files.hpp"
#include "cluster/proving/proof_process.hpp"
#include "core/state/witness.hpp"
#include "messages/codec.hpp"

namespace asterism::cluster {
namespace {

// Ends the process before anything else can fail for want of memory.
[[noreturn]] void out_of_memory() {
  static constexpr char kText[] = "out of memory\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kText, sizeof kText - 1);
  ::_exit(kProveSpanOutOfMemory);
}

int prove(const std::string& genesis_file) {
  const auto text = read_file(genesis_file);
  if (!text) return complain("prove-span", text.error());
  const auto genesis = core::decode_genesis(*text);
  if (!genesis) return complain("prove-span", genesis_file + ": " + genesis.error().where);
  const auto witness = read_file("/dev/stdin", core::kMaxWitnessBytes);
  if (!witness) return complain("prove-span", witness.error());
  const auto result = core::execute_span(core::as_bytes(*witness), *genesis);
  if (!result) return complain("prove-span", std::string(to_string(result.error().error)) + ": " + result.error().text);
  const std::string header = messages::encode_text(result->header);
  return std::fwrite(header.data(), 1, header.size(), stdout) == header.size() && std::fflush(stdout) == 0
             ? kExitDone
             : kExitFailed;
}

}  // namespace

int prove_span_command(int argc, char** argv) {
  CommandLine app("prove-span", "Proves one span; started by a worker, not by people.",
                  "asterism prove-span --genesis genesis.json < witness");
  std::string genesis, cgroup;
  std::uint64_t address_space = 0;
  int parent = 0;
  app.add_option("--genesis", genesis, "genesis.json")->required();
  app.add_option("--cgroup", cgroup, "cgroup.procs file to join");
  app.add_option("--address-space", address_space, "limit in bytes");
  app.add_option("--parent", parent, "process id; when it ends, so does this");
  if (const auto code = app.read(argc, argv)) return *code;
  std::set_new_handler(out_of_memory);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (parent != 0 && ::getppid() != parent) return complain("prove-span", "its worker is gone");
  if (!cgroup.empty()) {
    std::ofstream procs(cgroup);
    procs << ::getpid() << std::flush;
    if (!procs) return complain("prove-span", "cannot join " + cgroup, kProveSpanOutOfMemory + 1);
  }
  if (address_space != 0) {
    const rlimit limit{address_space, address_space};
    if (::setrlimit(RLIMIT_AS, &limit) != 0)
      return complain("prove-span", "cannot limit the address space", kProveSpanOutOfMemory + 1);
  }
  return prove(genesis);
}

}  // namespace asterism::cluster
