// Many workers, and one that is slow. Situation N: of the acceptance list in reference/prover-coordination.md.
#include <gtest/gtest.h>

#include "tests/actors/prover/world.hpp"

namespace asterism::actors::test {
namespace {

constexpr core::Limits kSpanPerBlock{
    .block_transactions = 100, .block_bytes = 1 << 20, .span_blocks = 1, .span_transactions = 1000, .span_seconds = 5};

// Virtual time from the first assignment until `spans` spans are proven once each.
Millis time_to_prove(std::size_t spans, std::size_t workers) {
  World world(61, kSpanPerBlock);
  world.options_.threshold = 1;
  world.kill_coordinator();
  world.start_coordinator();
  for (std::size_t i = 0; i < workers; ++i) world.add_worker();
  world.run(Millis(5'000));  // all are registered on L1
  world.add_unheard_blocks(spans);
  EXPECT_TRUE(world.run_until([&] { return world.proofs_started > 0; }));
  const Millis first = world.now().monotonic;
  const auto all_proven = [&] {
    return world.spans().size() == spans && std::ranges::all_of(world.spans(), [](const auto& entry) {
             return entry.second.span_state() == SpanState::kComplete;
           });
  };
  EXPECT_TRUE(world.run_until(all_proven, Millis(1'000'000), Millis(5)));
  EXPECT_EQ(world.proofs_started, spans);
  return world.now().monotonic - first;
}

TEST(Pool, Situation21NWorkersAreNearlyNTimesAsFastWhileSpansAreMany) {
  for (const std::size_t workers : {4U, 16U, 64U}) {
    const std::size_t spans = 4 * workers;
    const double speed_up = static_cast<double>(time_to_prove(spans, 1).count()) /
                            static_cast<double>(time_to_prove(spans, workers).count());
    std::printf("%zu workers, %zu spans: %.2f times as fast as one\n", workers, spans, speed_up);
    EXPECT_GE(speed_up, 0.85 * static_cast<double>(workers));
  }
}

// The smallest worker is asked first, and is always idle; with it alone every span would have three failures at once.
TEST(Pool, ABrokenWorkerBringsNoSpanIntoQuarantine) {
  World world(63, kSpanPerBlock);
  world.add_worker(1'000'000, 1000, 500'000);
  world.workers_[0].broken = true;
  for (int i = 0; i < 2; ++i) world.add_worker();
  world.run(Millis(5'000));
  for (std::uint64_t i = 1; i <= 8; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 8; }));
  EXPECT_FALSE(world.alarm("span-quarantined"));
  for (const auto& [id, span] : world.spans()) EXPECT_LE(span.strikes, 1U) << id;
}

// Others suffice only while they are there.
TEST(Pool, WhoFailedASpanGetsItAgainWhenTheOthersAreGone) {
  World world(64, kSpanPerBlock);
  world.options_.threshold = 1;
  world.kill_coordinator();
  world.start_coordinator();
  for (int i = 0; i < 2; ++i) world.add_worker();
  world.run(Millis(5'000));
  world.kill_worker(1);
  world.workers_[0].broken = true;
  world.add_block();
  ASSERT_TRUE(world.run_until([&] { return !world.spans().empty() && world.spans().at(1).strikes > 0; }));
  world.workers_[0].broken = false;
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 1; }));
}

struct Straggling : testing::Test {
  // Six spans are proven, so that the median is known; then w0 becomes slow with another one.
  Straggling() : world(62, kSpanPerBlock) {
    for (int i = 0; i < 3; ++i) world.add_worker();
    world.run(Millis(5'000));
    for (std::uint64_t i = 1; i <= 6; ++i) {
      world.add_block();
      EXPECT_TRUE(world.run_until([&] { return world.settled() == i; }));
    }
    for (auto& worker : world.workers_) worker.slowness = 1000;
    world.add_block();
    EXPECT_TRUE(world.run_until([&] { return world.proofs_started == 14; }));
    given = world.now().monotonic;
  }

  World world;
  Millis given{};
};

TEST_F(Straggling, Situation17ACopyOfAStragglersWorkStartsTheFirstWinsAndTheLoserIsCancelled) {
  std::size_t slow = 0, idle = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    if (world.workers_[i].proving.empty())
      idle = i;
    else
      slow = i;
  }
  world.workers_[idle].slowness = 1;
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 15; }));
  EXPECT_GE(world.now().monotonic - given, 10 * world.proof_time);
  EXPECT_FALSE(world.workers_[idle].proving.empty()) << "the copy is another worker's";
  world.deliver_result(slow, 7, world.header(6, 7));  // the other straggler's arrives after all
  ASSERT_TRUE(world.run_until([&] { return world.settled() == 7; }, Millis(10'000)));
  EXPECT_EQ(world.spans().at(7).attestations.size(), 2u);
  EXPECT_TRUE(world.spans().at(7).failures.empty()) << "slow is no failure";
  for (const auto& worker : world.workers_) EXPECT_TRUE(worker.proving.empty()) << "the losers are cancelled";
  for (auto& worker : world.workers_) worker.slowness = 1;
  world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 8; }, Millis(10'000)));
  EXPECT_TRUE(world.spans().at(8).failures.empty()) << "who was cancelled takes work at once";
}

// The coordinator gives it work as soon as it has cancelled; the child takes a while to end.
TEST_F(Straggling, WhoIsCancelledTakesItsNextSpanOnceItsChildHasEnded) {
  world.stop_time = Millis(300);
  std::size_t slow = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    if (!world.workers_[i].proving.empty()) slow = i;
    world.workers_[i].slowness = 1;  // of what it starts from now on
  }
  world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 16; })) << "span 8 once, and a copy of span 7";
  world.deliver_result(slow, 7, world.header(6, 7));
  ASSERT_TRUE(world.run_until([&] { return world.settled() == 8; }, Millis(20'000)));
  EXPECT_TRUE(world.spans().at(8).failures.empty());
}

TEST_F(Straggling, ASpanThatIsSlowEverywhereDoesNotOccupyEveryWorker) {
  for (int i = 0; i < 6; ++i) world.add_worker();
  for (auto& worker : world.workers_) worker.slowness = 1000;
  world.run(Millis(200'000));
  EXPECT_EQ(world.proofs_started, 16u) << "two, and a copy of each";
  EXPECT_EQ(world.spans().at(7).assignments.size(), 4u);
}

}  // namespace
}  // namespace asterism::actors::test
