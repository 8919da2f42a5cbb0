// Real processes for acceptance tests: started with their own environment and log, signalled, waited for with a
// deadline. All of them die with the test program (PDEATHSIG), whatever becomes of it.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace asterism::acceptance {

using Millis = std::chrono::milliseconds;
using Environment = std::map<std::string, std::string>;

// True as soon as `done` is, false when `bound` has passed.
bool wait_until(Millis bound, const std::function<bool()>& done, Millis between = Millis(25));

struct Launch {
  std::vector<std::string> command;  // argv
  std::filesystem::path log;         // standard output and error are appended
  Environment environment;           // on top of the test's own
  std::filesystem::path directory;   // empty: the test's own
};

class Process {
 public:
  Process() = default;
  explicit Process(const Launch& launch);
  ~Process() { end(); }
  Process(Process&& other) noexcept { *this = std::move(other); }
  Process& operator=(Process&& other) noexcept;

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number) const;
  // The status of waitpid; nullopt while it still runs after `bound`.
  std::optional<int> wait(Millis bound);
  // SIGKILL, and reaped.
  void end();

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;
};

struct Finished {
  int code = -1;  // 128 + signal; -1: it did not end in time and was killed
  std::string out, err;
  std::string all() const { return out + err; }
};
// A command to its end, with `input` as standard input.
Finished run_command(const std::vector<std::string>& command, Millis bound = Millis(30'000),
                     const std::string& input = "", const std::filesystem::path& directory = {});

// The asterism that is tested: of this build, or $ASTERISM_BINARY.
std::string binary();
// Whether that one is built with AddressSanitizer, whose shadow memory no limit on address space lets start, and whose
// quarantine keeps what was freed.
bool address_sanitized();
Finished asterism(std::vector<std::string> arguments, Millis bound = Millis(30'000), const std::string& input = "");

// ASTERISM_FULL=1: the whole matrix, 20 seeds each; otherwise two seeds. ASTERISM_SEED=N: that seed alone.
bool full_matrix();
std::vector<std::uint64_t> seeds();

// The first of `count` (at most 200) consecutive ports of this machine that nobody listens on, and that no other test
// takes while this one runs.
unsigned free_ports(unsigned count);

// A folder of its own, removed at the end unless the test failed (then its path is printed).
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string read_text(const std::filesystem::path& file);

}  // namespace asterism::acceptance
