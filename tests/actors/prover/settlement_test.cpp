// From proven spans to L1. Situation N: of the acceptance list in reference/prover-coordination.md.
#include <gtest/gtest.h>

#include "core/chain/transaction_hash.hpp"
#include "tests/actors/prover/world.hpp"

namespace asterism::actors::test {
namespace {

TEST(Settlement, ProvesAndSettlesWithTwoWorkers) {
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

TEST(Settlement, OneWorkerIsNotEnoughAndTheShellSaysSo) {
  World world(3);
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  world.run(Millis(30'000));
  EXPECT_EQ(world.settled(), 0u);
  EXPECT_NE(world.inquire("span", {"1"}).find("needs weight 2, connected workers have 1"), std::string::npos);
  world.add_worker();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }, Millis(30'000)));
}

TEST(Settlement, SettlementStopsBeforeASpanWhoseMessageL1HasLost) {
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
TEST(Settlement, WhatIsFinalizedIsNotProvenAgain) {
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

TEST(Settlement, PausedSettlementHoldsAndResumes) {
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

TEST(Settlement, Situation18AParentAndItsHalvesThatAreAllProvenSettleOnce) {
  World world(44);
  world.proof_time = Millis(60'000);
  world.add_worker();
  world.add_worker();
  world.inquire("settlement pause");
  for (int i = 0; i < 4; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 2; }));
  world.proof_time = Millis(800);
  ASSERT_NE(world.inquire("split", {"1"}).find("ok"), std::string::npos);
  for (const std::size_t worker : {0, 1}) world.deliver_result(worker, 1, world.header(0, 4));
  EXPECT_EQ(world.spans().at(1).attestations.size(), 2u);
  EXPECT_EQ(world.spans().at(1).span_state(), SpanState::kSplit);
  ASSERT_TRUE(world.run_until([&] {
    return world.spans().at(2).span_state() == SpanState::kComplete &&
           world.spans().at(3).span_state() == SpanState::kComplete;
  }));
  world.inquire("settlement resume");
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_EQ(world.settlements, 1u);
  for (int i = 0; i < 4; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 8; })) << "and what follows finds its start";
}

TEST(Settlement, Situation19NothingIsSubmittedBeforeItIsContiguousFromTheHead) {
  World world(45);
  world.proof_time_of[1] = Millis(20'000);  // the first span
  for (int i = 0; i < 4; ++i) world.add_worker();
  for (int i = 0; i < 8; ++i) world.add_block();
  ASSERT_TRUE(world.run_until(
      [&] { return world.spans().contains(2) && world.spans().at(2).span_state() == SpanState::kComplete; }));
  world.run(Millis(5'000));
  EXPECT_EQ(world.settled(), 0u);
  EXPECT_NE(world.inquire("span", {"2"}).find("an earlier span is not settled yet"), std::string::npos);
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 8; }));
  EXPECT_EQ(world.settlements, 1u) << "both in one submission";
}

}  // namespace
}  // namespace asterism::actors::test
