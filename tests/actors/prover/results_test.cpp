// What workers send back: counted once, judged, disbelieved. Situation N: of the acceptance list in
// reference/prover-coordination.md.
#include <gtest/gtest.h>

#include "tests/actors/prover/world.hpp"

namespace asterism::actors::test {
namespace {

TEST(Results, Situation3And4CompletionsCountOnceAndFailureAfterSuccessChangesNothing) {
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

TEST(Results, Situation15AWorkerThatLiesIsDistrustedAndItsHeaderIsEvidence) {
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

TEST(Results, Situation15ASignatureOfAnotherKeyIsRefused) {
  World world(14);
  world.proof_time = Millis(60'000);
  ASSERT_TRUE(world.two_prove_a_span());
  world.deliver_result(0, 1, world.header(0, 4), 1);
  EXPECT_TRUE(world.alarm("worker-distrusted"));
  EXPECT_TRUE(world.spans().at(1).attestations.empty());
}

TEST(Results, Situation16AnotherSpansHeaderIsNoProof) {
  World world(15);
  world.proof_time = Millis(60'000);
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 8; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.proofs_started == 2; }));
  world.deliver_result(0, 1, world.header(4, 8));
  EXPECT_TRUE(world.spans().at(1).attestations.empty());
  EXPECT_TRUE(world.alarm("span-conflict"));
  const std::string shown = world.inquire("span", {"1"});
  EXPECT_NE(shown.find("start block 4 instead of 0"), std::string::npos) << "both headers are evidence: " << shown;
  EXPECT_NE(shown.find("end root " + World::point(8).root.to_hex() + " instead of " + World::point(4).root.to_hex()),
            std::string::npos)
      << shown;
}

TEST(Results, Situation14ATransientFaultBacksOffAndIsTriedAgainWithoutASplit) {
  World world(42);
  world.transient_faults = 6;
  world.add_worker();
  world.add_worker();
  for (int i = 0; i < 4; ++i) world.add_block();
  ASSERT_TRUE(world.run_until([&] { return world.spans().contains(1) && world.spans().at(1).failures.size() == 1; },
                              Millis(60'000), Millis(1)));
  EXPECT_NE(world.inquire("span", {"1"}).find("backs off after a failure"), std::string::npos);
  const Millis first = world.now().monotonic;
  EXPECT_TRUE(world.run_until([&] { return world.settled() == 4; }));
  const SpanRecord& span = world.spans().at(1);
  EXPECT_EQ(span.span_state(), SpanState::kComplete);
  EXPECT_EQ(world.spans().size(), 1u) << "no halves";
  EXPECT_EQ(span.failures.size(), 6u);
  EXPECT_EQ(span.strikes, 0u);
  // The waits double: with two workers that fail at a time they are at least 2, 8 and 32 times half the first.
  EXPECT_GE(world.now().monotonic - first, 21 * world.options_.backoff_first);
}

}  // namespace
}  // namespace asterism::actors::test
