// Multiples of the generator, for public factors and for secret ones.
#include "core/base/wipe.hpp"
#include "core/curve/stark_curve.hpp"
#include "core/curve/window_table.hpp"

namespace asterism::core {
namespace {

// Homogeneous coordinates (x/z, y/z), for the complete addition law below.
struct ProjectivePoint {
  Felt x;
  Felt y;
  Felt z;
};

// Renes, Costello, Batina 2016, algorithm 1 with z2 = 1 and a = 1: right for every pair of points of a group of odd
// order, hence no case distinction on secret data.
ProjectivePoint add_complete(const ProjectivePoint& p, const Felt& x, const Felt& y) {
  constexpr Felt kTripleBeta = kCurveBeta + kCurveBeta + kCurveBeta;
  const Felt xx = p.x * x;
  const Felt yy = p.y * y;
  const Felt xy = (p.x + p.y) * (x + y) - xx - yy;
  const Felt xz = p.x + x * p.z;
  const Felt yz = p.y + y * p.z;
  const Felt u = kTripleBeta * p.z + xz;
  const Felt minus = yy - u;
  const Felt plus = yy + u;
  const Felt v = xx.double_() + xx + p.z;
  const Felt w = kTripleBeta * xz + (xx - p.z);
  return {xy * minus - yz * w, minus * plus + v * w, yz * plus + xy * v};
}

// Reads the whole row and keeps entry `index`.
TablePoint select(std::span<const TablePoint> row, std::uint64_t index) {
  Felt::Limbs x{};
  Felt::Limbs y{};
  for (std::uint64_t j = 0; j < row.size(); ++j) {
    const std::uint64_t differs = j ^ index;
    const std::uint64_t mask = ((differs | (0 - differs)) >> 63) - 1;
    for (std::size_t k = 0; k < 4; ++k) {
      x[k] |= row[j].x.montgomery()[k] & mask;
      y[k] |= row[j].y.montgomery()[k] & mask;
    }
  }
  return {Felt::from_montgomery(x), Felt::from_montgomery(y)};
}

Felt negate_if(const Felt& value, std::uint64_t condition) {
  const Felt negated = -value;
  const std::uint64_t mask = 0 - condition;
  Felt::Limbs out{};
  for (std::size_t k = 0; k < 4; ++k) {
    out[k] = value.montgomery()[k] ^ ((value.montgomery()[k] ^ negated.montgomery()[k]) & mask);
  }
  return Felt::from_montgomery(out);
}

}  // namespace

JacobianPoint multiply_generator(const Scalar& factor) {
  static const WindowTable table(kGenerator, 8, 256);
  const U256 value = factor.to_u256();
  JacobianPoint sum = to_jacobian(table.offset());
  for (unsigned i = 0; i < table.windows(); ++i) sum = add(sum, table.term(i, value));
  return sum;
}

AffinePoint multiply_generator_secret(const Scalar& factor) {
  constexpr unsigned kBits = 5;
  constexpr std::uint64_t kHalf = 1U << (kBits - 1);
  static const WindowTable table(kGenerator, kBits, 51 * kBits);
  U256 value = factor.to_u256();
  ProjectivePoint sum{table.offset().x, table.offset().y, Felt::one()};
  for (unsigned i = 0; i < table.windows(); ++i) {
    const std::uint64_t bits = value.bits(kBits * i, kBits);
    const std::uint64_t negative = (bits >> (kBits - 1)) ^ 1;
    const std::uint64_t index = (bits ^ (0 - negative)) & (kHalf - 1);  // bits - half, or half - 1 - bits
    const TablePoint term = select(table.row(i), index);
    sum = add_complete(sum, term.x, negate_if(term.y, negative));
  }
  const Felt inverse = sum.z.fermat_inverse();
  const AffinePoint out{sum.x * inverse, sum.y * inverse, sum.z.is_zero()};
  wipe(value);
  wipe(sum);
  return out;
}

}  // namespace asterism::core
