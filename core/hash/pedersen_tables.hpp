// The constant points of the Pedersen hash and what is precomputed from them; shared by the portable and wide versions.
#pragma once
#include <array>

#include "core/curve/window_table.hpp"

namespace asterism::core {

struct PedersenTables {
  static constexpr unsigned kWindowBits = 10;
  static constexpr unsigned kLowBits = 248;
  static constexpr unsigned kWindows = (kLowBits + kWindowBits - 1) / kWindowBits;  // for each of a and b

  WindowTable low_a;
  WindowTable low_b;
  // shift + the offsets of both tables + i P2 + j P4, where i, j are the bits from 248 up: at most 8, p being below 9 *
  // 2^248.
  std::array<std::array<TablePoint, 9>, 9> start;

  // The two parts of an input.
  static U256 low(U256 value) {
    value.limb[3] &= (std::uint64_t{1} << 56) - 1;
    return value;
  }
  static std::size_t high(const U256& value) { return value.limb[3] >> 56; }

  PedersenTables();
  static const PedersenTables& get();
};

}  // namespace asterism::core
