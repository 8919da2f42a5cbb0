#include "tests/cluster/acceptance/process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "tests/paths.hpp"

extern char** environ;

namespace asterism::acceptance {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

std::vector<std::string> merged_environment(const Environment& extra) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!extra.contains(text.substr(0, text.find('=')))) out.push_back(text);
  }
  for (const auto& [name, value] : extra) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

struct Streams {
  int in, out, err;
};

// Between fork and exec only async-signal-safe calls: other threads of the test may hold any lock.
pid_t spawn(std::vector<std::string> command, const Environment& extra, const fs::path& directory, Streams streams) {
  std::vector<std::string> environment = merged_environment(extra);
  const auto argv = pointers(command), envp = pointers(environment);
  const std::string folder = directory.string();
  const pid_t parent = ::getpid(), pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(streams.in, STDIN_FILENO);
  ::dup2(streams.out, STDOUT_FILENO);
  ::dup2(streams.err, STDERR_FILENO);
  if (!folder.empty() && ::chdir(folder.c_str()) != 0) ::_exit(126);
  ::execvpe(argv[0], argv.data(), envp.data());
  ::_exit(127);
}

bool is_free(unsigned port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return free;
}

}  // namespace

bool wait_until(Millis bound, const std::function<bool()>& done, Millis between) {
  const auto until = Clock::now() + bound;
  for (;;) {
    if (done()) return true;
    if (Clock::now() >= until) return false;
    std::this_thread::sleep_for(between);
  }
}

Process::Process(const Launch& launch) {
  if (launch.log.has_parent_path()) fs::create_directories(launch.log.parent_path());
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int log = ::open(launch.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  pid_ = spawn(launch.command, launch.environment, launch.directory, {in, log, log});
  ::close(in);
  ::close(log);
}

Process& Process::operator=(Process&& other) noexcept {
  if (this == &other) return *this;
  end();
  pid_ = std::exchange(other.pid_, -1);
  status_ = std::exchange(other.status_, std::nullopt);
  return *this;
}

bool Process::running() {
  if (pid_ <= 0 || status_) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return !status_;
}

void Process::signal(int number) const {
  if (pid_ > 0 && !status_) ::kill(pid_, number);
}

std::optional<int> Process::wait(Millis bound) {
  wait_until(bound, [&] { return !running(); }, Millis(10));
  return status_;
}

void Process::end() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  status_ = status;
}

Finished run_command(const std::vector<std::string>& command, Millis bound, const std::string& input,
                     const fs::path& directory) {
  const TemporaryFolder folder;
  const fs::path in = folder.path() / "in", out = folder.path() / "out", err = folder.path() / "err";
  std::ofstream(in) << input;
  const int fds[] = {::open(in.c_str(), O_RDONLY | O_CLOEXEC),
                     ::open(out.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644),
                     ::open(err.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)};
  const pid_t pid = spawn(command, {}, directory, {fds[0], fds[1], fds[2]});
  for (const int fd : fds) ::close(fd);
  Finished result;
  int status = 0;
  if (wait_until(bound, [&] { return ::waitpid(pid, &status, WNOHANG) == pid; }, Millis(5))) {
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  } else {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, &status, 0);
  }
  result.out = read_text(out);
  result.err = read_text(err);
  return result;
}

std::string binary() {
  const char* other = std::getenv("ASTERISM_BINARY");
  return other != nullptr && *other != 0 ? other : tests::built_binary().string();
}

bool address_sanitized() {
  static const bool found = read_text(binary()).find("__asan_init") != std::string::npos;
  return found;
}

Finished asterism(std::vector<std::string> arguments, Millis bound, const std::string& input) {
  arguments.insert(arguments.begin(), binary());
  return run_command(arguments, bound, input);
}

bool full_matrix() {
  const char* text = std::getenv("ASTERISM_FULL");
  return text != nullptr && std::string(text) == "1";
}

std::vector<std::uint64_t> seeds() {
  if (const char* one = std::getenv("ASTERISM_SEED"); one != nullptr && *one != 0)
    return {std::strtoull(one, nullptr, 10)};
  std::vector<std::uint64_t> out;
  for (std::uint64_t seed = 1; seed <= (full_matrix() ? 20u : 2u); ++seed) out.push_back(seed);
  return out;
}

unsigned free_ports(unsigned count) {
  // Below the range that the kernel gives to outgoing connections; a range is this process's until it ends.
  constexpr unsigned kFirst = 10'000, kRange = 200, kRanges = 100;
  if (count > kRange) std::abort();
  std::mt19937_64 random(std::random_device{}());
  for (;;) {
    const unsigned first = kFirst + static_cast<unsigned>(random() % kRanges) * kRange;
    const std::string name = "asterism-ports-" + std::to_string(first);
    const int lock = ::open((fs::temp_directory_path() / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    bool free = ::flock(lock, LOCK_EX | LOCK_NB) == 0;
    for (unsigned i = 0; free && i < count; ++i) free = is_free(first + i);
    if (free) return first;
    ::close(lock);
  }
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "asterism-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  const bool cluster = fs::exists(path_ / "genesis.json") || fs::exists(path_ / "cluster");
  if (::testing::UnitTest::GetInstance()->Failed() && cluster) {
    std::fprintf(stderr, "the folder of the failed test is kept: %s\n", path_.c_str());
    return;
  }
  fs::remove_all(path_, ignored);
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace asterism::acceptance
