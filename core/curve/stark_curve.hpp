// The STARK curve y^2 = x^3 + x + beta over the field of Starknet; its group has the prime order Scalar::kOrder.
//
// Affine points carry an explicit infinity; Jacobian points (x/z^2, y/z^3) have z = 0 there. Every function accepts
// every point of the curve, equal, opposite and infinite ones included, and none checks that its input is on the curve.
// All of this is variable time and for public data; multiply_generator_secret is the one exception.
#pragma once
#include <array>
#include <optional>
#include <span>

#include "core/curve/scalar.hpp"
#include "core/felt/felt.hpp"

namespace asterism::core {

struct AffinePoint {
  Felt x;
  Felt y;
  bool infinity = false;
  bool operator==(const AffinePoint& other) const {
    return infinity == other.infinity && (infinity || (x == other.x && y == other.y));
  }
  static AffinePoint at_infinity() { return {Felt(), Felt(), true}; }
};

struct JacobianPoint {
  Felt x;
  Felt y;
  Felt z;
  bool is_infinity() const { return z.is_zero(); }
  static JacobianPoint at_infinity() { return {Felt::one(), Felt::one(), Felt::zero()}; }
};

inline constexpr Felt kCurveAlpha = Felt::one();
inline constexpr Felt kCurveBeta = Felt::literal("0x6f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89");
inline constexpr AffinePoint kGenerator{
    Felt::literal("0x1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca"),
    Felt::literal("0x5668060aa49730b7be4801df46ec62de53ecd11abe43a32873000c36e8dc1f"), false};
inline constexpr U256 kCurveOrder = Scalar::kOrder;

JacobianPoint to_jacobian(const AffinePoint& point);
AffinePoint to_affine(const JacobianPoint& point);
// One inversion for all of them.
void batch_to_affine(std::span<const JacobianPoint> points, std::span<AffinePoint> out);

AffinePoint negate(const AffinePoint& point);
AffinePoint add(const AffinePoint& a, const AffinePoint& b);
AffinePoint double_point(const AffinePoint& point);
JacobianPoint add(const JacobianPoint& a, const JacobianPoint& b);
JacobianPoint add(const JacobianPoint& a, const AffinePoint& b);
JacobianPoint double_point(const JacobianPoint& point);

// Any 256-bit factor; the result is that of factor mod N.
AffinePoint multiply(const AffinePoint& point, const U256& factor);
JacobianPoint multiply_jacobian(const AffinePoint& point, const U256& factor);
// factor * kGenerator from a table; public factors only.
JacobianPoint multiply_generator(const Scalar& factor);
// The same in constant time: no branch or address depends on the factor.
AffinePoint multiply_generator_secret(const Scalar& factor);

bool on_curve(const AffinePoint& point);
// Both y of an x on the curve, the smaller number first.
std::optional<std::array<Felt, 2>> y_from_x(const Felt& x);

}  // namespace asterism::core
