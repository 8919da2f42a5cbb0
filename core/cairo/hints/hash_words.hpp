// Words of hash functions in hints: Python's integers have no width, so a word may be wider than the function's.
#pragma once
#include <array>
#include <vector>

#include "core/cairo/hints/wide.hpp"

namespace asterism::core::cairo::hints {

using Numbers = std::vector<BigInt>;
using Block = std::array<std::uint32_t, 16>;

inline std::uint64_t word64(const BigInt& number) {
  if (!number.fits_u64()) raise("OverflowError: expected a 64-bit word");
  return number.low64();
}

template <class Words>
void append(Numbers& out, const Words& words) {
  for (const auto word : words) out.push_back(BigInt::from_u64(word));
}
inline void write_repeated(Hint& h, std::string_view id, const Numbers& block, std::uint64_t times) {
  Numbers out;
  for (std::uint64_t i = 0; i < times; ++i) out.insert(out.end(), block.begin(), block.end());
  h.write_arg(h.value(id), out);
}

inline std::uint32_t low32(std::uint32_t value) { return value; }
inline std::uint32_t low32(const U256& value) { return static_cast<std::uint32_t>(value.limb[0]); }
// The low bits of (value >> n) | (value << (32 - n)) are a rotation only of 32-bit words.
inline U256 rotate(const U256& value, unsigned count) {
  U256 out = value >> count;
  out.limb[0] |= (value.limb[0] & ((1U << count) - 1)) << (32 - count);
  return out;
}
template <std::size_t N>
std::array<U256, N> read_wide(Hint& h, const Value& address) {
  std::array<U256, N> out{};
  for (std::size_t i = 0; i < N; ++i) {
    out[i] = h.read_integer(advance(address, static_cast<std::int64_t>(i))).to_u256();
  }
  return out;
}
// The low words of `wide`; false when one of them has more.
template <std::size_t N>
bool narrow(const std::array<U256, N>& wide, std::array<std::uint32_t, N>& out) {
  bool all = true;
  for (std::size_t i = 0; i < N; ++i) {
    out[i] = low32(wide[i]);
    all = all && wide[i].bit_length() <= 32;
  }
  return all;
}

}  // namespace asterism::core::cairo::hints
