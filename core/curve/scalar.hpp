// Integers modulo N, the prime order of the STARK curve: private keys, nonces and signature words live here.
//
// Invariant: canonical Montgomery limbs (R = 2^256), below N. Every operation except variable_time_inverse runs in time
// and with memory accesses that do not depend on the values, so a Scalar may hold a secret; its owner wipes it.
#pragma once
#include <array>
#include <optional>
#include <span>

#include "core/felt/felt.hpp"
#include "core/felt/u256.hpp"

namespace asterism::core {

class Scalar {
 public:
  using Limbs = std::array<std::uint64_t, 4>;
  static constexpr U256 kOrder{
      Limbs{0x1e66a241adc64d2fULL, 0xb781126dcae7b232ULL, 0xffffffffffffffffULL, 0x0800000000000010ULL}};

  constexpr Scalar() = default;
  constexpr explicit Scalar(std::uint64_t value) : Scalar(reduce(U256(value))) {}
  static constexpr Scalar zero() { return Scalar(); }
  static constexpr Scalar one() { return Scalar(1); }
  static constexpr Scalar reduce(const U256& value) { return multiply(value.limb, kRSquared); }
  static constexpr Scalar reduce(const Felt& value) { return reduce(value.to_u256()); }
  static constexpr std::optional<Scalar> from_u256(const U256& value) {
    if (value >= kOrder) return std::nullopt;
    return reduce(value);
  }
  constexpr U256 to_u256() const { return U256(multiply(limb_, {1, 0, 0, 0}).limb_); }
  constexpr Word to_be() const { return to_u256().to_be(); }
  constexpr bool is_zero() const { return (limb_[0] | limb_[1] | limb_[2] | limb_[3]) == 0; }
  constexpr bool operator==(const Scalar&) const = default;

  friend constexpr Scalar operator+(const Scalar& a, const Scalar& b) {
    U256 sum(a.limb_);
    sum.add(U256(b.limb_));  // N < 2^252: no carry out
    return subtract_order_once(sum);
  }
  friend constexpr Scalar operator-(const Scalar& a, const Scalar& b) {
    U256 difference(a.limb_);
    const std::uint64_t borrow = difference.sub(U256(b.limb_));
    return add_order_if(difference, borrow);
  }
  friend constexpr Scalar operator*(const Scalar& a, const Scalar& b) { return multiply(a.limb_, b.limb_); }
  constexpr Scalar operator-() const { return Scalar() - *this; }
  constexpr Scalar square() const { return *this * *this; }
  // By Fermat, with N - 2 as a public exponent: constant time. Of 0: 0.
  Scalar inverse() const;
  // For public values only; the same result, several times faster.
  Scalar variable_time_inverse() const;

 private:
  static constexpr Limbs kRSquared{0x6021b3f1ea1c688dULL, 0x509cf64d14ce60b9ULL, 0xbaf0ab4cf78bbabbULL,
                                   0x07d9e57c2333766eULL};
  static constexpr std::uint64_t kMinusInverse = 0xbb6b3c4ce8bde631ULL;  // -1/N modulo 2^64

  static constexpr Scalar add_order_if(U256 value, std::uint64_t condition) {
    const std::uint64_t mask = 0 - condition;
    U256 order = kOrder;
    for (auto& limb : order.limb) limb &= mask;
    value.add(order);
    Scalar out;
    out.limb_ = value.limb;
    return out;
  }
  static constexpr Scalar subtract_order_once(U256 value) {
    const std::uint64_t borrow = value.sub(kOrder);
    return add_order_if(value, borrow);
  }
  // a * b / R for a < 2^256 and b < N.
  static constexpr Scalar multiply(const Limbs& a, const Limbs& b) {
    std::array<std::uint64_t, 5> t{};
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) {
      std::uint64_t carry = 0;
#pragma GCC unroll 4
      for (std::size_t j = 0; j < 4; ++j) t[j] = mul_add(b[i], a[j], t[j], carry, carry);
      t[4] += carry;
      const std::uint64_t quotient = t[0] * kMinusInverse;
      std::uint64_t high = 0;
      mul_add(quotient, kOrder.limb[0], t[0], 0, high);
#pragma GCC unroll 4
      for (std::size_t j = 1; j < 4; ++j) t[j - 1] = mul_add(quotient, kOrder.limb[j], t[j], high, high);
      std::uint64_t last = 0;
      t[3] = add_carry(t[4], high, last);
      t[4] = last;
    }
    return subtract_order_once(U256({t[0], t[1], t[2], t[3]}));
  }

  Limbs limb_{};
};

}  // namespace asterism::core
