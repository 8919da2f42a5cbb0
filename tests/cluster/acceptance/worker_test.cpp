// A worker joins with one shell command and one command of its own, survives restarts of both sides, drains and leaves
// without losing work.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include "tests/cluster/acceptance/traffic.hpp"

namespace asterism::acceptance {
namespace {

class Workers : public ::testing::Test {
 protected:
  Json worker(const std::string& name) const { return cluster_.row("workers", "workers", "worker", name); }
  std::uint64_t proven(const std::string& name) const {
    const Json row = worker(name);
    return row.is_object() ? row.value("proven", std::uint64_t{0}) : 0;
  }
  bool is_connected(const std::string& name) const {
    const Json row = worker(name);
    return row.is_object() && row.value("state", "away") != "away";
  }
  bool proves_more(const std::string& name) const {
    const std::uint64_t before = proven(name);
    return wait_until(Millis(40'000), [&] { return proven(name) > before; }, Millis(100));
  }
  bool settles_all() const {
    const std::uint64_t goal = cluster_.highest();
    return wait_until(Millis(60'000), [&] { return cluster_.settled() >= goal; }, Millis(200));
  }

  Cluster cluster_;
};

TEST_F(Workers, JoinRestartDrainLeave) {
  ASSERT_TRUE(cluster_.start());
  Traffic traffic(cluster_, {1, 2});
  ASSERT_TRUE(cluster_.add_worker("w2"));
  EXPECT_TRUE(wait_until(
      Millis(20'000), [&] { return worker("w2").value("weight", 0) > 0; }, Millis(100)))
      << "the operator's key registers it on L1: " << worker("w2").dump();
  const Finished ledger = asterism({"l1", "--dir", cluster_.dir().string(), "status"});
  EXPECT_NE(ledger.out.find(worker("w2").value("attester", "none")), std::string::npos) << ledger.all();
  EXPECT_TRUE(proves_more("w2")) << cluster_.shell("workers").dump();

  // A token is good for one worker.
  const Finished again = asterism({"worker", "--dir", (cluster_.dir() / "w9").string(), "--name", "w9", "--join",
                                   "@" + (cluster_.dir() / "w2" / "token").string()},
                                  Millis(20'000));
  EXPECT_EQ(again.code, 1) << again.all();
  EXPECT_NE(again.err.find("not admitted"), std::string::npos) << again.all();

  // The worker restarts without its token, and finds its place.
  std::filesystem::remove(cluster_.dir() / "w2" / "token");
  cluster_.kill("w2");
  cluster_.start_process("w2");
  EXPECT_TRUE(proves_more("w2")) << cluster_.shell("workers").dump();

  // The coordinator's process restarts, and knows it.
  cluster_.kill("r0");
  cluster_.start_process("r0");
  EXPECT_TRUE(wait_until(Millis(30'000), [&] { return is_connected("w2"); }, Millis(100)));
  EXPECT_TRUE(proves_more("w2")) << cluster_.shell("workers").dump();

  // Drained, it finishes and leaves with exit code 0; the others carry on, and nothing is missing.
  const Json drained = cluster_.shell("worker drain w2");
  EXPECT_TRUE(drained.contains("ok")) << drained.dump();
  const auto status = cluster_.process("w2").wait(Millis(30'000));
  ASSERT_TRUE(status.has_value()) << cluster_.shell("workers").dump();
  EXPECT_EQ(*status, 0) << cluster_.log_of("w2");
  EXPECT_TRUE(settles_all()) << cluster_.shell("spans").dump();
  EXPECT_TRUE(cluster_.shell("worker remove w2").contains("ok"));
  traffic.stop();
  EXPECT_EQ(compare_chains(cluster_), "");
  EXPECT_EQ(traffic.check(cluster_), "");
}

}  // namespace
}  // namespace asterism::acceptance
