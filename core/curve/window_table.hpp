// Odd multiples of a fixed point, so that a product with it is a sum of table entries without any doubling.
//
// An n-bit v is cut into windows of w bits, the last one of what is left over. With v = sum v_i 2^(w i),
// 2v - (2^n - 1) = sum d_i 2^(w i) where d_i = 2 v_i - (2^bits - 1) is odd and never zero. The table therefore belongs
// to half the point: entry (i, j) is (2j + 1) * 2^(w i) * point / 2, and v * point is one signed entry per window plus
// offset(). For n <= 250 partial sums over different windows are never equal or opposite (their powers of two differ
// and they stay below N / 2), so that affine sums meet no special case.
#pragma once
#include <cstdint>
#include <vector>

#include "core/curve/stark_curve.hpp"

namespace asterism::core {

struct alignas(64) TablePoint {
  Felt x;
  Felt y;
};

class WindowTable {
 public:
  WindowTable(const AffinePoint& point, unsigned window_bits, unsigned total_bits);

  unsigned windows() const { return static_cast<unsigned>(rows_.size()); }
  // (2^n - 1) * point / 2.
  const AffinePoint& offset() const { return offset_; }

  // The entry for window `i` of `value`, and whether it is to be negated.
  const TablePoint& entry(unsigned i, const U256& value, bool& negative) const {
    const Row& row = rows_[i];
    const std::uint64_t bits = value.bits(i * window_bits_, row.bits);
    const std::uint64_t half = std::uint64_t{1} << (row.bits - 1);
    negative = bits < half;
    return entries_[row.start + (negative ? half - 1 - bits : bits - half)];
  }
  AffinePoint term(unsigned i, const U256& value) const {
    bool negative = false;
    const TablePoint& point = entry(i, value, negative);
    return {point.x, negative ? -point.y : point.y, false};
  }
  // The entries of window `i`, j ascending.
  std::span<const TablePoint> row(unsigned i) const {
    return std::span(entries_).subspan(rows_[i].start, std::size_t{1} << (rows_[i].bits - 1));
  }

 private:
  struct Row {
    std::size_t start;
    unsigned bits;
  };
  unsigned window_bits_;
  std::vector<Row> rows_;
  std::vector<TablePoint> entries_;
  AffinePoint offset_;
};

// a[i] += b[i], affine, with one inversion in all; `scratch` is resized. False, with nothing changed, when some pair
// has equal x (the same or opposite points), which the affine formula cannot add.
bool add_affine(std::span<TablePoint> a, std::span<const TablePoint> b, std::vector<Felt>& scratch);

}  // namespace asterism::core
