#include "cluster/link/frames.hpp"

#include "core/base/check.hpp"
#include "messages/table.hpp"

namespace asterism::cluster {

using core::Bytes;
using core::ByteView;

void FrameReader::feed(ByteView bytes) {
  // What was consumed is dropped before the buffer grows: it never holds more than one frame and what came with it.
  if (position_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(position_));
    position_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

std::expected<std::optional<Bytes>, LinkFault> FrameReader::next() {
  const std::size_t available = buffer_.size() - position_;
  if (available < 4) return std::nullopt;
  const std::uint8_t* head = buffer_.data() + position_;
  const std::size_t length = static_cast<std::size_t>(head[0]) << 24 | static_cast<std::size_t>(head[1]) << 16 |
                             static_cast<std::size_t>(head[2]) << 8 | head[3];
  if (length == 0 || length > cap_) {
    return std::unexpected(LinkFault{LinkError::kOversized,
                                     "frame length " + std::to_string(length) + ", at most " + std::to_string(cap_)});
  }
  if (available < 4 + length) return std::nullopt;
  const auto begin = buffer_.begin() + static_cast<std::ptrdiff_t>(position_ + 4);
  Bytes out(begin, begin + static_cast<std::ptrdiff_t>(length));
  position_ += 4 + length;
  return out;
}

void append_frame(Bytes& out, ByteView contents) {
  ASTERISM_CHECK(!contents.empty() && contents.size() <= messages::kMaxFrameBytes, "frame size");
  const auto length = static_cast<std::uint32_t>(contents.size());
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(length >> shift));
  out.insert(out.end(), contents.begin(), contents.end());
}

}  // namespace asterism::cluster
