// Paths in a trie: the low bits of a number, walked from the top one.
#pragma once
#include "core/felt/u256.hpp"

namespace asterism::core {

constexpr U256 low_bits(U256 value, unsigned count) {
  for (unsigned i = 0; i < 4; ++i) {
    if (count <= 64 * i) {
      value.limb[i] = 0;
    } else if (count < 64 * (i + 1)) {
      value.limb[i] &= (std::uint64_t{1} << (count - 64 * i)) - 1;
    }
  }
  return value;
}

// Of the low `height` bits of a key, the top `count`.
constexpr U256 leading_bits(const U256& key, unsigned height, unsigned count) {
  return low_bits(key >> (height - count), count);
}

constexpr U256 either(U256 a, const U256& b) {
  for (std::size_t i = 0; i < 4; ++i) a.limb[i] |= b.limb[i];
  return a;
}

// How many bits two numbers of `length` bits have in common from the top.
constexpr unsigned common_prefix(U256 a, const U256& b, unsigned length) {
  for (std::size_t i = 0; i < 4; ++i) a.limb[i] ^= b.limb[i];
  const unsigned differing = a.bit_length();
  return differing >= length ? 0 : length - differing;
}

}  // namespace asterism::core
