// The inner loops of Felt in x86-64 assembly (mulx, no adx): compilers keep neither carries in flags nor eight
// accumulators in registers. Each does exactly what its portable twin in felt.hpp does, in constant time; tests compare
// them.
#pragma once
#include <array>
#include <cstdint>

// Unoptimised and instrumented code, and clang's, keep too few registers free for it and use the twins.
#if defined(__x86_64__) && defined(__BMI2__) && defined(__OPTIMIZE__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ASTERISM_FELT_X86 1

namespace asterism::core::x86 {

using Limbs = std::array<std::uint64_t, 4>;

// From the product in t0..t7 to its Montgomery reduction in t4..t7: see Felt::reduce_product for the identity.
#define ASTERISM_FELT_REDUCE               \
  "movabsq $0x0800000000000011, %%rdx\n\t" \
  "mulxq %[t0], %[lo], %[t0]\n\t"          \
  "subq %[lo], %[t3]\n\t"                  \
  "sbbq %[hi], %[hi]\n\t"                  \
  "mulxq %[t1], %[lo], %[t1]\n\t"          \
  "addq %[lo], %[t0]\n\t"                  \
  "mulxq %[t2], %[lo], %[t2]\n\t"          \
  "adcq %[lo], %[t1]\n\t"                  \
  "mulxq %[t3], %[lo], %[t3]\n\t"          \
  "adcq %[lo], %[t2]\n\t"                  \
  "adcq $0, %[t3]\n\t"                     \
  "addq %[hi], %[hi]\n\t"                  \
  "sbbq %[t0], %[t4]\n\t"                  \
  "sbbq %[t1], %[t5]\n\t"                  \
  "sbbq %[t2], %[t6]\n\t"                  \
  "sbbq %[t3], %[t7]\n\t"                  \
  "sbbq %[hi], %[hi]\n\t"                  \
  "andq %[hi], %%rdx\n\t"                  \
  "negq %[hi]\n\t"                         \
  "addq %[hi], %[t4]\n\t"                  \
  "adcq $0, %[t5]\n\t"                     \
  "adcq $0, %[t6]\n\t"                     \
  "adcq %%rdx, %[t7]\n\t"

#define ASTERISM_FELT_OUTPUTS                                                                                     \
  [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [t5] "=&r"(t5), [t6] "=&r"(t6), \
      [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)

// One row of the product, even columns first so that each of the two carry chains runs without a break.
#define ASTERISM_FELT_ROW(A, T0, T1, T2, T3, T4) \
  "movq " A                                      \
  "(%[a]), %%rdx\n\t"                            \
  "mulxq (%[b]), %[lo], %[hi]\n\t"               \
  "addq %[lo], %[" T0                            \
  "]\n\t"                                        \
  "adcq %[hi], %[" T1                            \
  "]\n\t"                                        \
  "mulxq 16(%[b]), %[lo], %[hi]\n\t"             \
  "adcq %[lo], %[" T2                            \
  "]\n\t"                                        \
  "adcq %[hi], %[" T3                            \
  "]\n\t"                                        \
  "movl $0, %k[" T4                              \
  "]\n\t"                                        \
  "adcq $0, %[" T4                               \
  "]\n\t"                                        \
  "mulxq 8(%[b]), %[lo], %[hi]\n\t"              \
  "addq %[lo], %[" T1                            \
  "]\n\t"                                        \
  "adcq %[hi], %[" T2                            \
  "]\n\t"                                        \
  "mulxq 24(%[b]), %[lo], %[hi]\n\t"             \
  "adcq %[lo], %[" T3                            \
  "]\n\t"                                        \
  "adcq %[hi], %[" T4 "]\n\t"

[[gnu::always_inline]] inline Limbs multiply(const Limbs& a, const Limbs& b) {
  std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
  __asm__(
      "movq (%[a]), %%rdx\n\t"
      "mulxq (%[b]), %[t0], %[t1]\n\t"
      "mulxq 8(%[b]), %[lo], %[t2]\n\t"
      "addq %[lo], %[t1]\n\t"
      "mulxq 16(%[b]), %[lo], %[t3]\n\t"
      "adcq %[lo], %[t2]\n\t"
      "mulxq 24(%[b]), %[lo], %[t4]\n\t"
      "adcq %[lo], %[t3]\n\t"
      "adcq $0, %[t4]\n\t" ASTERISM_FELT_ROW("8", "t1", "t2", "t3", "t4", "t5") ASTERISM_FELT_ROW(
          "16", "t2", "t3", "t4", "t5", "t6") ASTERISM_FELT_ROW("24", "t3", "t4", "t5", "t6", "t7") ASTERISM_FELT_REDUCE
      : ASTERISM_FELT_OUTPUTS
      : [a] "r"(a.data()), [b] "r"(b.data()), "m"(a), "m"(b)
      : "rdx", "cc");
  return {t4, t5, t6, t7};
}

[[gnu::always_inline]] inline Limbs square(const Limbs& a) {
  std::uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
  __asm__(
      "movq (%[a]), %%rdx\n\t"
      "mulxq 8(%[a]), %[t1], %[t2]\n\t"
      "mulxq 16(%[a]), %[lo], %[t3]\n\t"
      "addq %[lo], %[t2]\n\t"
      "mulxq 24(%[a]), %[lo], %[t4]\n\t"
      "adcq %[lo], %[t3]\n\t"
      "adcq $0, %[t4]\n\t"
      "movq 8(%[a]), %%rdx\n\t"
      "mulxq 16(%[a]), %[lo], %[hi]\n\t"
      "mulxq 24(%[a]), %[t0], %[t5]\n\t"
      "addq %[hi], %[t0]\n\t"
      "adcq $0, %[t5]\n\t"
      "addq %[lo], %[t3]\n\t"
      "adcq %[t0], %[t4]\n\t"
      "movq 16(%[a]), %%rdx\n\t"
      "mulxq 24(%[a]), %[lo], %[t6]\n\t"
      "adcq %[lo], %[t5]\n\t"
      "adcq $0, %[t6]\n\t"
      "addq %[t1], %[t1]\n\t"
      "adcq %[t2], %[t2]\n\t"
      "adcq %[t3], %[t3]\n\t"
      "adcq %[t4], %[t4]\n\t"
      "adcq %[t5], %[t5]\n\t"
      "adcq %[t6], %[t6]\n\t"
      "movl $0, %k[t7]\n\t"
      "adcq $0, %[t7]\n\t"
      "movq (%[a]), %%rdx\n\t"
      "mulxq %%rdx, %[t0], %[hi]\n\t"
      "addq %[hi], %[t1]\n\t"
      "movq 8(%[a]), %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\t"
      "adcq %[lo], %[t2]\n\t"
      "adcq %[hi], %[t3]\n\t"
      "movq 16(%[a]), %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\t"
      "adcq %[lo], %[t4]\n\t"
      "adcq %[hi], %[t5]\n\t"
      "movq 24(%[a]), %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\t"
      "adcq %[lo], %[t6]\n\t"
      "adcq %[hi], %[t7]\n\t" ASTERISM_FELT_REDUCE
      : ASTERISM_FELT_OUTPUTS
      : [a] "r"(a.data()), "m"(a)
      : "rdx", "cc");
  return {t4, t5, t6, t7};
}

// a / 2^256 modulo p: from Montgomery form to the number itself.
[[gnu::always_inline]] inline Limbs divide_by_radix(const Limbs& a) {
  std::uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3];
  std::uint64_t t4 = 0, t5 = 0, t6 = 0, t7 = 0, lo, hi;
  __asm__(ASTERISM_FELT_REDUCE
          : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [t5] "+&r"(t5),
            [t6] "+&r"(t6), [t7] "+&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
          :
          : "rdx", "cc");
  return {t4, t5, t6, t7};
}

[[gnu::always_inline]] inline Limbs add(const Limbs& a, const Limbs& b) {
  std::uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3];
  std::uint64_t s0, s1, s2, s3;
  __asm__(
      "addq (%[b]), %[t0]\n\t"
      "adcq 8(%[b]), %[t1]\n\t"
      "adcq 16(%[b]), %[t2]\n\t"
      "adcq 24(%[b]), %[t3]\n\t"
      "movq %[t0], %[s0]\n\t"
      "movq %[t1], %[s1]\n\t"
      "movq %[t2], %[s2]\n\t"
      "movq %[t3], %[s3]\n\t"
      "subq $1, %[s0]\n\t"
      "sbbq $0, %[s1]\n\t"
      "sbbq $0, %[s2]\n\t"
      "sbbq %[k], %[s3]\n\t"
      "cmovncq %[s0], %[t0]\n\t"
      "cmovncq %[s1], %[t1]\n\t"
      "cmovncq %[s2], %[t2]\n\t"
      "cmovncq %[s3], %[t3]\n\t"
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [s0] "=&r"(s0), [s1] "=&r"(s1), [s2] "=&r"(s2),
        [s3] "=&r"(s3)
      : [b] "r"(b.data()), "m"(b), [k] "r"(std::uint64_t{0x0800000000000011})
      : "cc");
  return {t0, t1, t2, t3};
}

[[gnu::always_inline]] inline Limbs subtract(const Limbs& a, const Limbs& b) {
  std::uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3];
  std::uint64_t mask, top = 0x0800000000000011;
  __asm__(
      "subq (%[b]), %[t0]\n\t"
      "sbbq 8(%[b]), %[t1]\n\t"
      "sbbq 16(%[b]), %[t2]\n\t"
      "sbbq 24(%[b]), %[t3]\n\t"
      "sbbq %[mask], %[mask]\n\t"
      "andq %[mask], %[top]\n\t"
      "negq %[mask]\n\t"
      "addq %[mask], %[t0]\n\t"
      "adcq $0, %[t1]\n\t"
      "adcq $0, %[t2]\n\t"
      "adcq %[top], %[t3]\n\t"
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [mask] "=&r"(mask), [top] "+&r"(top)
      : [b] "r"(b.data()), "m"(b)
      : "cc");
  return {t0, t1, t2, t3};
}

// 256-bit sum and difference without any reduction.
[[gnu::always_inline]] inline Limbs add_raw(const Limbs& a, const Limbs& b) {
  std::uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3];
  __asm__(
      "addq %[b0], %[t0]\n\t"
      "adcq %[b1], %[t1]\n\t"
      "adcq %[b2], %[t2]\n\t"
      "adcq %[b3], %[t3]\n\t"
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3)
      : [b0] "rm"(b[0]), [b1] "rm"(b[1]), [b2] "rm"(b[2]), [b3] "rm"(b[3])
      : "cc");
  return {t0, t1, t2, t3};
}

[[gnu::always_inline]] inline Limbs subtract_raw(const Limbs& a, const Limbs& b) {
  std::uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3];
  __asm__(
      "subq %[b0], %[t0]\n\t"
      "sbbq %[b1], %[t1]\n\t"
      "sbbq %[b2], %[t2]\n\t"
      "sbbq %[b3], %[t3]\n\t"
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3)
      : [b0] "rm"(b[0]), [b1] "rm"(b[1]), [b2] "rm"(b[2]), [b3] "rm"(b[3])
      : "cc");
  return {t0, t1, t2, t3};
}

// A number below 32 p to its residue: see FeltSum::reduce.
[[gnu::always_inline]] inline Limbs reduce_sum(const Limbs& a) {
  std::uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3];
  std::uint64_t quotient, product, top = 0x0800000000000011;
  __asm__(
      "movq %[t3], %[q]\n\t"
      "shrq $59, %[q]\n\t"
      "movq %[q], %[qk]\n\t"
      "imulq %[top], %[qk]\n\t"
      "subq %[q], %[t0]\n\t"
      "sbbq $0, %[t1]\n\t"
      "sbbq $0, %[t2]\n\t"
      "sbbq %[qk], %[t3]\n\t"
      "sbbq %[q], %[q]\n\t"
      "andq %[q], %[top]\n\t"
      "negq %[q]\n\t"
      "addq %[q], %[t0]\n\t"
      "adcq $0, %[t1]\n\t"
      "adcq $0, %[t2]\n\t"
      "adcq %[top], %[t3]\n\t"
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [q] "=&r"(quotient), [qk] "=&r"(product),
        [top] "+&r"(top)
      :
      : "cc");
  return {t0, t1, t2, t3};
}

#undef ASTERISM_FELT_REDUCE
#undef ASTERISM_FELT_OUTPUTS
#undef ASTERISM_FELT_ROW

}  // namespace asterism::core::x86

#endif
