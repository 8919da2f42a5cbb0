#include "core/hash/blake2s.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/hash/blake2s_constants.hpp"

namespace asterism::core {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in memory");

namespace {

inline void mix(std::array<std::uint32_t, 16>& v, std::size_t a, std::size_t b, std::size_t c, std::size_t d,
                std::uint32_t x, std::uint32_t y) {
  v[a] += v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], 16);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 12);
  v[a] += v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], 8);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 7);
}

}  // namespace

void blake2s_compress(std::array<std::uint32_t, 8>& state, const std::array<std::uint32_t, 16>& message,
                      std::uint64_t counter, bool last) {
  std::array<std::uint32_t, 16> v;
  std::copy(state.begin(), state.end(), v.begin());
  std::copy(kBlake2sInitial.begin(), kBlake2sInitial.end(), v.begin() + 8);
  v[12] ^= static_cast<std::uint32_t>(counter);
  v[13] ^= static_cast<std::uint32_t>(counter >> 32);
  if (last) v[14] = ~v[14];
#pragma GCC unroll 10
  for (const auto& s : kBlake2sPermutations) {
    mix(v, 0, 4, 8, 12, message[s[0]], message[s[1]]);
    mix(v, 1, 5, 9, 13, message[s[2]], message[s[3]]);
    mix(v, 2, 6, 10, 14, message[s[4]], message[s[5]]);
    mix(v, 3, 7, 11, 15, message[s[6]], message[s[7]]);
    mix(v, 0, 5, 10, 15, message[s[8]], message[s[9]]);
    mix(v, 1, 6, 11, 12, message[s[10]], message[s[11]]);
    mix(v, 2, 7, 8, 13, message[s[12]], message[s[13]]);
    mix(v, 3, 4, 9, 14, message[s[14]], message[s[15]]);
  }
  for (std::size_t i = 0; i < 8; ++i) state[i] ^= v[i] ^ v[i + 8];
}

Blake2s::Blake2s() : state_(kBlake2sInitial) { state_[0] ^= kBlake2sParameters; }

void Blake2s::compress(const std::uint8_t* block, bool last) {
  std::array<std::uint32_t, 16> message;
  std::memcpy(message.data(), block, kBlock);
  blake2s_compress(state_, message, counter_, last);
}

// The last block, full or not, is kept until finish, which flags it.
Blake2s& Blake2s::update(ByteView data) {
  while (!data.empty()) {
    if (used_ == kBlock) {
      counter_ += kBlock;
      compress(buffer_.data(), false);
      used_ = 0;
    }
    const std::size_t count = std::min(kBlock - used_, data.size());
    std::copy_n(data.begin(), count, buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += count;
    data = data.subspan(count);
  }
  return *this;
}

Word Blake2s::finish() {
  std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(used_), buffer_.end(), std::uint8_t{0});
  counter_ += used_;
  compress(buffer_.data(), true);
  Word out;
  std::memcpy(out.data(), state_.data(), out.size());
  *this = Blake2s();
  return out;
}

Word blake2s(ByteView data) { return Blake2s().update(data).finish(); }

}  // namespace asterism::core
