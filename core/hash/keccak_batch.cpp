#include <cstring>

#include "core/base/check.hpp"
#include "core/base/cpu.hpp"
#include "core/felt/felt8.hpp"
#include "core/hash/keccak.hpp"
#include "core/hash/keccak_constants.hpp"

namespace asterism::core {
namespace {

constexpr std::size_t kRate = 136;
constexpr std::uint64_t kFirstPadding = 0x01;
constexpr std::uint64_t kLastPadding = std::uint64_t{0x80} << 56;

#define INLINE [[gnu::always_inline]] inline

namespace narrow {
using Vector = std::uint64_t __attribute__((vector_size(32)));
constexpr std::size_t kLanes = 4;
INLINE Vector broadcast(std::uint64_t word) { return Vector{} + word; }
INLINE Vector rotate(Vector a, int count) { return count == 0 ? a : (a << count) | (a >> (64 - count)); }
INLINE Vector xor3(Vector a, Vector b, Vector c) { return a ^ b ^ c; }
INLINE Vector chi(Vector a, Vector b, Vector c) { return a ^ (~b & c); }
#include "core/hash/keccak_lanes.inc"

// kLanes blocks that are `stride` bytes apart.
inline void absorb(Vector (&state)[25], const std::uint8_t* blocks, std::size_t stride) {
  for (std::size_t i = 0; i < kRate / 8; ++i) {
    std::uint64_t words[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) std::memcpy(&words[lane], blocks + lane * stride + 8 * i, 8);
    Vector row;
    std::memcpy(&row, words, sizeof(row));
    state[i] ^= row;
  }
  permute(state);
}

inline void squeeze(const Vector (&state)[25], Word* out) {
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t words[kLanes];
    std::memcpy(words, &state[i], sizeof(words));
    for (std::size_t lane = 0; lane < kLanes; ++lane) std::memcpy(out[lane].data() + 8 * i, &words[lane], 8);
  }
}
}  // namespace narrow

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
namespace wide {
using Vector = ifma::Lane;
constexpr std::size_t kLanes = 8;
INLINE Vector broadcast(std::uint64_t word) { return ifma::set1(word); }
INLINE Vector rotate(Vector a, int count) { return count == 0 ? a : (a << count) | ifma::shift_right(a, 64 - count); }
INLINE Vector xor3(Vector a, Vector b, Vector c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }
INLINE Vector chi(Vector a, Vector b, Vector c) { return _mm512_ternarylogic_epi64(a, b, c, 0xd2); }
#include "core/hash/keccak_lanes.inc"

// Words `first` to `first` + 7 of a block of each lane; blocks are `stride` bytes apart.
INLINE void absorb_eight(Vector (&state)[25], const std::uint8_t* blocks, std::size_t stride, int first) {
  Vector r[8];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < 8; ++i) std::memcpy(&r[i], blocks + i * stride + 8 * static_cast<std::size_t>(first), 64);
  ifma::transpose(r);
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) state[first + i] ^= r[i];
}

inline void absorb(Vector (&state)[25], const std::uint8_t* blocks, std::size_t stride) {
  absorb_eight(state, blocks, stride, 0);
  absorb_eight(state, blocks, stride, 8);
  alignas(64) std::uint64_t last[8];
  for (std::size_t i = 0; i < 8; ++i) std::memcpy(&last[i], blocks + i * stride + 128, 8);
  state[16] ^= *reinterpret_cast<const Vector*>(last);
  permute(state);
}

// The digests of two states, lane by lane.
INLINE void squeeze_two(const Vector (&a)[25], const Vector (&b)[25], Word* out_a, Word* out_b) {
  Vector r[8] = {a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]};
  ifma::transpose(r);
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    *reinterpret_cast<__m256i_u*>(out_a[i].data()) = ifma::low_half(r[i]);
    *reinterpret_cast<__m256i_u*>(out_b[i].data()) = ifma::high_half(r[i]);
  }
}

inline void squeeze(const Vector (&state)[25], Word* out) {
  Word second[kLanes];
  squeeze_two(state, state, out, second);
}

// Sixteen messages of 64 bytes: nodes of a tree.
inline void hash_nodes(const std::uint8_t* data, Word* out) {
  Vector states[2][25] = {};
  for (auto& state : states) {
    absorb_eight(state, data, 64, 0);
    data += kLanes * 64;
    state[8] = ifma::set1(kFirstPadding);
    state[16] = ifma::set1(kLastPadding);
    permute(state);
  }
  squeeze_two(states[0], states[1], out, out + kLanes);
}

struct Sponge {
  Vector state[25] = {};

  INLINE void absorb_word(std::size_t at, Vector word) {
    state[at] ^= word;
    if (at + 1 == kRate / 8) permute(state);
  }
};

// Eight pairs of rows: a felt of each row and the next are 64 bytes.
inline void hash_row_pairs(std::span<const Felt* const> cells, const std::size_t* rows, Word* first, Word* second) {
  const Vector byte_order =
      _mm512_set_epi64(0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607,
                       0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607);
  Sponge a, b;
  std::size_t at = 0;
  for (const Felt* cell : cells) {
    Vector r[8];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < 8; ++i) std::memcpy(&r[i], cell + rows[i], 64);
    ifma::transpose(r);
#pragma GCC unroll 4
    for (int i = 3; i >= 0; --i) {
      a.absorb_word(at, _mm512_shuffle_epi8(r[i], byte_order));
      b.absorb_word(at, _mm512_shuffle_epi8(r[4 + i], byte_order));
      at = at + 1 == kRate / 8 ? 0 : at + 1;
    }
  }
  for (Sponge* sponge : {&a, &b}) {
    sponge->state[at] ^= ifma::set1(kFirstPadding);
    sponge->state[kRate / 8 - 1] ^= ifma::set1(kLastPadding);
    permute(sponge->state);
  }
  squeeze_two(a.state, b.state, first, second);
}
}  // namespace wide
ASTERISM_IFMA_END
#endif

#undef INLINE

}  // namespace

void keccak256_batch(ByteView data, std::size_t length, std::span<Word> out) {
  ASTERISM_CHECK(data.size() == length * out.size(), "equal lengths");
  const std::uint8_t* at = data.data();
  std::size_t done = 0;
#ifdef ASTERISM_HAVE_WIDE
  if (cpu().avx512ifma) {
    constexpr std::size_t kNodes = 2 * wide::kLanes;
    for (; length == 64 && out.size() - done >= kNodes; done += kNodes) {
      wide::hash_nodes(at + done * length, out.data() + done);
    }
    for (; out.size() - done >= wide::kLanes; done += wide::kLanes) {
      wide::hash_lanes(at + done * length, length, out.data() + done);
    }
  }
#endif
  for (; out.size() - done >= narrow::kLanes; done += narrow::kLanes) {
    narrow::hash_lanes(at + done * length, length, out.data() + done);
  }
  for (; done < out.size(); ++done) out[done] = keccak256(data.subspan(done * length, length));
}

bool keccak256_row_pairs(const FeltRows& rows, std::span<Word> first, std::span<Word> second) {
#ifdef ASTERISM_HAVE_WIDE
  if (cpu().avx512ifma && rows.rows.size() % wide::kLanes == 0) {
    for (std::size_t i = 0; i < rows.rows.size(); i += wide::kLanes) {
      wide::hash_row_pairs(rows.cells, rows.rows.data() + i, &first[i], &second[i]);
    }
    return true;
  }
#endif
  return false;
}

}  // namespace asterism::core
