// Rows of the chains over the curve: subset sums and doublings.
#pragma once
#include <span>
#include <string>

#include "core/curve/stark_curve.hpp"
#include "core/stark/trace/trace.hpp"

namespace asterism::core::stark {

// 256 partial sums of the points that the bits of a number select, starting from `start`; 255 slopes (0 where the bit
// is 0) and inverses of the difference of the xs.
struct SubsetSumRows {
  std::vector<AffinePoint> sums;
  Column slopes, x_diff_inverses;
  U256 number;
};
SubsetSumRows subset_sum(const AffinePoint& start, std::span<const AffinePoint> points, const U256& number);

// Where a layout keeps such chains; `scope` ends with "/".
struct SubsetSumCells {
  SubsetSumCells(const Layout& layout, const std::string& scope);
  VirtualColumn x, y, slope, selector;
  std::optional<VirtualColumn> prod_ones196, prod_ones192, x_diff_inv;
  // As chain number `index`.
  void write(Trace& trace, std::uint64_t index, const SubsetSumRows& rows) const;
};

// A point and its 255 doubles, with the slopes of the tangents.
struct DoublingRows {
  std::vector<AffinePoint> points;
  Column slopes;
};
DoublingRows doublings(const AffinePoint& point);

struct DoublingCells {
  VirtualColumn x, y, slope;
  void write(Trace& trace, std::uint64_t index, const DoublingRows& rows) const;
};

}  // namespace asterism::core::stark
