#include "core/hash/keccak.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/hash/keccak_constants.hpp"

namespace asterism::core {

static_assert(std::endian::native == std::endian::little, "lanes are read as they lie in memory");

void keccak_f1600(std::array<std::uint64_t, 25>& state) {
  std::array<std::uint64_t, 25> a = state;
  std::array<std::uint64_t, 25> b{};
  for (const std::uint64_t constant : kKeccakRoundConstants) {
    std::array<std::uint64_t, 5> c{};
    for (std::size_t x = 0; x < 5; ++x) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
#pragma GCC unroll 5
    for (std::size_t x = 0; x < 5; ++x) {
      const std::uint64_t d = c[(x + 4) % 5] ^ std::rotl(c[(x + 1) % 5], 1);
#pragma GCC unroll 5
      for (std::size_t y = 0; y < 5; ++y) {
        b[y + 5 * ((2 * x + 3 * y) % 5)] = std::rotl(a[x + 5 * y] ^ d, kKeccakRotations[x + 5 * y]);
      }
    }
#pragma GCC unroll 5
    for (std::size_t y = 0; y < 25; y += 5) {
#pragma GCC unroll 5
      for (std::size_t x = 0; x < 5; ++x) a[y + x] = b[y + x] ^ (~b[y + (x + 1) % 5] & b[y + (x + 2) % 5]);
    }
    a[0] ^= constant;
  }
  state = a;
}

void Keccak256::absorb_block(const std::uint8_t* block) {
  std::array<std::uint64_t, kRate / 8> lanes;
  std::memcpy(lanes.data(), block, kRate);
  for (std::size_t i = 0; i < lanes.size(); ++i) state_[i] ^= lanes[i];
  keccak_f1600(state_);
}

Keccak256& Keccak256::update(ByteView data) {
  while (!data.empty()) {
    if (used_ == 0 && data.size() >= kRate) {
      absorb_block(data.data());
      data = data.subspan(kRate);
      continue;
    }
    const std::size_t count = std::min(kRate - used_, data.size());
    std::copy_n(data.begin(), count, buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += count;
    data = data.subspan(count);
    if (used_ == kRate) {
      absorb_block(buffer_.data());
      used_ = 0;
    }
  }
  return *this;
}

Word Keccak256::finish() {
  std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(used_), buffer_.end(), std::uint8_t{0});
  buffer_[used_] ^= 0x01;
  buffer_[kRate - 1] ^= 0x80;
  absorb_block(buffer_.data());
  Word out;
  std::memcpy(out.data(), state_.data(), out.size());
  *this = Keccak256();
  return out;
}

Word keccak256(ByteView data) { return Keccak256().update(data).finish(); }

Felt starknet_keccak(ByteView data) {
  Word word = keccak256(data);
  word[0] &= 0x03;
  return Felt::reduce_be(word);
}

Felt selector(std::string_view name) {
  if (name == "__default__" || name == "__l1_default__") return Felt::zero();
  return starknet_keccak(as_bytes(name));
}

}  // namespace asterism::core
