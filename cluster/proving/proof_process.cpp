#include "cluster/proving/proof_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "cluster/proving/memory_cage.hpp"
#include "messages/codec.hpp"

extern char** environ;

namespace asterism::cluster {
namespace {

using messages::FailureCause;

constexpr std::size_t kMaxOutput = 64 * 1024;

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) == 0) read = ends[0], write = ends[1];
  }
  ~Pipe() {
    close_read();
    close_write();
  }
  void close_read() { close_one(read); }
  void close_write() { close_one(write); }
  static void close_one(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

// Reads what has come, up to the bound; false at the end of the stream.
bool drain(int fd, std::string& into) {
  std::array<char, 4096> buffer;
  const ssize_t n = ::read(fd, buffer.data(), buffer.size());
  if (n <= 0) return n < 0 && errno == EINTR;
  if (into.size() < kMaxOutput) into.append(buffer.data(), static_cast<std::size_t>(n));
  return true;
}

}  // namespace

struct ProofProcess::Impl {
  ProofProcessOptions options;
  core::Bytes witness;
  messages::ProofOutcome outcome;
  Done done;
  Pipe in, out, err;
  std::unique_ptr<MemoryCage> cage;
  std::atomic<pid_t> pid{-1};
  std::atomic<bool> killed{false};
  std::thread thread;

  bool spawn();
  void run();
  void exchange(std::string& output, std::string& complaint);
  void judge(int status, const rusage& usage, const std::string& output, std::string complaint);
  void fail(FailureCause cause, std::string text) {
    outcome.cause = static_cast<std::uint8_t>(cause);
    outcome.text = std::move(text);
  }
};

ProofProcess::ProofProcess(const ProofProcessOptions& options, std::uint64_t span, std::uint32_t attempt,
                           core::Bytes witness, Done done)
    : impl_(std::make_unique<Impl>()) {
  impl_->options = options;
  impl_->witness = std::move(witness);
  impl_->outcome.span = span;
  impl_->outcome.attempt = attempt;
  impl_->done = std::move(done);
  impl_->cage = MemoryCage::make(options.memory_limit);
  const bool started = impl_->spawn();
  impl_->thread = std::thread([impl = impl_.get(), started] {
    if (started) impl->run();
    impl->cage.reset();
    impl->done(std::move(impl->outcome));
  });
}

ProofProcess::~ProofProcess() {
  kill();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void ProofProcess::kill() {
  impl_->killed = true;
  const pid_t pid = impl_->pid.load();
  if (pid > 0) ::kill(pid, SIGKILL);
}

bool ProofProcess::Impl::spawn() {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write, STDERR_FILENO);
  std::vector<std::string> words{options.binary,  "prove-span", "--genesis",
                                 options.genesis, "--parent",   std::to_string(::getpid())};
  if (cage)
    words.insert(words.end(), {"--cgroup", cage->procs_file()});
  else if (options.memory_limit != 0)
    words.insert(words.end(), {"--address-space", std::to_string(options.memory_limit)});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = -1;
  const int fault = ::posix_spawn(&child, options.binary.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  in.close_read(), out.close_write(), err.close_write();
  if (fault != 0) {
    fail(FailureCause::kTransient, "cannot start " + options.binary + ": " + std::strerror(fault));
    return false;
  }
  pid = child;
  return true;
}

// Feeds the witness and collects both outputs at once, so that neither side waits for the other.
void ProofProcess::Impl::exchange(std::string& output, std::string& complaint) {
  std::size_t sent = 0;
  ::fcntl(in.write, F_SETFL, O_NONBLOCK);
  while (out.read >= 0 || err.read >= 0) {
    std::array<pollfd, 3> fds{pollfd{in.write, POLLOUT, 0}, pollfd{out.read, POLLIN, 0}, pollfd{err.read, POLLIN, 0}};
    if (::poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) return;
    if (fds[0].revents != 0) {
      const ssize_t n = ::write(in.write, witness.data() + sent, witness.size() - sent);
      if (n > 0) sent += static_cast<std::size_t>(n);
      if (sent == witness.size() || (n < 0 && errno != EAGAIN && errno != EINTR)) in.close_write();
    }
    if (fds[1].revents != 0 && !drain(out.read, output)) out.close_read();
    if (fds[2].revents != 0 && !drain(err.read, complaint)) err.close_read();
  }
}

void ProofProcess::Impl::run() {
  // A child that ends early closes its input: that is an outcome, not a reason to end this process.
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
  std::string output, complaint;
  exchange(output, complaint);
  int status = 0;
  rusage usage{};
  while (::wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  pid = -1;
  judge(status, usage, output, std::move(complaint));
}

void ProofProcess::Impl::judge(int status, const rusage& usage, const std::string& output, std::string complaint) {
  const auto millis = [](const timeval& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1000 + static_cast<std::uint64_t>(time.tv_usec) / 1000;
  };
  outcome.cpu_ms = millis(usage.ru_utime) + millis(usage.ru_stime);
  outcome.peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  while (!complaint.empty() && complaint.back() == '\n') complaint.pop_back();
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (killed) return fail(FailureCause::kTransient, "cancelled");
  if (code == kProveSpanOutOfMemory || (cage && cage->hit_limit()))
    return fail(FailureCause::kOutOfMemory,
                "the child reached its memory limit of " + std::to_string(options.memory_limit) + " bytes");
  if (WIFSIGNALED(status))
    return fail(FailureCause::kCrashed, "the child died by signal " + std::to_string(WTERMSIG(status)));
  if (code == kProveSpanFailed) return fail(FailureCause::kDeterministic, complaint);
  if (code != 0)
    return fail(FailureCause::kCrashed, "the child ended with exit code " + std::to_string(code) + ": " + complaint);
  const auto header = messages::decode_text<core::SpanHeader>(output, kMaxOutput);
  if (!header) return fail(FailureCause::kCrashed, "the child's output is not a result");
  outcome.cause = messages::kProven;
  outcome.header = *header;
}

}  // namespace asterism::cluster
