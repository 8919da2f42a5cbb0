// kill -9 under load at seeded random instants: what a client was told is ACCEPTED_ON_L2 stays, and all replicas agree
// on every block; compared after each kill, and all of it once more at the end. One cluster lives through all kills.
// Each test's name has its seed; ASTERISM_SEED=N repeats it alone, ASTERISM_FULL=1 runs 20 seeds.
#include <gtest/gtest.h>
#include <signal.h>

#include <random>

#include "tests/cluster/acceptance/loaded_cluster.hpp"

namespace asterism::acceptance {
namespace {

namespace fs = std::filesystem;

class Crash : public LoadedSuite, public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  void SetUp() override {
    LoadedSuite::SetUp();
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    random_.seed(GetParam() * 1000 + std::hash<std::string_view>{}(test->name()) % 1000);
  }
  void TearDown() override { EXPECT_EQ(loaded_->agreement(), ""); }

  // Some transactions and a fraction of a block later: anywhere in the work of a height.
  void go_on_to_a_random_instant() {
    ASSERT_TRUE(loaded_->traffic().wait_for(1 + random_() % 20));
    const Millis extra(random_() % 400);
    wait_until(extra, [] { return false; }, Millis(1));
  }

  void kill_replica(unsigned victim) {
    go_on_to_a_random_instant();
    cluster().kill(cluster().replica(victim));
    EXPECT_TRUE(loaded_->decides(loaded_->all_but({victim}))) << "the others keep deciding";
    cluster().start_process(cluster().replica(victim));
    EXPECT_TRUE(loaded_->catches_up(victim)) << cluster().height(victim);
  }

  // True while the worker has a child that proves.
  static bool is_proving(const std::string& worker) {
    std::error_code ignored;
    const fs::path tasks = "/proc/" + std::to_string(cluster().process(worker).pid()) + "/task";
    for (const auto& task : fs::directory_iterator(tasks, ignored)) {
      if (!read_text(task.path() / "children").empty()) return true;
    }
    return false;
  }

  std::mt19937_64 random_;
};

TEST_P(Crash, AnyOneReplica) { kill_replica(1 + static_cast<unsigned>(random_() % 3)); }

TEST_P(Crash, TheReplicaThatHoldsTheCoordinator) {
  kill_replica(0);
  EXPECT_TRUE(loaded_->settles()) << spans();
}

TEST_P(Crash, AWorkerInTheMiddleOfASpan) {
  const std::string worker = random_() % 2 == 0 ? "w0" : "w1";
  ASSERT_TRUE(wait_until(Millis(60'000), [&] { return is_proving(worker); }, Millis(1)));
  cluster().kill(worker);
  cluster().start_process(worker);
  EXPECT_TRUE(loaded_->settles()) << spans();
}

TEST_P(Crash, TheL1) {
  go_on_to_a_random_instant();
  cluster().kill("l1");
  EXPECT_TRUE(loaded_->decides(loaded_->all())) << "deciding does not wait for L1";
  cluster().start_process("l1");
  EXPECT_TRUE(loaded_->settles()) << cluster().shell("l1").dump();
}

TEST_P(Crash, AllReplicas) {
  go_on_to_a_random_instant();
  for (const unsigned i : loaded_->all()) cluster().process(cluster().replica(i)).signal(SIGKILL);
  for (const unsigned i : loaded_->all()) cluster().kill(cluster().replica(i));
  for (const unsigned i : loaded_->all()) cluster().start_process(cluster().replica(i));
  EXPECT_TRUE(loaded_->traffic().wait_for(20, Millis(60'000))) << "they resume";
  EXPECT_TRUE(loaded_->settles()) << spans();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Crash, ::testing::ValuesIn(seeds()),
                         [](const auto& one) { return "seed" + std::to_string(one.param); });

}  // namespace
}  // namespace asterism::acceptance
