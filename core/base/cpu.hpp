// What this processor can do beyond the x86-64-v3 that everything is compiled for.
// Kernels with a wide version ask here once; ASTERISM_CPU=portable in the environment turns all of them off.
#pragma once

namespace asterism::core {

struct CpuFeatures {
  bool avx512 = false;      // F, DQ, BW, VL, with the state enabled by the operating system
  bool avx512ifma = false;  // 52-bit multiply-add, and avx512
};

const CpuFeatures& cpu();

}  // namespace asterism::core
