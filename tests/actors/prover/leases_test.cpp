// Workers that die, fall silent or come late, and a coordinator that does. Situation N: of the acceptance list in
// reference/prover-coordination.md.
#include <gtest/gtest.h>

#include "tests/actors/prover/world.hpp"

namespace asterism::actors::test {
namespace {

TEST(Leases, Situation1And11KilledWorkerIsReassignedAfterItsLease) {
  World world(4);
  ASSERT_TRUE(world.two_prove_a_span());
  world.kill_worker(0);
  world.add_worker();
  const Millis killed = world.now().monotonic;
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_LE(world.now().monotonic - killed, world.options_.lease + Millis(5'000));
}

TEST(Leases, Situation2LateResultOfASilentWorkerCountsOnce) {
  World world(5);
  ASSERT_TRUE(world.two_prove_a_span());
  world.link(0, false);  // as SIGSTOP: nothing arrives in either direction
  world.run(world.options_.lease + Millis(1'000));
  world.link(0, true);
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_EQ(world.spans().at(1).attestations.size(), 2u);
}

// The link holds while the process stands still, so there is no new hello.
TEST(Leases, Situation2AWorkerThatStoodStillIsUsedAgain) {
  World world(6);
  ASSERT_TRUE(world.two_prove_a_span());
  world.workers_[0].silent_until = world.now().monotonic + world.options_.lease + Millis(3'000);
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_GE(world.now().monotonic, world.workers_[0].silent_until);
  for (int i = 0; i < 4; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 8; }));
}

TEST(Leases, Situation5RunningWorkIsReattachedNotProvenAgain) {
  World world(7);
  world.proof_time = Millis(5'000);
  ASSERT_TRUE(world.two_prove_a_span());
  world.kill_coordinator();
  world.run(Millis(1'000));
  world.start_coordinator();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_EQ(world.proofs_started, 2u);
}

TEST(Leases, ResultFoundWhileTheCoordinatorWasAwayIsNotLost) {
  World world(8);
  world.proof_time = Millis(3'000);
  ASSERT_TRUE(world.two_prove_a_span());
  world.kill_coordinator();
  world.run(Millis(6'000));  // the children finish meanwhile
  world.start_coordinator();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  EXPECT_EQ(world.proofs_started, 2u);
}

TEST(Leases, Situation5CrashAtEveryPersistRecovers) {
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

TEST(Leases, Situation23ClockJumpsChangeNothing) {
  World world(19);
  ASSERT_TRUE(world.two_prove_a_span());
  Effects effects;
  Now jumped = world.now();
  jumped.unix_ms += 3'600'000;
  world.coordinator_->expire(1, jumped, effects);
  EXPECT_EQ(world.spans().at(1).assignments.size(), 2u);
}

TEST(Leases, Situation24AStallRaisesAnAlarmThatEndsByItself) {
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

// Nothing is proven twice because the coordinator died between giving it out and hearing of it, whenever that was.
TEST(Leases, Situation6ACrashAfterTheDispatchDoesNotStartItAgain) {
  for (const Millis later : {Millis(0), Millis(1), Millis(2), Millis(3), Millis(5), Millis(50), Millis(900)}) {
    SCOPED_TRACE(later.count());
    World world(40);
    world.proof_time = Millis(5'000);
    world.add_worker();
    world.add_worker();
    for (int i = 0; i < 4; ++i) world.add_block();
    const auto given = [&] { return world.spans().contains(1) && world.spans().at(1).assignments.size() == 2; };
    ASSERT_TRUE(world.run_until(given, Millis(60'000), Millis(1)));
    world.run(later);
    world.kill_coordinator();
    world.run(Millis(100));
    world.start_coordinator();
    EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
    EXPECT_EQ(world.proofs_started, 2u);
  }
}

// Heartbeats do not wait for the proof: an hour of work that takes all cores is no silence.
TEST(Leases, Situation9AWorkerThatProvesForAnHourIsNotEvicted) {
  World world(41);
  world.proof_time = std::chrono::hours(1);
  world.proof_timeout = std::chrono::hours(2);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }, std::chrono::hours(2), Millis(1'000)));
  EXPECT_EQ(world.proofs_started, 2u);
  EXPECT_TRUE(world.spans().at(1).failures.empty());
}

}  // namespace
}  // namespace asterism::actors::test
