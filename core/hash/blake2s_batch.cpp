#include "core/base/check.hpp"
#include "core/base/cpu.hpp"
#include "core/base/wide.hpp"
#include "core/hash/blake2s.hpp"
#include "core/hash/blake2s_constants.hpp"

namespace asterism::core {
namespace {

#define INLINE [[gnu::always_inline]] inline

namespace narrow {
using Vector = std::uint32_t __attribute__((vector_size(32)));
constexpr std::size_t kLanes = 8;
#include "core/hash/blake2s_lanes.inc"
}  // namespace narrow

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
namespace wide {
using Vector = std::uint32_t __attribute__((vector_size(64)));
constexpr std::size_t kLanes = 16;
#include "core/hash/blake2s_lanes.inc"
}  // namespace wide
ASTERISM_IFMA_END
#endif

#undef INLINE

}  // namespace

void blake2s_batch(ByteView data, std::size_t length, std::span<Word> out) {
  ASTERISM_CHECK(data.size() == length * out.size(), "equal lengths");
  std::size_t done = 0;
#ifdef ASTERISM_HAVE_WIDE
  if (cpu().avx512ifma) {
    for (; out.size() - done >= wide::kLanes; done += wide::kLanes) {
      wide::hash_lanes(data.data() + done * length, length, length, out.data() + done);
    }
  }
#endif
  for (; out.size() - done >= narrow::kLanes; done += narrow::kLanes) {
    narrow::hash_lanes(data.data() + done * length, length, length, out.data() + done);
  }
  for (; done < out.size(); ++done) out[done] = blake2s(data.subspan(done * length, length));
}

}  // namespace asterism::core
