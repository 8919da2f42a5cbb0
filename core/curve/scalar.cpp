#include "core/curve/scalar.hpp"

#include "core/felt/modular_inverse.hpp"

namespace asterism::core {
namespace {

constexpr U256 order() { return Scalar::kOrder; }

}  // namespace

Scalar Scalar::inverse() const {
  constexpr U256 kExponent = kOrder - U256(2);
  Scalar result = one();
  for (unsigned i = kExponent.bit_length(); i-- > 0;) {
    result = result.square();
    if (kExponent.bit(i)) result = result * *this;
  }
  return result;
}

Scalar Scalar::variable_time_inverse() const {
  // The limbs are a R, their inverse is 1 / (a R), and two products with R^2 give R / a.
  return multiply(multiply(ModularInverse<order>::of(U256(limb_)).limb, kRSquared).limb_, kRSquared);
}

}  // namespace asterism::core
