#include "core/stark/domains.hpp"

#include <bit>

#include "core/base/check.hpp"

namespace asterism::core::stark {

Felt root_of_unity(std::uint64_t order) {
  ASTERISM_CHECK(std::has_single_bit(order), "a power of two");
  constexpr std::uint64_t kOdd = (std::uint64_t{1} << 59) + 17;  // (p - 1) / 2^192
  static const Felt kLargest = power(Felt(kCosetOffset), kOdd);  // of order 2^192
  Felt root = kLargest;
  for (unsigned i = static_cast<unsigned>(std::countr_zero(order)); i < 192; ++i) root = root.square();
  return root;
}

Felt evaluate_polynomial(std::span<const Felt> coefficients, const Felt& x) {
  Felt out;
  for (std::size_t i = coefficients.size(); i-- > 0;) out = out * x + coefficients[i];
  return out;
}

}  // namespace asterism::core::stark
