// Transforms against direct evaluation, at sizes around the borders of the wide and cached kernels.
#include "core/stark/fft.hpp"

#include <gtest/gtest.h>

#include "core/stark/domains.hpp"

namespace asterism::core::stark {
namespace {

class Transform : public testing::TestWithParam<unsigned> {
 protected:
  // Coefficients in natural order; any fixed sequence without structure.
  std::vector<Felt> polynomial(std::size_t size) const {
    std::vector<Felt> out;
    Felt value(12345);
    for (std::size_t i = 0; i < size; ++i) {
      value = value.square() + Felt(i);
      out.push_back(value);
    }
    return out;
  }
};

TEST_P(Transform, EvaluatesAndInterpolates) {
  const unsigned bits = GetParam();
  const std::size_t size = std::size_t{1} << bits;
  const auto natural = polynomial(size);
  std::vector<Felt> reversed(size);
  for (std::size_t i = 0; i < size; ++i) reversed[bit_reverse(i, bits)] = natural[i];
  const Felt offset(7);
  std::vector<Felt> values(size);
  evaluate(Twiddles::forward(bits, offset), reversed, values);
  const Felt g = root_of_unity(size);
  for (std::size_t i = 0; i < size; i += std::max<std::size_t>(1, size / 16) | 1) {
    ASSERT_EQ(values[i], evaluate_polynomial(natural, offset * power(g, i))) << i;
  }
  const Felt x(987654321);
  EXPECT_EQ(evaluate_reversed(reversed, x), evaluate_polynomial(natural, x));
  interpolate(Twiddles::inverse(bits, offset), values);
  EXPECT_EQ(values, reversed);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Transform, testing::Values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16));

}  // namespace
}  // namespace asterism::core::stark
