// A process dies by its own hand just before and just after it writes a batch (cluster/crash_point.hpp), at every batch
// of a run of consecutive ones, so that each kind of write of each role is met; started again, it is set to die at the
// next. Nothing that was promised is lost and all replicas agree, compared after each death and as a whole at the end.
// Short: vote log and commit. ASTERISM_FULL=1: every role that persists, and a check that every kind was met.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <set>
#include <sstream>

#include "tests/cluster/acceptance/loaded_cluster.hpp"

namespace asterism::acceptance {
namespace {

constexpr Millis kPromised{5'000};  // SIGTERM to the end

struct Point {
  std::string process, role, prefix;  // prefix: only batches with such a key
  unsigned first, last;               // batches since the start of the process
  std::vector<std::string> kinds;     // of keys that must be met
  std::string act;                    // a shell command that leads to the write
};

std::vector<Point> points() {
  const bool full = full_matrix();
  std::vector<Point> out{{"r1", "consensus", "", 1, full ? 16u : 6u, {"v"}, ""},
                         {"r2", "sequencer", "", 1, full ? 5u : 2u, {"b", "f", "h", "i", "m", "r", "t", "w", "x"}, ""}};
  if (!full) return out;
  out.insert(out.end(), {{"r0", "consensus", "", 1, 8, {"v"}, ""},
                         {"r0", "sequencer", "", 1, 3, {"b"}, ""},
                         {"r0", "coordinator", "", 1, 24, {"s", "s-tail"}, ""},
                         {"r0", "coordinator", "j/", 1, 1, {"j"}, "worker invite"},
                         {"r0", "admin", "a/", 1, 2, {"a"}, "settlement resume"},
                         {"r0", "l1", "", 1, 12, {"l"}, ""},
                         {"r0", "l1", "o/", 1, 2, {"o"}, ""},
                         {"l1", "ledger", "", 1, 8, {"L"}, ""},
                         {"w0", "worker", "", 1, 3, {"w-done"}, ""}});
  return out;
}

class Persist : public LoadedSuite, public ::testing::WithParamInterface<std::tuple<Point, std::string>> {
 protected:
  static Process& process(const std::string& name) { return cluster().process(name); }

  static void end_orderly(const std::string& name) {
    process(name).signal(SIGTERM);
    const auto ended = process(name).wait(kPromised);
    ASSERT_TRUE(ended.has_value()) << "SIGTERM ends it within 5 s";
    EXPECT_EQ(*ended, 0) << cluster().log_of(name);
  }

  void die_at(const Point& point, const std::string& position, unsigned count) {
    const std::string at = point.role + position + (point.prefix.empty() ? "" : "@" + point.prefix);
    cluster().start_process(point.process, {{"ASTERISM_CRASH_AT", at + ":" + std::to_string(count)}});
    const bool died = wait_until(Millis(60'000), [&] {
      if (!point.act.empty()) static_cast<void>(cluster().shell(point.act, 0));
      return !cluster().running(point.process);
    });
    ASSERT_TRUE(died) << "it never came to that point";
    const int status = *process(point.process).wait(Millis(0));
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << cluster().log_of(point.process);
  }

  // The kinds of keys that were in the batches at which the process died.
  static std::set<std::string> kinds_met(const std::string& name, const std::string& at) {
    std::set<std::string> out;
    std::istringstream log(cluster().log_of(name));
    for (std::string line; std::getline(log, line);) {
      if (line.find("event=crash_point at=" + at + " ") == std::string::npos) continue;
      std::istringstream keys(line.substr(line.find("keys=") + 5));
      for (std::string kind; std::getline(keys, kind, ',');) out.insert(kind);
    }
    return out;
  }
};

TEST_P(Persist, EveryBatch) {
  const auto& [point, position] = GetParam();
  end_orderly(point.process);
  for (unsigned count = point.first; count <= point.last; ++count) {
    SCOPED_TRACE(point.process + " at batch " + std::to_string(count));
    die_at(point, position, count);
    if (HasFatalFailure()) break;
  }
  cluster().start_process(point.process);
  if (point.process[0] == 'r') {
    EXPECT_TRUE(loaded_->catches_up(static_cast<unsigned>(point.process[1] - '0')));
  }
  EXPECT_TRUE(loaded_->settles()) << spans();
  EXPECT_EQ(loaded_->agreement(), "");
  const std::set<std::string> met = kinds_met(point.process, point.role + position);
  for (const std::string& kind : point.kinds) EXPECT_TRUE(met.contains(kind)) << "no batch with keys of " << kind;
}

std::string name_of(const ::testing::TestParamInfo<Persist::ParamType>& info) {
  const Point& point = std::get<0>(info.param);
  std::string name = point.process + "_" + point.role + "_" + point.prefix + std::get<1>(info.param).substr(1);
  std::erase(name, '/');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Points, Persist,
                         ::testing::Combine(::testing::ValuesIn(points()), ::testing::Values(".before", ".after")),
                         name_of);

}  // namespace
}  // namespace asterism::acceptance
