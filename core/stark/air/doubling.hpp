// A chain of points, each the double of the one before; chains of 256.
#pragma once
#include "core/curve/stark_curve.hpp"
#include "core/stark/air/ec_subset_sum.hpp"

namespace asterism::core::stark {

struct DoublingChain {
  std::string scope;
  VirtualColumn x, y, slope;
  Domain doublings;

  DoublingChain(const Binder& b, std::string scope_name, const std::string& points, const std::string& slopes)
      : scope(std::move(scope_name)),
        x(b.layout.at(points + "/x")),
        y(b.layout.at(points + "/y")),
        slope(b.layout.at(slopes)),
        doublings(b.rows.every(x.step).but(kScalarRows * x.step, (kScalarRows - 1) * x.step)) {}

  template <class E>
  void constrain(E& e) const {
    const auto x0 = e.at(x, 0), x1 = e.at(x, 1), y0 = e.at(y, 0), y1 = e.at(y, 1), m = e.at(slope, 0);
    const auto square = x0 * x0;
    e.constrain({scope, "slope"}, square + square + square + e.constant(kCurveAlpha) - (y0 + y0) * m, doublings);
    e.constrain({scope, "x"}, m * m - (x0 + x0 + x1), doublings);
    e.constrain({scope, "y"}, y0 + y1 - m * (x0 - x1), doublings);
  }
};

}  // namespace asterism::core::stark
