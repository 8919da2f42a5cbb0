// 1/(x_i - z) for the points x_i = 3*g^i of the first coset, read at shifted places: as 3*g^i - z*g^r is
// g^r * (3*g^(i-r) - z), one table serves every row r of the mask, out of domain and in the DEEP function.
#pragma once
#include "core/stark/column.hpp"
#include "core/stark/thread_pool.hpp"
#include "core/stark/wide_kernels.hpp"

namespace asterism::core::stark {

struct PointInverses {
  PointInverses(ThreadPool& pool, std::uint64_t length, const Felt& z);

  std::uint64_t length;
  Felt z;
  wide::LimbTable limbs;  // where the processor has wide kernels and the length suits them; else
  Column felts;
};

// out[i] = 1/(first * g^i - z) for i < length.
void invert_differences(ThreadPool& pool, const Felt& first, const Felt& g, const Felt& z, std::uint64_t length,
                        Felt* out);

}  // namespace asterism::core::stark
