// Framing of a link: u32 length (big-endian) and that many bytes. Pure: bytes in, frames out.
// The length is judged before anything is allocated for it, and the buffer grows only with bytes that arrived. Bytes
// come in whatever pieces the socket yields, so that progress can be told from silence.
#pragma once
#include <expected>
#include <optional>

#include "cluster/link/fault.hpp"
#include "core/base/bytes.hpp"

namespace asterism::cluster {

class FrameReader {
 public:
  explicit FrameReader(std::size_t cap) : cap_(cap) {}
  // Applies to lengths that are read from now on.
  void set_cap(std::size_t cap) { cap_ = cap; }
  void feed(core::ByteView bytes);
  // The next whole frame's contents; nullopt when more bytes are needed. After a fault the reader is of no further use.
  std::expected<std::optional<core::Bytes>, LinkFault> next();
  // Part of a frame is there.
  bool pending() const { return position_ < buffer_.size(); }

 private:
  std::size_t cap_;
  core::Bytes buffer_;
  std::size_t position_ = 0;
};

// Appends `length ‖ contents`.
void append_frame(core::Bytes& out, core::ByteView contents);

}  // namespace asterism::cluster
