// Regions of code for processors with AVX-512 IFMA, chosen at run time by cpu().avx512ifma.
//
// The region is a pragma and not a compiler flag of the file, so that inline functions of other headers, which the
// linker shares between files, keep the baseline's instructions: include every header before ASTERISM_IFMA_BEGIN.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#define ASTERISM_HAVE_WIDE 1
#define ASTERISM_PRAGMA(text) _Pragma(#text)
#ifdef __clang__
#define ASTERISM_IFMA_BEGIN                                                                                      \
  ASTERISM_PRAGMA(clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512ifma"))), \
                                       apply_to = function))
#define ASTERISM_IFMA_END ASTERISM_PRAGMA(clang attribute pop)
#else
#define ASTERISM_IFMA_BEGIN         \
  ASTERISM_PRAGMA(GCC push_options) \
  ASTERISM_PRAGMA(GCC target("avx512f,avx512vl,avx512dq,avx512bw,avx512ifma"))
#define ASTERISM_IFMA_END ASTERISM_PRAGMA(GCC pop_options)
#endif
#endif
