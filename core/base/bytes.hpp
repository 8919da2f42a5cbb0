// Byte strings and their hexadecimal form: the one owner of both in the project.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asterism::core {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using Word = std::array<std::uint8_t, 32>;  // big-endian where it is a number

// Lower-case digits, two per byte, without prefix.
std::string to_hex(ByteView bytes);

// Accepts an optional "0x"; an even number of digits of either case; nothing else.
std::optional<Bytes> from_hex(std::string_view text);

// As from_hex, and exactly `N` bytes.
template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> array_from_hex(std::string_view text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != N) return std::nullopt;
  std::array<std::uint8_t, N> out;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// Appends to a byte string: fixed-width big-endian integers and raw bytes, as protocol.md writes `a ‖ b`.
class ByteWriter {
 public:
  ByteWriter& raw(ByteView bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  ByteWriter& text(std::string_view text) { return raw(as_bytes(text)); }
  ByteWriter& u8(std::uint8_t value) { return be(value, 1); }
  ByteWriter& u16(std::uint16_t value) { return be(value, 2); }
  ByteWriter& u32(std::uint32_t value) { return be(value, 4); }
  ByteWriter& u64(std::uint64_t value) { return be(value, 8); }
  // A number as a 32-byte word.
  ByteWriter& word(std::uint64_t value) {
    out_.insert(out_.end(), 24, 0);
    return u64(value);
  }
  const Bytes& bytes() const { return out_; }
  Bytes take() { return std::move(out_); }

 private:
  ByteWriter& be(std::uint64_t value, int width) {
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) out_.push_back(static_cast<std::uint8_t>(value >> shift));
    return *this;
  }
  Bytes out_;
};

}  // namespace asterism::core
