// The rules one by one, as tables of the reference: each test names the line of the paper it is about.
#include "actors/consensus/tendermint.hpp"

#include <gmock/gmock.h>

#include "tests/actors/consensus/electorate.hpp"

namespace asterism::actors::consensus {
namespace {

using core::Round;
using core::ValidatorIndex;
using core::ValueId;
using core::VoteType;

constexpr auto kPrevote = VoteType::kPrevote;
constexpr auto kPrecommit = VoteType::kPrecommit;

// Height 1 of four validators, seen by validator 0; the proposers of rounds 0, 1, 2, 3 are 1, 2, 3, 0.
class TendermintTest : public testing::Test {
 protected:
  explicit TendermintTest(std::vector<std::uint64_t> weights = {1, 1, 1, 1})
      : genesis_(genesis_of(weights)),
        validators_(genesis_),
        core_(validators_, core::BlockNumber(1), ValidatorIndex(0)) {
    core_.start();
    step();
  }

  // Signs what is asked for, judges everything at once as `valid_` says, and keeps what happened.
  void step() {
    for (auto outputs = core_.take_outputs(); !outputs.empty(); outputs = core_.take_outputs()) {
      for (const auto& output : outputs) {
        if (const auto* cast = std::get_if<CastVote>(&output)) {
          log_.push_back((cast->type == kPrevote ? "prevote " : "precommit ") + std::to_string(cast->round.value) +
                         " " + name(cast->value));
          core_.receive_vote(vote_of(0, cast->type, cast->round.value, cast->value));
        } else if (const auto* ask = std::get_if<AskVerdict>(&output)) {
          log_.push_back(std::string("judge ") + (ask->fresh ? "fresh " : "rules ") + name(ask->value));
          if (answers_) core_.value_judged(ask->value, ask->fresh, ask->fresh ? fresh_ : valid_);
        } else if (const auto* decide = std::get_if<Decide>(&output)) {
          log_.push_back("decide " + std::to_string(decide->round.value) + " " + name(decide->value));
        } else if (const auto* timer = std::get_if<ScheduleTimeout>(&output)) {
          timers_.push_back(std::string(to_string(timer->step)) + " " + std::to_string(timer->round.value));
        } else if (const auto* propose = std::get_if<ProposeValue>(&output)) {
          log_.push_back("propose " + std::to_string(propose->round.value) + " " + name(propose->value) + " " +
                         std::to_string(propose->valid_round));
          proposal(propose->round.value, propose->value, propose->valid_round);
        } else {
          log_.push_back("ask value");
        }
      }
    }
  }
  static std::string name(const ValueId& value) {
    return value == core::kNil ? "nil" : std::string(1, static_cast<char>('A' + value[31] - 0xa));
  }
  void proposal(std::uint32_t round, const ValueId& value, std::int32_t valid_round = kNoRound) {
    core_.receive_proposal({core::BlockNumber(1), Round(round), valid_round, value, core_.proposer(Round(round)), {}});
    step();
  }
  void votes(VoteType type, std::uint32_t round, const ValueId& value, std::vector<std::uint16_t> from) {
    for (const auto validator : from) {
      core_.receive_vote(vote_of(validator, type, round, value));
      step();
    }
  }
  void timeout(Step which, std::uint32_t round) {
    core_.timeout(which, Round(round));
    step();
  }
  // What was said since the last call; judgements are left out unless they are what a test is about.
  std::vector<std::string> said() {
    auto out = std::exchange(log_, {});
    std::erase_if(out, [](const auto& line) { return line.starts_with("judge"); });
    return out;
  }
  // Locked on A in round 0, then in round `round` by a precommit time-out.
  void lock_a_and_go_to(std::uint32_t round) {
    proposal(0, kA);
    votes(kPrevote, 0, kA, {1, 2});
    votes(kPrecommit, 0, core::kNil, {1, 2});
    for (std::uint32_t r = 0; r < round; ++r) {
      timeout(Step::kPrecommit, r);
      if (r + 1 < round) votes(kPrecommit, r + 1, core::kNil, {1, 2, 3});
    }
    EXPECT_EQ(core_.locked_round(), 0);
    EXPECT_EQ(core_.round(), Round(round));
    said();
  }

  core::Genesis genesis_;
  ValidatorSet validators_;
  Tendermint core_;
  std::vector<std::string> log_, timers_;
  bool answers_ = true, fresh_ = true, valid_ = true;
};

using Lines = std::vector<std::string>;

TEST_F(TendermintTest, DecidesInTheFirstRound) {
  proposal(0, kA);
  votes(kPrevote, 0, kA, {1, 2});
  votes(kPrecommit, 0, kA, {1, 2});
  EXPECT_EQ(said(), (Lines{"prevote 0 A", "precommit 0 A", "decide 0 A"}));
  EXPECT_EQ(core_.step(), Step::kCommit);
  votes(kPrecommit, 0, kA, {3});
  timeout(Step::kPrecommit, 0);
  EXPECT_EQ(said(), Lines{});
}

TEST_F(TendermintTest, L22_PrevotesNilForAnInvalidOrStaleProposal) {
  fresh_ = false;
  proposal(0, kA);
  EXPECT_EQ(said(), (Lines{"prevote 0 nil"}));
}

TEST_F(TendermintTest, L22_LockedPrevotesNilForAnotherNewValueWithoutJudgingIt) {
  lock_a_and_go_to(1);
  proposal(1, kB);
  EXPECT_EQ(log_, (Lines{"prevote 1 nil"}));
}

TEST_F(TendermintTest, L22_LockedPrevotesTheSameValueByTheRulesAlone) {
  lock_a_and_go_to(1);
  fresh_ = false;  // a value with a polka is not judged by anybody's clock
  proposal(1, kA);
  EXPECT_EQ(log_, (Lines{"prevote 1 A"}));
}

TEST_F(TendermintTest, L28_UnlocksForALaterPolka) {
  lock_a_and_go_to(2);
  votes(kPrevote, 1, kB, {1, 2, 3});
  proposal(2, kB, 1);
  EXPECT_EQ(said(), (Lines{"prevote 2 B"}));
}

TEST_F(TendermintTest, L28_WaitsForThePolkaItIsToldOf) {
  lock_a_and_go_to(2);
  proposal(2, kB, 1);
  votes(kPrevote, 1, kB, {1, 2});
  EXPECT_EQ(said(), Lines{});
  votes(kPrevote, 1, kB, {3});
  EXPECT_EQ(said(), (Lines{"prevote 2 B"}));
}

TEST_F(TendermintTest, L28_PolSafety_APolkaBeforeTheLockDoesNotUnlock) {
  votes(kPrevote, 0, kB, {1, 2, 3});  // seen, but B's block is not here: no lock
  votes(kPrecommit, 0, core::kNil, {1, 2, 3});
  timeout(Step::kPrecommit, 0);
  proposal(1, kA);
  votes(kPrevote, 1, kA, {1, 2});
  ASSERT_EQ(core_.locked_round(), 1);
  votes(kPrecommit, 1, core::kNil, {1, 2, 3});
  timeout(Step::kPrecommit, 1);
  said();
  proposal(2, kB, 0);
  EXPECT_EQ(said(), (Lines{"prevote 2 nil"}));
}

TEST_F(TendermintTest, L28_JudgesByTheRulesAlone) {
  votes(kPrevote, 0, kB, {1, 2, 3});
  votes(kPrecommit, 0, core::kNil, {1, 2, 3});
  timeout(Step::kPrecommit, 0);
  log_.clear();
  proposal(1, kB, 0);
  EXPECT_EQ(log_, (Lines{"judge rules B", "prevote 1 B"}));
}

TEST_F(TendermintTest, L34_StartsThePrevoteTimerOnceOnAnyTwoThirds) {
  proposal(0, kA);
  votes(kPrevote, 0, core::kNil, {1});
  EXPECT_THAT(timers_, testing::Not(testing::Contains("prevote 0")));
  votes(kPrevote, 0, kB, {2});
  votes(kPrevote, 0, kC, {3});
  EXPECT_EQ(std::ranges::count(timers_, "prevote 0"), 1);
  said();
  timeout(Step::kPrevote, 0);
  EXPECT_EQ(said(), (Lines{"precommit 0 nil"}));
}

TEST_F(TendermintTest, L36_LocksOnAPolka) {
  proposal(0, kA);
  votes(kPrevote, 0, kA, {1});
  EXPECT_EQ(core_.locked_round(), kNoRound);
  votes(kPrevote, 0, kA, {2});
  EXPECT_EQ(core_.locked_round(), 0);
  EXPECT_EQ(core_.locked_value(), kA);
  EXPECT_EQ(core_.valid_round(), 0);
}

TEST_F(TendermintTest, L36_RelocksOnAnotherValue) {
  lock_a_and_go_to(2);
  votes(kPrevote, 1, kB, {1, 2, 3});
  proposal(2, kB, 1);
  votes(kPrevote, 2, kB, {1, 2});
  EXPECT_EQ(said(), (Lines{"prevote 2 B", "precommit 2 B"}));
  EXPECT_EQ(core_.locked_round(), 2);
  EXPECT_EQ(core_.locked_value(), kB);
}

TEST_F(TendermintTest, L36_RelocksOnTheSameValueInALaterRound) {
  lock_a_and_go_to(1);
  proposal(1, kA, 0);
  votes(kPrevote, 1, kA, {1, 2});
  EXPECT_EQ(said(), (Lines{"prevote 1 A", "precommit 1 A"}));
  EXPECT_EQ(core_.locked_round(), 1);
}

TEST_F(TendermintTest, L36_AfterThePrecommitOnlyTheValidValueChanges) {
  proposal(0, kA);
  votes(kPrevote, 0, core::kNil, {1});
  votes(kPrevote, 0, kB, {2});
  timeout(Step::kPrevote, 0);
  EXPECT_EQ(said(), (Lines{"prevote 0 A", "precommit 0 nil"}));
  votes(kPrevote, 0, kA, {3});
  votes(kPrevote, 0, kA, {1});  // one of them votes twice: that counts for both
  EXPECT_EQ(core_.locked_round(), kNoRound);
  EXPECT_EQ(core_.valid_round(), 0);
  EXPECT_EQ(said(), Lines{});
}

TEST_F(TendermintTest, L36_PolkaBeforeTheProposal) {
  votes(kPrevote, 0, kA, {1, 2, 3});
  EXPECT_EQ(said(), Lines{});
  proposal(0, kA);
  EXPECT_EQ(said(), (Lines{"prevote 0 A", "precommit 0 A"}));
}

TEST_F(TendermintTest, DelayedProposal_ComesAfterThePrevote) {
  timeout(Step::kPropose, 0);
  EXPECT_EQ(said(), (Lines{"prevote 0 nil"}));
  votes(kPrevote, 0, kA, {1, 2, 3});
  proposal(0, kA);
  EXPECT_EQ(said(), (Lines{"precommit 0 A"}));
  EXPECT_EQ(core_.locked_value(), kA);
}

TEST_F(TendermintTest, InvalidValueWithAPolkaIsNeitherLockedNorDecided) {
  valid_ = fresh_ = false;
  proposal(0, kA);
  votes(kPrevote, 0, kA, {1, 2, 3});
  votes(kPrecommit, 0, kA, {1, 2, 3});
  EXPECT_EQ(said(), (Lines{"prevote 0 nil"}));
  EXPECT_EQ(core_.locked_round(), kNoRound);
  timeout(Step::kPrevote, 0);
  EXPECT_EQ(said(), (Lines{"precommit 0 nil"}));
}

TEST_F(TendermintTest, L44_PrecommitsNilOnANilPolka) {
  proposal(0, kA);
  votes(kPrevote, 0, core::kNil, {1, 2, 3});
  EXPECT_EQ(said(), (Lines{"prevote 0 A", "precommit 0 nil"}));
}

TEST_F(TendermintTest, L47_GoesOnAfterThePrecommitTimer) {
  votes(kPrecommit, 0, kA, {1});
  votes(kPrecommit, 0, core::kNil, {2, 3});
  EXPECT_EQ(std::ranges::count(timers_, "precommit 0"), 1);
  timeout(Step::kPrecommit, 0);
  EXPECT_EQ(core_.round(), Round(1));
}

TEST_F(TendermintTest, L49_DecidesForAPastRound) {
  proposal(0, kA);
  votes(kPrecommit, 0, core::kNil, {1, 2, 3});
  timeout(Step::kPrecommit, 0);
  said();
  votes(kPrecommit, 0, kA, {1, 2, 3});  // late, of a round in which they said nil as well
  EXPECT_EQ(said(), (Lines{"decide 0 A"}));
}

TEST_F(TendermintTest, L49_DecidesForAFutureRound) {
  proposal(0, kA);
  votes(kPrecommit, 7, kA, {1, 2, 3});
  EXPECT_THAT(said(), testing::Contains("decide 7 A"));
}

TEST_F(TendermintTest, L49_WaitsForTheBlock) {
  votes(kPrecommit, 0, kA, {1, 2, 3});
  EXPECT_EQ(said(), Lines{});
  proposal(0, kA);
  EXPECT_EQ(said(), (Lines{"decide 0 A"}));
}

TEST_F(TendermintTest, L55_SkipsAtMoreThanAThird) {
  votes(kPrevote, 5, core::kNil, {1});
  votes(kPrecommit, 5, kA, {1});  // the same sender
  EXPECT_EQ(core_.round(), Round(0));
  votes(kPrecommit, 5, kB, {2});
  EXPECT_EQ(core_.round(), Round(5));
}

TEST_F(TendermintTest, L55_AProposalCountsAsAMessage) {
  proposal(2, kA);  // of validator 3
  votes(kPrevote, 2, kA, {1});
  EXPECT_EQ(core_.round(), Round(2));
  EXPECT_EQ(said(), (Lines{"prevote 2 A"}));
}

TEST_F(TendermintTest, StaleTimersDoNothing) {
  proposal(0, kA);
  timeout(Step::kPropose, 0);  // prevoted already
  votes(kPrecommit, 1, core::kNil, {1, 2});
  EXPECT_EQ(core_.round(), Round(1));
  said();
  timeout(Step::kPrevote, 0);
  timeout(Step::kPrecommit, 0);
  timeout(Step::kPropose, 3);
  EXPECT_EQ(said(), Lines{});
  EXPECT_EQ(core_.round(), Round(1));
}

TEST_F(TendermintTest, EquivocatingProposer_TheFirstIsPrevotedTheOtherMayStillWin) {
  proposal(0, kA);
  proposal(0, kB);
  EXPECT_EQ(said(), (Lines{"prevote 0 A"}));
  EXPECT_FALSE(core_.accepts({core::BlockNumber(1), Round(0), kNoRound, kC, ValidatorIndex(1), {}}));
  votes(kPrevote, 0, kB, {1, 2, 3});
  EXPECT_EQ(said(), (Lines{"precommit 0 B"}));
}

TEST_F(TendermintTest, L11_TheProposerOffersItsValidValueElseAsksForOne) {
  votes(kPrevote, 3, core::kNil, {1, 2});
  EXPECT_EQ(said(), (Lines{"ask value"}));
  core_.value_built(Round(3), kC);
  step();
  EXPECT_EQ(said(), (Lines{"propose 3 C -1", "prevote 3 C"}));
  votes(kPrevote, 3, kC, {1, 2});
  said();
  votes(kPrecommit, 7, core::kNil, {1, 2});
  EXPECT_EQ(said(), (Lines{"propose 7 C 3", "prevote 7 C"}));
}

TEST_F(TendermintTest, ABlockThatComesTooLateIsNotProposed) {
  votes(kPrevote, 3, core::kNil, {1, 2});
  timeout(Step::kPropose, 3);
  said();
  core_.value_built(Round(3), kC);
  step();
  EXPECT_EQ(said(), Lines{});
}

TEST_F(TendermintTest, AProposalIsNotVotedForBeforeItIsJudged) {
  answers_ = false;
  proposal(0, kA);
  votes(kPrevote, 0, kA, {1, 2, 3});
  EXPECT_EQ(said(), Lines{});
  core_.value_judged(kA, false, true);
  step();
  EXPECT_EQ(said(), (Lines{"prevote 0 A", "precommit 0 A"}));
}

TEST_F(TendermintTest, AForgedBlockUnderAGoodHashDoesNotSpoilTheRightOne) {
  valid_ = fresh_ = false;
  proposal(0, kA);
  votes(kPrevote, 0, kA, {1, 2, 3});
  EXPECT_TRUE(core_.is_invalid(kA));
  valid_ = fresh_ = true;
  proposal(0, kA);  // the same header with the right block
  EXPECT_EQ(said(), (Lines{"prevote 0 nil", "precommit 0 A"}));
  EXPECT_EQ(core_.locked_value(), kA);
  votes(kPrecommit, 0, kA, {1, 2, 3});
  EXPECT_EQ(said(), (Lines{"decide 0 A"}));
}

// Weights 4, 3, 2, 1: more than two thirds of 10 is 7.
class WeightedTest : public TendermintTest {
 protected:
  WeightedTest() : TendermintTest({4, 3, 2, 1}) {}
};

TEST_F(WeightedTest, JustUnderTheThresholdIsNoQuorum) {
  proposal(0, kA);
  votes(kPrevote, 0, kA, {2});  // 4 + 2 = 6
  EXPECT_EQ(core_.locked_round(), kNoRound);
  votes(kPrevote, 0, kA, {3});  // 7
  EXPECT_EQ(core_.locked_round(), 0);
}

class ExactThirdsTest : public TendermintTest {
 protected:
  ExactThirdsTest() : TendermintTest({2, 2, 1, 1}) {}
};

TEST_F(ExactThirdsTest, ExactlyTwoThirdsIsNoQuorum) {
  proposal(0, kA);
  votes(kPrevote, 0, kA, {1});  // 4 of 6
  EXPECT_EQ(core_.locked_round(), kNoRound);
  votes(kPrevote, 5, kA, {1});  // 2 of 6 is not more than a third
  EXPECT_EQ(core_.round(), Round(0));
  votes(kPrevote, 0, kA, {3});
  EXPECT_EQ(core_.locked_round(), 0);
}

}  // namespace
}  // namespace asterism::actors::consensus
