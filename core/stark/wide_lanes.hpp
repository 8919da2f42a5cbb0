// What the wide kernels share; to be included before ASTERISM_IFMA_BEGIN.
#pragma once
#include "core/felt/felt8.hpp"
#include "core/stark/wide_kernels.hpp"

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
namespace asterism::core::stark::wide {

using ifma::as_factor;
using ifma::Felt8;
using ifma::Lane;
using ifma::lift;
using ifma::Products;
using ifma::reduce;
using ifma::Sum8;

static_assert(sizeof(Block) == sizeof(Felt8) && sizeof(Block) == sizeof(Sum8));
ASTERISM_WIDE_INLINE Felt8* felts(Block* blocks) { return reinterpret_cast<Felt8*>(blocks); }
ASTERISM_WIDE_INLINE const Felt8* felts(const Block* blocks) { return reinterpret_cast<const Felt8*>(blocks); }
ASTERISM_WIDE_INLINE Sum8* sums(Block* blocks) { return reinterpret_cast<Sum8*>(blocks); }

// As lift(), of a sum between -256 p and 256 p; below 512 p.
ASTERISM_WIDE_INLINE Felt8 lift_far(const Sum8& sum) {
  return ifma::carried(ifma::plus(sum.limb[0], ifma::set1(256)), sum.limb[1], sum.limb[2],
                       ifma::plus(sum.limb[3], ifma::set1(256 * ifma::kP3)),
                       ifma::plus(sum.limb[4], ifma::set1(256 * ifma::kP4)));
}

// A factor for many products. Of m, the factor in Montgomery form, `quotient` is -m / p modulo 2^260 and `plain` is
// (m + quotient * p) / 2^260, the factor itself: q = x * quotient / 2^260 is what p goes into x * plain, so that only
// the upper half of one product and the lower half of the other are computed, and no column waits for another.
struct Prepared {
  Felt8 plain;
  Felt8 quotient;
};
static_assert(sizeof(Prepared) == 2 * sizeof(Block));
ASTERISM_WIDE_INLINE Prepared* prepared(Block* blocks) { return reinterpret_cast<Prepared*>(blocks); }
ASTERISM_WIDE_INLINE const Prepared* prepared(const Block* blocks) { return reinterpret_cast<const Prepared*>(blocks); }

ASTERISM_WIDE_INLINE Prepared prepare(const Felt8& factor) {
  using namespace ifma;
  const Lane p3 = set1(kP3);
  const Lane zero = _mm512_setzero_si512();
  const Lane* m = factor.limb;
  // 1 / p is 1 - kP3 * 2^156 - kP4 * 2^208 modulo 2^260.
  Felt8 q = carried(minus(zero, m[0]), minus(zero, m[1]), minus(zero, m[2]), minus(mul_low(m[0], p3), m[3]),
                    minus(mul_low(mul_high(m[0] << 43, m[0], p3), m[1], p3), m[4]));
  q.limb[4] = low52(q.limb[4]);
  const Lane* d = q.limb;
  Lane t[10] = {plus(m[0], d[0]),
                plus(m[1], d[1]),
                plus(m[2], d[2]),
                mul_low(plus(m[3], d[3]), d[0], p3),
                mul_low(mul_high(plus(plus(m[4], d[4]), low_p4(d[0])), d[0], p3), d[1], p3),
                mul_low(mul_high(plus(high_p4(d[0]), low_p4(d[1])), d[1], p3), d[2], p3),
                mul_low(mul_high(plus(high_p4(d[1]), low_p4(d[2])), d[2], p3), d[3], p3),
                mul_low(mul_high(plus(high_p4(d[2]), low_p4(d[3])), d[3], p3), d[4], p3),
                mul_high(plus(high_p4(d[3]), low_p4(d[4])), d[4], p3),
                high_p4(d[4])};
#pragma GCC unroll 8
  for (int i = 0; i < 5; ++i) t[i + 1] = plus(t[i + 1], carry_of(t[i]));
  return {carried(t[5], t[6], t[7], t[8], t[9]), q};
}

// Of limbs below 2^52; between 0 and 13 p. The column below the quotient's first is left out, so that q may be 10 too
// small; the result is known modulo 2^260, and its top limb is far from the half of 2^52.
ASTERISM_WIDE_INLINE Sum8 product(const Felt8& x, const Prepared& y) {
  using namespace ifma;
  const Lane p3 = set1(kP3);
  const Lane a0 = x.limb[0], a1 = x.limb[1], a2 = x.limb[2], a3 = x.limb[3], a4 = x.limb[4];
  Lane b = y.quotient.limb[0];
  Lane q0 = mul_high(a4, b);
  b = y.quotient.limb[1];
  q0 = mul_low(mul_high(q0, a3, b), a4, b);
  Lane q1 = mul_high(a4, b);
  b = y.quotient.limb[2];
  q0 = mul_low(mul_high(q0, a2, b), a3, b);
  q1 = mul_low(mul_high(q1, a3, b), a4, b);
  Lane q2 = mul_high(a4, b);
  b = y.quotient.limb[3];
  q0 = mul_low(mul_high(q0, a1, b), a2, b);
  q1 = mul_low(mul_high(q1, a2, b), a3, b);
  q2 = mul_low(mul_high(q2, a3, b), a4, b);
  Lane q3 = mul_high(a4, b);
  b = y.quotient.limb[4];
  q0 = mul_low(mul_high(q0, a0, b), a1, b);
  q1 = mul_low(mul_high(q1, a1, b), a2, b);
  q2 = mul_low(mul_high(q2, a2, b), a3, b);
  q3 = mul_low(mul_high(q3, a3, b), a4, b);
  const Lane q4 = mul_high(a4, b);
  b = y.plain.limb[0];
  const Lane t0 = mul_low(a0, b);
  Lane t1 = mul_low(mul_high(a0, b), a1, b);
  Lane t2 = mul_low(mul_high(a1, b), a2, b);
  Lane t3 = mul_low(mul_high(a2, b), a3, b);
  Lane t4 = mul_low(mul_high(a3, b), a4, b);
  b = y.plain.limb[1];
  t1 = mul_low(t1, a0, b);
  t2 = mul_low(mul_high(t2, a0, b), a1, b);
  t3 = mul_low(mul_high(t3, a1, b), a2, b);
  t4 = mul_low(mul_high(t4, a2, b), a3, b);
  b = y.plain.limb[2];
  t2 = mul_low(t2, a0, b);
  t3 = mul_low(mul_high(t3, a0, b), a1, b);
  t4 = mul_low(mul_high(t4, a1, b), a2, b);
  b = y.plain.limb[3];
  t3 = mul_low(t3, a0, b);
  t4 = mul_low(mul_high(t4, a0, b), a1, b);
  t4 = mul_low(t4, a0, y.plain.limb[4]);
  const Lane s4 = mul_low(mul_high(q0 << 43, q0, p3), plus(q1, carry_of(q0)), p3);
  const Lane top = minus(minus(t4, q4), s4);
  return {{minus(t0, q0), minus(t1, q1), minus(t2, q2), minus(minus(t3, q3), mul_low(q0, p3)), (top << 12) >> 12}};
}

// Elements from[0], from[stride], ...
ASTERISM_WIDE_INLINE Sum8 load_strided(const Felt* from, std::size_t stride) {
  Lane r[4];
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    r[i] =
        __builtin_shufflevector(*reinterpret_cast<const __m256i_u*>(from + stride * i),
                                *reinterpret_cast<const __m256i_u*>(from + stride * (i + 4)), 0, 1, 2, 3, 4, 5, 6, 7);
  }
  const Lane a0 = __builtin_shufflevector(r[0], r[1], 0, 8, 2, 10, 4, 12, 6, 14);
  const Lane a1 = __builtin_shufflevector(r[0], r[1], 1, 9, 3, 11, 5, 13, 7, 15);
  const Lane a2 = __builtin_shufflevector(r[2], r[3], 0, 8, 2, 10, 4, 12, 6, 14);
  const Lane a3 = __builtin_shufflevector(r[2], r[3], 1, 9, 3, 11, 5, 13, 7, 15);
  return ifma::split(__builtin_shufflevector(a0, a2, 0, 1, 8, 9, 4, 5, 12, 13),
                     __builtin_shufflevector(a1, a3, 0, 1, 8, 9, 4, 5, 12, 13),
                     __builtin_shufflevector(a0, a2, 2, 3, 10, 11, 6, 7, 14, 15),
                     __builtin_shufflevector(a1, a3, 2, 3, 10, 11, 6, 7, 14, 15));
}

}  // namespace asterism::core::stark::wide
ASTERISM_IFMA_END
#endif
