// Situation 25 of the acceptance list in reference/prover-coordination.md: random faults, one seed a run.
#include <gtest/gtest.h>

#include "tests/actors/prover/world.hpp"

namespace asterism::actors::test {
namespace {

// Situation 25: random faults; at the end everything provable is settled, and nothing was counted twice.
TEST(CoordinatorSimulation, SeededFaults) {
  const char* one = std::getenv("ASTERISM_SEED");
  const std::uint64_t first = one ? std::strtoull(one, nullptr, 10) : 1, last = one ? first : 300;
  std::map<std::string, std::uint64_t> faults;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("ASTERISM_SEED=" + std::to_string(seed));
    World world(seed);
    for (int i = 0; i < 3; ++i) world.add_worker(2 + world.random_() % 20);
    world.run(Millis(3'000));
    for (int i = 0; i < 40; ++i) {
      world.add_block({.transactions = world.random_() % 50,
                       .bytes = 10 + world.random_() % 1000,
                       .poison = false,
                       .memory = 1 + world.random_() % 2});
      world.run(Millis(world.random_() % 1500));
      const std::size_t victim = world.random_() % 3;
      switch (world.random_() % 8) {
        case 0:
          ++faults["worker killed"], world.kill_worker(victim);
          break;
        case 1:
          world.start_worker(victim);
          break;
        case 2:
          ++faults["link cut"], world.link(victim, false);
          break;
        case 3:
          world.link(victim, true);
          break;
        case 4:
          ++faults["coordinator killed"], world.kill_coordinator();
          world.run(Millis(world.random_() % 3000));
          world.start_coordinator();
          break;
        default:
          break;
      }
    }
    for (std::size_t i = 0; i < 3; ++i) {
      world.start_worker(i);
      world.link(i, true);
    }
    EXPECT_TRUE(world.run_until([&] { return world.settled() == 40; }, Millis(1'200'000)));
    expect_chain_covered(world);
    for (const auto& [id, span] : world.spans()) {
      std::set<core::EthAddress> signers;
      for (const Attestation& a : span.attestations) EXPECT_TRUE(signers.insert(a.attester).second) << "span " << id;
    }
    if (HasFailure()) break;
  }
  for (const auto& [fault, count] : faults)
    std::printf("%s: %llu\n", fault.c_str(), static_cast<unsigned long long>(count));
}

}  // namespace
}  // namespace asterism::actors::test
