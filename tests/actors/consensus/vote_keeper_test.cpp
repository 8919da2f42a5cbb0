#include "actors/consensus/vote_keeper.hpp"

#include "tests/actors/consensus/electorate.hpp"

namespace asterism::actors::consensus {
namespace {

using core::Round;
using core::VoteType;

struct VoteKeeperTest : testing::Test {
  core::Genesis genesis = genesis_of({1, 1, 1, 1});
  ValidatorSet validators{genesis};
  VoteKeeper keeper{validators};
  AddResult add(std::uint16_t from, std::uint32_t round, const core::ValueId& value, bool certified = false) {
    return keeper.add(vote_of(from, VoteType::kPrevote, round, value), Round(0), certified);
  }
};

TEST_F(VoteKeeperTest, TwoValuesOfOneValidatorAreEvidenceAndCountForBoth) {
  EXPECT_EQ(add(1, 0, kA).added, Added::kNew);
  EXPECT_EQ(add(1, 0, kA).added, Added::kKnown);
  const auto second = add(1, 0, kB);
  EXPECT_EQ(second.added, Added::kConflict);
  EXPECT_EQ(second.other->value, kA);
  add(2, 0, kB);
  add(3, 0, kB);
  EXPECT_TRUE(keeper.has_quorum(Round(0), VoteType::kPrevote, kB));
  add(2, 0, kA);
  EXPECT_FALSE(keeper.has_quorum(Round(0), VoteType::kPrevote, kA));
}

TEST_F(VoteKeeperTest, OneSenderIsNeverTwo) {
  add(1, 0, kA);
  add(1, 0, kB);
  add(2, 0, kA);
  EXPECT_FALSE(keeper.has_quorum_of_any(Round(0), VoteType::kPrevote));
  add(3, 0, core::kNil);
  EXPECT_TRUE(keeper.has_quorum_of_any(Round(0), VoteType::kPrevote));
}

TEST_F(VoteKeeperTest, AThirdValueIsKeptOnlyInACertifiedSet) {
  add(1, 0, kA);
  add(1, 0, kB);
  EXPECT_EQ(add(1, 0, kC).added, Added::kRefused);
  EXPECT_EQ(add(1, 0, kC, true).added, Added::kConflict);
}

TEST_F(VoteKeeperTest, OfFutureRoundsTheHighestAreKept) {
  for (std::uint32_t round = 1; round <= 1000; ++round) add(1, round * 3, kA);
  EXPECT_EQ(add(1, 5, kA).added, Added::kRefused);
  EXPECT_FALSE(keeper.has(vote_of(1, VoteType::kPrevote, 3, kA)));
  EXPECT_TRUE(keeper.has(vote_of(1, VoteType::kPrevote, 3000, kA)));
  EXPECT_EQ(keeper.round_to_skip_to(Round(0)), std::nullopt);
  add(2, 3000, kA);
  EXPECT_EQ(keeper.round_to_skip_to(Round(0)), Round(3000));
}

TEST_F(VoteKeeperTest, ASetHasOneVoteAValidatorForTheHeaviestValue) {
  add(1, 0, kA);
  add(1, 0, kB);
  add(2, 0, kB);
  const auto votes = keeper.votes(Round(0), VoteType::kPrevote);
  ASSERT_EQ(votes.size(), 2U);
  EXPECT_EQ(votes[0].value, kB);
}

TEST(ValidatorSetTest, EqualWeightsTakeTurnsByHeightAndRound) {
  const auto genesis = genesis_of({7, 7, 7, 7});
  const ValidatorSet validators(genesis);
  for (std::uint64_t height = 0; height < 20; ++height) {
    for (std::uint32_t round = 0; round < 9; ++round) {
      EXPECT_EQ(validators.proposer(core::BlockNumber(height), Round(round)).value, (height + round) % 4);
    }
  }
}

TEST(ValidatorSetTest, TurnsFollowWeights) {
  const auto genesis = genesis_of({1, 2, 3, 6});
  const ValidatorSet validators(genesis);
  std::vector<int> turns(4);
  for (std::uint64_t height = 100; height < 112; ++height)
    ++turns[validators.proposer(core::BlockNumber(height), Round(0)).value];
  EXPECT_EQ(turns, (std::vector<int>{1, 2, 3, 6}));
}

TEST(ValidatorSetTest, HugeWeightsKeepAShortCycleInWhichEverybodyHasATurn) {
  const auto genesis = genesis_of({1, std::uint64_t{1} << 60, (std::uint64_t{1} << 60) + 1, 3});
  const ValidatorSet validators(genesis);
  std::vector<int> turns(4);
  for (std::uint64_t height = 0; height < 5000; ++height)
    ++turns[validators.proposer(core::BlockNumber(height), Round(0)).value];
  EXPECT_GE(turns[0], 1);
  EXPECT_GE(turns[3], 1);
  EXPECT_NEAR(turns[1], turns[2], 3);
}

}  // namespace
}  // namespace asterism::actors::consensus
