#include "core/stark/grinding.hpp"

#include <algorithm>

namespace asterism::core::stark {

std::optional<std::uint64_t> grind(ThreadPool& pool, const ProofOfWork& work, const std::atomic<bool>* cancel) {
  constexpr std::uint64_t kChunk = 1 << 14;
  const std::uint64_t round = kChunk * 4 * pool.size();
  for (std::uint64_t start = 0;; start += round) {
    if (cancel != nullptr && cancel->load()) return std::nullopt;
    // Chunks below the best one are searched to their end: the result does not depend on the number of threads.
    std::atomic<std::uint64_t> best{~std::uint64_t{0}};
    pool.run(round / kChunk, [&](std::size_t chunk) {
      const std::uint64_t begin = start + chunk * kChunk;
      if (begin > best.load()) return;
      const auto found = work.search(begin, begin + kChunk);
      if (!found) return;
      std::uint64_t known = best.load();
      while (*found < known && !best.compare_exchange_weak(known, *found)) {
      }
    });
    if (best.load() != ~std::uint64_t{0}) return best.load();
  }
}

}  // namespace asterism::core::stark
