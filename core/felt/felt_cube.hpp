// The cube of a field element that is not reduced, for chains of cubes whose latency counts (Hades). Square and product
// are one piece: the product takes the words of the square as they come, the lowest first, and neither ends with the
// comparison that makes a residue canonical, on which its lowest word would wait for its highest. p is added instead.
#pragma once
#include <array>

#include "core/felt/felt.hpp"

namespace asterism::core {

#ifdef ASTERISM_FELT_X86
namespace x86 {

// From the product plus a multiple of p 2^256 in t0..t7 to its Montgomery reduction in t4..t7: see Felt::reduce_product
// for the identity. Here the borrow of t3 joins what is subtracted.
#define ASTERISM_CUBE_REDUCE               \
  "movabsq $0x0800000000000011, %%rdx\n\t" \
  "mulxq %[t0], %[lo], %[t0]\n\t"          \
  "subq %[lo], %[t3]\n\t"                  \
  "mulxq %[t1], %[lo], %[t1]\n\t"          \
  "adcq %[lo], %[t0]\n\t"                  \
  "mulxq %[t2], %[lo], %[t2]\n\t"          \
  "adcq %[lo], %[t1]\n\t"                  \
  "mulxq %[t3], %[lo], %[t3]\n\t"          \
  "adcq %[lo], %[t2]\n\t"                  \
  "adcq $0, %[t3]\n\t"                     \
  "subq %[t0], %[t4]\n\t"                  \
  "sbbq %[t1], %[t5]\n\t"                  \
  "sbbq %[t2], %[t6]\n\t"                  \
  "sbbq %[t3], %[t7]\n\t"

// Adds the product of the word in T4 and the base to T0..T3; its highest word, plus START, takes the place of the
// factor.
#define ASTERISM_CUBE_ROW(T0, T1, T2, T3, T4, START) \
  "movq %[" T4                                       \
  "], %%rdx\n\t"                                     \
  "mulxq %[a0], %[lo], %[hi]\n\t"                    \
  "addq %[lo], %[" T0                                \
  "]\n\t"                                            \
  "adcq %[hi], %[" T1                                \
  "]\n\t"                                            \
  "mulxq %[a2], %[lo], %[hi]\n\t"                    \
  "adcq %[lo], %[" T2                                \
  "]\n\t"                                            \
  "adcq %[hi], %[" T3 "]\n\t" START                  \
  "\n\t"                                             \
  "adcq $0, %[" T4                                   \
  "]\n\t"                                            \
  "mulxq %[a1], %[lo], %[hi]\n\t"                    \
  "addq %[lo], %[" T1                                \
  "]\n\t"                                            \
  "adcq %[hi], %[" T2                                \
  "]\n\t"                                            \
  "mulxq %[a3], %[lo], %[hi]\n\t"                    \
  "adcq %[lo], %[" T3                                \
  "]\n\t"                                            \
  "adcq %[hi], %[" T4 "]\n\t"

// The base is in a0..a3 and in rdx, t0, t6 and t7, so that the first products need not wait for its way through memory.
// Twice p is added to the square (1 before the doubling), p to the product.
#define ASTERISM_CUBE_SQUARE               \
  "mulxq %[t0], %[t1], %[t2]\n\t"          \
  "mulxq %[t6], %[lo], %[t3]\n\t"          \
  "addq %[lo], %[t2]\n\t"                  \
  "mulxq %[t7], %[lo], %[t4]\n\t"          \
  "adcq %[lo], %[t3]\n\t"                  \
  "adcq $1, %[t4]\n\t"                     \
  "movq %[t0], %%rdx\n\t"                  \
  "mulxq %[t6], %[lo], %[hi]\n\t"          \
  "mulxq %[t7], %[t0], %[t5]\n\t"          \
  "addq %[hi], %[t0]\n\t"                  \
  "adcq $0, %[t5]\n\t"                     \
  "addq %[lo], %[t3]\n\t"                  \
  "adcq %[t0], %[t4]\n\t"                  \
  "movq %[t6], %%rdx\n\t"                  \
  "mulxq %[t7], %[lo], %[t6]\n\t"          \
  "adcq %[lo], %[t5]\n\t"                  \
  "adcq $0, %[t6]\n\t"                     \
  "addq %[t1], %[t1]\n\t"                  \
  "adcq %[t2], %[t2]\n\t"                  \
  "adcq %[t3], %[t3]\n\t"                  \
  "adcq %[t4], %[t4]\n\t"                  \
  "adcq %[t5], %[t5]\n\t"                  \
  "adcq %[t6], %[t6]\n\t"                  \
  "movabsq $0x1000000000000022, %[t7]\n\t" \
  "adcq $0, %[t7]\n\t"                     \
  "movq %[a0], %%rdx\n\t"                  \
  "mulxq %%rdx, %[t0], %[hi]\n\t"          \
  "addq %[hi], %[t1]\n\t"                  \
  "movq %[a1], %%rdx\n\t"                  \
  "mulxq %%rdx, %[lo], %[hi]\n\t"          \
  "adcq %[lo], %[t2]\n\t"                  \
  "adcq %[hi], %[t3]\n\t"                  \
  "movq %[a2], %%rdx\n\t"                  \
  "mulxq %%rdx, %[lo], %[hi]\n\t"          \
  "adcq %[lo], %[t4]\n\t"                  \
  "adcq %[hi], %[t5]\n\t"                  \
  "movq %[a3], %%rdx\n\t"                  \
  "mulxq %%rdx, %[lo], %[hi]\n\t"          \
  "adcq %[lo], %[t6]\n\t"                  \
  "adcq %[hi], %[t7]\n\t" ASTERISM_CUBE_REDUCE

#define ASTERISM_CUBE_PRODUCT                                                             \
  "movq %[t4], %%rdx\n\t"                                                                 \
  "mulxq %[a0], %[t0], %[t1]\n\t"                                                         \
  "mulxq %[a1], %[lo], %[t2]\n\t"                                                         \
  "addq %[lo], %[t1]\n\t"                                                                 \
  "mulxq %[a2], %[lo], %[t3]\n\t"                                                         \
  "adcq %[lo], %[t2]\n\t"                                                                 \
  "mulxq %[a3], %[lo], %[t4]\n\t"                                                         \
  "adcq %[lo], %[t3]\n\t"                                                                 \
  "adcq $1, %[t4]\n\t" ASTERISM_CUBE_ROW("t1", "t2", "t3", "t4", "t5", "movl $0, %k[t5]") \
      ASTERISM_CUBE_ROW("t2", "t3", "t4", "t5", "t6", "movl $0, %k[t6]")                  \
          ASTERISM_CUBE_ROW("t3", "t4", "t5", "t6", "t7", "movabsq $0x0800000000000011, %[t7]") ASTERISM_CUBE_REDUCE

[[gnu::always_inline]] inline Limbs cube(const Limbs& a) {
  std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
  __asm__(
      "movq %[a0], %%rdx\n\t"
      "movq %[a1], %[t0]\n\t"
      "movq %[a2], %[t6]\n\t"
      "movq %[a3], %[t7]\n\t"  //
      ASTERISM_CUBE_SQUARE ASTERISM_CUBE_PRODUCT
      : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [t5] "=&r"(t5), [t6] "=&r"(t6),
        [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
      : [a0] "m"(a[0]), [a1] "m"(a[1]), [a2] "m"(a[2]), [a3] "m"(a[3])
      : "rdx", "cc");
  return {t4, t5, t6, t7};
}

#define ASTERISM_CUBE_LESS_Y \
  "subq %[t4], %%rdx\n\t"    \
  "sbbq %[t5], %[t0]\n\t"    \
  "sbbq %[t6], %[lo]\n\t"    \
  "sbbq %[t7], %[hi]\n\t"
#define ASTERISM_CUBE_DOUBLE \
  "addq %[t0], %[t0]\n\t"    \
  "adcq %[t1], %[t1]\n\t"    \
  "adcq %[t2], %[t2]\n\t"    \
  "adcq %[t3], %[t3]\n\t"
#define ASTERISM_CUBE_ADD(WORDS) \
  "addq 0+" WORDS                \
  ", %[t0]\n\t"                  \
  "adcq 8+" WORDS                \
  ", %[t1]\n\t"                  \
  "adcq 16+" WORDS               \
  ", %[t2]\n\t"                  \
  "adcq 24+" WORDS ", %[t3]\n\t"

// cube_step below: x goes to its place in memory for the products and is taken from registers by the first ones; the
// new sum fills the gap between square and product, where registers are free.
template <int kNow>
[[gnu::always_inline]] inline void cube_step(Limbs& x, std::array<Limbs, 2>& sums, const Limbs& constant, Limbs& y) {
  std::uint64_t t0, t1, t2, t3, t4 = y[0], t5 = y[1], t6 = y[2], t7 = y[3], lo, hi;
  __asm__(
      "movq 0+%c[s](%[m]), %%rdx\n\t"
      "movq 8+%c[s](%[m]), %[t0]\n\t"
      "movq 16+%c[s](%[m]), %[lo]\n\t"
      "movq 24+%c[s](%[m]), %[hi]\n\t"
      ASTERISM_CUBE_LESS_Y
      ASTERISM_CUBE_LESS_Y
      "movq %[lo], %[t6]\n\t"
      "movq %[hi], %[t7]\n\t"
      "movq %%rdx, %[a0]\n\t"
      "movq %[t0], %[a1]\n\t"
      "movq %[t6], %[a2]\n\t"
      "movq %[t7], %[a3]\n\t"  //
      ASTERISM_CUBE_SQUARE
      "movq 0+%c[p](%[m]), %[t0]\n\t"
      "movq 8+%c[p](%[m]), %[t1]\n\t"
      "movq 16+%c[p](%[m]), %[t2]\n\t"
      "movq 24+%c[p](%[m]), %[t3]\n\t"
      ASTERISM_CUBE_DOUBLE
      ASTERISM_CUBE_ADD("%c[s](%[m])")
      ASTERISM_CUBE_DOUBLE
      ASTERISM_CUBE_ADD("%c[s](%[m])")
      ASTERISM_CUBE_ADD("0(%[k])")
      "subq %[a0], %[t0]\n\t"
      "sbbq %[a1], %[t1]\n\t"
      "sbbq %[a2], %[t2]\n\t"
      "sbbq %[a3], %[t3]\n\t"
      "movq %[t3], %[lo]\n\t"
      "shrq $59, %[lo]\n\t"
      "subq $3, %[lo]\n\t"
      "movabsq $0x0800000000000011, %[hi]\n\t"
      "imulq %[lo], %[hi]\n\t"
      "subq %[lo], %[t0]\n\t"
      "sbbq $0, %[t1]\n\t"
      "sbbq $0, %[t2]\n\t"
      "sbbq %[hi], %[t3]\n\t"
      "movq %[t0], 0+%c[p](%[m])\n\t"
      "movq %[t1], 8+%c[p](%[m])\n\t"
      "movq %[t2], 16+%c[p](%[m])\n\t"
      "movq %[t3], 24+%c[p](%[m])\n\t"  //
      ASTERISM_CUBE_PRODUCT
      : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5), [t6] "+&r"(t6),
        [t7] "+&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi), [a0] "=m"(x[0]), [a1] "=m"(x[1]), [a2] "=m"(x[2]),
        [a3] "=m"(x[3]), "+m"(sums)
      : [m] "r"(sums.data()), [k] "r"(constant.data()),
        "m"(constant), [s] "i"(kNow * sizeof(Limbs)), [p] "i"((1 - kNow) * sizeof(Limbs))
      : "rdx", "cc");
  y = {t4, t5, t6, t7};
}

#undef ASTERISM_CUBE_ADD
#undef ASTERISM_CUBE_DOUBLE
#undef ASTERISM_CUBE_LESS_Y
#undef ASTERISM_CUBE_PRODUCT
#undef ASTERISM_CUBE_SQUARE
#undef ASTERISM_CUBE_ROW
#undef ASTERISM_CUBE_REDUCE

}  // namespace x86
#endif

// For a value below B p the square is below (B^2 / 32 + 2) p and the cube below (B^3 / 1024 + B / 16 + 1) p: 1.14 p for
// B = 2, 1.4 p for 4.2, 2 p for 8, 2.5 p for 9.7.
[[gnu::always_inline]] inline FeltSum cube(const FeltSum& value) {
#ifdef ASTERISM_FELT_X86
  return FeltSum(x86::cube(value.limb));
#else
  return value.multiply(value.square());
#endif
}

// The same element, above 3 p less a 2^48th of p and below 4 p, for a value of at least 3 p: floor(value / 2^251) - 3
// times p is subtracted.
[[gnu::always_inline]] inline FeltSum near_three(const FeltSum& value) {
  const std::uint64_t quotient = (value.limb[3] >> 59) - 3;
  return value - FeltSum(Felt::Limbs{quotient, 0, 0, quotient * Felt::kTop});
}

// A recurrence of cubes and the sums that they come from: with s = sums[kNow] and t the other sum, y becomes the cube
// of x = s - 2 y, and t becomes 3 s + 4 t - x + constant, brought near three. Bounds: s and t below 4 p, s near 3 p or
// more, y below 1.4 p. So x is below 4 p, the new y below 1.32 p, and the new sum is made from a number between 4.9 p
// and 29 p.
struct CubeRecurrence {
  Felt::Limbs x{};
  std::array<Felt::Limbs, 2> sums{};
  FeltSum y;

  template <int kNow>
  [[gnu::always_inline]] void step(const Felt& constant) {
#ifdef ASTERISM_FELT_X86
    x86::cube_step<kNow>(x, sums, constant.montgomery(), y.limb);
#else
    const FeltSum s(sums[kNow]);
    const FeltSum base = s - y - y;
    const FeltSum half = FeltSum(sums[1 - kNow]) + FeltSum(sums[1 - kNow]) + s;
    sums[1 - kNow] = near_three(half + half + s + constant - base).limb;
    y = cube(base);
#endif
  }
};

}  // namespace asterism::core
