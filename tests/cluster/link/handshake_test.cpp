#include "cluster/link/handshake.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/cluster/link/pair.hpp"

namespace asterism::cluster {
namespace {

using test::identity;
using test::Pair;

TEST(Handshake, BothSidesAgreeOnKeysAndTranscript) {
  Pair pair;
  pair.connect();
  ASSERT_TRUE(pair.a->up()) << (pair.a->fault() ? pair.a->fault()->text : "");
  ASSERT_TRUE(pair.b->up());
  EXPECT_EQ(pair.a->peer(), pair.right.public_key());
  EXPECT_EQ(pair.b->peer(), pair.left.public_key());
  EXPECT_EQ(pair.a->transcript(), pair.b->transcript());
}

TEST(Handshake, TheInitiatorProvesFirst) {
  const LinkIdentity left = identity(1), right = identity(2);
  Handshake responder(right, {Side::kResponder, ListenerKind::kPeers, std::nullopt, test::ephemeral(3)});
  Handshake initiator(left, {Side::kInitiator, ListenerKind::kPeers, right.public_key(), test::ephemeral(4)});
  EXPECT_FALSE(responder.first().has_value());
  const auto hello = responder.receive(*initiator.first());
  ASSERT_TRUE(hello.reply && !hello.fault);
  // 1 type, 2 version, three words: nothing signed by the responder yet.
  EXPECT_EQ(hello.reply->size(), 99U);
  const auto proof = initiator.receive(*hello.reply);
  ASSERT_TRUE(proof.reply);
  EXPECT_EQ((*proof.reply)[0], 3);
  EXPECT_FALSE(responder.done());
  const auto answer = responder.receive(*proof.reply);
  ASSERT_TRUE(answer.reply && responder.done());
  EXPECT_FALSE(initiator.receive(*answer.reply).fault.has_value());
  EXPECT_TRUE(initiator.done());
}

TEST(Handshake, AnotherGenesisShowsBothHashesOnBothSides) {
  Pair pair;
  pair.right = identity(2, 9);
  pair.connect();
  for (const auto* session : {pair.a.get(), pair.b.get()}) {
    ASSERT_TRUE(session->fault());
    EXPECT_EQ(session->fault()->error, LinkError::kWrongGenesis);
    EXPECT_NE(session->fault()->text.find(std::string(64, '0').replace(0, 2, "07").substr(0, 2)), std::string::npos);
    EXPECT_NE(session->fault()->text.find("0909"), std::string::npos);
    EXPECT_NE(session->fault()->text.find("0707"), std::string::npos);
  }
}

TEST(Handshake, AnotherResponderIsRefused) {
  Pair pair;
  pair.left_options.handshake.expected = identity(5).public_key();
  pair.connect();
  ASSERT_TRUE(pair.a->fault());
  EXPECT_EQ(pair.a->fault()->error, LinkError::kWrongKey);
  EXPECT_FALSE(pair.b->up());
}

TEST(Handshake, OwnKeyIsRefused) {
  Pair pair;
  pair.right = pair.left;
  pair.left_options.handshake.expected = std::nullopt;
  pair.connect();
  ASSERT_TRUE(pair.b->fault());
  EXPECT_EQ(pair.b->fault()->error, LinkError::kWrongKey);
}

TEST(Handshake, AnotherListenerIsRefused) {
  Pair pair;
  pair.left_options.handshake.listener = ListenerKind::kClients;
  pair.connect();
  ASSERT_TRUE(pair.b->fault());
  EXPECT_EQ(pair.b->fault()->error, LinkError::kWrongListener);
}

TEST(Handshake, AnotherVersionIsRefusedWithBothNumbers) {
  Pair pair;
  pair.on_wire_to_b = [](core::Bytes& bytes) { bytes[4 + 2] = 2; };
  pair.connect();
  ASSERT_TRUE(pair.b->fault());
  EXPECT_EQ(pair.b->fault()->error, LinkError::kWrongVersion);
  EXPECT_EQ(pair.b->fault()->text, "theirs 2, ours 1");
}

TEST(Handshake, ShareOfLowOrderIsRefused) {
  Pair pair;
  pair.on_wire_to_b = [](core::Bytes& bytes) {
    if (bytes.size() == 104) std::fill_n(bytes.begin() + 4 + 36, 32, std::uint8_t{0});
  };
  pair.connect();
  ASSERT_TRUE(pair.b->fault());
  EXPECT_EQ(pair.b->fault()->error, LinkError::kBadShare);
}

TEST(Handshake, UnknownKeyIsRefusedBeforeTheResponderProvesItself) {
  Pair pair;
  pair.right_admission.only = identity(6).public_key();
  pair.connect();
  ASSERT_TRUE(pair.b->fault());
  EXPECT_EQ(pair.b->fault()->error, LinkError::kUnknownKey);
  EXPECT_FALSE(pair.a->up());
}

// A recording of one handshake opens nothing in the next: the ephemeral keys differ.
TEST(Handshake, ReplayedInitiatorIsRefused) {
  Pair first;
  core::Bytes recorded;
  first.on_wire_to_b = [&](core::Bytes& bytes) { recorded.insert(recorded.end(), bytes.begin(), bytes.end()); };
  first.connect();
  ASSERT_TRUE(first.b->up());
  first.right_options.handshake.ephemeral_secret = test::ephemeral(99);
  Session again(first.right, first.right_admission, first.right_options, first.now);
  again.feed(recorded, first.now);
  ASSERT_TRUE(again.fault());
  EXPECT_EQ(again.fault()->error, LinkError::kBadSignature);
}

// Whatever single bit is flipped on the way, neither side ends with a link that the other side does not share.
TEST(Handshake, EveryFlippedBitIsFound) {
  std::mt19937 random(20240601);
  for (int direction = 0; direction < 2; ++direction) {
    for (int round = 0; round < 400; ++round) {
      Pair pair;
      int part = static_cast<int>(random() % 2);
      const auto flip = [&](core::Bytes& bytes) {
        if (part-- != 0) return;
        const std::size_t bit = random() % (bytes.size() * 8);
        bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      };
      (direction == 0 ? pair.on_wire_to_b : pair.on_wire_to_a) = flip;
      pair.connect();
      EXPECT_FALSE(pair.a->up() && pair.b->up()) << "direction " << direction << " round " << round;
    }
  }
}

TEST(Handshake, TruncationNeverOpensALink) {
  for (std::size_t keep = 0; keep < 104; ++keep) {
    Pair pair;
    pair.on_wire_to_b = [&](core::Bytes& bytes) { bytes.resize(std::min(bytes.size(), keep)); };
    pair.connect();
    EXPECT_FALSE(pair.b->up());
  }
}

TEST(Handshake, SlowInitiatorIsCutOffAtFiveSeconds) {
  Pair pair;
  pair.open();
  core::Bytes hello;
  pair.a->produce(hello, 1 << 20, pair.now);
  for (std::size_t i = 0; i + 1 < hello.size() && !pair.b->fault(); ++i) {
    pair.b->feed({&hello[i], 1}, pair.now);
    pair.b->tick(pair.now);
    pair.now += Millis(100);
  }
  ASSERT_TRUE(pair.b->fault());
  EXPECT_EQ(pair.b->fault()->error, LinkError::kHandshakeTimeout);
  EXPECT_EQ(pair.now, Millis(1000 + 5100));
}

}  // namespace
}  // namespace asterism::cluster
