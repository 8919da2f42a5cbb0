#include "core/curve/window_table.hpp"

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

WindowTable::WindowTable(const AffinePoint& point, unsigned window_bits, unsigned windows)
    : window_bits_(window_bits), windows_(windows), entries_(std::size_t{windows} << (window_bits - 1)) {
  const std::size_t row_size = std::size_t{1} << (window_bits - 1);
  const Scalar half = Scalar(2).inverse();
  // powers[i] = 2^i * point / 2 for every bit, which gives every row its first entry and its steps.
  std::vector<JacobianPoint> powers(std::size_t{window_bits} * windows + 1);
  powers[0] = multiply_jacobian(point, half.to_u256());
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = double_point(powers[i - 1]);
  std::vector<AffinePoint> affine(powers.size());
  batch_to_affine(powers, affine);

  for (unsigned i = 0; i < windows; ++i) {
    const AffinePoint& first = affine[std::size_t{i} * window_bits];
    entries_[i * row_size] = {first.x, first.y};
  }
  std::vector<TablePoint> sums;
  std::vector<TablePoint> steps;
  std::vector<Felt> scratch;
  // Rows double in length together: entry (i, size + j) = entry (i, j) + 2 size * 2^(w i) * point / 2.
  unsigned log = 1;
  for (std::size_t size = 1; size < row_size; size *= 2, ++log) {
    sums.clear();
    steps.clear();
    for (unsigned i = 0; i < windows; ++i) {
      const AffinePoint& step = affine[std::size_t{i} * window_bits + log];
      sums.insert(sums.end(), row(i), row(i) + size);
      steps.insert(steps.end(), size, TablePoint{step.x, step.y});
    }
    ASTERISM_CHECK(add_affine(sums, steps, scratch), "multiples of a point of prime order differ");
    for (unsigned i = 0; i < windows; ++i) {
      std::copy_n(sums.begin() + static_cast<std::ptrdiff_t>(i * size), size,
                  entries_.begin() + static_cast<std::ptrdiff_t>(i * row_size + size));
    }
  }
  const AffinePoint last = affine.back();
  offset_ = add(last, negate(affine[0]));
}

}  // namespace asterism::core
