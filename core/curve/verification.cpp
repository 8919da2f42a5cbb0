// Verification of signatures when only x of the public key is known, without a square root and without a final
// division.
//
// With c = x^3 + x + beta the point (c x, c^2) lies on Y^2 = X^3 + c^2 X + c^3 beta, and (X, Y) -> (X / c, Y / c^(3/2))
// maps that curve to ours when c is a square, whichever root is taken. So u2 Q is computed there up to the sign of its
// y, and "u1 G + u2 Q or u1 G - u2 Q has x = r" is one polynomial identity in y^2.
#include "core/curve/ecdsa.hpp"
#include "core/curve/non_adjacent_form.hpp"

namespace asterism::core {
namespace {

// Jacobian coordinates on a curve with coefficient a, and t = a z^4 for doublings that follow.
struct ScaledPoint {
  Felt x;
  Felt y;
  Felt z;
  Felt t;
};

struct OddMultiple {
  Felt x;
  Felt y;
  Felt z;
  Felt zz;
  Felt zzz;
};

ScaledPoint doubled(const ScaledPoint& p) {
  const Felt yy = p.y.square();
  const Felt s = (p.x * yy).double_().double_();
  const Felt xx = p.x.square();
  const Felt m = xx.double_() + xx + p.t;
  const Felt yyyy8 = yy.square().double_().double_().double_();
  const Felt x = m.square() - s.double_();
  return {x, m * (s - x) - yyyy8, (p.y * p.z).double_(), (yyyy8 * p.t).double_()};
}

ScaledPoint added(const ScaledPoint& p, const OddMultiple& q, const Felt& q_y, const Felt& a) {
  if (p.z.is_zero()) return {q.x, q_y, q.z, a * q.zz.square()};
  const Felt zz = p.z.square();
  const Felt u = p.x * q.zz;
  const Felt h = q.x * zz - u;
  const Felt s = p.y * q.zzz;
  const Felt r = q_y * zz * p.z - s;
  if (h.is_zero()) return r.is_zero() ? doubled(p) : ScaledPoint{Felt::one(), Felt::one(), Felt::zero(), Felt::zero()};
  const Felt hh = h.square();
  const Felt hhh = hh * h;
  const Felt v = u * hh;
  const Felt x = r.square() - hhh - v.double_();
  const Felt z = p.z * q.z * h;
  return {x, r * (v - x) - s * hhh, z, a * z.square().square()};
}

ScaledPoint multiplied(const Felt& x, const Felt& y, const Felt& a, const U256& factor) {
  std::array<OddMultiple, NonAdjacentForm::kOddMultiples> odd;
  ScaledPoint point{x, y, Felt::one(), a};
  const ScaledPoint twice = doubled(point);
  const Felt twice_zz = twice.z.square();
  const OddMultiple step{twice.x, twice.y, twice.z, twice_zz, twice_zz * twice.z};
  for (std::size_t i = 0; i < odd.size(); ++i) {
    if (i > 0) point = added(point, step, step.y, a);
    const Felt zz = point.z.square();
    odd[i] = {point.x, point.y, point.z, zz, zz * point.z};
  }
  const NonAdjacentForm form(factor);
  ScaledPoint sum{Felt::one(), Felt::one(), Felt::zero(), Felt::zero()};
  for (unsigned i = form.length; i-- > 0;) {
    if (i + 1 < form.length) sum = doubled(sum);
    const int digit = form.digit[i];
    if (digit == 0) continue;
    const OddMultiple& term = odd[static_cast<std::size_t>(digit < 0 ? -digit : digit) / 2];
    sum = added(sum, term, digit < 0 ? -term.y : term.y, a);
  }
  return sum;
}

}  // namespace

bool verify(const Felt& public_x, const Felt& message_hash, const Signature& signature) {
  const auto r = Scalar::from_u256(signature.r.to_u256());
  const auto s = Scalar::from_u256(signature.s.to_u256());
  if (!r || !s || r->is_zero() || s->is_zero()) return false;
  const Felt c = (public_x.square() + kCurveAlpha) * public_x + kCurveBeta;
  if (!c.is_square()) return false;
  const Scalar w = s->variable_time_inverse();
  const JacobianPoint g = multiply_generator(Scalar::reduce(message_hash) * w);
  const Felt cc = c.square();
  const ScaledPoint q = multiplied(c * public_x, cc, cc, (*r * w).to_u256());

  // On our curve: x_g = g.x / gz, y_g^2 = g.y^2 / gz^3, x_q = q.x / qz, y_q^2 = q.y^2 / qz^3.
  const Felt gz = g.z.square();
  const Felt qz = c * q.z.square();
  if (g.is_infinity()) return q.x == signature.r * qz;
  const Felt x_g = g.x * qz;
  const Felt x_q = q.x * gz;
  const Felt difference = x_g - x_q;
  if (difference.is_zero()) {  // the same or opposite points: one sum is infinite, the other twice the point
    const AffinePoint twice = to_affine(double_point(g));
    return twice.x == signature.r;
  }
  // (y_g +- y_q)^2 = (r + x_g + x_q)(x_g - x_q)^2 for one of the signs; all times (gz qz)^3.
  const Felt yy_g = g.y.square() * qz.square() * qz;
  const Felt yy_q = q.y.square() * gz.square() * gz;
  const Felt right = (signature.r * gz * qz + x_g + x_q) * difference.square();
  return (yy_g + yy_q - right).square() == (yy_g * yy_q).double_().double_();
}

}  // namespace asterism::core
