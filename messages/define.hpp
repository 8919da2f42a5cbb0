// How values of this project look in msgpack: the one place that knows msgpack's adaptors.
//
// A struct is the array of its fields in declared order (messages: MSGPACK_DEFINE; core types: ASTERISM_PACK_FIELDS in
// define_core.hpp). Byte strings are BIN of exact length, numbers above 64 bits are BIN big-endian (felt 32 bytes and
// below p, Uint128 16 bytes), strong ids and enums are integers (an enum value that is not declared is refused),
// an absent optional is nil, a transaction is [type, body].
// Invariant: every value has one encoding only. The adaptors may accept more than that; codec.hpp refuses what does not
// encode back to the same bytes.
// Converting throws msgpack::type_error: only codec.cpp converts, and it lets nothing escape.
#pragma once
#ifndef MSGPACK_NO_BOOST
#define MSGPACK_NO_BOOST
#endif
// msgpack 4.1.3 reads past a short STR when it converts one to std::array<unsigned char, N>. Its adaptor is left out by
// its include guard; the one below takes its place.
#ifdef MSGPACK_V1_TYPE_CPP11_ARRAY_UNSIGNED_CHAR_HPP
#error "include messages/define.hpp instead of msgpack.hpp"
#endif
#define MSGPACK_V1_TYPE_CPP11_ARRAY_UNSIGNED_CHAR_HPP
#include <array>
#include <cstring>
#include <msgpack.hpp>
#include <optional>
#include <tuple>
#include <type_traits>

#include "core/base/bytes.hpp"
#include "core/base/strong_id.hpp"
#include "core/chain/keys.hpp"
#include "core/felt/felt.hpp"

// In msgpack's own form msgpack_unpack is a plain member, and every file that sees a message compiles all conversions
// below it. As a template it is compiled where it is called.
#undef MSGPACK_DEFINE
#define MSGPACK_DEFINE(...)                                                      \
  template <class Packer>                                                        \
  void msgpack_pack(Packer& msgpack_to) const {                                  \
    msgpack::type::make_define_array(__VA_ARGS__).msgpack_pack(msgpack_to);      \
  }                                                                              \
  template <class Object>                                                        \
  void msgpack_unpack(Object msgpack_from) {                                     \
    const msgpack::object& msgpack_whole = msgpack_from;                         \
    msgpack::type::make_define_array(__VA_ARGS__).msgpack_unpack(msgpack_whole); \
  }

namespace asterism::messages {

// Specialised for each core struct: of(value) is the tie of its fields in wire order.
template <class T>
struct PackFields;

// Specialised for each enum: the highest declared value (all enums here are 0..kLast or kFirst..kLast without holes).
template <class E>
struct PackEnum;

// Fields that are checked after decoding: `static bool valid(const T&)`.
template <class T>
struct PackCheck {
  static bool valid(const T&) { return true; }
};

template <class T>
concept HasPackFields = requires(T& value) { PackFields<T>::of(value); };
template <class E>
concept HasPackEnum = std::is_enum_v<E> && requires { PackEnum<E>::kLast; };

inline void convert_bin(const msgpack::object& from, std::uint8_t* out, std::size_t size) {
  if (from.type != msgpack::type::BIN || from.via.bin.size != size) throw msgpack::type_error();
  if (size != 0) std::memcpy(out, from.via.bin.ptr, size);
}
template <class Stream>
void pack_bin(msgpack::packer<Stream>& out, core::ByteView bytes) {
  out.pack_bin(static_cast<std::uint32_t>(bytes.size()));
  out.pack_bin_body(reinterpret_cast<const char*>(bytes.data()), static_cast<std::uint32_t>(bytes.size()));
}

}  // namespace asterism::messages

// Fields of a core struct in wire order.
#define ASTERISM_PACK_FIELDS(Type, ...)                       \
  template <>                                                 \
  struct asterism::messages::PackFields<Type> {               \
    static auto of(auto& v) { return std::tie(__VA_ARGS__); } \
  };
#define ASTERISM_PACK_ENUM(Type, first, last)                        \
  template <>                                                        \
  struct asterism::messages::PackEnum<Type> {                        \
    static constexpr auto kFirst = static_cast<std::uint8_t>(first); \
    static constexpr auto kLast = static_cast<std::uint8_t>(last);   \
  };

namespace msgpack {
MSGPACK_API_VERSION_NAMESPACE(MSGPACK_DEFAULT_API_NS) {
  namespace adaptor {

  template <std::size_t N>
  struct convert<std::array<unsigned char, N>> {
    const msgpack::object& operator()(const msgpack::object& from, std::array<unsigned char, N>& value) const {
      asterism::messages::convert_bin(from, value.data(), N);
      return from;
    }
  };
  template <std::size_t N>
  struct pack<std::array<unsigned char, N>> {
    template <class Stream>
    msgpack::packer<Stream>& operator()(msgpack::packer<Stream>& out, const std::array<unsigned char, N>& value) const {
      asterism::messages::pack_bin(out, value);
      return out;
    }
  };

  template <class Tag, std::size_t N>
  struct convert<asterism::core::KeyBytes<Tag, N>> {
    const msgpack::object& operator()(const msgpack::object& from, asterism::core::KeyBytes<Tag, N>& value) const {
      asterism::messages::convert_bin(from, value.bytes.data(), N);
      return from;
    }
  };
  template <class Tag, std::size_t N>
  struct pack<asterism::core::KeyBytes<Tag, N>> {
    template <class Stream>
    msgpack::packer<Stream>& operator()(msgpack::packer<Stream>& out,
                                        const asterism::core::KeyBytes<Tag, N>& value) const {
      asterism::messages::pack_bin(out, value.bytes);
      return out;
    }
  };

  template <class Tag, class Rep>
  struct convert<asterism::core::StrongId<Tag, Rep>> {
    const msgpack::object& operator()(const msgpack::object& from, asterism::core::StrongId<Tag, Rep>& value) const {
      from.convert(value.value);
      return from;
    }
  };
  template <class Tag, class Rep>
  struct pack<asterism::core::StrongId<Tag, Rep>> {
    template <class Stream>
    msgpack::packer<Stream>& operator()(msgpack::packer<Stream>& out,
                                        const asterism::core::StrongId<Tag, Rep>& value) const {
      return out.pack(value.value);
    }
  };

  template <>
  struct convert<asterism::core::Felt> {
    const msgpack::object& operator()(const msgpack::object& from, asterism::core::Felt& value) const {
      asterism::core::Word word;
      asterism::messages::convert_bin(from, word.data(), word.size());
      const auto felt = asterism::core::Felt::from_be(word);
      if (!felt) throw msgpack::type_error();
      value = *felt;
      return from;
    }
  };
  template <>
  struct pack<asterism::core::Felt> {
    template <class Stream>
    msgpack::packer<Stream>& operator()(msgpack::packer<Stream>& out, const asterism::core::Felt& value) const {
      const auto word = value.to_be();
      asterism::messages::pack_bin(out, word);
      return out;
    }
  };

  template <>
  struct convert<unsigned __int128> {
    const msgpack::object& operator()(const msgpack::object& from, unsigned __int128& value) const {
      std::array<std::uint8_t, 16> bytes;
      asterism::messages::convert_bin(from, bytes.data(), bytes.size());
      value = 0;
      for (const auto byte : bytes) value = value << 8 | byte;
      return from;
    }
  };
  template <>
  struct pack<unsigned __int128> {
    template <class Stream>
    msgpack::packer<Stream>& operator()(msgpack::packer<Stream>& out, const unsigned __int128& value) const {
      std::array<std::uint8_t, 16> bytes;
      for (std::size_t i = 0; i < 16; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (120 - 8 * i));
      asterism::messages::pack_bin(out, bytes);
      return out;
    }
  };

  template <asterism::messages::HasPackEnum E>
  struct convert<E, std::enable_if_t<std::is_enum_v<E>>> {
    const msgpack::object& operator()(const msgpack::object& from, E& value) const {
      std::uint8_t raw = 0;
      from.convert(raw);
      if (raw < asterism::messages::PackEnum<E>::kFirst || raw > asterism::messages::PackEnum<E>::kLast) {
        throw msgpack::type_error();
      }
      value = static_cast<E>(raw);
      return from;
    }
  };
  template <asterism::messages::HasPackEnum E>
  struct pack<E, std::enable_if_t<std::is_enum_v<E>>> {
    template <class Stream>
    msgpack::packer<Stream>& operator()(msgpack::packer<Stream>& out, const E& value) const {
      return out.pack(static_cast<std::uint8_t>(value));
    }
  };

  template <asterism::messages::HasPackFields T>
  struct convert<T, std::enable_if_t<std::is_class_v<T>>> {
    const msgpack::object& operator()(const msgpack::object& from, T& value) const {
      using asterism::messages::PackFields;
      constexpr std::size_t kFields = std::tuple_size_v<decltype(PackFields<T>::of(value))>;
      if (from.type != msgpack::type::ARRAY || from.via.array.size != kFields) throw msgpack::type_error();
      const msgpack::object* field = from.via.array.ptr;
      std::apply([&](auto&... member) { ((field++)->convert(member), ...); }, PackFields<T>::of(value));
      if (!asterism::messages::PackCheck<T>::valid(value)) throw msgpack::type_error();
      return from;
    }
  };
  template <asterism::messages::HasPackFields T>
  struct pack<T, std::enable_if_t<std::is_class_v<T>>> {
    template <class Stream>
    msgpack::packer<Stream>& operator()(msgpack::packer<Stream>& out, const T& value) const {
      using asterism::messages::PackFields;
      const auto fields = PackFields<T>::of(value);
      out.pack_array(static_cast<std::uint32_t>(std::tuple_size_v<decltype(PackFields<T>::of(value))>));
      std::apply([&](const auto&... member) { (out.pack(member), ...); }, fields);
      return out;
    }
  };

  }  // namespace adaptor
}  // MSGPACK_API_VERSION_NAMESPACE
}  // namespace msgpack

#include "messages/define_core.hpp"  // IWYU pragma: export
