#include "core/base/cpu.hpp"

#include <cstdlib>
#include <string_view>

namespace asterism::core {
namespace {

CpuFeatures detect() {
  CpuFeatures out;
  const char* wish = std::getenv("ASTERISM_CPU");
  if (wish != nullptr && std::string_view(wish) == "portable") return out;
#if defined(__x86_64__)
  out.avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  out.avx512ifma = out.avx512 && __builtin_cpu_supports("avx512ifma");
#endif
  return out;
}

}  // namespace

const CpuFeatures& cpu() {
  static const CpuFeatures features = detect();
  return features;
}

}  // namespace asterism::core
