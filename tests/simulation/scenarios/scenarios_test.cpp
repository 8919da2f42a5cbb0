// Scenarios of reference/consensus-and-sequencer.md that need more misbehaving validators than a random plan has: four
// validators of equal weight, some of which send no votes or no proposals.
#include <gtest/gtest.h>

#include "tests/simulation/simulation.hpp"

namespace asterism::simulation {
namespace {

Plan four(std::vector<Dropper> droppers, std::uint64_t seed) {
  Plan plan;
  plan.seed = seed;
  plan.weights = {1, 1, 1, 1};
  plan.droppers = std::move(droppers);
  plan.heights = 20;
  plan.faults_until_ms = 3'600'000;
  return plan;
}

class Droppers : public ::testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, Droppers, ::testing::Range(std::uint64_t{1}, std::uint64_t{21}));

TEST_P(Droppers, OneOfVotesAmongFourDoesNotStopTheOthers) {
  const Plan plan = four({{.validator = 2, .votes = true}}, GetParam());
  const Report report = Simulation(plan).run();
  EXPECT_EQ(report.violation, std::nullopt);
  EXPECT_GE(report.heights_in_faults + 3, plan.heights);
  EXPECT_LT(report.virtual_ms, 120'000u) << "no height waits for it but in the rounds it proposes in";
}

TEST_P(Droppers, TwoOfVotesAmongFourDecideNothingUntilTheyVoteAgain) {
  Plan plan = four({{.validator = 1, .votes = true}, {.validator = 2, .votes = true}}, GetParam());
  plan.faults_until_ms = 60'000;
  const Report report = Simulation(plan).run();
  EXPECT_EQ(report.violation, std::nullopt);
  EXPECT_EQ(report.heights_in_faults, 0u);
  EXPECT_GE(report.heights, plan.heights) << "and then all of it";
}

TEST_P(Droppers, ThreeOfProposalsAmongFourLeaveTheRoundsOfTheFourth) {
  const Plan plan = four(
      {{.validator = 0, .proposals = true}, {.validator = 1, .proposals = true}, {.validator = 3, .proposals = true}},
      GetParam());
  const Report report = Simulation(plan).run();
  EXPECT_EQ(report.violation, std::nullopt);
  EXPECT_GE(report.heights_in_faults + 3, plan.heights);
  EXPECT_GE(report.highest_round, 3u);
  EXPECT_LT(report.virtual_ms, plan.faults_until_ms);
}

}  // namespace
}  // namespace asterism::simulation
