#include "cluster/link/outbound.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace asterism::cluster {
namespace {

Packet sized(messages::Priority priority, std::size_t size, std::uint8_t first = 1) {
  core::Bytes body(size, 0);
  body[0] = first;
  return {priority, std::make_shared<const core::Bytes>(std::move(body))};
}

using enum messages::Priority;

TEST(Outbound, HigherPriorityGoesFirst) {
  Outbound queue;
  for (const auto priority : {kProofs, kTransactions, kControl, kProposals, kVotes}) {
    ASSERT_TRUE(queue.push(sized(priority, 10, static_cast<std::uint8_t>(static_cast<int>(priority) + 1))));
  }
  for (std::uint8_t expected = 1; expected <= 5; ++expected) {
    const auto next = queue.next(Millis(0));
    ASSERT_TRUE(next && next->whole);
    EXPECT_EQ((*next->whole)[0], expected);
  }
  EXPECT_FALSE(queue.next(Millis(0)));
  EXPECT_EQ(queue.bytes(), 0U);
}

// Every class below votes gets its turn within a second, however much the others hold; votes are never delayed.
TEST(Outbound, NoneButVotesStarvesAnother) {
  Outbound queue;
  std::map<std::uint8_t, Millis> last;
  for (std::uint8_t kind = 1; kind <= 5; ++kind) last[kind] = Millis(0);
  for (Millis now{0}; now < Millis(20000); now += Millis(5)) {
    for (std::uint8_t kind = 2; kind <= 5; ++kind) {
      ASSERT_TRUE(queue.push(sized(static_cast<messages::Priority>(kind - 1), 100, kind)));
    }
    const bool vote = now.count() % 50 == 0;
    if (vote) {
      ASSERT_TRUE(queue.push(sized(kVotes, 10, 1)));
    }
    const auto next = queue.next(now);
    ASSERT_TRUE(next && next->whole);
    if (vote) {
      EXPECT_EQ((*next->whole)[0], 1);
    }
    last[(*next->whole)[0]] = now;
    for (std::uint8_t kind = 2; kind <= 5; ++kind) ASSERT_LT(now - last[kind], Millis(1000)) << int(kind);
  }
}

TEST(Outbound, FullClassRefusesAndTheOthersGoOn) {
  Outbound queue;
  std::size_t accepted = 0;
  while (queue.push(sized(kVotes, 1 << 10))) ++accepted;
  EXPECT_EQ(accepted, kQueueBytes[0] >> 10);
  EXPECT_EQ(queue.push(sized(kVotes, 1 << 10)).error(), QueueError::kFull);
  EXPECT_TRUE(queue.push(sized(kControl, 1 << 10)));
  ASSERT_TRUE(queue.next(Millis(0)));
  EXPECT_TRUE(queue.push(sized(kVotes, 1 << 10)));
  EXPECT_EQ(queue.close(), accepted + 1);
  EXPECT_EQ(queue.push(sized(kVotes, 1)).error(), QueueError::kDown);
}

TEST(Outbound, BlobStopsWithoutCreditAndSmallOnesPass) {
  Outbound queue;
  ASSERT_TRUE(queue.push(sized(kProofs, 4 << 20)));
  const auto start = queue.next(Millis(0));
  ASSERT_TRUE(start && start->part);
  const auto id = std::get<messages::BlobStart>(*start->part).id;
  std::uint32_t chunks = 0;
  while (queue.next(Millis(0))) ++chunks;
  EXPECT_EQ(chunks, kCreditChunks);
  ASSERT_TRUE(queue.push(sized(kProofs, 10, 7)));
  EXPECT_TRUE(queue.next(Millis(0))->whole);
  EXPECT_FALSE(queue.next(Millis(0)));
  EXPECT_TRUE(queue.credit(id, 2));
  EXPECT_TRUE(queue.next(Millis(0)) && queue.next(Millis(0)));
  EXPECT_FALSE(queue.next(Millis(0)));
  EXPECT_FALSE(queue.credit(id + 1, 2));
  // Credit beyond what a receiver ever has outstanding is not believed.
  EXPECT_TRUE(queue.credit(id, 0xFFFFFFFF));
  chunks = 0;
  while (queue.next(Millis(0))) ++chunks;
  EXPECT_EQ(chunks, kCreditChunks);
}

}  // namespace
}  // namespace asterism::cluster
