// Multiplicative domains. The trace lives on <g_N>; its extension on 3*<g_E>, which is B cosets of <g_N>; FRI drops the
// 3. Tables are stored in bit-reversed order: row r is the point 3*g_E^reverse(r), so that a coset is a block of rows.
#pragma once
#include <cstdint>

#include "core/felt/felt.hpp"

namespace asterism::core::stark {

inline constexpr std::uint64_t kCosetOffset = 3;  // also the generator of the field's multiplicative group

// g with g^order = 1 and no smaller power; order a power of two up to 2^192.
Felt root_of_unity(std::uint64_t order);

inline Felt power(const Felt& base, std::uint64_t exponent) {
  Felt out = Felt::one();
  Felt square = base;
  for (; exponent != 0; exponent >>= 1) {
    if ((exponent & 1) != 0) out *= square;
    square = square.square();
  }
  return out;
}

// The lowest `bits` bits in reverse order.
constexpr std::uint64_t bit_reverse(std::uint64_t value, unsigned bits) {
  if (bits == 0) return 0;
  value = ((value >> 1) & 0x5555555555555555ULL) | ((value & 0x5555555555555555ULL) << 1);
  value = ((value >> 2) & 0x3333333333333333ULL) | ((value & 0x3333333333333333ULL) << 2);
  value = ((value >> 4) & 0x0f0f0f0f0f0f0f0fULL) | ((value & 0x0f0f0f0f0f0f0f0fULL) << 4);
  return __builtin_bswap64(value) >> (64 - bits);
}

Felt evaluate_polynomial(std::span<const Felt> coefficients, const Felt& x);

}  // namespace asterism::core::stark
