// Odd multiples of a fixed point, so that a product with it is a sum of table entries without any doubling.
//
// With v = sum v_i 2^(w i) in `windows` windows of w bits, 2v - (2^n - 1) = sum d_i 2^(w i), n = w * windows, where
// d_i = 2 v_i - (2^w - 1) is odd and never zero. The table therefore belongs to half the point: entry (i, j) is
// (2j + 1) * 2^(w i) * point / 2, and v * point is the sum of one signed entry per window plus offset().
// Partial sums over different windows of one table are never equal or opposite (their powers of two differ and they
// stay below N / 2), which is what lets affine sums go without case distinctions.
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
  WindowTable(const AffinePoint& point, unsigned window_bits, unsigned windows);

  unsigned window_bits() const { return window_bits_; }
  unsigned windows() const { return windows_; }
  // (2^n - 1) * point / 2.
  const AffinePoint& offset() const { return offset_; }

  // The entry of digit value `bits` (window_bits wide) in window `i`, and whether it is to be negated.
  const TablePoint& entry(unsigned i, std::uint64_t bits, bool& negative) const {
    const std::uint64_t half = std::uint64_t{1} << (window_bits_ - 1);
    negative = bits < half;
    return entries_[i * half + (negative ? half - 1 - bits : bits - half)];
  }
  const TablePoint* row(unsigned i) const { return entries_.data() + (std::size_t{i} << (window_bits_ - 1)); }
  AffinePoint term(unsigned i, std::uint64_t bits) const {
    bool negative = false;
    const TablePoint& point = entry(i, bits, negative);
    return {point.x, negative ? -point.y : point.y, false};
  }

 private:
  unsigned window_bits_;
  unsigned windows_;
  std::vector<TablePoint> entries_;
  AffinePoint offset_;
};

// a[i] += b[i], affine, with one inversion in all; `scratch` is resized. False, with nothing changed, when some pair
// has equal x (the same or opposite points), which the affine formula cannot add.
bool add_affine(std::span<TablePoint> a, std::span<const TablePoint> b, std::vector<Felt>& scratch);

}  // namespace asterism::core
