// Proves one span in a child process under a hard memory limit, so that a span that is too large, or a bug in the
// proving code, costs the child and never the worker. The child is this same binary (`asterism prove-span`): witness on
// its standard input, result on its standard output, its end says the rest. It dies with its parent. The limit is a
// memory cgroup of its own where one can be made (v2 or v1), else RLIMIT_AS.
#pragma once
#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

#include "core/base/bytes.hpp"
#include "messages/proving.hpp"

namespace asterism::cluster {

struct ProofProcessOptions {
  std::string binary;                       // path of asterism
  std::string genesis;                      // path of genesis.json
  std::uint64_t memory_limit = 1ull << 30;  // bytes; 0: none
};

// Exit codes of `asterism prove-span`.
inline constexpr int kProveSpanFailed = 1;  // the witness does not execute to its header; text on standard error
inline constexpr int kProveSpanOutOfMemory = 86;

// How the child's memory is held: chosen once per process.
enum class MemoryHold : std::uint8_t { kNone, kCgroupV2, kCgroupV1, kAddressSpace };
MemoryHold memory_hold();
std::string_view to_string(MemoryHold hold);

class ProofProcess {
 public:
  using Done = std::function<void(messages::ProofOutcome)>;

  // Starts at once; `done` is called exactly once, on a thread of this object, also when starting fails.
  ProofProcess(const ProofProcessOptions& options, std::uint64_t span, std::uint32_t attempt, core::Bytes witness,
               Done done);
  ~ProofProcess();  // kills the child and waits for it
  ProofProcess(const ProofProcess&) = delete;
  ProofProcess& operator=(const ProofProcess&) = delete;

  void kill();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace asterism::cluster
