// Where spans begin and end, what is split and what is set aside. Situation N: of the acceptance list in
// reference/prover-coordination.md.
#include <gtest/gtest.h>

#include "tests/actors/prover/world.hpp"

namespace asterism::actors::test {
namespace {

TEST(Spans, IdleChainSettlesItsTail) {
  World world(2);
  world.add_worker();
  world.add_worker();
  world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 1; }, Millis(30'000)));
}

TEST(Spans, AWitnessThatIsTooLargeForAnyMessageIsSplitAndOneBlockIsSetAside) {
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

TEST(Spans, Situation10And12ATooLargeSpanIsSplitUntilItFits) {
  World world(9);
  world.add_worker(2);  // children with room for two blocks
  world.add_worker(2);
  for (int i = 0; i < 4; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_EQ(world.spans().at(1).span_state(), SpanState::kSplit);
  expect_chain_covered(world);
}

TEST(Spans, AnnouncedCapacitySplitsBeforeAnythingIsProven) {
  World world(10);
  world.add_worker(1'000'000, 2);
  world.add_worker(1'000'000, 2);
  for (int i = 0; i < 4; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_EQ(world.proofs_started, 4u);  // two halves, two attesters each
}

TEST(Spans, Situation10ABlockNobodyTakesIsQuarantinedWhileTheRestGoesOnAndRetriedByLargerWorkers) {
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

TEST(Spans, Situation10And11APoisonBlockIsIsolatedWithBoundedDeaths) {
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

TEST(Spans, Situation13SplitCoversExactlyAndNoHalfIsEmpty) {
  for (std::uint64_t n = 2; n <= 1000; ++n) {
    const std::uint64_t middle = split_point(7, 7 + n);
    EXPECT_LT(7u, middle);
    EXPECT_LT(middle, 7 + n);
    EXPECT_LE(std::max(middle - 7, 7 + n - middle) - std::min(middle - 7, 7 + n - middle), 1u);
  }
}

TEST(Spans, Situation22AHundredThousandQueuedSpansHoldFewWitnessesAndAShortList) {
  World world(43, {.block_transactions = 100,
                   .block_bytes = 1 << 20,
                   .span_blocks = 1,
                   .span_transactions = 1000,
                   .span_seconds = 5});
  world.add_unheard_blocks(100'000);
  ASSERT_TRUE(world.run_until([&] { return world.spans().size() == 100'000; }));
  world.add_worker();
  world.add_worker();
  EXPECT_TRUE(world.run_until([&] { return world.settled() >= 5; }));
  EXPECT_LE(world.most_witnesses_wanted, world.options_.max_witnesses);
  const std::string listed = world.inquire("spans");
  EXPECT_LT(listed.size(), 256u << 10);
  EXPECT_NE(listed.find("\"UNREQUESTED\":99"), std::string::npos) << "all are counted: " << listed.substr(0, 200);
  EXPECT_NE(listed.find("\"span\":100000"), std::string::npos) << "the newest";
  EXPECT_NE(world.inquire("spans", {"77777"}).find("\"span\":77777"), std::string::npos) << "any, by its block";
}

}  // namespace
}  // namespace asterism::actors::test
