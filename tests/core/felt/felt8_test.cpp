#include "core/felt/felt8.hpp"

#include <gtest/gtest.h>

#include "core/base/cpu.hpp"
#include "tests/core/felt/arbitrary_felt.hpp"

namespace asterism::core {
namespace {

using Eight = std::array<Felt, 8>;

struct Results {
  Eight product, square, sum, difference, chain, broadcast, products, alternating, deep;
  bool operator==(const Results&) const = default;
};

Results portable_results(const Eight& a, const Eight& b) {
  using namespace portable;
#include "tests/core/felt/felt8_operations.inc"
}

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
Results ifma_results(const Eight& a, const Eight& b) {
  using namespace ifma;
#include "tests/core/felt/felt8_operations.inc"
}
ASTERISM_IFMA_END
#endif

Results single_results(const Eight& a, const Eight& b) {
  Results out;
  for (std::size_t i = 0; i < 8; ++i) {
    out.product[i] = a[i] * b[i];
    out.square[i] = a[i] * a[i];
    out.sum[i] = a[i] + b[i];
    out.difference[i] = a[i] - b[i];
    out.broadcast[i] = a[0] * b[i];
    out.chain[i] = (a[i] - b[i] - b[i]) * (a[i] + b[i] + a[i] + b[i]) - (a[i] * b[i]).square();
    out.products[i] = Felt(60) * a[i] * (b[i] + b[1]);
    for (int k = 0; k < 60; ++k) out.alternating[i] = (out.alternating[i] - b[i]) * b[i];
    Felt deep = a[i];
    for (int k = 0; k < 40; ++k) deep = deep.square() * b[i] - a[i] - deep;
    out.deep[i] = deep;
  }
  return out;
}

TEST(Felt8, PortableEqualsEightSingle) {
  EXPECT_TRUE(
      rc::check([](const Eight& a, const Eight& b) { RC_ASSERT(portable_results(a, b) == single_results(a, b)); }));
}

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
Eight divided(const Eight& a, unsigned bits) {
  Eight out;
  ifma::Felt8::load(a.data()).store_divided(out.data(), bits);
  return out;
}
ASTERISM_IFMA_END

// Also at the borders of the conditional subtraction: 0, 1, p - 1.
TEST(Felt8, IfmaDividesByPowersOfTwo) {
  if (!cpu().avx512ifma) GTEST_SKIP() << "no AVX-512 IFMA here, or turned off by ASTERISM_CPU";
  EXPECT_TRUE(rc::check([](Eight a) {
    a[1] = Felt();
    a[2] = Felt(1);
    a[3] = -Felt(1);
    const unsigned bits = *rc::gen::inRange(4U, 37U);
    const Felt inverse = Felt(std::uint64_t{1} << (bits - 4)).inverse();
    Eight expected;
    for (std::size_t i = 0; i < 8; ++i) expected[i] = a[i] * inverse;
    RC_ASSERT(divided(a, bits) == expected);
  }));
}
#endif

TEST(Felt8, IfmaEqualsEightSingle) {
#ifdef ASTERISM_HAVE_WIDE
  if (cpu().avx512ifma) {
    EXPECT_TRUE(
        rc::check([](const Eight& a, const Eight& b) { RC_ASSERT(ifma_results(a, b) == single_results(a, b)); }));
    return;
  }
#endif
  GTEST_SKIP() << "no AVX-512 IFMA here, or turned off by ASTERISM_CPU";
}

}  // namespace
}  // namespace asterism::core
