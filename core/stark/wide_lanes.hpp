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
