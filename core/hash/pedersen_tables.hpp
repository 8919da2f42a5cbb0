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

  PedersenTables();
  static const PedersenTables& get();
};

// One hash: the 248-bit parts of its inputs, and the point that stands for the rest.
struct PedersenInput {
  U256 a;
  U256 b;
  const TablePoint* start;

  PedersenInput(const PedersenTables& tables, const Felt& first, const Felt& second)
      : a(first.to_u256()), b(second.to_u256()) {
    start = &tables.start[take_high(a)][take_high(b)];
  }

 private:
  static std::size_t take_high(U256& value) {
    const std::size_t high = value.limb[3] >> 56;
    value.limb[3] &= (std::uint64_t{1} << 56) - 1;
    return high;
  }
};

}  // namespace asterism::core
