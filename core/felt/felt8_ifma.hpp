// Felt8 of felt8.hpp on AVX-512 IFMA: arithmetic. Between memory and lanes: felt8_memory.hpp.
#pragma once
#include <array>
#include <cstdint>

#include "core/base/wide.hpp"
#include "core/felt/felt.hpp"

#ifdef ASTERISM_HAVE_WIDE
namespace asterism::core::ifma {

// A factor that every lane has: in memory one word a limb.
struct Factor {
  std::array<std::uint64_t, 5> limb{};

  Factor() = default;
  explicit Factor(const Felt& value) {
    const U256 shifted((value * Felt(16)).montgomery());
    for (unsigned i = 0; i < 5; ++i) limb[i] = shifted.bits(52 * i, 52);
  }
};

}  // namespace asterism::core::ifma

ASTERISM_IFMA_BEGIN
namespace asterism::core::ifma {

using Lane = __m512i;

inline constexpr std::uint64_t kLimbMask = (std::uint64_t{1} << 52) - 1;
inline constexpr std::uint64_t kP3 = std::uint64_t{17} << 36;  // p = 1 + kP3 * 2^156 + kP4 * 2^208
inline constexpr std::uint64_t kP4 = std::uint64_t{1} << 43;

#define ASTERISM_WIDE_INLINE [[gnu::always_inline]] inline

ASTERISM_WIDE_INLINE Lane set1(std::uint64_t value) { return _mm512_set1_epi64(static_cast<long long>(value)); }
ASTERISM_WIDE_INLINE Lane mul_low(Lane sum, Lane a, Lane b) { return _mm512_madd52lo_epu64(sum, a, b); }
ASTERISM_WIDE_INLINE Lane mul_high(Lane sum, Lane a, Lane b) { return _mm512_madd52hi_epu64(sum, a, b); }
ASTERISM_WIDE_INLINE Lane mul_low(Lane a, Lane b) { return mul_low(_mm512_setzero_si512(), a, b); }
ASTERISM_WIDE_INLINE Lane mul_high(Lane a, Lane b) { return mul_high(_mm512_setzero_si512(), a, b); }
ASTERISM_WIDE_INLINE Lane low52(Lane a) { return a & set1(kLimbMask); }
ASTERISM_WIDE_INLINE Lane carry_of(Lane a) { return (a >> 52); }
ASTERISM_WIDE_INLINE Lane shift_right(Lane a, int count) {
  return reinterpret_cast<Lane>(reinterpret_cast<__v8du>(a) >> static_cast<unsigned>(count));
}
// Not the intrinsics, whose undefined operands g++ warns of.
ASTERISM_WIDE_INLINE __m256i low_half(Lane a) { return __builtin_shufflevector(a, a, 0, 1, 2, 3); }
ASTERISM_WIDE_INLINE __m256i high_half(Lane a) { return __builtin_shufflevector(a, a, 4, 5, 6, 7); }
ASTERISM_WIDE_INLINE Lane plus(Lane a, Lane b) { return a + b; }
ASTERISM_WIDE_INLINE Lane minus(Lane a, Lane b) { return a - b; }

struct Sum8 {
  Lane limb[5];
};

struct Felt8 {
  Lane limb[5];

  ASTERISM_WIDE_INLINE operator Sum8() const { return {{limb[0], limb[1], limb[2], limb[3], limb[4]}}; }
  ASTERISM_WIDE_INLINE static Felt8 zero() { return broadcast(Factor()); }
  static Felt8 broadcast(const Felt& value);
  ASTERISM_WIDE_INLINE static Felt8 broadcast(const Factor& value) {
    return {{set1(value.limb[0]), set1(value.limb[1]), set1(value.limb[2]), set1(value.limb[3]), set1(value.limb[4])}};
  }
  static Felt8 load(const Felt* from);
  static Sum8 load_sum(const Felt* from);
  void store(Felt* to) const { store_divided(to, 4); }
  // The value divided by 2^(bits - 4); 4 <= bits <= 36.
  void store_divided(Felt* to, unsigned bits) const;
  Felt8 square() const;
};

ASTERISM_WIDE_INLINE Sum8 operator+(const Sum8& a, const Sum8& b) {
  Sum8 out;
#pragma GCC unroll 8
  for (int i = 0; i < 5; ++i) out.limb[i] = plus(a.limb[i], b.limb[i]);
  return out;
}
ASTERISM_WIDE_INLINE Sum8 operator-(const Sum8& a, const Sum8& b) {
  Sum8 out;
#pragma GCC unroll 8
  for (int i = 0; i < 5; ++i) out.limb[i] = minus(a.limb[i], b.limb[i]);
  return out;
}

// Carries from limb to limb; the value must be in [0, 2^260).
ASTERISM_WIDE_INLINE Felt8 carried(Lane a0, Lane a1, Lane a2, Lane a3, Lane a4) {
  a1 = plus(a1, carry_of(a0));
  a2 = plus(a2, carry_of(a1));
  a3 = plus(a3, carry_of(a2));
  a4 = plus(a4, carry_of(a3));
  return {{low52(a0), low52(a1), low52(a2), low52(a3), a4}};
}

// With q = floor(value / 2^251), up to the carry not yet in the top limb, value - (q - 1) p is just above 0 and below
// 2^251 + p: no comparison is needed.
ASTERISM_WIDE_INLINE Felt8 reduce(const Sum8& sum) {
  const Lane q = minus((sum.limb[4] >> 43), set1(1));
  const Lane q17 = plus((q << 4), q);
  return carried(minus(sum.limb[0], q), sum.limb[1], sum.limb[2], minus(sum.limb[3], (q17 << 36)),
                 minus(sum.limb[4], (q << 43)));
}

ASTERISM_WIDE_INLINE Felt8 as_factor(const Sum8& sum) {
  return {{sum.limb[0], sum.limb[1], sum.limb[2], sum.limb[3], sum.limb[4]}};
}

ASTERISM_WIDE_INLINE Felt8 lift(const Sum8& sum) {
  return carried(plus(sum.limb[0], set1(64)), sum.limb[1], sum.limb[2], plus(sum.limb[3], set1(64 * kP3)),
                 plus(sum.limb[4], set1(64 * kP4)));
}

struct Columns {
  Lane t0, t1, t2, t3, t4, t5, t6, t7, t8, t9;
};

// The halves of a digit times kP4, a power of two: shifts leave the multipliers free.
ASTERISM_WIDE_INLINE Lane low_p4(Lane m) { return low52(m << 43); }
ASTERISM_WIDE_INLINE Lane high_p4(Lane m) { return shift_right(m, 9); }

// T / 2^260 modulo p, between -p and T / 2^260, T in ten columns of which the first has no carry. The quotient digits
// are the low columns themselves, as p = 1 modulo 2^156: see Felt::reduce_product.
ASTERISM_WIDE_INLINE Sum8 divide_columns(const Columns& t) {
  const Lane p3 = set1(kP3);
  const Lane m0 = t.t0;
  const Lane m1 = low52(t.t1);
  const Lane u2 = plus(t.t2, carry_of(t.t1));
  const Lane m2 = low52(u2);
  const Lane u3 = minus(plus(t.t3, carry_of(u2)), mul_low(m0, p3));
  const Lane m3 = low52(u3);
  const Lane s4 = mul_low(mul_high(low_p4(m0), m0, p3), m1, p3);
  const Lane u4 = plus(minus(t.t4, s4), carry_of(u3));
  const Lane m4 = low52(u4);
  const Lane s5 = mul_low(mul_high(plus(low_p4(m1), high_p4(m0)), m1, p3), m2, p3);
  const Lane s6 = mul_low(mul_high(plus(low_p4(m2), high_p4(m1)), m2, p3), m3, p3);
  const Lane s7 = mul_low(mul_high(plus(low_p4(m3), high_p4(m2)), m3, p3), m4, p3);
  const Lane s8 = mul_high(plus(low_p4(m4), high_p4(m3)), m4, p3);
  return {{plus(minus(t.t5, s5), carry_of(u4)), minus(t.t6, s6), minus(t.t7, s7), minus(t.t8, s8),
           minus(t.t9, high_p4(m4))}};
}

ASTERISM_WIDE_INLINE Felt8 reduce_columns(const Columns& t) {
  const Sum8 s = divide_columns(t);
  return carried(plus(s.limb[0], set1(1)), s.limb[1], s.limb[2], plus(s.limb[3], set1(kP3)),
                 plus(s.limb[4], set1(kP4)));
}

// Limbs below 2^52; values below 16 p, or 128 p times 3 p. Written out: a loop would keep the columns in memory. The
// long columns are two chains, of low and of high halves, for the latency.
ASTERISM_WIDE_INLINE Columns columns_of(const Felt8& x, const Felt8& y) {
  const Lane a0 = x.limb[0], a1 = x.limb[1], a2 = x.limb[2], a3 = x.limb[3], a4 = x.limb[4];
  const Lane b0 = y.limb[0], b1 = y.limb[1], b2 = y.limb[2], b3 = y.limb[3], b4 = y.limb[4];
  const Lane t0 = mul_low(a0, b0);
  const Lane t1 = mul_high(mul_low(mul_low(a0, b1), a1, b0), a0, b0);
  const Lane t2 = plus(mul_low(mul_low(mul_low(a0, b2), a1, b1), a2, b0), mul_high(mul_high(a0, b1), a1, b0));
  const Lane t3 = plus(mul_low(mul_low(mul_low(mul_low(a0, b3), a1, b2), a2, b1), a3, b0),
                       mul_high(mul_high(mul_high(a0, b2), a1, b1), a2, b0));
  const Lane t4 = plus(mul_low(mul_low(mul_low(mul_low(mul_low(a0, b4), a1, b3), a2, b2), a3, b1), a4, b0),
                       mul_high(mul_high(mul_high(mul_high(a0, b3), a1, b2), a2, b1), a3, b0));
  const Lane t5 = plus(mul_low(mul_low(mul_low(mul_low(a1, b4), a2, b3), a3, b2), a4, b1),
                       mul_high(mul_high(mul_high(mul_high(mul_high(a0, b4), a1, b3), a2, b2), a3, b1), a4, b0));
  const Lane t6 = plus(mul_low(mul_low(mul_low(a2, b4), a3, b3), a4, b2),
                       mul_high(mul_high(mul_high(mul_high(a1, b4), a2, b3), a3, b2), a4, b1));
  const Lane t7 = plus(mul_low(mul_low(a3, b4), a4, b3), mul_high(mul_high(mul_high(a2, b4), a3, b3), a4, b2));
  const Lane t8 = mul_high(mul_high(mul_low(a4, b4), a3, b4), a4, b3);
  const Lane t9 = mul_high(a4, b4);
  return {t0, t1, t2, t3, t4, t5, t6, t7, t8, t9};
}

ASTERISM_WIDE_INLINE Felt8 operator*(const Felt8& x, const Felt8& y) { return reduce_columns(columns_of(x, y)); }
ASTERISM_WIDE_INLINE Sum8 product(const Felt8& x, const Felt8& y) { return divide_columns(columns_of(x, y)); }

// N products at once, statement by statement, so that the multipliers need not wait for one another; a column is used
// up before the next is made, so that the registers suffice. As product() otherwise.
template <int N>
ASTERISM_WIDE_INLINE void products_of(const Felt8 (&x)[N], const Felt8 (&y)[N], Sum8 (&out)[N]) {
  const Lane p3 = set1(kP3);
  Lane m0[N], m1[N], m2[N], m3[N], m4[N], low[N], high[N], carry[N];
#define ASTERISM_EACH _Pragma("GCC unroll 4") for (int k = 0; k < N; ++k)
#define ASTERISM_LOW(i, j) ASTERISM_EACH low[k] = mul_low(low[k], x[k].limb[i], y[k].limb[j])
#define ASTERISM_HIGH(i, j) ASTERISM_EACH high[k] = mul_high(high[k], x[k].limb[i], y[k].limb[j])
// The sum of a column's halves is done with: its 52 bits are the next multiplier, what is above goes on.
#define ASTERISM_MULTIPLIER(m)               \
  ASTERISM_EACH carry[k] = carry_of(low[k]); \
  ASTERISM_EACH m[k] = low52(low[k])
// A limb of the result: its column less what the multipliers c, b, a (a the oldest) times p have there.
#define ASTERISM_RESULT(i, a, b, c)                                               \
  ASTERISM_EACH carry[k] = mul_high(plus(low_p4(b[k]), high_p4(a[k])), b[k], p3); \
  ASTERISM_EACH low[k] = plus(low[k], high[k]);                                   \
  ASTERISM_EACH carry[k] = mul_low(carry[k], c[k], p3);                           \
  ASTERISM_EACH out[k].limb[i] = minus(low[k], carry[k])
  ASTERISM_EACH m0[k] = mul_low(x[k].limb[0], y[k].limb[0]);
  ASTERISM_EACH low[k] = mul_low(x[k].limb[0], y[k].limb[1]);
  ASTERISM_EACH high[k] = mul_high(x[k].limb[0], y[k].limb[0]);
  ASTERISM_LOW(1, 0);
  ASTERISM_EACH low[k] = plus(low[k], high[k]);
  ASTERISM_MULTIPLIER(m1);
  ASTERISM_EACH low[k] = mul_low(carry[k], x[k].limb[0], y[k].limb[2]);
  ASTERISM_EACH high[k] = mul_high(x[k].limb[0], y[k].limb[1]);
  ASTERISM_LOW(1, 1);
  ASTERISM_HIGH(1, 0);
  ASTERISM_LOW(2, 0);
  ASTERISM_EACH low[k] = plus(low[k], high[k]);
  ASTERISM_MULTIPLIER(m2);
  ASTERISM_EACH low[k] = mul_low(carry[k], x[k].limb[0], y[k].limb[3]);
  ASTERISM_EACH high[k] = mul_high(x[k].limb[0], y[k].limb[2]);
  ASTERISM_LOW(1, 2);
  ASTERISM_HIGH(1, 1);
  ASTERISM_LOW(2, 1);
  ASTERISM_HIGH(2, 0);
  ASTERISM_LOW(3, 0);
  ASTERISM_EACH carry[k] = mul_low(m0[k], p3);
  ASTERISM_EACH low[k] = plus(low[k], high[k]);
  ASTERISM_EACH low[k] = minus(low[k], carry[k]);
  ASTERISM_MULTIPLIER(m3);
  ASTERISM_EACH low[k] = mul_low(carry[k], x[k].limb[0], y[k].limb[4]);
  ASTERISM_EACH high[k] = mul_high(x[k].limb[0], y[k].limb[3]);
  ASTERISM_LOW(1, 3);
  ASTERISM_HIGH(1, 2);
  ASTERISM_LOW(2, 2);
  ASTERISM_HIGH(2, 1);
  ASTERISM_LOW(3, 1);
  ASTERISM_HIGH(3, 0);
  ASTERISM_LOW(4, 0);
  ASTERISM_EACH carry[k] = mul_high(low_p4(m0[k]), m0[k], p3);
  ASTERISM_EACH low[k] = plus(low[k], high[k]);
  ASTERISM_EACH carry[k] = mul_low(carry[k], m1[k], p3);
  ASTERISM_EACH low[k] = minus(low[k], carry[k]);
  ASTERISM_MULTIPLIER(m4);
  ASTERISM_EACH low[k] = mul_low(carry[k], x[k].limb[1], y[k].limb[4]);
  ASTERISM_EACH high[k] = mul_high(x[k].limb[0], y[k].limb[4]);
  ASTERISM_LOW(2, 3);
  ASTERISM_HIGH(1, 3);
  ASTERISM_LOW(3, 2);
  ASTERISM_HIGH(2, 2);
  ASTERISM_LOW(4, 1);
  ASTERISM_HIGH(3, 1);
  ASTERISM_HIGH(4, 0);
  ASTERISM_RESULT(0, m0, m1, m2);
  ASTERISM_EACH low[k] = mul_low(x[k].limb[2], y[k].limb[4]);
  ASTERISM_EACH high[k] = mul_high(x[k].limb[1], y[k].limb[4]);
  ASTERISM_LOW(3, 3);
  ASTERISM_HIGH(2, 3);
  ASTERISM_LOW(4, 2);
  ASTERISM_HIGH(3, 2);
  ASTERISM_HIGH(4, 1);
  ASTERISM_RESULT(1, m1, m2, m3);
  ASTERISM_EACH low[k] = mul_low(x[k].limb[3], y[k].limb[4]);
  ASTERISM_EACH high[k] = mul_high(x[k].limb[2], y[k].limb[4]);
  ASTERISM_LOW(4, 3);
  ASTERISM_HIGH(3, 3);
  ASTERISM_HIGH(4, 2);
  ASTERISM_RESULT(2, m2, m3, m4);
  ASTERISM_EACH low[k] = mul_low(x[k].limb[4], y[k].limb[4]);
  ASTERISM_EACH carry[k] = mul_high(plus(low_p4(m4[k]), high_p4(m3[k])), m4[k], p3);
  ASTERISM_EACH low[k] = mul_high(low[k], x[k].limb[3], y[k].limb[4]);
  ASTERISM_EACH low[k] = mul_high(low[k], x[k].limb[4], y[k].limb[3]);
  ASTERISM_EACH out[k].limb[4] = minus(mul_high(x[k].limb[4], y[k].limb[4]), high_p4(m4[k]));
  ASTERISM_EACH out[k].limb[3] = minus(low[k], carry[k]);
#undef ASTERISM_RESULT
#undef ASTERISM_MULTIPLIER
#undef ASTERISM_HIGH
#undef ASTERISM_LOW
#undef ASTERISM_EACH
}

struct Products {
  Lane t0{}, t1{}, t2{}, t3{}, t4{}, t5{}, t6{}, t7{}, t8{}, t9{};

  ASTERISM_WIDE_INLINE void add(const Felt8& x, const Felt8& y) {
    const Lane a0 = x.limb[0], a1 = x.limb[1], a2 = x.limb[2], a3 = x.limb[3], a4 = x.limb[4];
    const Lane b0 = y.limb[0], b1 = y.limb[1], b2 = y.limb[2], b3 = y.limb[3], b4 = y.limb[4];
    t0 = mul_low(t0, a0, b0);
    t1 = mul_high(mul_low(mul_low(t1, a0, b1), a1, b0), a0, b0);
    t2 = mul_high(mul_high(mul_low(mul_low(mul_low(t2, a0, b2), a1, b1), a2, b0), a0, b1), a1, b0);
    t3 = mul_low(mul_low(mul_low(mul_low(t3, a0, b3), a1, b2), a2, b1), a3, b0);
    t3 = mul_high(mul_high(mul_high(t3, a0, b2), a1, b1), a2, b0);
    t4 = mul_low(mul_low(mul_low(mul_low(mul_low(t4, a0, b4), a1, b3), a2, b2), a3, b1), a4, b0);
    t4 = mul_high(mul_high(mul_high(mul_high(t4, a0, b3), a1, b2), a2, b1), a3, b0);
    t5 = mul_low(mul_low(mul_low(mul_low(t5, a1, b4), a2, b3), a3, b2), a4, b1);
    t5 = mul_high(mul_high(mul_high(mul_high(mul_high(t5, a0, b4), a1, b3), a2, b2), a3, b1), a4, b0);
    t6 = mul_low(mul_low(mul_low(t6, a2, b4), a3, b3), a4, b2);
    t6 = mul_high(mul_high(mul_high(mul_high(t6, a1, b4), a2, b3), a3, b2), a4, b1);
    t7 = mul_high(mul_high(mul_high(mul_low(mul_low(t7, a3, b4), a4, b3), a2, b4), a3, b3), a4, b2);
    t8 = mul_high(mul_high(mul_low(t8, a4, b4), a3, b4), a4, b3);
    t9 = mul_high(t9, a4, b4);
  }
  ASTERISM_WIDE_INLINE Sum8 total() const {
    return divide_columns({low52(t0), plus(t1, shift_right(t0, 52)), t2, t3, t4, t5, t6, t7, t8, t9});
  }
};

ASTERISM_WIDE_INLINE Felt8 Felt8::square() const {
  const Lane a0 = limb[0], a1 = limb[1], a2 = limb[2], a3 = limb[3], a4 = limb[4];
  const Lane t0 = mul_low(a0, a0);
  const Lane c1 = mul_low(a0, a1);
  const Lane t1 = mul_high(plus(c1, c1), a0, a0);
  const Lane c2 = mul_high(mul_low(a0, a2), a0, a1);
  const Lane t2 = mul_low(plus(c2, c2), a1, a1);
  const Lane c3 = mul_high(mul_low(mul_low(a0, a3), a1, a2), a0, a2);
  const Lane t3 = mul_high(plus(c3, c3), a1, a1);
  const Lane c4 = mul_high(mul_high(mul_low(mul_low(a0, a4), a1, a3), a0, a3), a1, a2);
  const Lane t4 = mul_low(plus(c4, c4), a2, a2);
  const Lane c5 = mul_high(mul_high(mul_low(mul_low(a1, a4), a2, a3), a0, a4), a1, a3);
  const Lane t5 = mul_high(plus(c5, c5), a2, a2);
  const Lane c6 = mul_high(mul_high(mul_low(a2, a4), a1, a4), a2, a3);
  const Lane t6 = mul_low(plus(c6, c6), a3, a3);
  const Lane c7 = mul_high(mul_low(a3, a4), a2, a4);
  const Lane t7 = mul_high(plus(c7, c7), a3, a3);
  const Lane c8 = mul_high(a3, a4);
  const Lane t8 = mul_low(plus(c8, c8), a4, a4);
  const Lane t9 = mul_high(a4, a4);
  return reduce_columns({t0, t1, t2, t3, t4, t5, t6, t7, t8, t9});
}

}  // namespace asterism::core::ifma
ASTERISM_IFMA_END
#endif
