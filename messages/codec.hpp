// Bytes of messages and of single values. Decoding is strict: every value has exactly one encoding, so what was decoded
// encodes back to the bytes it came from, and hashes or signatures over those bytes mean what they seem to.
//
// The way of outside bytes: cap of the kind, then one pass that only reads (nesting, announced lengths against what is
// there, number of objects), then msgpack with limits, then the fields' own ranges, then the comparison with a fresh
// encoding. Memory is bounded by a small multiple of the input before anything is allocated; nothing throws.
#pragma once
#include <expected>

#include "messages/define.hpp"
#include "messages/messages.hpp"
#include "messages/table.hpp"

namespace asterism::messages {

enum class CodecError : std::uint8_t {
  kUnknownKind = 1,
  kTooLarge = 2,      // above the cap
  kMalformed = 3,     // not msgpack, or lengths, nesting or number of objects out of bounds
  kWrongShape = 4,    // msgpack of something else: a wrong type, field count or value out of range
  kNotCanonical = 5,  // a second encoding of the same value
};
std::string_view to_string(CodecError error);

// msgpack of the message, without its kind byte.
core::Bytes encode(const Message& message);
// kind byte ‖ msgpack: what a link puts into a frame.
core::Bytes encode_with_kind(const Message& message);
std::expected<MessagePtr, CodecError> decode(std::uint8_t kind, core::ByteView bytes) noexcept;
// Of encode_with_kind.
std::expected<MessagePtr, CodecError> decode_with_kind(core::ByteView bytes) noexcept;

namespace detail {

inline constexpr std::size_t kMaxNesting = 24;

// Well-formed, nothing after it, no lengths beyond the input, no floats or extension types; reads only.
bool within_bounds(core::ByteView bytes) noexcept;
// Of bytes that are within bounds; strings and binaries refer to them. May throw std::bad_alloc or msgpack's errors.
msgpack::object_handle parse(core::ByteView bytes);

class AppendSink {
 public:
  explicit AppendSink(core::Bytes& out) : out_(out) {}
  void write(const char* data, std::size_t size) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(data);
    out_.insert(out_.end(), bytes, bytes + size);
  }

 private:
  core::Bytes& out_;
};

// Compares what is written with what is expected, without storing it.
class CompareSink {
 public:
  explicit CompareSink(core::ByteView expected) : rest_(expected) {}
  void write(const char* data, std::size_t size) {
    if (!equal_ || size > rest_.size() || std::memcmp(rest_.data(), data, size) != 0) {
      equal_ = false;
      return;
    }
    rest_ = rest_.subspan(size);
  }
  bool equal() const { return equal_ && rest_.empty(); }

 private:
  core::ByteView rest_;
  bool equal_ = true;
};

}  // namespace detail

// The same for one value of any type that define.hpp or MSGPACK_DEFINE knows: what is stored or signed.
template <class T>
core::Bytes encode_value(const T& value) {
  core::Bytes out;
  detail::AppendSink sink(out);
  msgpack::packer<detail::AppendSink> packer(sink);
  packer.pack(value);
  return out;
}

template <class T>
std::expected<T, CodecError> decode_value(core::ByteView bytes, std::size_t cap) noexcept {
  if (bytes.size() > cap) return std::unexpected(CodecError::kTooLarge);
  if (!detail::within_bounds(bytes)) return std::unexpected(CodecError::kMalformed);
  try {
    T value;
    detail::parse(bytes).get().convert(value);
    detail::CompareSink sink(bytes);
    msgpack::packer<detail::CompareSink> packer(sink);
    packer.pack(value);
    if (!sink.equal()) return std::unexpected(CodecError::kNotCanonical);
    return value;
  } catch (...) {
    return std::unexpected(CodecError::kWrongShape);
  }
}

// For the string values of the key-value interface.
template <class T>
std::string encode_text(const T& value) {
  const core::Bytes bytes = encode_value(value);
  return std::string(core::as_text(bytes));
}
template <class T>
std::expected<T, CodecError> decode_text(std::string_view text, std::size_t cap = std::size_t{1} << 30) noexcept {
  return decode_value<T>(core::as_bytes(text), cap);
}

}  // namespace asterism::messages
