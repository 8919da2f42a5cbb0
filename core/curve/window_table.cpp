#include "core/curve/window_table.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace asterism::core {

bool add_affine(std::span<TablePoint> a, std::span<const TablePoint> b, std::vector<Felt>& scratch) {
  scratch.resize(a.size());
  Felt product = Felt::one();
  for (std::size_t i = 0; i < a.size(); ++i) {
    scratch[i] = product;
    product *= b[i].x - a[i].x;
  }
  if (product.is_zero()) return false;
  Felt inverse = product.inverse();
  for (std::size_t i = a.size(); i-- > 0;) {
    const Felt dx = b[i].x - a[i].x;
    const Felt slope = (b[i].y - a[i].y) * (inverse * scratch[i]);
    inverse *= dx;
    const Felt x = slope.square() - a[i].x - b[i].x;
    a[i] = {x, slope * (a[i].x - x) - a[i].y};
  }
  return true;
}

WindowTable::WindowTable(const AffinePoint& point, unsigned window_bits, unsigned total_bits)
    : window_bits_(window_bits) {
  std::size_t size = 0;
  for (unsigned at = 0; at < total_bits; at += window_bits) {
    rows_.push_back({size, std::min(window_bits, total_bits - at)});
    size += std::size_t{1} << (rows_.back().bits - 1);
  }
  entries_.resize(size);
  // powers[i] = 2^i * point / 2: the first entry of every row, and the steps below.
  std::vector<JacobianPoint> powers(total_bits + 1);
  powers[0] = multiply_jacobian(point, Scalar(2).inverse().to_u256());
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = double_point(powers[i - 1]);
  std::vector<AffinePoint> affine(powers.size());
  batch_to_affine(powers, affine);
  offset_ = add(affine.back(), negate(affine[0]));

  for (unsigned i = 0; i < windows(); ++i)
    entries_[rows_[i].start] = {affine[i * window_bits].x, affine[i * window_bits].y};
  std::vector<TablePoint> sums;
  std::vector<TablePoint> steps;
  std::vector<Felt> scratch;
  // The rows double in length together: entry (i, length + j) = entry (i, j) + 2 length * 2^(w i) * point / 2.
  unsigned log = 1;
  for (std::size_t length = 1; length < row(0).size(); length *= 2, ++log) {
    sums.clear();
    steps.clear();
    for (unsigned i = 0; i < windows() && row(i).size() > length; ++i) {
      const AffinePoint& step = affine[i * window_bits + log];
      sums.insert(sums.end(), row(i).begin(), row(i).begin() + static_cast<std::ptrdiff_t>(length));
      steps.insert(steps.end(), length, TablePoint{step.x, step.y});
    }
    ASTERISM_CHECK(add_affine(sums, steps, scratch), "small multiples of a point differ");
    for (std::size_t k = 0; k < sums.size(); ++k) entries_[rows_[k / length].start + length + k % length] = sums[k];
  }
}

}  // namespace asterism::core
