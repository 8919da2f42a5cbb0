// Who belongs to the pool: invitations, drains, removals. Situation N: of the acceptance list in
// reference/prover-coordination.md.
#include <gtest/gtest.h>

#include "tests/actors/prover/world.hpp"

namespace asterism::actors::test {
namespace {

TEST(WorkerBook, Situation20ADrainedWorkerFinishesAndLeaves) {
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

TEST(WorkerBook, RemovingAWorkerThatIsNeededWantsForce) {
  World world(17);
  world.add_worker();
  world.add_worker();
  world.run(Millis(5'000));
  EXPECT_NE(world.inquire("worker remove", {"w0"}).find("--force"), std::string::npos);
  EXPECT_NE(world.inquire("worker remove", {"w0", "now"}).find("usage"), std::string::npos);
  EXPECT_NE(world.inquire("worker remove", {"w0", "--force"}).find("removed"), std::string::npos);
  EXPECT_NE(world.inquire("worker resume", {"w0"}).find("error"), std::string::npos) << "it is gone";
}

TEST(WorkerBook, TokensAreUsedOnceAndExpire) {
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

TEST(WorkerBook, AWorkerThatIsResumedWhileItFinishesStays) {
  World world(46);
  world.proof_time = Millis(3'000);
  ASSERT_TRUE(world.two_prove_a_span());
  world.inquire("worker drain", {"w0"});
  world.run(Millis(500));
  EXPECT_NE(world.inquire("worker resume", {"w0"}).find("ok"), std::string::npos);
  for (int i = 0; i < 8; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 12; })) << "both are needed";
  EXPECT_FALSE(world.workers_[0].left);
}

TEST(WorkerBook, OneThatHasLeftIsDrainedUntilItIsResumedAndTheAnswerSaysWhatToDo) {
  World world(47);
  world.add_worker();
  world.add_worker();
  world.run(Millis(5'000));
  world.inquire("worker drain", {"w0"});
  ASSERT_TRUE(world.run_until([&] { return world.workers_[0].left; }));
  world.kill_worker(0);
  EXPECT_NE(world.inquire("workers").find("\"drained\""), std::string::npos);
  EXPECT_NE(world.inquire("worker resume", {"w0"}).find("asterism worker --dir"), std::string::npos);
  EXPECT_NE(world.inquire("workers").find("\"away\""), std::string::npos);
  world.start_worker(0);
  for (int i = 0; i < 4; ++i) world.add_block();
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
}

TEST(WorkerBook, InvitationsAreShownAndForgottenADayAfterTheyExpired) {
  World world(48);
  core::Word token;
  token.fill(0xAB);
  const std::string name = core::to_hex(token).substr(0, 16);
  const auto at = [&](std::uint64_t seconds) {
    Now now = world.now();
    now.unix_ms += seconds * 1000;
    return now;
  };
  const auto tick = [&](std::uint64_t later) {
    Effects effects;
    world.coordinator_->expire(1, at(later), effects);
    for (const Effect& effect : effects.all()) {
      const auto* persist = std::get_if<Persist>(&effect);
      EXPECT_TRUE(persist == nullptr || world.store_.write(persist->batch, true));
    }
  };
  const auto listed = [&](std::uint64_t later) {
    Effects effects;
    return world.coordinator_->inquire({"workers", {}}, at(later), effects);
  };
  world.inquire("worker invite", {core::to_hex(token), std::to_string(world.now().unix_ms / 1000 + 60)});
  EXPECT_NE(listed(0).find("{\"invitation\":\"" + name + "\",\"state\":\"open\",\"expires_in_s\":60}"),
            std::string::npos)
      << listed(0);
  tick(61 + 23 * 3600);
  EXPECT_NE(listed(61).find("\"expired\""), std::string::npos) << "whoever comes late is told why";
  tick(62 + 24 * 3600);
  EXPECT_EQ(listed(62).find(name), std::string::npos);
  EXPECT_FALSE(world.store_.get(invite_key(token)));
  world.add_worker();
  EXPECT_NE(listed(0).find("\"invitations\":[]"), std::string::npos) << "a used one is open no more: " << listed(0);
}

}  // namespace
}  // namespace asterism::actors::test
