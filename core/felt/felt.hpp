// The field of Starknet: integers modulo p = 2^251 + 17*2^192 + 1.
//
// Invariants: a Felt is always canonical (its Montgomery limbs are below p), so equality of limbs is equality of
// values. Montgomery form with R = 2^256. p = 1 modulo 2^64, hence -1/p mod 2^64 is -1 and the reduction needs no
// multiplication for its quotients: T - T_low*p has a zero low half, and p's only other word is kTop.
// +, -, *, square and the conversions from and to limbs run in time that does not depend on the values;
// inverse, sqrt, pow (in the exponent) and everything with text do not promise that.
// Sums and differences of secrets may use this class; secret scalars live in core/curve/scalar.hpp.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/felt/felt_x86.hpp"
#include "core/felt/u256.hpp"

namespace asterism::core {

class Felt {
 public:
  using Limbs = std::array<std::uint64_t, 4>;
  static constexpr std::uint64_t kTop = 0x0800000000000011ULL;  // the highest limb of p
  static constexpr U256 kModulus{Limbs{1, 0, 0, kTop}};

  constexpr Felt() = default;
  constexpr explicit Felt(std::uint64_t value) : Felt(to_montgomery(U256(value))) {}

  static constexpr Felt zero() { return Felt(); }
  static constexpr Felt one() { return from_montgomery(kOne); }
  static constexpr Felt from_u128(Uint128 value) { return to_montgomery(U256::from_u128(value)); }
  static constexpr Felt from_i64(std::int64_t value) {
    if (value >= 0) return Felt(static_cast<std::uint64_t>(value));
    return -Felt(0 - static_cast<std::uint64_t>(value));
  }
  static constexpr std::optional<Felt> from_u256(const U256& value) {
    if (value >= kModulus) return std::nullopt;
    return to_montgomery(value);
  }
  static constexpr std::optional<Felt> from_be(std::span<const std::uint8_t, 32> bytes) {
    return from_u256(U256::from_be(bytes));
  }
  // Any 256-bit number modulo p.
  static constexpr Felt reduce(const U256& value) { return to_montgomery(value); }
  static constexpr Felt reduce_be(std::span<const std::uint8_t, 32> bytes) { return reduce(U256::from_be(bytes)); }
  // "0x" and 1 to 64 digits, below p.
  static constexpr std::optional<Felt> from_hex(std::string_view text) {
    const auto value = U256::from_hex(text);
    return value ? from_u256(*value) : std::nullopt;
  }
  static std::optional<Felt> from_decimal(std::string_view text);
  // A constant written as "0x..."; a malformed one does not compile.
  static consteval Felt literal(const char* text) { return from_hex(text).value(); }

  static constexpr Felt from_montgomery(const Limbs& limbs) {
    Felt out;
    out.limb_ = limbs;
    return out;
  }
  constexpr const Limbs& montgomery() const { return limb_; }

  constexpr U256 to_u256() const {
#ifdef ASTERISM_FELT_X86
    if !consteval {
      return U256(x86::divide_by_radix(limb_));
    }
#endif
    return portable_to_u256();
  }
  constexpr U256 portable_to_u256() const {
    return U256(reduce_product({limb_[0], limb_[1], limb_[2], limb_[3], 0, 0, 0, 0}).limb_);
  }
  constexpr Word to_be() const { return to_u256().to_be(); }
  std::string to_hex() const { return to_u256().to_hex(); }
  std::string to_decimal() const { return to_u256().to_decimal(); }
  constexpr std::optional<std::uint64_t> to_u64() const {
    const U256 value = to_u256();
    if ((value.limb[1] | value.limb[2] | value.limb[3]) != 0) return std::nullopt;
    return value.limb[0];
  }
  constexpr std::optional<Uint128> to_u128() const {
    const U256 value = to_u256();
    if ((value.limb[2] | value.limb[3]) != 0) return std::nullopt;
    return (static_cast<Uint128>(value.limb[1]) << 64) | value.limb[0];
  }

  constexpr bool is_zero() const { return (limb_[0] | limb_[1] | limb_[2] | limb_[3]) == 0; }
  constexpr bool operator==(const Felt&) const = default;
  // By standard value, which costs a reduction each.
  friend constexpr std::strong_ordering operator<=>(const Felt& a, const Felt& b) {
    return a.to_u256() <=> b.to_u256();
  }
  static constexpr int compare(const Felt& a, const Felt& b) {
    const auto order = a <=> b;
    return order < 0 ? -1 : (order > 0 ? 1 : 0);
  }

  friend constexpr Felt operator+(const Felt& a, const Felt& b) {
#ifdef ASTERISM_FELT_X86
    if !consteval {
      return from_montgomery(x86::add(a.limb_, b.limb_));
    }
#endif
    return portable_add(a, b);
  }
  friend constexpr Felt operator-(const Felt& a, const Felt& b) {
#ifdef ASTERISM_FELT_X86
    if !consteval {
      return from_montgomery(x86::subtract(a.limb_, b.limb_));
    }
#endif
    return portable_subtract(a, b);
  }
  [[gnu::always_inline]] friend constexpr Felt operator*(const Felt& a, const Felt& b) {
    return multiply(a.limb_, b.limb_);
  }
  // What the operators above compute, without assembly.
  static constexpr Felt portable_multiply(const Felt& a, const Felt& b) {
    return reduce_product(wide_product(a.limb_, b.limb_));
  }
  static constexpr Felt portable_add(const Felt& a, const Felt& b) {
    Limbs out{};
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 4; ++i) out[i] = add_carry(a.limb_[i], b.limb_[i], carry);
    return subtract_modulus_once(out);  // p < 2^252: the sum has no carry out
  }
  static constexpr Felt portable_subtract(const Felt& a, const Felt& b) {
    Limbs out{};
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 4; ++i) out[i] = sub_borrow(a.limb_[i], b.limb_[i], borrow);
    return add_modulus_if(out, borrow);
  }
  constexpr Felt operator-() const { return Felt() - *this; }
  constexpr Felt& operator+=(const Felt& other) { return *this = *this + other; }
  constexpr Felt& operator-=(const Felt& other) { return *this = *this - other; }
  constexpr Felt& operator*=(const Felt& other) { return *this = *this * other; }
  [[gnu::always_inline]] constexpr Felt square() const { return square_limbs(limb_); }
  constexpr Felt double_() const { return *this + *this; }

  Felt inverse() const;         // of 0: 0; public values only
  Felt fermat_inverse() const;  // the same in constant time
  Felt pow(const U256& exponent) const;
  bool is_square() const;            // 0 counts as one
  std::optional<Felt> sqrt() const;  // the smaller of the two roots

 private:
  static constexpr Limbs kOne{0xffffffffffffffe1ULL, 0xffffffffffffffffULL, 0xffffffffffffffffULL,
                              0x07fffffffffffdf0ULL};  // 2^256 mod p
  static constexpr Limbs kRSquared{0xfffffd737e000401ULL, 0x00000001330fffffULL, 0xffffffffff6f8000ULL,
                                   0x07ffd4ab5e008810ULL};  // 2^512 mod p

  static constexpr Felt subtract_modulus_once(const Limbs& value) {
    Limbs out{};
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 4; ++i) out[i] = sub_borrow(value[i], kModulus.limb[i], borrow);
    return add_modulus_if(out, borrow);
  }
  static constexpr Felt add_modulus_if(const Limbs& value, std::uint64_t condition) {
    Limbs out{};
    std::uint64_t carry = 0;
    out[0] = add_carry(value[0], condition, carry);
    out[1] = add_carry(value[1], 0, carry);
    out[2] = add_carry(value[2], 0, carry);
    out[3] = value[3] + ((0 - condition) & kTop) + carry;
    return from_montgomery(out);
  }

  using Wide = std::array<std::uint64_t, 8>;
  static constexpr Wide wide_product(const Limbs& a, const Limbs& b) {
    Wide t{};
    for (std::size_t i = 0; i < 4; ++i) {
      std::uint64_t carry = 0;
      for (std::size_t j = 0; j < 4; ++j) t[i + j] = mul_add(a[i], b[j], t[i + j], carry, carry);
      t[i + 4] = carry;
    }
    return t;
  }
  // t / R modulo p for t < p * 2^256. With m the quotient words, t - m*p = t - m - (m*kTop << 192): words 0..2 of m are
  // those of t, word 3 is t3 less the low word of m0*kTop, and what remains is t_high less the high part of m*kTop.
  static constexpr Felt reduce_product(const Wide& t) {
    std::uint64_t c0 = 0;
    const std::uint64_t l0 = mul_add(t[0], kTop, 0, 0, c0);
    std::uint64_t borrow = 0;
    const std::uint64_t m3 = sub_borrow(t[3], l0, borrow);
    std::uint64_t c1 = 0;
    std::uint64_t c2 = 0;
    std::uint64_t c3 = 0;
    const std::uint64_t l1 = mul_add(t[1], kTop, c0, 0, c1);
    const std::uint64_t l2 = mul_add(t[2], kTop, c1, 0, c2);
    const std::uint64_t l3 = mul_add(m3, kTop, c2, 0, c3);
    Limbs out{};
    out[0] = sub_borrow(t[4], l1, borrow);
    out[1] = sub_borrow(t[5], l2, borrow);
    out[2] = sub_borrow(t[6], l3, borrow);
    out[3] = sub_borrow(t[7], c3, borrow);
    return add_modulus_if(out, borrow);
  }
  [[gnu::always_inline]] static constexpr Felt multiply(const Limbs& a, const Limbs& b) {
#ifdef ASTERISM_FELT_X86
    if !consteval {
      return from_montgomery(x86::multiply(a, b));
    }
#endif
    return reduce_product(wide_product(a, b));
  }
  [[gnu::always_inline]] static constexpr Felt square_limbs(const Limbs& a) {
#ifdef ASTERISM_FELT_X86
    if !consteval {
      return from_montgomery(x86::square(a));
    }
#endif
    return reduce_product(wide_product(a, a));
  }
  static constexpr Felt to_montgomery(const U256& value) { return multiply(value.limb, kRSquared); }

  friend struct FeltSum;
  Limbs limb_{};
};

static_assert(sizeof(Felt) == 32);

// A sum of elements that is not reduced yet: a 256-bit number of Montgomery limbs, below 32 p. For inner loops that add
// more often than they multiply; the bounds are the caller's to keep.
struct FeltSum {
  Felt::Limbs limb{};

  constexpr FeltSum() = default;
  constexpr FeltSum(const Felt& value) : limb(value.montgomery()) {}
  constexpr explicit FeltSum(const Felt::Limbs& limbs) : limb(limbs) {}

  friend constexpr FeltSum operator+(const FeltSum& a, const FeltSum& b) {
#ifdef ASTERISM_FELT_X86
    if !consteval {
      return FeltSum(x86::add_raw(a.limb, b.limb));
    }
#endif
    return FeltSum((U256(a.limb) + U256(b.limb)).limb);
  }
  // a must not be below b.
  friend constexpr FeltSum operator-(const FeltSum& a, const FeltSum& b) {
#ifdef ASTERISM_FELT_X86
    if !consteval {
      return FeltSum(x86::subtract_raw(a.limb, b.limb));
    }
#endif
    return FeltSum((U256(a.limb) - U256(b.limb)).limb);
  }
  // The bounds of a and b, in multiples of p, must have a product of at most 32.
  [[gnu::always_inline]] constexpr Felt multiply(const FeltSum& other) const {
    return Felt::multiply(limb, other.limb);
  }
  [[gnu::always_inline]] constexpr Felt square() const { return Felt::square_limbs(limb); }
  // floor(value / 2^251) times p is at most p too much.
  constexpr Felt reduce() const {
#ifdef ASTERISM_FELT_X86
    if !consteval {
      return Felt::from_montgomery(x86::reduce_sum(limb));
    }
#endif
    return portable_reduce();
  }
  constexpr Felt portable_reduce() const {
    const std::uint64_t quotient = limb[3] >> 59;
    U256 value(limb);
    const std::uint64_t borrow = value.sub(U256(Felt::Limbs{quotient, 0, 0, quotient * Felt::kTop}));
    return Felt::add_modulus_if(value.limb, borrow);
  }
};
// Replaces each element by its inverse with one inversion for all; zeros stay zero.
void batch_inverse(std::span<Felt> values);

// ASCII text of at most 31 bytes as a big-endian number, as chain ids and hash prefixes are written.
constexpr Felt short_string(std::string_view text) {
  U256 value;
  for (const char c : text) {
    value = value << 8;
    value.limb[0] |= static_cast<std::uint8_t>(c);
  }
  return Felt::reduce(value);
}
// The inverse of short_string for printable ASCII; nullopt for anything else.
std::optional<std::string> as_short_string(const Felt& value);

}  // namespace asterism::core

template <>
struct std::hash<asterism::core::Felt> {
  std::size_t operator()(const asterism::core::Felt& value) const noexcept {
    const auto& limb = value.montgomery();
    std::uint64_t mixed = limb[0] * 0x9e3779b97f4a7c15ULL ^ limb[1] ^ (limb[2] << 17 | limb[2] >> 47) ^ limb[3];
    mixed = (mixed ^ (mixed >> 32)) * 0xd6e8feb86659fd93ULL;
    return static_cast<std::size_t>(mixed ^ (mixed >> 32));
  }
};
