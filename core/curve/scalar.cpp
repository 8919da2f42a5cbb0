#include "core/curve/scalar.hpp"

namespace asterism::core {

Scalar Scalar::inverse() const {
  constexpr U256 kExponent = kOrder - U256(2);
  Scalar result = one();
  for (unsigned i = kExponent.bit_length(); i-- > 0;) {
    result = result.square();
    if (kExponent.bit(i)) result = result * *this;
  }
  return result;
}

Scalar Scalar::variable_time_inverse() const { return inverse(); }

}  // namespace asterism::core
