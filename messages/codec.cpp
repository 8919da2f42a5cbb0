#include "messages/codec.hpp"

#include <array>
#include <utility>

#include "core/base/utf8.hpp"

namespace asterism::messages {

namespace detail {

namespace {

// One object's head: how many bytes belong to it alone, and how many objects it announces inside it.
struct Head {
  bool good = false;
  std::size_t bytes = 0;
  std::uint64_t children = 0;
};

std::uint64_t big_endian(core::ByteView bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | bytes[at + i];
  return value;
}

Head sized(core::ByteView rest, std::size_t width) {
  if (rest.size() < 1 + width) return {};
  const std::uint64_t length = big_endian(rest, 1, width);
  if (length > rest.size() - 1 - width) return {};
  return {true, 1 + width + static_cast<std::size_t>(length), 0};
}
Head container(core::ByteView rest, std::size_t width, std::uint64_t factor) {
  if (rest.size() < 1 + width) return {};
  return {true, 1 + width, big_endian(rest, 1, width) * factor};
}
Head fixed(core::ByteView rest, std::size_t bytes) {
  if (rest.size() < bytes) return {};
  return {true, bytes, 0};
}

Head read_head(core::ByteView rest) {
  if (rest.empty()) return {};
  const std::uint8_t tag = rest[0];
  if (tag <= 0x7f || tag >= 0xe0) return {true, 1, 0};                          // small integers
  if (tag <= 0x8f) return {true, 1, static_cast<std::uint64_t>(tag & 15) * 2};  // fixmap
  if (tag <= 0x9f) return {true, 1, static_cast<std::uint64_t>(tag & 15)};      // fixarray
  if (tag <= 0xbf) return fixed(rest, 1 + static_cast<std::size_t>(tag & 31));  // fixstr
  switch (tag) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return {true, 1, 0};  // nil, booleans
    case 0xc4:
    case 0xd9:
      return sized(rest, 1);
    case 0xc5:
    case 0xda:
      return sized(rest, 2);
    case 0xc6:
    case 0xdb:
      return sized(rest, 4);
    case 0xcc:
    case 0xd0:
      return fixed(rest, 2);
    case 0xcd:
    case 0xd1:
      return fixed(rest, 3);
    case 0xce:
    case 0xd2:
      return fixed(rest, 5);
    case 0xcf:
    case 0xd3:
      return fixed(rest, 9);
    case 0xdc:
      return container(rest, 2, 1);
    case 0xdd:
      return container(rest, 4, 1);
    case 0xde:
      return container(rest, 2, 2);
    case 0xdf:
      return container(rest, 4, 2);
    default:
      return {};  // floats, extension types, 0xc1
  }
}

}  // namespace

bool within_bounds(core::ByteView bytes) noexcept {
  // Real messages have more than two bytes an object on average; small ones get a constant on top.
  std::uint64_t objects_left = 1024 + bytes.size() / 2;
  std::array<std::uint64_t, kMaxNesting> open{};  // objects still to come at each level
  std::size_t depth = 0;
  open[0] = 1;
  while (true) {
    while (open[depth] == 0) {
      if (depth == 0) return bytes.empty();
      --depth;
    }
    --open[depth];
    const Head head = read_head(bytes);
    if (!head.good || objects_left == 0) return false;
    --objects_left;
    bytes = bytes.subspan(head.bytes);
    if (head.children == 0) continue;
    if (head.children > bytes.size() || head.children > objects_left || depth + 1 == kMaxNesting) return false;
    open[++depth] = head.children;
  }
}

msgpack::object_handle parse(core::ByteView bytes) {
  const std::size_t size = bytes.size();
  const msgpack::unpack_limit limit(size, size, size, size, 0, kMaxNesting + 1);
  // Strings and binaries stay where they are.
  const auto by_reference = [](msgpack::type::object_type, std::size_t, void*) { return true; };
  return msgpack::unpack(reinterpret_cast<const char*>(bytes.data()), size, by_reference, nullptr, limit);
}

}  // namespace detail

namespace {

// Of bytes that are within bounds. People read the texts of messages and JSON is made of them: both need UTF-8.
bool texts_are_utf8(core::ByteView bytes) {
  while (!bytes.empty()) {
    const auto whole = bytes.first(detail::read_head(bytes).bytes);
    const std::uint8_t tag = whole[0];
    std::size_t header = 0;
    if (tag >= 0xa0 && tag <= 0xbf) header = 1;
    if (tag >= 0xd9 && tag <= 0xdb) header = 1 + (std::size_t{1} << (tag - 0xd9));
    if (header != 0 && !core::is_utf8(core::as_text(whole.subspan(header)))) return false;
    bytes = bytes.subspan(whole.size());
  }
  return true;
}

using Decoder = std::expected<MessagePtr, CodecError> (*)(core::ByteView, std::size_t);

template <class T>
std::expected<MessagePtr, CodecError> decode_as(core::ByteView bytes, std::size_t cap) {
  auto value = decode_value<T>(bytes, cap);
  if (!value) return std::unexpected(value.error());
  return make_message(std::move(*value));
}

template <std::size_t... I>
constexpr auto decoders(std::index_sequence<I...>) {
  return std::array<Decoder, sizeof...(I)>{&decode_as<std::variant_alternative_t<I, Message>>...};
}
constexpr auto kDecoders = decoders(std::make_index_sequence<std::variant_size_v<Message>>{});

void pack_message(core::Bytes& out, const Message& message) {
  detail::AppendSink sink(out);
  msgpack::packer<detail::AppendSink> packer(sink);
  std::visit([&](const auto& body) { packer.pack(body); }, message);
}

}  // namespace

std::string_view to_string(CodecError error) {
  switch (error) {
    case CodecError::kUnknownKind:
      return "unknown kind";
    case CodecError::kTooLarge:
      return "larger than the cap of its kind";
    case CodecError::kMalformed:
      return "malformed";
    case CodecError::kWrongShape:
      return "wrong type, number or range of fields";
    case CodecError::kNotCanonical:
      return "not in its only encoding";
  }
  return "?";
}

core::Bytes encode(const Message& message) {
  core::Bytes out;
  pack_message(out, message);
  return out;
}

core::Bytes encode_with_kind(const Message& message) {
  core::Bytes out{kind_of(message).number};
  pack_message(out, message);
  return out;
}

std::expected<MessagePtr, CodecError> decode(std::uint8_t kind, core::ByteView bytes) noexcept {
  const KindInfo* info = find_kind(kind);
  if (info == nullptr) return std::unexpected(CodecError::kUnknownKind);
  try {
    auto message = kDecoders[index_of(*info)](bytes, info->cap);
    if (message && !texts_are_utf8(bytes)) return std::unexpected(CodecError::kWrongShape);
    return message;
  } catch (...) {  // no memory for the shared message
    return std::unexpected(CodecError::kWrongShape);
  }
}

std::expected<MessagePtr, CodecError> decode_with_kind(core::ByteView bytes) noexcept {
  if (bytes.empty()) return std::unexpected(CodecError::kMalformed);
  return decode(bytes[0], bytes.subspan(1));
}

}  // namespace asterism::messages
