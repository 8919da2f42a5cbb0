// The acceptance list of reference/prover-coordination.md, as far as version 1 goes; the number of each situation is in
// the name.
#include <gtest/gtest.h>

#include "core/chain/transaction_hash.hpp"
#include "tests/actors/prover/world.hpp"

namespace asterism::actors::test {
namespace {

void expect_chain_covered(const World& world) {
  // Every decided block up to the tail is in exactly one span that has no halves.
  std::map<std::uint64_t, int> count;
  for (const auto& [id, span] : world.spans()) {
    ASSERT_LT(span.start, span.end);
    if (span.span_state() == SpanState::kSplit) continue;
    for (std::uint64_t h = span.start + 1; h <= span.end; ++h) ++count[h];
  }
  for (std::uint64_t h = 1; h <= world.coordinator_->tail_start(); ++h) EXPECT_EQ(count[h], 1) << "block " << h;
}

TEST(Coordinator, ProvesAndSettlesWithTwoWorkers) {
  World world(1);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 12; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 12; }, Millis(60'000)));
  for (const auto& [id, span] : world.spans()) {
    EXPECT_EQ(span.span_state(), SpanState::kComplete);
    EXPECT_EQ(span.attestations.size(), 2u);
    EXPECT_NE(span.attestations[0].attester, span.attestations[1].attester);
  }
  EXPECT_EQ(world.proofs_started, 6u);
  expect_chain_covered(world);
}

TEST(Coordinator, IdleChainSettlesItsTail) {
  World world(2);
  world.add_worker();
  world.add_worker();
  world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 1; }, Millis(30'000)));
}

TEST(Coordinator, OneWorkerIsNotEnoughAndTheShellSaysSo) {
  World world(3);
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  world.run(Millis(30'000));
  EXPECT_EQ(world.settled(), 0u);
  EXPECT_NE(world.inquire("span", {"1"}).find("needs weight 2, connected workers have 1"), std::string::npos);
  world.add_worker();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }, Millis(30'000)));
}

TEST(Coordinator, Situation1And11KilledWorkerIsReassignedAfterItsLease) {
  World world(4);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 2; }));
  world.kill_worker(0);
  world.add_worker();
  const Millis killed = world.now().monotonic;
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_LE(world.now().monotonic - killed, world.options_.lease + Millis(5'000));
}

TEST(Coordinator, Situation2LateResultOfASilentWorkerCountsOnce) {
  World world(5);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 2; }));
  world.link(0, false);  // as SIGSTOP: nothing arrives in either direction
  world.run(world.options_.lease + Millis(1'000));
  world.link(0, true);
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_EQ(world.spans().at(1).attestations.size(), 2u);
}

TEST(Coordinator, Situation3And4CompletionsCountOnceAndFailureAfterSuccessChangesNothing) {
  World world(6);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  const SpanRecord before = world.spans().at(1);
  for (int i = 0; i < 100; ++i) {
    const Attestation& a = before.attestations[0];
    world.to_coordinator({PeerKind::kWorker, a.worker, {}}, messages::SpanDone{.epoch = 0,
                                                                               .span = 1,
                                                                               .attempt = 1,
                                                                               .header = a.header,
                                                                               .signature = a.signature,
                                                                               .cpu_ms = 0,
                                                                               .peak_bytes = 0});
    world.to_coordinator({PeerKind::kWorker, a.worker, {}},
                         messages::SpanFailed{.epoch = 0, .span = 1, .attempt = 1, .cause = 1, .text = "late"});
  }
  EXPECT_EQ(world.spans().at(1).attestations.size(), 2u);
  EXPECT_EQ(world.spans().at(1).span_state(), SpanState::kComplete);
  EXPECT_EQ(world.settled(), 4u);
}

TEST(Coordinator, Situation5RunningWorkIsReattachedNotProvenAgain) {
  World world(7);
  world.proof_time = Millis(5'000);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 2; }));
  world.kill_coordinator();
  world.run(Millis(1'000));
  world.start_coordinator();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_EQ(world.proofs_started, 2u);
}

TEST(Coordinator, ResultFoundWhileTheCoordinatorWasAwayIsNotLost) {
  World world(8);
  world.proof_time = Millis(3'000);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 2; }));
  world.kill_coordinator();
  world.run(Millis(6'000));  // the children finish meanwhile
  world.start_coordinator();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_EQ(world.proofs_started, 2u);
}

TEST(Coordinator, AWitnessThatIsTooLargeForAnyMessageIsSplitAndOneBlockIsSetAside) {
  World world(9);
  world.add_worker();
  world.add_worker();
  world.witness_limit = 1'500;
  for (int i = 0; i < 4; ++i) world.add_block({.transactions = 1, .bytes = i == 2 ? 2'000U : 700U});
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 2; }));
  EXPECT_TRUE(world.run_until([&] { return world.alarm("span-quarantined"); }));
  const auto& whole = world.spans().at(1);
  EXPECT_EQ(whole.span_state(), SpanState::kSplit);
  ASSERT_EQ(whole.failures.size(), 1U);
  EXPECT_EQ(whole.failures[0].cause, static_cast<std::uint8_t>(messages::FailureCause::kTooLarge));
  const auto block3 = std::ranges::find_if(
      world.spans(), [](const auto& span) { return span.second.start == 2 && span.second.end == 3; });
  ASSERT_NE(block3, world.spans().end());
  EXPECT_EQ(block3->second.span_state(), SpanState::kQuarantined);
  world.witness_limit = 10'000;
  world.inquire("retry", {std::to_string(block3->first)});
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_FALSE(world.alarm("span-quarantined"));
}

TEST(Coordinator, SettlementStopsBeforeASpanWhoseMessageL1HasLost) {
  World world(10);
  world.add_worker();
  world.add_worker();
  const core::L1ToL2Message message{{}, core::Felt(1), core::Felt(2), core::Felt(3), {core::Felt(4)}};
  world.messages_of[6] = message;
  world.lost_messages = {core::l1_to_l2_message_hash(message)};
  for (int i = 0; i < 12; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  world.run(Millis(60'000));
  EXPECT_EQ(world.settled(), 4U);
  EXPECT_NE(world.inquire("span", {"2"}).find("lost a message"), std::string::npos);
  world.lost_messages.clear();
  world.send_view();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 12; }));
}

// A parent that was proven late settles its blocks; the halves that are still open ask for nothing more.
TEST(Coordinator, WhatIsFinalizedIsNotProvenAgain) {
  World world(11);
  for (int i = 0; i < 4; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return !world.spans().empty(); }));
  world.finalized = 4;
  world.send_view();
  world.add_worker();
  world.add_worker();
  world.run(Millis(300'000));
  EXPECT_EQ(world.proofs_started, 0U);
  EXPECT_FALSE(world.alarm("proving-stalled"));
}

TEST(Coordinator, Situation5CrashAtEveryPersistRecovers) {
  for (std::uint64_t point = 1; point <= 18; ++point) {
    World world(100 + point);
    world.crash_at_persist = point;
    // A join or invitation that the crash swallowed is made again, as a person would.
    const auto alive = [&] { return world.run_until([&] { return world.coordinator_ != nullptr; }); };
    const auto admitted = [&](std::size_t i) { return world.workers_[i].linked; };
    world.add_worker();
    ASSERT_TRUE(alive());
    world.add_worker();
    for (std::size_t i = 0; i < 2; ++i) {
      while (!admitted(i)) {
        ASSERT_TRUE(alive());
        world.inquire("worker invite", {core::to_hex(word_of(3000 + i)), "99999999999"});
        world.to_coordinator({PeerKind::kJoiner, world.workers_[i].key, {}},
                             messages::Join{.token_key = word_of(3000 + i),
                                            .proof = {},
                                            .attester = world.workers_[i].attester->address(),
                                            .name = "w" + std::to_string(i)});
        world.run(Millis(1'000));
      }
    }
    for (int i = 0; i < 8; ++i) world.add_block();
    EXPECT_TRUE(world.run_until([&] { return world.settled() == 8; })) << "crash at persist " << point;
    ASSERT_GE(world.persists, point) << "the crash did not happen";
    expect_chain_covered(world);
  }
}

TEST(Coordinator, Situation10And12ATooLargeSpanIsSplitUntilItFits) {
  World world(9);
  world.add_worker(2);  // children with room for two blocks
  world.add_worker(2);
  for (int i = 0; i < 4; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_EQ(world.spans().at(1).span_state(), SpanState::kSplit);
  expect_chain_covered(world);
}

TEST(Coordinator, AnnouncedCapacitySplitsBeforeAnythingIsProven) {
  World world(10);
  world.add_worker(1'000'000, 2);
  world.add_worker(1'000'000, 2);
  for (int i = 0; i < 4; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_EQ(world.proofs_started, 4u);  // two halves, two attesters each
}

TEST(Coordinator, Situation10ABlockNobodyTakesIsQuarantinedWhileTheRestGoesOnAndRetriedByLargerWorkers) {
  World world(11);
  world.add_worker(2);
  world.add_worker(2);
  for (int i = 0; i < 8; ++i)
    world.add_block({.transactions = 1, .bytes = 100, .poison = false, .memory = i == 2 ? 50u : 1u});
  EXPECT_TRUE(world.run_until([&] { return world.alarm("span-quarantined"); }));
  EXPECT_TRUE(world.run_until(
      [&] { return std::ranges::count_if(world.spans(), [](const auto& s) { return s.second.is_open(); }) == 0; }));
  EXPECT_EQ(world.settled(), 2u);  // safe stays before it; what lies behind is proven
  expect_chain_covered(world);
  world.add_worker(100);
  world.add_worker(100);
  std::uint64_t quarantined = 0;
  for (const auto& [id, span] : world.spans()) {
    if (span.span_state() == SpanState::kQuarantined) quarantined = id;
  }
  world.run(Millis(5'000));
  EXPECT_NE(world.inquire("retry", {std::to_string(quarantined)}).find("ok"), std::string::npos);
  EXPECT_FALSE(world.alarm("span-quarantined"));
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 8; }));
}

TEST(Coordinator, Situation10And11APoisonBlockIsIsolatedWithBoundedDeaths) {
  World world(12);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block({.transactions = 1, .bytes = 100, .poison = i == 1, .memory = 1});
  EXPECT_TRUE(world.run_until([&] { return world.alarm("span-quarantined"); }));
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 1; }));
  std::size_t failures = 0;
  for (const auto& [id, span] : world.spans()) failures += span.failures.size();
  EXPECT_LE(failures, 3u * (world.options_.max_strikes + 1));  // ceil(log2 4) levels and the block itself
}

TEST(Coordinator, Situation13SplitCoversExactlyAndNoHalfIsEmpty) {
  for (std::uint64_t n = 2; n <= 1000; ++n) {
    const std::uint64_t middle = split_point(7, 7 + n);
    EXPECT_LT(7u, middle);
    EXPECT_LT(middle, 7 + n);
    EXPECT_LE(std::max(middle - 7, 7 + n - middle) - std::min(middle - 7, 7 + n - middle), 1u);
  }
}

TEST(Coordinator, Situation15AWorkerThatLiesIsDistrustedAndItsHeaderIsEvidence) {
  World world(13);
  world.add_worker();
  world.add_worker();
  world.workers_[0].lies = true;
  for (int i = 0; i < 4; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.alarm("span-conflict"); }));
  EXPECT_TRUE(world.alarm("worker-distrusted"));
  world.add_worker();
  world.run(Millis(30'000));
  EXPECT_EQ(world.settled(), 0u);  // held until a person decides
  EXPECT_NE(world.inquire("span", {"1"}).find("attesters disagree"), std::string::npos);
  EXPECT_NE(world.inquire("resolve", {"1", "--drop", "0x" + world.workers_[0].attester->address().hex()}).find("ok"),
            std::string::npos);
  EXPECT_FALSE(world.alarm("span-conflict"));
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
}

TEST(Coordinator, Situation15ASignatureOfAnotherKeyIsRefused) {
  World world(14);
  world.proof_time = Millis(60'000);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 2; }));
  const core::SpanHeader header = world.header(0, 4);
  const auto forged = world.workers_[1].attester->sign(core::attestation_digest(world.options_.domain, header));
  world.to_coordinator(
      {PeerKind::kWorker, world.workers_[0].key, {}},
      messages::SpanDone{
          .epoch = 0, .span = 1, .attempt = 1, .header = header, .signature = forged, .cpu_ms = 0, .peak_bytes = 0});
  EXPECT_TRUE(world.alarm("worker-distrusted"));
  EXPECT_TRUE(world.spans().at(1).attestations.empty());
}

TEST(Coordinator, Situation16AnotherSpansHeaderIsNoProof) {
  World world(15);
  world.proof_time = Millis(60'000);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 8; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 2; }));
  const core::SpanHeader other = world.header(4, 8);
  const auto signature = world.workers_[0].attester->sign(core::attestation_digest(world.options_.domain, other));
  world.to_coordinator(
      {PeerKind::kWorker, world.workers_[0].key, {}},
      messages::SpanDone{
          .epoch = 0, .span = 1, .attempt = 1, .header = other, .signature = signature, .cpu_ms = 0, .peak_bytes = 0});
  EXPECT_TRUE(world.spans().at(1).attestations.empty());
  EXPECT_TRUE(world.alarm("span-conflict"));
}

TEST(Coordinator, Situation20ADrainedWorkerFinishesAndLeaves) {
  World world(16);
  world.proof_time = Millis(3'000);
  world.add_worker();
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 2; }));
  const std::uint64_t busy = world.spans().at(1).assignments[0].worker == world.workers_[0].key ? 0 : 1;
  world.inquire("worker drain", {"w" + std::to_string(busy)});
  world.run(Millis(500));
  EXPECT_FALSE(world.workers_[busy].left);
  EXPECT_TRUE(world.run_until([&] { return world.workers_[busy].left; }));
  for (int i = 0; i < 8; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 12; }));
  EXPECT_EQ(world.spans().at(1).attestations.size(), 2u);
}

TEST(Coordinator, RemovingAWorkerThatIsNeededWantsForce) {
  World world(17);
  world.add_worker();
  world.add_worker();
  world.run(Millis(5'000));
  EXPECT_NE(world.inquire("worker remove", {"w0"}).find("--force"), std::string::npos);
  EXPECT_NE(world.inquire("worker remove", {"w0", "--force"}).find("removed"), std::string::npos);
}

TEST(Coordinator, TokensAreUsedOnceAndExpire) {
  World world(18);
  const std::size_t first = world.add_worker();
  const messages::Join again{
      .token_key = word_of(3000), .proof = {}, .attester = world.workers_[first].attester->address(), .name = "w0"};
  const auto reply = [&](const core::LinkKey& key, const messages::Join& join) {
    Effects effects;
    world.coordinator_->receive({{PeerKind::kJoiner, key, {}}, messages::make_message(join)}, world.now(), effects);
    for (const Effect& effect : effects.all()) {
      if (const auto* send = std::get_if<Send>(&effect)) {
        if (const auto* answer = std::get_if<messages::JoinReply>(send->message.get())) return *answer;
      }
    }
    return messages::JoinReply{};
  };
  EXPECT_TRUE(reply(world.workers_[first].key, again).admitted);  // the same key gets the same answer
  core::LinkKey thief;
  thief.bytes = word_of(77);
  EXPECT_NE(reply(thief, again).text.find("already used"), std::string::npos);
  messages::Join unknown = again;
  unknown.token_key = word_of(1);
  EXPECT_FALSE(reply(thief, unknown).admitted);
  EXPECT_NE(world.inquire("worker invite", {core::to_hex(word_of(5)), "1"}).find("error"), std::string::npos);
}

TEST(Coordinator, Situation23ClockJumpsChangeNothing) {
  World world(19);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 2; }));
  Effects effects;
  Now jumped = world.now();
  jumped.unix_ms += 3'600'000;
  world.coordinator_->expire(1, jumped, effects);
  EXPECT_EQ(world.spans().at(1).assignments.size(), 2u);
}

TEST(Coordinator, Situation24AStallRaisesAnAlarmThatEndsByItself) {
  World world(20);
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  world.run(world.options_.idle_alarm + Millis(2'000));
  EXPECT_TRUE(world.alarm("proving-stalled"));
  world.add_worker();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  world.run(Millis(1'000));
  EXPECT_FALSE(world.alarm("proving-stalled"));
}

TEST(Coordinator, PausedSettlementHoldsAndResumes) {
  World world(21);
  world.add_worker();
  world.add_worker();
  world.inquire("settlement pause");
  for (int i = 0; i < 4; ++i) world.add_block();
  world.run(Millis(20'000));
  EXPECT_EQ(world.settled(), 0u);
  EXPECT_NE(world.inquire("span", {"1"}).find("settlement is paused"), std::string::npos);
  world.kill_coordinator();
  world.start_coordinator();  // the pause survives
  world.run(Millis(5'000));
  EXPECT_EQ(world.settled(), 0u);
  world.inquire("settlement resume");
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
}

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
