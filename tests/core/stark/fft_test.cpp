// Transforms against direct evaluation, at sizes around the borders of the wide and cached kernels.
#include "core/stark/fft.hpp"

#include <gtest/gtest.h>

#include "core/stark/domains.hpp"
#include "core/stark/residues.hpp"

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

INSTANTIATE_TEST_SUITE_P(Sizes, Transform, testing::Values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 18));

// Against the transform: on base * <w>, w of order `size`, a polynomial and its residue have the same values.
class Residues : public Transform {};

TEST_P(Residues, HaveThePolynomialsValues) {
  const unsigned bits = GetParam();
  const std::size_t n = std::size_t{1} << bits;
  const Felt offset(5);
  const Felt g = root_of_unity(n);
  for (unsigned log_size : {0U, 2U, 6U}) {
    if (log_size + 3 > bits) continue;
    const std::size_t size = std::size_t{1} << log_size;
    const auto coefficients = polynomial(n);
    std::vector<Felt> values(n);
    evaluate(Twiddles::forward(bits, offset), coefficients, values);
    const std::vector<std::size_t> firsts{0, 1, 3, 3, 6, n / size - 1};  // of a block of every n/size-th point
    std::vector<Felt> w;
    std::vector<std::size_t> parts;
    for (const std::size_t first : firsts) {
      w.push_back(power(offset * power(g, first), size));
      parts.push_back(first % 8);
    }
    std::vector<std::vector<Felt>> direct(w.size(), std::vector<Felt>(size));
    auto shared = direct;
    std::vector<std::span<Felt>> places(direct.begin(), direct.end());
    residues(coefficients, w, size, places);
    places.assign(shared.begin(), shared.end());
    residues_of_parts(coefficients, power(offset, n / 8), parts, w, size, places);
    for (std::size_t j = 0; j < w.size(); ++j) {
      EXPECT_EQ(direct[j], shared[j]);
      evaluate(Twiddles::forward(log_size, offset * power(g, firsts[j])), direct[j], direct[j]);
      for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(direct[j][i], values[firsts[j] + i * (n / size)]) << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Residues, testing::Values(3, 5, 6, 9, 11, 12, 13, 16, 18));

}  // namespace
}  // namespace asterism::core::stark
