// Four replicas on machines of their own with a bad network between them: partitions that heal, packets lost and late.
#include <gtest/gtest.h>

#include "tests/cluster/acceptance/bad_network.hpp"
#include "tests/cluster/acceptance/loaded_cluster.hpp"

namespace asterism::acceptance {
namespace {

class Network : public LoadedSuite {
 protected:
  static void SetUpTestSuite() {
    network_ = std::make_unique<BadNetwork>(seeds().front());
    why_not_ = network_->make({"r0", "r1", "r2", "r3"});
    if (!why_not_.empty()) return;
    ClusterOptions options;
    options.address = [](const std::string& process) {
      return process[0] == 'r' ? network_->address(process) : network_->host_address();
    };
    options.prefix = [](const std::string& process) {
      return process[0] == 'r' ? network_->prefix(process) : std::vector<std::string>{};
    };
    begin(options);
  }
  static void TearDownTestSuite() {
    LoadedSuite::TearDownTestSuite();
    network_.reset();
  }
  void SetUp() override {
    if (!why_not_.empty()) GTEST_SKIP() << "no network of TUN devices here: " << why_not_;
    LoadedSuite::SetUp();
  }
  void TearDown() override {
    if (!loaded_) return;
    network_->set({});
    EXPECT_EQ(loaded_->agreement(), "");
  }

  static Millis for_long() { return Millis(full_matrix() ? 60'000 : 5'000); }

  static std::unique_ptr<BadNetwork> network_;
  static std::string why_not_;
};
std::unique_ptr<BadNetwork> Network::network_;
std::string Network::why_not_;

TEST_F(Network, TwoAndTwoDecideNothingAndHealToOneChain) {
  network_->set({.cut = {"r2", "r3"}});
  // What was already decided arrives; after that nothing may be.
  const std::uint64_t limit = cluster().highest() + 1;
  EXPECT_FALSE(wait_until(for_long(), [&] { return cluster().highest() > limit; }, Millis(100)));
  network_->set({});
  EXPECT_TRUE(loaded_->decides({0, 1, 2, 3}));
  EXPECT_TRUE(loaded_->traffic().wait_for(10, Millis(60'000)));
}

TEST_F(Network, TheOneThatIsCutOffServesReadsAndCatchesUp) {
  network_->set({.cut = {"r3"}});
  EXPECT_TRUE(loaded_->decides({0, 1, 2}, 5));
  const std::uint64_t stuck = cluster().height(3);
  EXPECT_GT(stuck, 0u) << "it answers";
  EXPECT_LT(stuck, cluster().height(0));
  EXPECT_EQ(cluster().query(3, "block", {std::to_string(stuck)}).value("block_hash", "none"),
            cluster().query(0, "block", {std::to_string(stuck)}).value("block_hash", ""));
  network_->set({});
  EXPECT_TRUE(loaded_->catches_up(3));
}

TEST_F(Network, FivePercentLossAndAHundredMillisecondsThereAndBack) {
  const std::uint64_t carried = network_->carried(), lost = network_->lost();
  network_->set({.delay = Millis(50), .loss_percent = 5});
  EXPECT_TRUE(loaded_->decides({0, 1, 2, 3}, full_matrix() ? 40 : 8));
  EXPECT_TRUE(loaded_->traffic().wait_for(20, Millis(60'000)));
  std::fprintf(stderr, "packets carried %llu, lost %llu\n",
               static_cast<unsigned long long>(network_->carried() - carried),
               static_cast<unsigned long long>(network_->lost() - lost));
  EXPECT_GT(network_->lost(), lost + 20);
}

}  // namespace
}  // namespace asterism::acceptance
