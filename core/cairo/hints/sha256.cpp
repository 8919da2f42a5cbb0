// starkware.cairo.common.cairo_sha256: the bare compression function of FIPS 180-4.
#include <algorithm>
#include <bit>

#include "core/cairo/hints/hash_words.hpp"

namespace asterism::core::cairo::hints {

namespace {

constexpr std::array<std::uint32_t, 8> kSha256Initial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr std::array<std::uint32_t, 64> kSha256Rounds{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

std::uint32_t rotated(std::uint32_t value, int count) { return std::rotr(value, count); }
std::uint32_t rotated(const U256& value, int count) { return low32(rotate(value, static_cast<unsigned>(count))); }
std::uint32_t shifted(std::uint32_t value, unsigned count) { return value >> count; }
std::uint32_t shifted(const U256& value, unsigned count) { return low32(value >> count); }

// Word is std::uint32_t, or U256 for words that are wider than the function's.
template <class Word>
std::array<std::uint32_t, 8> sha256_compress(std::array<Word, 8> v, const std::array<Word, 16>& message) {
  const std::array<Word, 8> state = v;
  std::array<Word, 64> w{};
  std::copy(message.begin(), message.end(), w.begin());
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ shifted(w[i - 15], 3);
    const std::uint32_t s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ shifted(w[i - 2], 10);
    w[i] = Word(low32(w[i - 16]) + s0 + low32(w[i - 7]) + s1);
  }
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t a = low32(v[0]), b = low32(v[1]), c = low32(v[2]);
    const std::uint32_t e = low32(v[4]), f = low32(v[5]), g = low32(v[6]);
    const std::uint32_t s1 = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25);
    const std::uint32_t t1 = low32(v[7]) + s1 + ((e & f) ^ (~e & g)) + kSha256Rounds[i] + low32(w[i]);
    const std::uint32_t s0 = rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22);
    const std::uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    std::shift_right(v.begin(), v.end(), 1);
    v[4] = Word(low32(v[4]) + t1);
    v[0] = Word(t1 + t2);
  }
  std::array<std::uint32_t, 8> out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = low32(state[i]) + low32(v[i]);
  return out;
}

void sha256_write(Hint& h, const std::array<U256, 8>& wide_state) {
  require(h.small("SHA256_INPUT_CHUNK_SIZE_FELTS", 100) == 16);
  const auto wide_message = read_wide<16>(h, h.value("sha256_start"));
  std::array<std::uint32_t, 8> state{};
  Block message{};
  const bool usual = narrow(wide_state, state) && narrow(wide_message, message);
  Numbers out;
  append(out, usual ? sha256_compress(state, message) : sha256_compress(wide_state, wide_message));
  h.write_arg(h.value("output"), out);
}
void sha256_pad(Hint& h, std::uint64_t blocks) {
  require(h.small("SHA256_INPUT_CHUNK_SIZE_FELTS", 100) == 16);
  Numbers block;
  append(block, Block{});
  append(block, kSha256Initial);
  append(block, sha256_compress(kSha256Initial, Block{}));
  write_repeated(h, "sha256_ptr_end", block, blocks);
}

}  // namespace

void sha256_first_chunk(Hint& h) {
  std::array<U256, 8> initial{};
  for (std::size_t i = 0; i < initial.size(); ++i) initial[i] = U256(kSha256Initial[i]);
  sha256_write(h, initial);
}
void sha256_chunk(Hint& h) {
  require(h.small("SHA256_STATE_SIZE_FELTS", 100) == 8);
  sha256_write(h, read_wide<8>(h, h.value("state")));
}
void sha256_finalize(Hint& h) {
  const std::uint64_t size = h.small("BLOCK_SIZE", 20);
  sha256_pad(h, size == 0 ? 0 : size - 1);
}
void sha256_finalize_batch(Hint& h) {
  const BigInt missing = (-h.integer("n")) % h.integer("BATCH_SIZE");
  require(missing < BigInt(20));
  sha256_pad(h, missing.low64());
}

}  // namespace asterism::core::cairo::hints
