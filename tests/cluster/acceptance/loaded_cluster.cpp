#include "tests/cluster/acceptance/loaded_cluster.hpp"

#include <algorithm>

namespace asterism::acceptance {
namespace {

// Generous: a machine that others use at the same time is slow, not broken.
constexpr Millis kPatience{60'000};

}  // namespace

bool LoadedCluster::start() {
  if (!cluster_.start()) return false;
  traffic_ = std::make_unique<Traffic>(cluster_, all());
  return traffic_->wait_for(20, kPatience);
}

std::vector<unsigned> LoadedCluster::all_but(const std::vector<unsigned>& others) const {
  std::vector<unsigned> out;
  for (unsigned i = 0; i < cluster_.replicas(); ++i) {
    if (std::ranges::find(others, i) == others.end()) out.push_back(i);
  }
  return out;
}

bool LoadedCluster::decides(const std::vector<unsigned>& replicas, std::uint64_t more) const {
  std::map<unsigned, std::uint64_t> before;
  for (const unsigned i : replicas) before[i] = cluster_.height(i);
  return wait_until(kPatience, [&] {
    return std::ranges::all_of(replicas, [&](unsigned i) { return cluster_.height(i) >= before[i] + more; });
  });
}

bool LoadedCluster::catches_up(unsigned replica) const {
  const std::uint64_t goal = cluster_.highest();
  return wait_until(kPatience, [&] { return cluster_.height(replica) >= goal; });
}

bool LoadedCluster::settles() const {
  const std::uint64_t goal = cluster_.highest();
  return wait_until(kPatience * 2, [&] { return cluster_.settled() >= goal; }, Millis(100));
}

std::string LoadedCluster::agreement() {
  const std::uint64_t height = cluster_.highest();
  const std::size_t promises = traffic_->accepted();
  std::string differs = compare_chains(cluster_, compared_ + 1);
  if (differs.empty()) differs = traffic_->check(cluster_, kept_, promises);
  compared_ = height;
  kept_ = promises;
  return differs;
}

std::string LoadedCluster::final_agreement() {
  traffic_->stop();
  std::string differs = compare_chains(cluster_);
  if (differs.empty()) differs = traffic_->check(cluster_);
  std::fprintf(stderr, "%llu blocks and %zu promises compared on all replicas\n",
               static_cast<unsigned long long>(cluster_.highest()), traffic_->accepted());
  return differs;
}

std::unique_ptr<LoadedCluster> LoadedSuite::loaded_;

void LoadedSuite::begin(ClusterOptions options, const std::function<void()>& before_start) {
  loaded_ = std::make_unique<LoadedCluster>(std::move(options));
  before_start();
  ASSERT_TRUE(loaded_->start());
}

}  // namespace asterism::acceptance
