// The cube of a field element that is not reduced, for chains of cubes whose latency counts (Hades). Square and product
// are one piece: the product takes the words of the square as they come, the lowest first, and neither ends with the
// comparison that makes a residue canonical, on which its lowest word would wait for its highest. p is added instead.
#pragma once
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

// Twice p is added to the square (once before the doubling), p to the product.
[[gnu::always_inline]] inline Limbs cube(const Limbs& a) {
  std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
  __asm__(
      "movq %[a0], %%rdx\n\t"
      "movq %[a1], %[t0]\n\t"
      "movq %[a2], %[t6]\n\t"
      "movq %[a3], %[t7]\n\t"  //
      "mulxq %[t0], %[t1], %[t2]\n\t"
      "mulxq %[t6], %[lo], %[t3]\n\t"
      "addq %[lo], %[t2]\n\t"
      "mulxq %[t7], %[lo], %[t4]\n\t"
      "adcq %[lo], %[t3]\n\t"
      "adcq $1, %[t4]\n\t"
      "movq %[t0], %%rdx\n\t"
      "mulxq %[t6], %[lo], %[hi]\n\t"
      "mulxq %[t7], %[t0], %[t5]\n\t"
      "addq %[hi], %[t0]\n\t"
      "adcq $0, %[t5]\n\t"
      "addq %[lo], %[t3]\n\t"
      "adcq %[t0], %[t4]\n\t"
      "movq %[t6], %%rdx\n\t"
      "mulxq %[t7], %[lo], %[t6]\n\t"
      "adcq %[lo], %[t5]\n\t"
      "adcq $0, %[t6]\n\t"
      "addq %[t1], %[t1]\n\t"
      "adcq %[t2], %[t2]\n\t"
      "adcq %[t3], %[t3]\n\t"
      "adcq %[t4], %[t4]\n\t"
      "adcq %[t5], %[t5]\n\t"
      "adcq %[t6], %[t6]\n\t"
      "movabsq $0x1000000000000022, %[t7]\n\t"
      "adcq $0, %[t7]\n\t"
      "movq %[a0], %%rdx\n\t"
      "mulxq %%rdx, %[t0], %[hi]\n\t"
      "addq %[hi], %[t1]\n\t"
      "movq %[a1], %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\t"
      "adcq %[lo], %[t2]\n\t"
      "adcq %[hi], %[t3]\n\t"
      "movq %[a2], %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\t"
      "adcq %[lo], %[t4]\n\t"
      "adcq %[hi], %[t5]\n\t"
      "movq %[a3], %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\t"
      "adcq %[lo], %[t6]\n\t"
      "adcq %[hi], %[t7]\n\t" ASTERISM_CUBE_REDUCE
      "movq %[t4], %%rdx\n\t"
      "mulxq %[a0], %[t0], %[t1]\n\t"
      "mulxq %[a1], %[lo], %[t2]\n\t"
      "addq %[lo], %[t1]\n\t"
      "mulxq %[a2], %[lo], %[t3]\n\t"
      "adcq %[lo], %[t2]\n\t"
      "mulxq %[a3], %[lo], %[t4]\n\t"
      "adcq %[lo], %[t3]\n\t"
      "adcq $1, %[t4]\n\t" ASTERISM_CUBE_ROW("t1", "t2", "t3", "t4", "t5", "movl $0, %k[t5]")
          ASTERISM_CUBE_ROW("t2", "t3", "t4", "t5", "t6", "movl $0, %k[t6]")
              ASTERISM_CUBE_ROW("t3", "t4", "t5", "t6", "t7", "movabsq $0x0800000000000011, %[t7]") ASTERISM_CUBE_REDUCE
      : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [t5] "=&r"(t5), [t6] "=&r"(t6),
        [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
      : [a0] "m"(a[0]), [a1] "m"(a[1]), [a2] "m"(a[2]), [a3] "m"(a[3])
      : "rdx", "cc");
  return {t4, t5, t6, t7};
}

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

}  // namespace asterism::core
