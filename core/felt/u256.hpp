// 256-bit unsigned integers: the plain numbers behind field elements, scalars and 32-byte words.
// Little-endian limbs, wrapping arithmetic with the carry handed back; nothing here knows a modulus.
#pragma once
#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace asterism::core {

using Uint128 = unsigned __int128;

// a + b + carry; the carry (0 or 1) is replaced.
constexpr std::uint64_t add_carry(std::uint64_t a, std::uint64_t b, std::uint64_t& carry) {
  const Uint128 sum = static_cast<Uint128>(a) + b + carry;
  carry = static_cast<std::uint64_t>(sum >> 64);
  return static_cast<std::uint64_t>(sum);
}

// a - b - borrow; the borrow (0 or 1) is replaced.
constexpr std::uint64_t sub_borrow(std::uint64_t a, std::uint64_t b, std::uint64_t& borrow) {
  const Uint128 difference = static_cast<Uint128>(a) - b - borrow;
  borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
  return static_cast<std::uint64_t>(difference);
}

// a * b + c + d, which never overflows; the high half goes to `high`.
constexpr std::uint64_t mul_add(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d,
                                std::uint64_t& high) {
  const Uint128 product = static_cast<Uint128>(a) * b + c + d;
  high = static_cast<std::uint64_t>(product >> 64);
  return static_cast<std::uint64_t>(product);
}

struct U256 {
  std::array<std::uint64_t, 4> limb{};

  constexpr U256() = default;
  constexpr explicit U256(std::uint64_t low) : limb{low, 0, 0, 0} {}
  constexpr explicit U256(const std::array<std::uint64_t, 4>& limbs) : limb(limbs) {}
  static constexpr U256 from_u128(Uint128 value) {
    return U256({static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(value >> 64), 0, 0});
  }
  static constexpr U256 from_be(std::span<const std::uint8_t, 32> bytes) {
    U256 out;
    for (std::size_t i = 0; i < 32; ++i) {
      out.limb[3 - i / 8] = (out.limb[3 - i / 8] << 8) | bytes[i];
    }
    return out;
  }
  // "0x" and 1 to 64 digits of either case.
  static constexpr std::optional<U256> from_hex(std::string_view text) {
    if (!text.starts_with("0x") || text.size() < 3 || text.size() > 66) return std::nullopt;
    U256 out;
    for (const char c : text.substr(2)) {
      const int digit = hex_digit(c);
      if (digit < 0) return std::nullopt;
      out = out << 4;
      out.limb[0] |= static_cast<std::uint64_t>(digit);
    }
    return out;
  }

  constexpr Word to_be() const {
    Word out{};
    for (std::size_t i = 0; i < 32; ++i) {
      out[i] = static_cast<std::uint8_t>(limb[3 - i / 8] >> (56 - 8 * (i % 8)));
    }
    return out;
  }
  // "0x", lower case, no leading zeros; zero is "0x0".
  std::string to_hex() const;
  std::string to_decimal() const;

  constexpr bool is_zero() const { return (limb[0] | limb[1] | limb[2] | limb[3]) == 0; }
  constexpr bool bit(unsigned i) const { return ((limb[i / 64] >> (i % 64)) & 1) != 0; }
  constexpr unsigned bit_length() const {
    for (unsigned i = 4; i-- > 0;) {
      if (limb[i] != 0) return 64 * i + 64 - static_cast<unsigned>(std::countl_zero(limb[i]));
    }
    return 0;
  }
  // Bits [offset, offset + count), count at most 64; bits beyond 256 are zero.
  constexpr std::uint64_t bits(unsigned offset, unsigned count) const {
    const unsigned word = offset / 64;
    const unsigned shift = offset % 64;
    if (word > 3 || count == 0) return 0;
    std::uint64_t value = limb[word] >> shift;
    if (shift != 0 && word < 3) value |= limb[word + 1] << (64 - shift);
    return count >= 64 ? value : value & ((std::uint64_t{1} << count) - 1);
  }

  constexpr std::uint64_t add(const U256& other) {  // returns the carry
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 4; ++i) limb[i] = add_carry(limb[i], other.limb[i], carry);
    return carry;
  }
  constexpr std::uint64_t sub(const U256& other) {  // returns the borrow
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 4; ++i) limb[i] = sub_borrow(limb[i], other.limb[i], borrow);
    return borrow;
  }
  friend constexpr U256 operator+(U256 a, const U256& b) {
    a.add(b);
    return a;
  }
  friend constexpr U256 operator-(U256 a, const U256& b) {
    a.sub(b);
    return a;
  }
  friend constexpr U256 operator<<(const U256& a, unsigned count) {
    U256 out;
    for (unsigned i = count / 64; i < 4; ++i) {
      const unsigned from = i - count / 64;
      out.limb[i] = a.limb[from] << (count % 64);
      if (count % 64 != 0 && from > 0) out.limb[i] |= a.limb[from - 1] >> (64 - count % 64);
    }
    return out;
  }
  friend constexpr U256 operator>>(const U256& a, unsigned count) {
    U256 out;
    for (unsigned i = 0; i + count / 64 < 4; ++i) out.limb[i] = a.bits(64 * i + count, 64);
    return out;
  }
  constexpr bool operator==(const U256&) const = default;
  friend constexpr std::strong_ordering operator<=>(const U256& a, const U256& b) {
    for (std::size_t i = 4; i-- > 0;) {
      if (a.limb[i] != b.limb[i]) return a.limb[i] <=> b.limb[i];
    }
    return std::strong_ordering::equal;
  }

 private:
  static constexpr int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  }
};

// The quotient, and the remainder in `value`'s place; divisor non-zero.
constexpr U256 divide_small(U256 value, std::uint64_t divisor, std::uint64_t& remainder) {
  Uint128 rest = 0;
  for (std::size_t i = 4; i-- > 0;) {
    rest = (rest << 64) | value.limb[i];
    value.limb[i] = static_cast<std::uint64_t>(rest / divisor);
    rest %= divisor;
  }
  remainder = static_cast<std::uint64_t>(rest);
  return value;
}

}  // namespace asterism::core
