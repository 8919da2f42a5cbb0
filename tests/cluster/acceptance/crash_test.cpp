// kill -9 under load: what a client was told is ACCEPTED_ON_L2 stays, and all replicas agree on every block. Each test
// prints its seed; ASTERISM_SEED=N repeats it, ASTERISM_FULL=1 runs 20 seeds and every point where something is
// persisted.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>
#include <random>

#include "tests/cluster/acceptance/traffic.hpp"

namespace asterism::acceptance {
namespace {

namespace fs = std::filesystem;

class Crash : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    std::fprintf(stderr, "seed %llu (ASTERISM_SEED repeats it)\n", static_cast<unsigned long long>(GetParam()));
    ASSERT_TRUE(cluster_.start());
    traffic_ = std::make_unique<Traffic>(cluster_, std::vector<unsigned>{0, 1, 2, 3});
    ASSERT_TRUE(traffic_->wait_for(20)) << traffic_->accepted();
  }

  // Some transactions and a fraction of a block later: anywhere in the work of a height.
  void go_on_to_a_random_instant() {
    ASSERT_TRUE(traffic_->wait_for(1 + random_() % 20));
    const Millis extra(random_() % 400);
    wait_until(extra, [] { return false; }, Millis(1));
  }

  bool others_decide(const std::vector<unsigned>& others, std::uint64_t more = 4) {
    std::map<unsigned, std::uint64_t> before;
    for (const unsigned i : others) before[i] = cluster_.height(i);
    return wait_until(Millis(30'000), [&] {
      for (const unsigned i : others) {
        if (cluster_.height(i) < before[i] + more) return false;
      }
      return true;
    });
  }

  bool catches_up(unsigned replica) {
    const std::uint64_t goal = cluster_.highest();
    return wait_until(Millis(30'000), [&] { return cluster_.height(replica) >= goal; });
  }

  bool settles_more() {
    const std::uint64_t goal = cluster_.highest();
    return wait_until(Millis(60'000), [&] { return cluster_.settled() >= goal; }, Millis(200));
  }

  std::vector<unsigned> all_but(unsigned replica) const {
    std::vector<unsigned> out;
    for (unsigned i = 0; i < cluster_.replicas(); ++i) {
      if (i != replica) out.push_back(i);
    }
    return out;
  }

  void kill_replica(unsigned victim) {
    SCOPED_TRACE("kill -9 of " + cluster_.replica(victim));
    go_on_to_a_random_instant();
    cluster_.kill(cluster_.replica(victim));
    EXPECT_TRUE(others_decide(all_but(victim)));
    cluster_.start_process(cluster_.replica(victim));
    EXPECT_TRUE(catches_up(victim)) << cluster_.height(victim);
  }

  // True while the worker has a child that proves.
  bool is_proving(const std::string& worker) {
    std::error_code ignored;
    const fs::path tasks = "/proc/" + std::to_string(cluster_.process(worker).pid()) + "/task";
    for (const auto& task : fs::directory_iterator(tasks, ignored)) {
      if (!read_text(task.path() / "children").empty()) return true;
    }
    return false;
  }

  void expect_everything_kept() {
    traffic_->stop();
    EXPECT_GT(traffic_->accepted(), 40u);
    EXPECT_EQ(compare_chains(cluster_), "");
    EXPECT_EQ(traffic_->check(cluster_), "");
  }

  std::mt19937_64 random_{GetParam()};
  Cluster cluster_;
  std::unique_ptr<Traffic> traffic_;
};

TEST_P(Crash, EachProcessInTurnAndAllReplicasAtOnce) {
  kill_replica(1 + static_cast<unsigned>(random_() % 3));
  kill_replica(0);  // holds the coordinator
  EXPECT_TRUE(settles_more()) << cluster_.shell("spans").dump();
  {
    SCOPED_TRACE("kill -9 of a worker in the middle of a span");
    const std::string worker = random_() % 2 == 0 ? "w0" : "w1";
    EXPECT_TRUE(wait_until(Millis(20'000), [&] { return is_proving(worker); }, Millis(1)));
    cluster_.kill(worker);
    cluster_.start_process(worker);
    EXPECT_TRUE(settles_more()) << cluster_.shell("spans").dump();
  }
  {
    SCOPED_TRACE("kill -9 of the L1");
    go_on_to_a_random_instant();
    cluster_.kill("l1");
    EXPECT_TRUE(others_decide({0, 1, 2, 3})) << "deciding does not wait for L1";
    cluster_.start_process("l1");
    EXPECT_TRUE(settles_more()) << cluster_.shell("l1").dump();
  }
  {
    SCOPED_TRACE("kill -9 of all replicas");
    go_on_to_a_random_instant();
    for (unsigned i = 0; i < 4; ++i) cluster_.process(cluster_.replica(i)).signal(SIGKILL);
    for (unsigned i = 0; i < 4; ++i) cluster_.kill(cluster_.replica(i));
    for (unsigned i = 0; i < 4; ++i) cluster_.start_process(cluster_.replica(i));
    EXPECT_TRUE(traffic_->wait_for(20));
    EXPECT_TRUE(settles_more()) << cluster_.shell("spans").dump();
  }
  expect_everything_kept();
}

// The process dies by its own hand just before and after a batch is written, at a seeded count of batches.
TEST_P(Crash, PointsOfPersistence) {
  std::vector<std::pair<std::string, std::string>> points{{"r1", "consensus"}, {"r2", "sequencer"}};
  if (full_matrix())
    points.insert(points.end(), {{"r0", "consensus"},
                                 {"r0", "sequencer"},
                                 {"r0", "coordinator"},
                                 {"r0", "l1"},
                                 {"l1", "ledger"},
                                 {"w0", "worker"}});
  for (const auto& [name, role] : points) {
    for (const char* position : {".before", ".after"}) {
      const std::string point = role + position + ":" + std::to_string(2 + random_() % (role == "worker" ? 3 : 40));
      SCOPED_TRACE(name + " dies at " + point);
      Process& process = cluster_.process(name);
      process.signal(SIGTERM);
      const auto ended = process.wait(Millis(6'000));
      EXPECT_TRUE(ended.has_value()) << "SIGTERM ends within 5 s";
      cluster_.start_process(name, {{"ASTERISM_CRASH_AT", point}});
      const auto status = cluster_.process(name).wait(Millis(30'000));
      ASSERT_TRUE(status.has_value()) << "it never came to that point";
      EXPECT_TRUE(WIFSIGNALED(*status) && WTERMSIG(*status) == SIGKILL) << cluster_.log_of(name);
      cluster_.start_process(name);
      if (name[0] == 'r') {
        EXPECT_TRUE(catches_up(static_cast<unsigned>(name[1] - '0')));
      }
    }
  }
  EXPECT_TRUE(settles_more()) << cluster_.shell("spans").dump();
  expect_everything_kept();
}

TEST_P(Crash, StoppedProposerPartitionAndOrderlyEnd) {
  const std::string proposer = cluster_.shell("consensus", 3).value("proposer", "");
  const unsigned stopped = proposer.size() == 2 ? static_cast<unsigned>(proposer[1] - '0') : 1;
  {
    SCOPED_TRACE("SIGSTOP of the proposer, " + proposer);
    cluster_.process(cluster_.replica(stopped)).signal(SIGSTOP);
    EXPECT_TRUE(others_decide(all_but(stopped)));
    cluster_.process(cluster_.replica(stopped)).signal(SIGCONT);
    EXPECT_TRUE(catches_up(stopped));
  }
  {
    SCOPED_TRACE("two of four are stopped");
    for (const char* name : {"r2", "r3"}) cluster_.process(name).signal(SIGSTOP);
    // What was already decided arrives; after that nothing may be.
    const std::uint64_t settled = cluster_.height(0) + 2;
    EXPECT_FALSE(wait_until(Millis(full_matrix() ? 60'000 : 4'000), [&] { return cluster_.height(0) > settled; }));
    for (const char* name : {"r2", "r3"}) cluster_.process(name).signal(SIGCONT);
    EXPECT_TRUE(others_decide({0, 1, 2, 3}));
    EXPECT_TRUE(traffic_->wait_for(10));
  }
  expect_everything_kept();
  for (const char* name : {"w0", "w1", "r3", "r2", "r1", "r0", "l1"}) {
    SCOPED_TRACE(std::string("SIGTERM to ") + name);
    cluster_.process(name).signal(SIGTERM);
    const auto status = cluster_.process(name).wait(Millis(5'500));
    ASSERT_TRUE(status.has_value());
    EXPECT_EQ(*status, 0) << cluster_.log_of(name);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Crash, ::testing::ValuesIn(seeds()),
                         [](const auto& one) { return "seed" + std::to_string(one.param); });

}  // namespace
}  // namespace asterism::acceptance
