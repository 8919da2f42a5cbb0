#include "core/stark/trace/curve_chain.hpp"

#include "core/stark/air/ec_subset_sum.hpp"

namespace asterism::core::stark {

SubsetSumRows subset_sum(const AffinePoint& start, std::span<const AffinePoint> points, const U256& number) {
  std::vector<JacobianPoint> sums{to_jacobian(start)};
  for (unsigned i = 0; i + 1 < kScalarRows; ++i) {
    sums.push_back(number.bit(i) ? add(sums.back(), points[i]) : sums.back());
  }
  SubsetSumRows out;
  out.number = number;
  out.sums.resize(kScalarRows);
  batch_to_affine(sums, out.sums);
  out.x_diff_inverses.resize(kScalarRows - 1);
  for (unsigned i = 0; i + 1 < kScalarRows; ++i) out.x_diff_inverses[i] = out.sums[i].x - points[i].x;
  batch_inverse(out.x_diff_inverses);
  out.slopes.resize(kScalarRows - 1);
  for (unsigned i = 0; i + 1 < kScalarRows; ++i) {
    if (number.bit(i)) out.slopes[i] = (out.sums[i].y - points[i].y) * out.x_diff_inverses[i];
  }
  return out;
}

SubsetSumCells::SubsetSumCells(const Layout& layout, const std::string& scope)
    : x(layout.at(scope + "partial_sum/x")),
      y(layout.at(scope + "partial_sum/y")),
      slope(layout.at(scope + "slope")),
      selector(layout.at(scope + "selector")),
      prod_ones196(layout.find(scope + "bit_unpacking/prod_ones196")),
      prod_ones192(layout.find(scope + "bit_unpacking/prod_ones192")),
      x_diff_inv(layout.find(scope + "x_diff_inv")) {}

void SubsetSumCells::write(Trace& trace, std::uint64_t index, const SubsetSumRows& rows) const {
  const std::uint64_t base = index * kScalarRows;
  for (unsigned i = 0; i < kScalarRows; ++i) {
    trace.set(x, base + i, rows.sums[i].x);
    trace.set(y, base + i, rows.sums[i].y);
    trace.set(selector, base + i, Felt::reduce(rows.number >> i));
  }
  for (unsigned i = 0; i + 1 < kScalarRows; ++i) {
    trace.set(slope, base + i, rows.slopes[i]);
    if (x_diff_inv) trace.set(*x_diff_inv, base + i, rows.x_diff_inverses[i]);
  }
  if (prod_ones192) {
    const bool ones196 = rows.number.bit(251) && rows.number.bit(196);
    trace.set(*prod_ones196, index, Felt(ones196 ? 1 : 0));
    trace.set(*prod_ones192, index, Felt(ones196 && rows.number.bit(192) ? 1 : 0));
  }
}

DoublingRows doublings(const AffinePoint& point) {
  std::vector<JacobianPoint> points{to_jacobian(point)};
  for (unsigned i = 1; i < kScalarRows; ++i) points.push_back(double_point(points.back()));
  DoublingRows out;
  out.points.resize(kScalarRows);
  batch_to_affine(points, out.points);
  out.slopes.resize(kScalarRows - 1);
  for (unsigned i = 0; i + 1 < kScalarRows; ++i) out.slopes[i] = out.points[i].y.double_();
  batch_inverse(out.slopes);
  for (unsigned i = 0; i + 1 < kScalarRows; ++i) {
    const Felt square = out.points[i].x.square();
    out.slopes[i] *= square.double_() + square + kCurveAlpha;
  }
  return out;
}

void DoublingCells::write(Trace& trace, std::uint64_t index, const DoublingRows& rows) const {
  const std::uint64_t base = index * kScalarRows;
  for (unsigned i = 0; i < kScalarRows; ++i) {
    trace.set(x, base + i, rows.points[i].x);
    trace.set(y, base + i, rows.points[i].y);
    if (i + 1 < kScalarRows) trace.set(slope, base + i, rows.slopes[i]);
  }
}

}  // namespace asterism::core::stark
