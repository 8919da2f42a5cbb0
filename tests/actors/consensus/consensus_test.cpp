// The machine through its messages: what is persisted before what is sent, replay, evidence, catching up, idle heights.
#include "actors/consensus/consensus.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "actors/consensus/timers.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/consensus/electorate.hpp"
#include "tests/actors/machine_probe.hpp"

namespace asterism::actors::consensus {
namespace {

using core::BlockNumber;
using core::Round;
using core::ValidatorIndex;
using core::VoteType;
using test::sent;

const core::Word kGenesisHash = value_of(0x99);

// Validator 0 of four; the proposer of height 1, round 0 is validator 1.
class ConsensusTest : public testing::Test {
 protected:
  void boot(bool empty_blocks = true) {
    settings_.empty_blocks = empty_blocks;
    machine_.emplace(ConsensusContext{.genesis = genesis_,
                                      .genesis_hash = kGenesisHash,
                                      .self = ValidatorIndex(0),
                                      .signatures = signatures_,
                                      .store = store_,
                                      .committed = committed_,
                                      .settings = settings_});
    run([&](Effects& effects) { machine_->start(now_, effects); });
  }
  template <class Step>
  Effects& run(Step step) {
    last_ = Effects{};
    step(last_);
    bool synced = true;
    for (const auto& effect : last_.all()) {
      if (const auto* persist = std::get_if<Persist>(&effect)) {
        synced = persist->sync == Sync::kYes;
        EXPECT_TRUE(store_.write(persist->batch, synced));
      } else if (const auto* send = std::get_if<Send>(&effect)) {
        const auto* proposed = std::get_if<messages::Proposal>(send->message.get());
        const bool own = std::holds_alternative<messages::VoteMessage>(*send->message) ||
                         (proposed != nullptr && proposed->header.validator == ValidatorIndex(0));
        EXPECT_TRUE(!own || (synced && store_.unsynced() == 0)) << "an own message left before it was durable";
      }
    }
    return last_;
  }
  template <class Message>
  Effects& from(std::uint16_t validator, Message message) {
    return run([&](Effects& effects) {
      machine_->receive({{.kind = PeerKind::kValidator, .process = {}, .validator = ValidatorIndex(validator)},
                         messages::make_message(std::move(message))},
                        now_, effects);
    });
  }
  template <class Message>
  Effects& from_own(Message message) {
    return run([&](Effects& effects) {
      machine_->receive({{.kind = PeerKind::kSelf, .process = {}, .validator = ValidatorIndex(0)},
                         messages::make_message(std::move(message))},
                        now_, effects);
    });
  }
  Effects& vote(std::uint16_t validator, VoteType type, const core::ValueId& value, std::uint32_t round = 0,
                std::uint64_t height = 1) {
    return from(validator,
                messages::VoteMessage{signed_vote(kGenesisHash, vote_of(validator, type, round, value, height))});
  }
  messages::Proposal proposal(const core::ValueId& value, std::uint16_t proposer = 1, std::uint64_t height = 1) const {
    messages::Proposal out;
    out.header =
        signed_proposal(kGenesisHash, {BlockNumber(height), Round(0), kNoRound, value, ValidatorIndex(proposer), {}});
    out.block.header.number = BlockNumber(height);
    return out;
  }
  Effects& judge(const core::ValueId& value, bool fresh, bool valid = true) {
    return from_own(messages::BlockChecked{1, value, fresh, valid, ""});
  }
  void wait(Millis time) {
    now_.monotonic += time;
    run([&](Effects& effects) { machine_->expire(kTickTimer, now_, effects); });
  }
  core::DecidedBlock decided(std::uint64_t height, const core::ValueId& value,
                             std::vector<std::uint16_t> signers) const {
    core::DecidedBlock out;
    out.block.header.number = BlockNumber(height);
    out.certificate = {BlockNumber(height), Round(0), value, {}};
    for (const auto signer : signers) {
      const auto one = signed_vote(kGenesisHash, vote_of(signer, VoteType::kPrecommit, 0, value, height));
      out.certificate.signatures.push_back({ValidatorIndex(signer), one.signature});
    }
    return out;
  }
  std::string inquire(const std::string& what) {
    Effects effects;
    return machine_->inquire({what, {}}, now_, effects);
  }

  core::Genesis genesis_ = genesis_of({1, 1, 1, 1});
  Ed25519Signatures signatures_{secret_of(0)};
  storage::MemoryStore store_;
  ConsensusSettings settings_;
  BlockNumber committed_{0};
  Now now_{Millis(1'000'000), 1'700'000'000'000};
  std::optional<Consensus> machine_;
  Effects last_;
};

TEST_F(ConsensusTest, DecidesAndCommitsWithACertificate) {
  boot();
  const auto checks = sent<messages::CheckBlock>(from(1, proposal(kA)));
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_TRUE(checks[0].judge_freshness);
  EXPECT_EQ(sent<messages::VoteMessage>(judge(kA, true)).size(), 1U);
  vote(1, VoteType::kPrevote, kA);
  EXPECT_EQ(sent<messages::VoteMessage>(vote(2, VoteType::kPrevote, kA)).size(), 1U);
  vote(1, VoteType::kPrecommit, kA);
  const auto commits = sent<messages::CommitBlock>(vote(2, VoteType::kPrecommit, kA));
  ASSERT_EQ(commits.size(), 1U);
  EXPECT_EQ(core::verify_certificate(genesis_, kGenesisHash, commits[0].decided.certificate), std::nullopt);
  EXPECT_EQ(machine_->height(), BlockNumber(1));  // until the commit is durable
  EXPECT_EQ(machine_->certified(), BlockNumber(1));
  from_own(messages::BlockCommitted{.height = 1, .hash = kA});
  EXPECT_EQ(machine_->height(), BlockNumber(2));
  EXPECT_FALSE(read_vote_log(store_, BlockNumber(1)).damaged);
  EXPECT_TRUE(read_vote_log(store_, BlockNumber(1)).records.empty());
}

TEST_F(ConsensusTest, ReplayGivesTheSameStateAndTheSameBytes) {
  boot();
  from(1, proposal(kA));
  const auto first = sent<messages::VoteMessage>(judge(kA, true));
  vote(1, VoteType::kPrevote, kA);
  vote(2, VoteType::kPrevote, kA);
  const auto before = inquire("consensus");
  store_.crash(0);
  boot();
  EXPECT_EQ(inquire("consensus"), before);
  EXPECT_TRUE(sent<messages::VoteMessage>(last_).empty());
  wait(Millis(1000));
  bool found = false;
  for (const auto& set : sent<messages::VoteSet>(last_)) {
    for (const auto& one : set.votes) found = found || one == first[0].vote;
  }
  EXPECT_TRUE(found) << "the same vote, signature included, is sent again";
}

TEST_F(ConsensusTest, OpenQuestionsAreAskedAgainAfterARestart) {
  boot();
  from(1, proposal(kA));
  store_.crash(store_.unsynced());
  boot();
  EXPECT_EQ(sent<messages::CheckBlock>(last_).size(), 1U);
  EXPECT_TRUE(machine_->current().started());
}

TEST_F(ConsensusTest, ACrashBetweenDecisionAndCommitIsMadeUpFromTheLog) {
  boot();
  from(1, proposal(kA));
  judge(kA, true);
  for (const auto peer : std::initializer_list<std::uint16_t>{1, 2}) vote(peer, VoteType::kPrevote, kA);
  for (const auto peer : std::initializer_list<std::uint16_t>{1, 2}) vote(peer, VoteType::kPrecommit, kA);
  store_.crash(store_.unsynced());
  boot();
  EXPECT_EQ(sent<messages::CommitBlock>(last_).size(), 1U);
}

TEST_F(ConsensusTest, ADamagedLogSilencesTheHeight) {
  boot();
  from(1, proposal(kA));
  judge(kA, true);
  storage::WriteBatch flip;
  const auto last = *store_.last("v/");
  auto value = last.second;
  value.back() = static_cast<char>(value.back() ^ 1);
  flip.put(last.first, value);
  ASSERT_TRUE(store_.write(flip, true));
  for (int restart = 0; restart < 2; ++restart) {
    boot();
    EXPECT_TRUE(machine_->current().silent());
    for (const auto peer : std::initializer_list<std::uint16_t>{1, 2, 3}) {
      EXPECT_TRUE(sent<messages::VoteMessage>(vote(peer, VoteType::kPrevote, kA)).empty());
    }
  }
  from_own(messages::BlockCommitted{.height = 1, .hash = kA});
  EXPECT_FALSE(machine_->current().silent());
  EXPECT_EQ(last_logged_height(store_), BlockNumber(2));
}

TEST_F(ConsensusTest, ALogAheadOfTheChainHalts) {
  committed_ = BlockNumber(4);
  boot();
  vote(1, VoteType::kPrevote, kA, 0, 5);
  committed_ = BlockNumber(3);
  boot();
  EXPECT_TRUE(std::ranges::any_of(last_.all(), [](const Effect& e) { return std::holds_alternative<Halt>(e); }));
}

TEST_F(ConsensusTest, ASecondSignatureOfOurKeyHalts) {
  boot();
  from(1, proposal(kA));
  judge(kA, true);
  vote(0, VoteType::kPrevote, kB);
  EXPECT_TRUE(std::ranges::any_of(last_.all(), [](const Effect& e) { return std::holds_alternative<Halt>(e); }));
}

TEST_F(ConsensusTest, ForgedUnknownAndForeignVotesAreNotCounted) {
  boot();
  auto forged = signed_vote(kGenesisHash, vote_of(1, VoteType::kPrevote, 0, kA));
  forged.signature[3] ^= 1;
  from(1, messages::VoteMessage{forged});
  from(1, messages::VoteMessage{signed_vote(value_of(0x98), vote_of(1, VoteType::kPrevote, 0, kA))});  // wrong chain
  from(2, messages::VoteMessage{signed_vote(kGenesisHash, vote_of(9, VoteType::kPrevote, 0, kA))});    // nobody
  EXPECT_TRUE(machine_->current().core().votes().votes(Round(0), VoteType::kPrevote).empty());
}

TEST_F(ConsensusTest, EvidenceSurvivesARestart) {
  boot();
  vote(3, VoteType::kPrevote, kA);
  vote(3, VoteType::kPrevote, kB);
  auto other = proposal(kB);
  from(1, proposal(kA));
  from(1, other);
  store_.crash(0);
  boot();
  const auto evidence = nlohmann::json::parse(inquire("evidence"));
  ASSERT_EQ(evidence.size(), 2U);
  EXPECT_EQ(evidence[0]["name"], "v1");
  EXPECT_EQ(evidence[0]["type"], "proposal");
  EXPECT_EQ(evidence[1]["name"], "v3");
  EXPECT_EQ(evidence[1]["type"], "prevote");
}

TEST_F(ConsensusTest, WithoutEmptyBlocksAHeightWaitsForWorkHereOrElsewhere) {
  boot(false);
  EXPECT_FALSE(machine_->current().started());
  from_own(messages::WorkPending{true});
  EXPECT_TRUE(machine_->current().started());
  store_ = {};
  boot(false);
  from(2, messages::ConsensusStatus{.height = 1, .round = 0, .step = 0});
  EXPECT_FALSE(machine_->current().started());
  from(2, messages::ConsensusStatus{.height = 1, .round = 0, .step = 1});
  EXPECT_TRUE(machine_->current().started());
  store_ = {};
  boot(false);
  vote(2, VoteType::kPrevote, core::kNil);
  EXPECT_TRUE(machine_->current().started());
}

TEST_F(ConsensusTest, VotesForTheNextHeightAreKeptWithinBounds) {
  boot();
  for (std::uint32_t round = 0; round < 100; ++round) vote(2, VoteType::kPrevote, kA, round, 2);
  vote(1, VoteType::kPrevote, kA, 0, 2);
  from_own(messages::BlockCommitted{.height = 1, .hash = kA});
  EXPECT_EQ(machine_->current().core().votes().votes(Round(0), VoteType::kPrevote).size(), 2U);
}

TEST_F(ConsensusTest, CatchesUpByCertificatesAndDropsAForger) {
  boot();
  for (const auto peer : std::initializer_list<std::uint16_t>{1, 2})
    from(peer, messages::ConsensusStatus{.height = 3, .round = 0, .step = 1});
  // One of them has been asked: it answers with too few signatures.
  const auto first = machine_->height();
  from(1, messages::CatchUpReply{{decided(1, kA, {1, 2})}});
  auto requests = sent<messages::CatchUpRequest>(last_);
  ASSERT_EQ(requests.size(), 1U) << "another one is asked at once";
  EXPECT_TRUE(sent<messages::CheckBlock>(last_).empty());
  EXPECT_EQ(machine_->height(), first);
  EXPECT_EQ(machine_->certified(), BlockNumber(0)) << "a forged certificate is none";
  from(2, messages::CatchUpReply{{decided(1, kA, {1, 2, 3}), decided(2, kB, {0, 1, 2})}});
  EXPECT_EQ(machine_->certified(), BlockNumber(2)) << "known before they are executed";
  ASSERT_EQ(sent<messages::CheckBlock>(last_).size(), 1U);
  ASSERT_EQ(sent<messages::CommitBlock>(judge(kA, false)).size(), 1U);
  from_own(messages::BlockCommitted{.height = 1, .hash = kA});
  EXPECT_EQ(machine_->height(), BlockNumber(2));
  EXPECT_EQ(sent<messages::CheckBlock>(last_).size(), 1U);
}

TEST_F(ConsensusTest, ACaughtUpBlockThatTheSequencerRefusesIsAskedOfAnother) {
  boot();
  for (const auto peer : std::initializer_list<std::uint16_t>{1, 2})
    from(peer, messages::ConsensusStatus{.height = 3, .round = 0, .step = 1});
  from(1, messages::CatchUpReply{{decided(1, kA, {1, 2, 3})}});
  EXPECT_TRUE(sent<messages::CommitBlock>(judge(kA, false, false)).empty());
  wait(Millis(3000));
  std::vector<std::uint16_t> asked;
  for (const auto& effect : last_.all()) {
    const auto* send = std::get_if<Send>(&effect);
    if (send == nullptr || !std::holds_alternative<messages::CatchUpRequest>(*send->message)) continue;
    asked.push_back(std::get<ToValidator>(send->to).index.value);
  }
  EXPECT_EQ(asked, (std::vector<std::uint16_t>{2}));
}

// A peer that no longer has the block (or never had) costs one question, and is no forger.
TEST_F(ConsensusTest, APeerWithoutTheBlockIsPassedOver) {
  boot();
  for (const auto peer : std::initializer_list<std::uint16_t>{1, 2})
    from(peer, messages::ConsensusStatus{.height = 3, .round = 0, .step = 1});
  const auto asked = [&] {
    std::vector<std::uint16_t> out;
    for (const auto& effect : last_.all()) {
      const auto* send = std::get_if<Send>(&effect);
      if (send != nullptr && std::holds_alternative<messages::CatchUpRequest>(*send->message))
        out.push_back(std::get<ToValidator>(send->to).index.value);
    }
    return out;
  };
  from(1, messages::CatchUpReply{{}});
  EXPECT_EQ(asked(), (std::vector<std::uint16_t>{2}));
  from(2, messages::CatchUpReply{{decided(1, kA, {1, 2, 3})}});
  EXPECT_EQ(sent<messages::CheckBlock>(last_).size(), 1U);
  from(1, messages::ConsensusStatus{.height = 5, .round = 0, .step = 1});
  ASSERT_EQ(sent<messages::CommitBlock>(judge(kA, false)).size(), 1U);
  from_own(messages::BlockCommitted{.height = 1, .hash = kA});
  wait(Millis(1'000));
  EXPECT_FALSE(asked().empty()) << "it may be asked again at once";
}

TEST_F(ConsensusTest, ALaggardGetsWhatTheHeightEndedWith) {
  boot();
  from(1, proposal(kA));
  judge(kA, true);
  for (const auto peer : std::initializer_list<std::uint16_t>{1, 2}) vote(peer, VoteType::kPrevote, kA);
  for (const auto peer : std::initializer_list<std::uint16_t>{1, 2}) vote(peer, VoteType::kPrecommit, kA);
  from_own(messages::BlockCommitted{.height = 1, .hash = kA});
  const auto sets = sent<messages::VoteSet>(vote(3, VoteType::kPrevote, core::kNil));
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(sets[0].votes.size(), 3U);
  EXPECT_TRUE(sent<messages::VoteSet>(vote(3, VoteType::kPrecommit, core::kNil)).empty());
  now_.monotonic += Millis(1000);
  EXPECT_EQ(sent<messages::Proposal>(vote(3, VoteType::kPrecommit, core::kNil)).size(), 1U);
}

TEST_F(ConsensusTest, TheFirstProposersTimeoutCoversItsWaitForTransactions) {
  settings_.empty_block_interval = Millis(700);
  committed_ = BlockNumber(3);  // height 4 is ours
  boot();
  const auto builds = sent<messages::BuildBlock>(last_);
  ASSERT_EQ(builds.size(), 1U);
  EXPECT_EQ(builds[0].wait_ms, 700U);
  const auto id = timer_of(BlockNumber(4), {Step::kPropose, Round(0)});
  const auto timer = std::ranges::find_if(last_.all(), [&](const Effect& effect) {
    const auto* start = std::get_if<StartTimer>(&effect);
    return start != nullptr && start->id == id;
  });
  ASSERT_NE(timer, last_.all().end());
  EXPECT_EQ(std::get<StartTimer>(*timer).after, settings_.propose + Millis(700));
  messages::BlockBuilt built{.height = 4, .round = 0, .hash = kC, .block = {}};
  built.block.header.number = BlockNumber(4);
  EXPECT_EQ(sent<messages::Proposal>(from_own(built)).size(), 1U);
  EXPECT_EQ(sent<messages::VoteMessage>(last_).size(), 1U);
}

}  // namespace
}  // namespace asterism::actors::consensus
