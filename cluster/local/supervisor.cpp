#include "cluster/local/supervisor.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace asterism::cluster {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kFirstBackoff{300}, kMostBackoff{10'000}, kStable{10'000};

std::string describe(int status) {
  if (WIFEXITED(status)) return "exit code " + std::to_string(WEXITSTATUS(status));
  if (WIFSIGNALED(status)) return std::string("signal ") + std::to_string(WTERMSIG(status));
  return "status " + std::to_string(status);
}

}  // namespace

std::expected<void, std::string> Supervisor::add(std::string name, std::vector<std::string> command,
                                                 std::filesystem::path log, bool may_leave) {
  children_.push_back(
      {.name = std::move(name), .command = std::move(command), .log = std::move(log), .may_leave = may_leave});
  return start(children_.back());
}

void Supervisor::bring_back(std::string_view name) {
  const auto child = std::ranges::find(children_, name, &Child::name);
  if (child != children_.end()) child->gone = false;
}

std::expected<void, std::string> Supervisor::start(Child& child) {
  std::vector<char*> argv;
  for (std::string& word : child.command) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int log = ::open(child.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) return std::unexpected("cannot open " + child.log.string() + ": " + std::strerror(errno));
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) {  // only async-signal-safe calls until exec
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(0);
    ::setpgid(0, 0);  // ctrl-c is for `up`, which ends its children in order
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(log);
  if (pid < 0) return std::unexpected("cannot start " + child.name + ": " + std::strerror(errno));
  child.pid = pid;
  child.started = Clock::now();
  return {};
}

std::vector<std::string> Supervisor::watch() {
  std::vector<std::string> events;
  const auto now = Clock::now();
  for (Child& child : children_) {
    int status = 0;
    if (child.pid > 0 && ::waitpid(child.pid, &status, WNOHANG) == child.pid) {
      child.pid = -1;
      child.last_end = describe(status);
      child.gone = child.may_leave && WIFEXITED(status) && WEXITSTATUS(status) == 0;
      if (now - child.started >= kStable) child.restarts = 0;
      const auto backoff = std::min(kMostBackoff, kFirstBackoff * (1 << std::min(child.restarts, 6u)));
      child.next_start = now + backoff;
      events.push_back(child.name + " ended (" + child.last_end + ")" +
                       (child.gone ? (restart_ ? "; `worker resume " + child.name + "` brings it back" : "")
                        : restart_
                            ? "; restarts in " + std::to_string(backoff.count()) + " ms, see " + child.log.string()
                            : "; not restarted (--no-restart)"));
    } else if (child.pid < 0 && !child.gone && restart_ && now >= child.next_start) {
      ++child.restarts;
      const auto started = start(child);
      child.next_start = now + kMostBackoff;
      events.push_back(started ? child.name + " restarted" : started.error());
    }
  }
  return events;
}

void Supervisor::stop(milliseconds bound) {
  for (const Child& child : children_) {
    if (child.pid > 0) ::kill(child.pid, SIGTERM);
  }
  const auto until = Clock::now() + bound;
  const auto running = [&] {
    for (Child& child : children_) {
      if (child.pid > 0 && ::waitpid(child.pid, nullptr, WNOHANG) == child.pid) child.pid = -1;
    }
    return std::ranges::any_of(children_, [](const Child& child) { return child.pid > 0; });
  };
  while (running() && Clock::now() < until) ::usleep(20'000);
  kill_now();
}

void Supervisor::kill_now() {
  for (Child& child : children_) {
    if (child.pid <= 0) continue;
    ::kill(child.pid, SIGKILL);
    ::waitpid(child.pid, nullptr, 0);
    child.pid = -1;
  }
}

}  // namespace asterism::cluster
