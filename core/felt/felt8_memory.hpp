// Felt8 of felt8_ifma.hpp between memory and lanes: words of eight elements transposed, R = 2^256 and R = 2^260.
#pragma once
#include "core/felt/felt8_ifma.hpp"

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
namespace asterism::core::ifma {

// Eight rows of eight words to eight columns.
ASTERISM_WIDE_INLINE void transpose(Lane (&r)[8]) {
  Lane a[8];
  Lane b[8];
#pragma GCC unroll 8
  for (int i = 0; i < 4; ++i) {
    a[2 * i] = __builtin_shufflevector(r[2 * i], r[2 * i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    a[2 * i + 1] = __builtin_shufflevector(r[2 * i], r[2 * i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  // a[2i + h] holds columns h, h+2, h+4, h+6 of rows 2i and 2i+1, two words a column.
#pragma GCC unroll 8
  for (int h = 0; h < 2; ++h) {
#pragma GCC unroll 8
    for (int i = 0; i < 2; ++i) {
      b[4 * i + h] =
          __builtin_shufflevector(a[4 * i + h], a[4 * i + 2 + h], 0, 1, 4, 5, 8, 9, 12, 13);  // columns h, h+4
      b[4 * i + 2 + h] =
          __builtin_shufflevector(a[4 * i + h], a[4 * i + 2 + h], 2, 3, 6, 7, 10, 11, 14, 15);  // columns h+2, h+6
    }
  }
#pragma GCC unroll 8
  for (int c = 0; c < 4; ++c) {
    r[c] = __builtin_shufflevector(b[c], b[4 + c], 0, 1, 4, 5, 8, 9, 12, 13);
    r[c + 4] = __builtin_shufflevector(b[c], b[4 + c], 2, 3, 6, 7, 10, 11, 14, 15);
  }
}

// 64-bit words of a 256-bit number below 2^256 to limbs of 16 times that number: from R = 2^256 to R = 2^260.
ASTERISM_WIDE_INLINE Sum8 split(Lane w0, Lane w1, Lane w2, Lane w3) {
  return {{low52((w0 << 4)), low52((shift_right(w0, 48) | (w1 << 16))), low52((shift_right(w1, 36) | (w2 << 28))),
           low52((shift_right(w2, 24) | (w3 << 40))), shift_right(w3, 12)}};
}

ASTERISM_WIDE_INLINE Felt8 Felt8::broadcast(const Felt& value) {
  const Felt::Limbs& words = value.montgomery();
  return reduce(split(set1(words[0]), set1(words[1]), set1(words[2]), set1(words[3])));
}

ASTERISM_WIDE_INLINE Sum8 Felt8::load_sum(const Felt* from) {
  const auto* words = reinterpret_cast<const std::uint64_t*>(from);
  Lane r[8];
#pragma GCC unroll 8
  for (int i = 0; i < 4; ++i) {
    // Row i holds elements i and i + 4, so that the upper half of the transposed words lines up with the lower.
    const auto upper = *reinterpret_cast<const __m256i_u*>(words + 4 * (i + 4));
    r[i] = __builtin_shufflevector(*reinterpret_cast<const __m256i_u*>(words + 4 * i), upper, 0, 1, 2, 3, 4, 5, 6, 7);
  }
  // Within each 256-bit half a 4 x 4 transpose.
  const Lane a0 = __builtin_shufflevector(r[0], r[1], 0, 8, 2, 10, 4, 12, 6, 14);
  const Lane a1 = __builtin_shufflevector(r[0], r[1], 1, 9, 3, 11, 5, 13, 7, 15);
  const Lane a2 = __builtin_shufflevector(r[2], r[3], 0, 8, 2, 10, 4, 12, 6, 14);
  const Lane a3 = __builtin_shufflevector(r[2], r[3], 1, 9, 3, 11, 5, 13, 7, 15);
  return split(__builtin_shufflevector(a0, a2, 0, 1, 8, 9, 4, 5, 12, 13),
               __builtin_shufflevector(a1, a3, 0, 1, 8, 9, 4, 5, 12, 13),
               __builtin_shufflevector(a0, a2, 2, 3, 10, 11, 6, 7, 14, 15),
               __builtin_shufflevector(a1, a3, 2, 3, 10, 11, 6, 7, 14, 15));
}

ASTERISM_WIDE_INLINE Felt8 Felt8::load(const Felt* from) { return reduce(load_sum(from)); }

// From R = 2^260 to R = 2^256 is a division by 16. As p = 1 modulo 2^192, x + m p is a multiple of 2^bits for m = -x
// modulo 2^bits, and of m p only m itself is not one. What remains is below 1.07 p.
ASTERISM_WIDE_INLINE void Felt8::store_divided(Felt* to, unsigned bits) const {
  const int right = static_cast<int>(bits);
  const Lane m = minus(_mm512_setzero_si512(), limb[0]) & set1((std::uint64_t{1} << bits) - 1);
  const Lane first = plus(limb[0], m);
  Lane value[5];
  value[0] = plus(shift_right(first, right), low52(limb[1] << (52 - right)));
#pragma GCC unroll 8
  for (int i = 1; i < 4; ++i) value[i] = shift_right(limb[i], right) | low52(limb[i + 1] << (52 - right));
  value[3] = plus(value[3], plus(m, m << 4) << (36 - right));
  value[4] = plus(shift_right(limb[4], right), m << (43 - right));
#pragma GCC unroll 8
  for (int i = 0; i < 4; ++i) {
    value[i + 1] = plus(value[i + 1], carry_of(value[i]));
    value[i] = low52(value[i]);
  }
  Lane b[5] = {minus(value[0], set1(1)), value[1], value[2], minus(value[3], set1(kP3)), minus(value[4], set1(kP4))};
#pragma GCC unroll 8
  for (int i = 0; i < 4; ++i) {
    b[i + 1] = plus(b[i + 1], carry_of(b[i]));
    b[i] = low52(b[i]);
  }
  const __mmask8 below = _mm512_movepi64_mask(b[4]);
  Lane l[5];
#pragma GCC unroll 8
  for (int i = 0; i < 5; ++i) l[i] = _mm512_mask_mov_epi64(b[i], below, value[i]);
  Lane r[8] = {_mm512_or_si512(l[0], (l[1] << 52)),
               (shift_right(l[1], 12) | (l[2] << 40)),
               (shift_right(l[2], 24) | (l[3] << 28)),
               (shift_right(l[3], 36) | (l[4] << 16)),
               _mm512_setzero_si512(),
               _mm512_setzero_si512(),
               _mm512_setzero_si512(),
               _mm512_setzero_si512()};
  transpose(r);
  auto* words = reinterpret_cast<std::uint64_t*>(to);
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    *reinterpret_cast<__m256i_u*>(words + 4 * i) = low_half(r[i]);
  }
}

}  // namespace asterism::core::ifma
ASTERISM_IFMA_END
#endif
