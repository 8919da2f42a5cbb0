// Child processes of `up`: started, watched, restarted with back-off, ended in order. Single-threaded: everything
// happens inside its functions. Children get SIGTERM when this process dies.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace asterism::cluster {

class Supervisor {
 public:
  struct Child {
    std::string name;
    std::vector<std::string> command;  // argv
    std::filesystem::path log;         // standard output and error are appended
    pid_t pid = -1;                    // -1: not running
    unsigned restarts = 0;
    bool may_leave = false;  // a worker: when it ends with exit code 0 (drained) it stays away until bring_back
    bool gone = false;       // has left
    std::string last_end;    // how it ended last
    std::chrono::steady_clock::time_point started{}, next_start{};
  };

  explicit Supervisor(bool restart) : restart_(restart) {}
  ~Supervisor() { stop(std::chrono::milliseconds(5000)); }
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  std::expected<void, std::string> add(std::string name, std::vector<std::string> command, std::filesystem::path log,
                                       bool may_leave = false);
  // One that has left is started again.
  void bring_back(std::string_view name);
  // Reaps and restarts what is due. What happened, a line each.
  std::vector<std::string> watch();
  // SIGTERM to all, SIGKILL to what is still there after `bound`.
  void stop(std::chrono::milliseconds bound);
  void kill_now();
  const std::vector<Child>& children() const { return children_; }

 private:
  std::expected<void, std::string> start(Child& child);
  bool restart_;
  std::vector<Child> children_;
};

}  // namespace asterism::cluster
