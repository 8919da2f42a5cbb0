// crypto_secretstream_xchacha20poly1305, one object a direction. Order, replay and truncation are detected by the
// stream itself; the final tag is the goodbye.
#pragma once
#include <sodium.h>

#include <array>
#include <optional>

#include "core/base/bytes.hpp"

namespace asterism::cluster {

inline constexpr std::size_t kStreamHeaderBytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
inline constexpr std::size_t kStreamOverhead = crypto_secretstream_xchacha20poly1305_ABYTES;
using StreamHeader = std::array<std::uint8_t, kStreamHeaderBytes>;

class SealingStream {
 public:
  explicit SealingStream(const core::Word& key);
  ~SealingStream();
  SealingStream(const SealingStream&) = default;
  SealingStream& operator=(const SealingStream&) = default;
  const StreamHeader& header() const { return header_; }
  core::Bytes seal(core::ByteView plain, bool final);

 private:
  crypto_secretstream_xchacha20poly1305_state state_;
  StreamHeader header_;
};

struct OpenedFrame {
  core::Bytes plain;
  bool final = false;
};

class OpeningStream {
 public:
  OpeningStream(const core::Word& key, const StreamHeader& header);
  ~OpeningStream();
  OpeningStream(const OpeningStream&) = default;
  OpeningStream& operator=(const OpeningStream&) = default;
  // nullopt: altered, replayed, out of order, or after the final frame.
  std::optional<OpenedFrame> open(core::ByteView cipher);

 private:
  crypto_secretstream_xchacha20poly1305_state state_;
  bool finished_ = false;
};

}  // namespace asterism::cluster
