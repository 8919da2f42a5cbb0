// A cluster under client load, with what must hold whatever happens to it: those who can decide do, who was away
// catches up, everything decided settles, and all replicas agree on every block and keep every promise.
#pragma once
#include <gtest/gtest.h>

#include "tests/cluster/acceptance/traffic.hpp"

namespace asterism::acceptance {

class LoadedCluster {
 public:
  explicit LoadedCluster(ClusterOptions options = {}) : cluster_(std::move(options)) {}
  // True once clients have seen the first transactions accepted.
  bool start();

  Cluster& cluster() { return cluster_; }
  Traffic& traffic() { return *traffic_; }
  std::vector<unsigned> all() const { return all_but({}); }
  std::vector<unsigned> all_but(const std::vector<unsigned>& others) const;

  // `more` further blocks at each of these replicas.
  bool decides(const std::vector<unsigned>& replicas, std::uint64_t more = 3) const;
  // What the others have now.
  bool catches_up(unsigned replica) const;
  // Everything that is decided now.
  bool settles() const;

  // Blocks and promises since the last call are the same on all replicas; empty, or what is not.
  std::string agreement();
  // All of them, from the first block on; ends the load.
  std::string final_agreement();

 private:
  Cluster cluster_;
  std::unique_ptr<Traffic> traffic_;
  std::uint64_t compared_ = 0;  // blocks up to here
  std::size_t kept_ = 0;        // promises
};

// Tests that share one loaded cluster, which lives from the first of them to the last. Each begins with a cluster that
// runs; at the end everything is compared once more.
class LoadedSuite : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { begin(); }
  static void TearDownTestSuite() {
    if (loaded_) {
      EXPECT_EQ(loaded_->final_agreement(), "");
    }
    loaded_.reset();
  }
  void SetUp() override { ASSERT_TRUE(loaded_ && cluster().running("r0")); }

  // `before_start`: what is done to the folder before any process runs.
  static void begin(ClusterOptions options = {}, const std::function<void()>& before_start = [] {});
  static Cluster& cluster() { return loaded_->cluster(); }
  static std::string spans() { return cluster().shell("spans").dump(); }

  static std::unique_ptr<LoadedCluster> loaded_;
};

}  // namespace asterism::acceptance
