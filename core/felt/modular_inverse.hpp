// Inverses modulo an odd prime below 2^256 by division steps (Bernstein and Yang 2019, "Fast constant-time gcd
// computation and modular inversion"), in the variable-time order that skips runs of zeros: for public values only.
//
// Numbers are five signed limbs of 62 bits, so that 62 steps on the low words make one matrix with entries below 2^62
// in absolute value, which is then applied to the long numbers. Modulus is a U256 constant: its zero limbs cost
// nothing.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "core/felt/u256.hpp"

namespace asterism::core {

template <U256 (*kGetModulus)()>
class ModularInverse {
 public:
  // 0 for 0; value below the modulus.
  static U256 of(const U256& value) {
    Number f = kModulus;
    Number g = split(value);
    Number d{};
    Number e{1, 0, 0, 0, 0};
    std::int64_t eta = -1;
    while (!is_zero(g)) {
      const Matrix matrix = steps(eta, static_cast<std::uint64_t>(f[0]), static_cast<std::uint64_t>(g[0]));
      apply_modular(matrix, d, e);
      apply(matrix, f, g);
    }
    return canonical(d, f[4] < 0);  // f is 1 or -1, and d * value = f
  }

 private:
  using Number = std::array<std::int64_t, 5>;
  using Int128 = __int128;
  static constexpr int kBits = 62;
  static constexpr std::uint64_t kMask = (std::uint64_t{1} << kBits) - 1;

  // (f, g) * 2^62 becomes (u f + v g, q f + r g).
  struct Matrix {
    std::int64_t u, v, q, r;
  };

  static constexpr Number split(const U256& value) {
    Number out{};
    for (unsigned i = 0; i < 5; ++i) out[i] = static_cast<std::int64_t>(value.bits(kBits * i, kBits));
    return out;
  }
  static constexpr std::uint64_t inverse_word(std::uint64_t odd) {
    std::uint64_t inverse = odd;  // right to three bits, and each step doubles that
    for (int i = 0; i < 5; ++i) inverse *= 2 - odd * inverse;
    return inverse;
  }
  static constexpr Number kModulus = split(kGetModulus());
  static constexpr std::uint64_t kModulusInverse = inverse_word(static_cast<std::uint64_t>(kModulus[0]));

  static bool is_zero(const Number& a) { return (a[0] | a[1] | a[2] | a[3] | a[4]) == 0; }

  static Matrix steps(std::int64_t& eta, std::uint64_t f, std::uint64_t g) {
    std::uint64_t u = 1, v = 0, q = 0, r = 1;
    for (int left = kBits;;) {
      const int zeros = std::countr_zero(g | (~std::uint64_t{0} << left));
      g >>= zeros;
      u <<= zeros;
      v <<= zeros;
      eta -= zeros;
      left -= zeros;
      if (left == 0) break;
      if (eta < 0) {
        eta = -eta;
        std::swap(f, g);
        std::swap(u, q);
        std::swap(v, r);
        g = 0 - g;
        q = 0 - q;
        r = 0 - r;
      }
      // The multiple of f that clears as many low bits of g as may be cleared before the next exchange, six at most.
      const int count = static_cast<int>(std::min<std::int64_t>({eta + 1, left, 6}));
      const std::uint64_t w = (g * f * (f * f - 2)) & ((std::uint64_t{1} << count) - 1);
      g += f * w;
      q += u * w;
      r += v * w;
    }
    return {static_cast<std::int64_t>(u), static_cast<std::int64_t>(v), static_cast<std::int64_t>(q),
            static_cast<std::int64_t>(r)};
  }

  static void apply(const Matrix& m, Number& f, Number& g) {
    Int128 cf = static_cast<Int128>(m.u) * f[0] + static_cast<Int128>(m.v) * g[0];
    Int128 cg = static_cast<Int128>(m.q) * f[0] + static_cast<Int128>(m.r) * g[0];
    cf >>= kBits;  // the low 62 bits are zero
    cg >>= kBits;
    for (std::size_t i = 1; i < 5; ++i) {
      cf += static_cast<Int128>(m.u) * f[i] + static_cast<Int128>(m.v) * g[i];
      cg += static_cast<Int128>(m.q) * f[i] + static_cast<Int128>(m.r) * g[i];
      f[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(cf) & kMask);
      g[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(cg) & kMask);
      cf >>= kBits;
      cg >>= kBits;
    }
    f[4] = static_cast<std::int64_t>(cf);
    g[4] = static_cast<std::int64_t>(cg);
  }

  // The same modulo M, for d and e in (-2M, M): multiples of M make the numbers divisible by 2^62 and keep the range.
  static void apply_modular(const Matrix& m, Number& d, Number& e) {
    const std::int64_t d_sign = d[4] >> 63;
    const std::int64_t e_sign = e[4] >> 63;
    std::int64_t md = (m.u & d_sign) + (m.v & e_sign);
    std::int64_t me = (m.q & d_sign) + (m.r & e_sign);
    Int128 cd = static_cast<Int128>(m.u) * d[0] + static_cast<Int128>(m.v) * e[0];
    Int128 ce = static_cast<Int128>(m.q) * d[0] + static_cast<Int128>(m.r) * e[0];
    md -= static_cast<std::int64_t>(
        (kModulusInverse * static_cast<std::uint64_t>(cd) + static_cast<std::uint64_t>(md)) & kMask);
    me -= static_cast<std::int64_t>(
        (kModulusInverse * static_cast<std::uint64_t>(ce) + static_cast<std::uint64_t>(me)) & kMask);
    cd = (cd + static_cast<Int128>(kModulus[0]) * md) >> kBits;
    ce = (ce + static_cast<Int128>(kModulus[0]) * me) >> kBits;
#pragma GCC unroll 4
    for (std::size_t i = 1; i < 5; ++i) {
      cd += static_cast<Int128>(m.u) * d[i] + static_cast<Int128>(m.v) * e[i];
      ce += static_cast<Int128>(m.q) * d[i] + static_cast<Int128>(m.r) * e[i];
      if (kModulus[i] != 0) {
        cd += static_cast<Int128>(kModulus[i]) * md;
        ce += static_cast<Int128>(kModulus[i]) * me;
      }
      d[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(cd) & kMask);
      e[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(ce) & kMask);
      cd >>= kBits;
      ce >>= kBits;
    }
    d[4] = static_cast<std::int64_t>(cd);
    e[4] = static_cast<std::int64_t>(ce);
  }

  // number * factor + M * times, with limbs of 62 bits again.
  static Number combine(const Number& number, std::int64_t factor, std::int64_t times) {
    Number out;
    Int128 sum = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      sum += static_cast<Int128>(factor) * number[i] + static_cast<Int128>(times) * kModulus[i];
      out[i] =
          static_cast<std::int64_t>(i < 4 ? static_cast<std::uint64_t>(sum) & kMask : static_cast<std::uint64_t>(sum));
      sum >>= kBits;
    }
    return out;
  }
  // d or -d, d in (-2M, M), to [0, M).
  static U256 canonical(const Number& d, bool negate) {
    Number number = combine(d, negate ? -1 : 1, 0);
    while (number[4] < 0) number = combine(number, 1, 1);
    for (Number less = combine(number, 1, -1); less[4] >= 0; less = combine(number, 1, -1)) number = less;
    U256 value;
    for (unsigned i = 0; i < 5; ++i) value.add(U256(static_cast<std::uint64_t>(number[i])) << (kBits * i));
    return value;
  }
};

}  // namespace asterism::core
