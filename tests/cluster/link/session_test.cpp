#include "cluster/link/session.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/cluster/link/pair.hpp"

namespace asterism::cluster {
namespace {

using test::packet;
using test::Pair;

messages::JoinReply large_reply(std::size_t size) { return {true, "welcome", std::string(size, 'g')}; }
messages::AssignSpan witness(std::size_t size) { return {0, 1, 1, 0, 1, core::Bytes(size, 0xAB), {}}; }

TEST(Session, MessagesOfEveryPriorityArriveUnchanged) {
  Pair pair;
  pair.connect();
  const messages::ConsensusStatus status{7, 1, 2};
  const messages::CatchUpRequest catch_up{3, 4};
  const messages::WitnessRequest control{1, 2};
  const messages::AccountRead read{core::Felt(99)};
  for (Packet each : {packet(status), packet(catch_up), packet(control), packet(read), packet(witness(1000))}) {
    ASSERT_TRUE(pair.a->outbound()->push(std::move(each)));
  }
  pair.settle();
  ASSERT_EQ(pair.at_b.size(), 5U);
  EXPECT_EQ(messages::encode_with_kind(*pair.at_b[0]), *packet(status).body);
  EXPECT_EQ(messages::encode_with_kind(*pair.at_b[4]), *packet(witness(1000)).body);
}

TEST(Session, TwentyMegabytesArriveInChunksWhileVotesOvertake) {
  Pair pair;
  pair.connect();
  ASSERT_TRUE(pair.a->outbound()->push(packet(witness(20 << 20))));
  int rounds = 0;
  std::size_t votes = 0;
  while (pair.at_b.size() < votes + 1 && rounds < 5000) {
    ++rounds;
    ASSERT_TRUE(pair.a->outbound()->push(packet(messages::ConsensusStatus{static_cast<std::uint64_t>(rounds), 0, 0})));
    pair.step(128 << 10);
    ++votes;
    // Each round's vote is there before the round ends: never behind the blob.
    const std::size_t arrived = pair.at_b.size();
    ASSERT_GE(arrived, votes);
  }
  EXPECT_GT(rounds, 100);
  EXPECT_EQ(messages::encode_with_kind(*pair.at_b.back()).size(), packet(witness(20 << 20)).body->size());
  EXPECT_FALSE(pair.b->fault());
}

TEST(Session, EveryFlippedBitOfAFrameEndsTheLink) {
  std::mt19937 random(77);
  for (int round = 0; round < 100; ++round) {
    Pair pair;
    pair.connect();
    ASSERT_TRUE(pair.a->outbound()->push(packet(messages::ConsensusStatus{1, 0, 0})));
    pair.on_wire_to_b = [&](core::Bytes& bytes) {
      const std::size_t bit = 32 + random() % ((bytes.size() - 4) * 8);
      bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    };
    pair.step();
    ASSERT_TRUE(pair.b->fault());
    EXPECT_EQ(pair.b->fault()->error, LinkError::kTampered);
    EXPECT_TRUE(pair.at_b.empty());
  }
}

TEST(Session, RepeatedAndReorderedFramesEndTheLink) {
  for (const bool repeat : {true, false}) {
    Pair pair;
    pair.connect();
    core::Bytes first, second;
    ASSERT_TRUE(pair.a->outbound()->push(packet(messages::ConsensusStatus{1, 0, 0})));
    pair.a->produce(first, 1 << 20, pair.now);
    ASSERT_TRUE(pair.a->outbound()->push(packet(messages::ConsensusStatus{2, 0, 0})));
    pair.a->produce(second, 1 << 20, pair.now);
    pair.b->feed(repeat ? first : second, pair.now);
    pair.b->feed(first, pair.now);
    ASSERT_TRUE(pair.b->fault());
    EXPECT_EQ(pair.b->fault()->error, LinkError::kTampered);
  }
}

TEST(Session, KindsTheSenderMayNotSendEndTheLink) {
  Pair pair;
  pair.right_admission.senders = messages::kFromClient;
  pair.right_admission.kind = actors::PeerKind::kClient;
  pair.connect();
  ASSERT_TRUE(pair.a->outbound()->push(packet(messages::Query{1, "heads", {}})));
  pair.settle();
  EXPECT_EQ(pair.at_b.size(), 1U);
  ASSERT_TRUE(pair.a->outbound()->push(packet(messages::ConsensusStatus{1, 0, 0})));
  pair.settle();
  ASSERT_TRUE(pair.b->fault());
  EXPECT_EQ(pair.b->fault()->error, LinkError::kKindNotAllowed);
  EXPECT_EQ(pair.at_b.size(), 1U);
}

TEST(Session, ABlobOfAForbiddenKindIsRefusedAtItsStart) {
  Pair pair;
  pair.right_admission.senders = messages::kFromClient;
  pair.connect();
  ASSERT_TRUE(pair.a->outbound()->push(packet(witness(1 << 20))));
  pair.settle();
  ASSERT_TRUE(pair.b->fault());
  EXPECT_EQ(pair.b->fault()->error, LinkError::kKindNotAllowed);
}

// Bodies that the codec would never make, sealed with the real keys.
LinkError fault_of(core::Bytes body) {
  Pair pair;
  pair.connect();
  EXPECT_TRUE(pair.a->outbound()->push({messages::Priority::kVotes, std::make_shared<const core::Bytes>(body)}));
  pair.settle();
  EXPECT_TRUE(pair.at_b.empty());
  return pair.b->fault() ? pair.b->fault()->error : LinkError::kShutdown;
}

core::Bytes body_of(const messages::Message& message) { return messages::encode_with_kind(message); }

TEST(Session, GarbageInsideTheEncryptionEndsTheLink) {
  EXPECT_EQ(fault_of({255, 1, 2}), LinkError::kKindNotAllowed);
  EXPECT_EQ(fault_of({4, 0xC1}), LinkError::kUndecodable);
  core::Bytes long_status = body_of(messages::ConsensusStatus{1, 1, 1});
  long_status.resize(4000);
  EXPECT_EQ(fault_of(long_status), LinkError::kKindTooLarge);
}

TEST(Session, BlobsOutOfBoundsEndTheLink) {
  const auto number = messages::kind_of_type<messages::AssignSpan>().number;
  EXPECT_EQ(fault_of(body_of(messages::BlobStart{1, number, std::uint64_t{1} << 40})), LinkError::kKindTooLarge);
  EXPECT_EQ(fault_of(body_of(messages::BlobStart{1, number, 10})), LinkError::kBlobViolation);
  EXPECT_EQ(fault_of(body_of(messages::BlobStart{1, 102, 100000})), LinkError::kKindNotAllowed);
  EXPECT_EQ(fault_of(body_of(messages::BlobChunk{9, {1}})), LinkError::kBlobViolation);
}

TEST(BlobReader, CreditSizeAndCountAreKept) {
  const auto& kind = messages::kind_of_type<messages::AssignSpan>();
  BlobReader reader;
  ASSERT_TRUE(reader.start({1, kind.number, 10 << 20}, kind));
  EXPECT_FALSE(reader.start({2, kind.number, 10 << 20}, kind)) << "second blob of one priority";
  const core::Bytes chunk(messages::kChunkBytes, 1);
  std::uint32_t granted = 0;
  for (std::uint32_t i = 0; i < kCreditStep; ++i) {
    const auto progress = reader.chunk({1, chunk});
    ASSERT_TRUE(progress);
    granted += progress->grant;
  }
  EXPECT_EQ(granted, kCreditStep);
  EXPECT_FALSE(reader.chunk({1, core::Bytes(messages::kChunkBytes + 1, 1)}));
  EXPECT_FALSE(reader.chunk({1, {}}));
  EXPECT_FALSE(reader.chunk({3, chunk}));
  BlobReader small;
  ASSERT_TRUE(small.start({1, kind.number, messages::kChunkBytes + 1}, kind));
  ASSERT_TRUE(small.chunk({1, chunk}));
  EXPECT_FALSE(small.chunk({1, {1, 2}})) << "more than announced";
}

TEST(Session, AJoinerMaySendOneJoinAndNothingElse) {
  for (const int scenario : {0, 1, 2, 3}) {
    Pair pair;
    pair.right_admission.kind = actors::PeerKind::kJoiner;
    pair.right_admission.senders = messages::kFromJoiner;
    pair.connect();
    ASSERT_TRUE(pair.b->up());
    core::Word seed{};
    seed.fill(42);
    const auto token = core::Ed25519Secret::from_seed(seed);
    messages::Join join{token.public_bytes(), token.sign(pair.a->transcript()), {}, "w"};
    if (scenario == 2) join.proof[3] ^= 1;
    if (scenario == 3) {
      ASSERT_TRUE(pair.a->outbound()->push(packet(messages::Query{1, "heads", {}})));
    } else {
      ASSERT_TRUE(pair.a->outbound()->push(packet(join)));
    }
    if (scenario == 1) {
      ASSERT_TRUE(pair.a->outbound()->push(packet(join)));
    }
    pair.settle();
    EXPECT_EQ(pair.at_b.size(), scenario < 2 ? 1U : 0U);
    EXPECT_EQ(pair.b->fault().has_value(), scenario != 0);
    if (scenario != 0) {
      EXPECT_EQ(pair.b->fault()->error, LinkError::kKindNotAllowed);
    }
  }
}

TEST(Session, SilenceIsPingedAndThenCut) {
  Pair pair;
  pair.connect();
  pair.now += Millis(2500);
  pair.a->tick(pair.now);
  pair.settle();
  EXPECT_EQ(pair.a->round_trip(), Millis(0));
  for (int i = 0; i < 100; ++i) {  // answered pings keep it up
    pair.now += Millis(1000);
    pair.a->tick(pair.now);
    pair.b->tick(pair.now);
    pair.settle();
  }
  ASSERT_TRUE(pair.a->up() && pair.b->up());
  for (int i = 0; i < 11; ++i) {  // a partition
    pair.now += Millis(1000);
    pair.a->tick(pair.now);
  }
  ASSERT_TRUE(pair.a->fault());
  EXPECT_EQ(pair.a->fault()->error, LinkError::kIdle);
}

TEST(Session, ASlowLargeTransferLivesAsLongAsItMoves) {
  Pair pair;
  pair.connect();
  ASSERT_TRUE(pair.a->outbound()->push(packet(witness(128 << 10))));
  core::Bytes wire;
  pair.a->produce(wire, 1 << 20, pair.now);
  // 4 KiB a second: no frame is complete for 16 s, longer than the idle time-out.
  for (std::size_t at = 0; at < wire.size(); at += 4096) {
    pair.now += Millis(1000);
    pair.b->feed(core::ByteView(wire).subspan(at, std::min<std::size_t>(4096, wire.size() - at)), pair.now);
    pair.b->tick(pair.now);
    ASSERT_FALSE(pair.b->fault()) << at;
  }
}

TEST(Session, AFrameThatNeverEndsIsCut) {
  Pair pair;
  pair.connect();
  ASSERT_TRUE(pair.a->outbound()->push(packet(witness(60000))));
  core::Bytes wire;
  pair.a->produce(wire, 1 << 20, pair.now);
  for (std::size_t at = 0; at < wire.size() && !pair.b->fault(); ++at) {
    pair.now += Millis(1000);
    pair.b->feed({&wire[at], 1}, pair.now);
    pair.b->tick(pair.now);
  }
  ASSERT_TRUE(pair.b->fault());
  EXPECT_EQ(pair.b->fault()->error, LinkError::kStalled);
}

TEST(Session, GoodbyeIsToldFromACut) {
  Pair pair;
  pair.connect();
  pair.a->say_goodbye();
  pair.settle();
  ASSERT_TRUE(pair.b->fault());
  EXPECT_EQ(pair.b->fault()->error, LinkError::kClosed);
  EXPECT_EQ(pair.b->outbound()->push(packet(messages::ConsensusStatus{})).error(), QueueError::kDown);
}

TEST(Session, AJoinReplyLongerThanTheFirstCreditArrives) {
  Pair pair;
  pair.right_admission.kind = actors::PeerKind::kJoiner;
  pair.right_admission.senders = messages::kFromJoiner | messages::kFromClient;
  pair.connect();
  ASSERT_TRUE(pair.b->outbound()->push(packet(large_reply(3 << 20))));
  pair.settle();
  EXPECT_EQ(pair.at_a.size(), 1U);
}

}  // namespace
}  // namespace asterism::cluster
