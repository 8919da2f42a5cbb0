// The life of a node process: signals in, exit code out.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "cluster/node.hpp"

namespace asterism::cluster {
namespace {

constexpr int kStopSeconds = 5;

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

// While the process stops: a second SIGINT, or the time that SIGTERM promises, ends it as it is. Storage allows that at
// any instant.
void watch_the_end(bool interrupted) {
  std::thread([interrupted] {
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    timespec rest{kStopSeconds - 1, 500'000'000};
    const int got = sigtimedwait(&interrupt, nullptr, &rest);
    if (got == SIGINT && !interrupted) {
      timespec again{1, 0};
      if (sigtimedwait(&interrupt, nullptr, &again) != SIGINT) _exit(1);
    }
    _exit(got == SIGINT ? 130 : 1);
  }).detach();
}

}  // namespace

int run_node(const config::Config& config) {
  signal(SIGPIPE, SIG_IGN);
  // Blocked before the first thread starts, so that none of them takes one.
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto node = Node::start(config);
  if (!node) {
    std::fprintf(stderr, "asterism node: %s\n", node.error().c_str());
    return 1;
  }
  int got = -1;
  while (got < 0 && !(*node)->ended()) {
    timespec slice{0, 100'000'000};
    got = sigtimedwait(&signals, nullptr, &slice);
  }
  watch_the_end(got == SIGINT);
  const int code = (*node)->ended().value_or(0);
  if (code != 0) std::fprintf(stderr, "asterism node: %s\n", (*node)->end_reason().c_str());
  node->reset();
  return code;
}

}  // namespace asterism::cluster
