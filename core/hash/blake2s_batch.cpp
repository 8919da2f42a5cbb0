#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/cpu.hpp"
#include "core/felt/felt8.hpp"
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

// Lanes are the 32-bit words of two vectors in turn: the low or the high halves of their 64-bit words.
INLINE Vector halves(ifma::Lane a, ifma::Lane b, bool high) {
  const auto low_words = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
  const auto index = high ? _mm512_add_epi32(low_words, _mm512_set1_epi32(1)) : low_words;
  return reinterpret_cast<Vector>(_mm512_permutex2var_epi32(a, index, b));
}

// The digests of lanes 0 to 7, and of lanes 8 to 15.
INLINE void squeeze(const Vector (&state)[8], Word* first, Word* second) {
  const auto lower = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const auto upper = _mm512_add_epi32(lower, _mm512_set1_epi32(8));
  ifma::Lane r[8];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const auto a = reinterpret_cast<ifma::Lane>(state[2 * i]);
    const auto b = reinterpret_cast<ifma::Lane>(state[2 * i + 1]);
    r[i] = _mm512_permutex2var_epi32(a, lower, b);
    r[4 + i] = _mm512_permutex2var_epi32(a, upper, b);
  }
  ifma::transpose(r);
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    *reinterpret_cast<__m256i_u*>(first[i].data()) = ifma::low_half(r[i]);
    *reinterpret_cast<__m256i_u*>(second[i].data()) = ifma::high_half(r[i]);
  }
}

// Sixteen messages of 64 bytes: nodes of a tree.
inline void hash_nodes(const std::uint8_t* data, Word* out) {
  ifma::Lane r[2][8];
  for (auto& half : r) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i, data += 64) __builtin_memcpy(&half[i], data, 64);
    ifma::transpose(half);
  }
  Vector message[16];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    message[2 * i] = halves(r[0][i], r[1][i], false);
    message[2 * i + 1] = halves(r[0][i], r[1][i], true);
  }
  Vector state[8];
  initialize(state);
  compress(state, message, 64, true);
  squeeze(state, out, out + 8);
}

// Eight pairs of rows: a felt of each row and the next are 64 bytes.
inline void hash_row_pairs(std::span<const Felt* const> cells, const std::size_t* rows, Word* first, Word* second) {
  const ifma::Lane byte_order = _mm512_set4_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203);
  Vector state[8];
  initialize(state);
  for (std::size_t done = 0; done < cells.size(); done += 2) {
    Vector message[16] = {};
    for (std::size_t c = 0; c < 2 && done + c < cells.size(); ++c) {
      ifma::Lane r[8];
#pragma GCC unroll 8
      for (std::size_t i = 0; i < 8; ++i) __builtin_memcpy(&r[i], cells[done + c] + rows[i], 64);
      ifma::transpose(r);
#pragma GCC unroll 8
      for (int i = 0; i < 8; ++i) r[i] = _mm512_shuffle_epi8(r[i], byte_order);
#pragma GCC unroll 4
      for (std::size_t i = 0; i < 4; ++i) {
        message[8 * c + 2 * i] = halves(r[3 - i], r[7 - i], true);
        message[8 * c + 2 * i + 1] = halves(r[3 - i], r[7 - i], false);
      }
    }
    const std::size_t count = std::min(done + 2, cells.size());
    compress(state, message, 32 * count, count == cells.size());
  }
  squeeze(state, first, second);
}
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
    for (; length == 64 && out.size() - done >= wide::kLanes; done += wide::kLanes) {
      wide::hash_nodes(data.data() + done * length, out.data() + done);
    }
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

bool blake2s_row_pairs(const FeltRows& rows, std::span<Word> first, std::span<Word> second) {
#ifdef ASTERISM_HAVE_WIDE
  constexpr std::size_t kRows = wide::kLanes / 2;
  if (cpu().avx512ifma && rows.rows.size() % kRows == 0) {
    for (std::size_t i = 0; i < rows.rows.size(); i += kRows) {
      wide::hash_row_pairs(rows.cells, rows.rows.data() + i, &first[i], &second[i]);
    }
    return true;
  }
#endif
  return false;
}

}  // namespace asterism::core
