#include <cstring>

#include "core/base/check.hpp"
#include "core/base/cpu.hpp"
#include "core/felt/felt8.hpp"
#include "core/hash/keccak.hpp"
#include "core/hash/keccak_constants.hpp"

namespace asterism::core {

#ifdef ASTERISM_HAVE_WIDE
namespace {

constexpr std::size_t kRate = 136;
constexpr std::size_t kLanes = 8;

ASTERISM_IFMA_BEGIN
using ifma::Lane;

ASTERISM_WIDE_INLINE Lane rotate(Lane a, int count) {
  return count == 0 ? a : (a << count) | ifma::shift_right(a, 64 - count);
}

// a ^ (~b & c)
ASTERISM_WIDE_INLINE Lane chi(Lane a, Lane b, Lane c) { return _mm512_ternarylogic_epi64(a, b, c, 0xd2); }
ASTERISM_WIDE_INLINE Lane xor3(Lane a, Lane b, Lane c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }

void permute(Lane (&state)[25]) {
  Lane a[25];
#pragma GCC unroll 25
  for (int i = 0; i < 25; ++i) a[i] = state[i];
  for (const std::uint64_t constant : kKeccakRoundConstants) {
    Lane b[25];
    Lane c[5];
#pragma GCC unroll 5
    for (int x = 0; x < 5; ++x) c[x] = xor3(xor3(a[x], a[x + 5], a[x + 10]), a[x + 15], a[x + 20]);
#pragma GCC unroll 5
    for (int x = 0; x < 5; ++x) {
      const Lane before = c[(x + 4) % 5];
      const Lane after = rotate(c[(x + 1) % 5], 1);
#pragma GCC unroll 5
      for (int y = 0; y < 5; ++y) {
        b[y + 5 * ((2 * x + 3 * y) % 5)] =
            rotate(xor3(a[x + 5 * y], before, after), kKeccakRotations[static_cast<std::size_t>(x + 5 * y)]);
      }
    }
#pragma GCC unroll 5
    for (int y = 0; y < 25; y += 5) {
#pragma GCC unroll 5
      for (int x = 0; x < 5; ++x) a[y + x] = chi(b[y + x], b[y + (x + 1) % 5], b[y + (x + 2) % 5]);
    }
    a[0] ^= ifma::set1(constant);
  }
#pragma GCC unroll 25
  for (int i = 0; i < 25; ++i) state[i] = a[i];
}

// Words `first` to `first` + 7 of a block of each lane; blocks are `stride` bytes apart.
ASTERISM_WIDE_INLINE void absorb_eight(Lane (&state)[25], const std::uint8_t* blocks, std::size_t stride, int first) {
  Lane r[8];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < 8; ++i) std::memcpy(&r[i], blocks + i * stride + 8 * static_cast<std::size_t>(first), 64);
  ifma::transpose(r);
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) state[first + i] ^= r[i];
}

void absorb(Lane (&state)[25], const std::uint8_t* blocks, std::size_t stride) {
  absorb_eight(state, blocks, stride, 0);
  absorb_eight(state, blocks, stride, 8);
  alignas(64) std::uint64_t last[8];
  for (std::size_t i = 0; i < 8; ++i) std::memcpy(&last[i], blocks + i * stride + 128, 8);
  state[16] ^= *reinterpret_cast<const Lane*>(last);
  permute(state);
}

void hash_lanes(const std::uint8_t* data, std::size_t length, Word* out) {
  Lane state[25] = {};
  std::size_t done = 0;
  for (; length - done >= kRate; done += kRate) absorb(state, data + done, length);
  alignas(64) std::uint8_t blocks[kLanes][kRate] = {};
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (length != done) std::memcpy(blocks[lane], data + lane * length + done, length - done);
    blocks[lane][length - done] ^= 0x01;
    blocks[lane][kRate - 1] ^= 0x80;
  }
  absorb(state, blocks[0], kRate);
  alignas(64) std::uint64_t words[4][kLanes];
  for (int i = 0; i < 4; ++i) *reinterpret_cast<Lane*>(words[i]) = state[i];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    for (std::size_t i = 0; i < 4; ++i) std::memcpy(out[lane].data() + 8 * i, &words[i][lane], 8);
  }
}
ASTERISM_IFMA_END

}  // namespace
#endif

void keccak256_batch(ByteView data, std::size_t length, std::span<Word> out) {
  ASTERISM_CHECK(data.size() == length * out.size(), "equal lengths");
  std::size_t done = 0;
#ifdef ASTERISM_HAVE_WIDE
  if (cpu().avx512ifma) {
    for (; out.size() - done >= kLanes; done += kLanes)
      hash_lanes(data.data() + done * length, length, out.data() + done);
  }
#endif
  for (; done < out.size(); ++done) out[done] = keccak256(data.subspan(done * length, length));
}

}  // namespace asterism::core
