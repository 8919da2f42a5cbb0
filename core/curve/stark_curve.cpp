#include "core/curve/stark_curve.hpp"

#include <vector>

#include "core/base/check.hpp"
#include "core/curve/non_adjacent_form.hpp"

namespace asterism::core {

JacobianPoint to_jacobian(const AffinePoint& point) {
  return point.infinity ? JacobianPoint::at_infinity() : JacobianPoint{point.x, point.y, Felt::one()};
}

AffinePoint to_affine(const JacobianPoint& point) {
  if (point.is_infinity()) return AffinePoint::at_infinity();
  const Felt inverse = point.z.inverse();
  const Felt square = inverse.square();
  return {point.x * square, point.y * square * inverse, false};
}

void batch_to_affine(std::span<const JacobianPoint> points, std::span<AffinePoint> out) {
  ASTERISM_CHECK(points.size() == out.size(), "one output for each point");
  std::vector<Felt> inverses;
  inverses.reserve(points.size());
  for (const JacobianPoint& point : points) inverses.push_back(point.z);
  batch_inverse(inverses);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].is_infinity()) {
      out[i] = AffinePoint::at_infinity();
      continue;
    }
    const Felt square = inverses[i].square();
    out[i] = {points[i].x * square, points[i].y * square * inverses[i], false};
  }
}

AffinePoint negate(const AffinePoint& point) { return {point.x, -point.y, point.infinity}; }

AffinePoint add(const AffinePoint& a, const AffinePoint& b) { return to_affine(add(to_jacobian(a), b)); }

AffinePoint double_point(const AffinePoint& point) { return to_affine(double_point(to_jacobian(point))); }

// With z = 0 the formula gives z = 0, and no point of this curve has y = 0 (the order is odd).
JacobianPoint double_point(const JacobianPoint& point) {
  const Felt xx = point.x.square();
  const Felt yy = point.y.square();
  const Felt zz = point.z.square();
  const Felt yyyy = yy.square();
  const Felt s = (point.x * yy).double_().double_();
  const Felt m = xx.double_() + xx + zz.square();
  const Felt x = m.square() - s.double_();
  const Felt y = m * (s - x) - yyyy.double_().double_().double_();
  return {x, y, (point.y * point.z).double_()};
}

JacobianPoint add(const JacobianPoint& a, const JacobianPoint& b) {
  if (a.is_infinity()) return b;
  if (b.is_infinity()) return a;
  const Felt zz_a = a.z.square();
  const Felt zz_b = b.z.square();
  const Felt u_a = a.x * zz_b;
  const Felt u_b = b.x * zz_a;
  const Felt s_a = a.y * zz_b * b.z;
  const Felt s_b = b.y * zz_a * a.z;
  const Felt h = u_b - u_a;
  const Felt r = s_b - s_a;
  if (h.is_zero()) return r.is_zero() ? double_point(a) : JacobianPoint::at_infinity();
  const Felt hh = h.square();
  const Felt hhh = hh * h;
  const Felt v = u_a * hh;
  const Felt x = r.square() - hhh - v.double_();
  return {x, r * (v - x) - s_a * hhh, a.z * b.z * h};
}

JacobianPoint add(const JacobianPoint& a, const AffinePoint& b) {
  if (b.infinity) return a;
  if (a.is_infinity()) return to_jacobian(b);
  const Felt zz = a.z.square();
  const Felt h = b.x * zz - a.x;
  const Felt r = b.y * zz * a.z - a.y;
  if (h.is_zero()) return r.is_zero() ? double_point(a) : JacobianPoint::at_infinity();
  const Felt hh = h.square();
  const Felt hhh = hh * h;
  const Felt v = a.x * hh;
  const Felt x = r.square() - hhh - v.double_();
  return {x, r * (v - x) - a.y * hhh, a.z * h};
}

JacobianPoint multiply_jacobian(const AffinePoint& point, const U256& factor) {
  const U256 reduced = Scalar::reduce(factor).to_u256();
  if (point.infinity || reduced.is_zero()) return JacobianPoint::at_infinity();
  std::array<JacobianPoint, NonAdjacentForm::kOddMultiples> odd;
  odd[0] = to_jacobian(point);
  const JacobianPoint twice = double_point(odd[0]);
  for (std::size_t i = 1; i < odd.size(); ++i) odd[i] = add(odd[i - 1], twice);
  const NonAdjacentForm form(reduced);
  JacobianPoint sum = JacobianPoint::at_infinity();
  for (unsigned i = form.length; i-- > 0;) {
    sum = double_point(sum);
    const int digit = form.digit[i];
    if (digit == 0) continue;
    JacobianPoint term = odd[static_cast<std::size_t>(digit < 0 ? -digit : digit) / 2];
    if (digit < 0) term.y = -term.y;
    sum = add(sum, term);
  }
  return sum;
}

AffinePoint multiply(const AffinePoint& point, const U256& factor) {
  return to_affine(multiply_jacobian(point, factor));
}

bool on_curve(const AffinePoint& point) {
  if (point.infinity) return true;
  return point.y.square() == (point.x.square() + kCurveAlpha) * point.x + kCurveBeta;
}

std::optional<std::array<Felt, 2>> y_from_x(const Felt& x) {
  const auto y = ((x.square() + kCurveAlpha) * x + kCurveBeta).sqrt();
  if (!y) return std::nullopt;
  return std::array<Felt, 2>{*y, -*y};
}

}  // namespace asterism::core
