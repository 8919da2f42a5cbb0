#include "cluster/link/frames.hpp"

#include <gtest/gtest.h>

#include <random>

#include "messages/table.hpp"

namespace asterism::cluster {
namespace {

TEST(Frames, AnyPiecesGiveTheSameFrames) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<core::Bytes> sent;
    core::Bytes wire;
    for (int i = 0; i < 5; ++i) {
      core::Bytes frame(1 + random() % 3000);
      for (auto& byte : frame) byte = static_cast<std::uint8_t>(random());
      append_frame(wire, frame);
      sent.push_back(std::move(frame));
    }
    FrameReader reader(messages::kMaxHandshakeBytes);
    std::vector<core::Bytes> got;
    for (std::size_t at = 0; at < wire.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % 700, wire.size() - at);
      reader.feed(core::ByteView(wire).subspan(at, size));
      at += size;
      for (auto frame = reader.next(); frame && *frame; frame = reader.next()) got.push_back(**frame);
    }
    EXPECT_EQ(got, sent);
    EXPECT_FALSE(reader.pending());
  }
}

TEST(Frames, LengthsOutOfBoundsAreRefusedFromTheHeaderAlone) {
  for (const std::uint32_t length : {0U, 4097U, 0x00100041U, 0xFFFFFFFFU}) {
    FrameReader reader(messages::kMaxHandshakeBytes);
    core::ByteWriter header;
    header.u32(length);
    reader.feed(header.bytes());
    const auto frame = reader.next();
    ASSERT_FALSE(frame.has_value()) << length;
    EXPECT_EQ(frame.error().error, LinkError::kOversized);
  }
  FrameReader reader(messages::kMaxFrameBytes);
  core::ByteWriter header;
  header.u32(0x00100040U);
  reader.feed(header.bytes());
  const auto frame = reader.next();
  ASSERT_TRUE(frame.has_value());
  EXPECT_FALSE(frame->has_value());
  EXPECT_TRUE(reader.pending());
}

}  // namespace
}  // namespace asterism::cluster
