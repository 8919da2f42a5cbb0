#include <gtest/gtest.h>

#include "core/curve/stark_curve.hpp"
#include "core/curve/window_table.hpp"
#include "tests/core/felt/arbitrary_felt.hpp"

namespace asterism::core {
namespace {

Scalar scalar(const U256& value) { return Scalar::reduce(value); }

// The infinite point, small multiples of the generator and their opposites as often as any other.
AffinePoint some_point(std::uint8_t kind, const U256& factor) {
  if (kind < 40) return AffinePoint::at_infinity();
  const U256 used = kind < 150 ? U256(factor.limb[0] % 4) : factor;
  const AffinePoint point = multiply(kGenerator, used);
  return kind % 2 == 0 ? point : negate(point);
}

TEST(Scalar, FieldLaws) {
  EXPECT_TRUE(rc::check([](const U256& x, const U256& y, const U256& z) {
    const Scalar a = scalar(x);
    const Scalar b = scalar(y);
    const Scalar c = scalar(z);
    RC_ASSERT(a.to_u256() < kCurveOrder);
    RC_ASSERT((a + b) + c == a + (b + c));
    RC_ASSERT((a * b) * c == a * (b * c));
    RC_ASSERT(a * (b + c) == a * b + a * c);
    RC_ASSERT(a - b == a + (-b));
    RC_ASSERT((a - b) + b == a);
    RC_ASSERT((a - b).to_u256() < kCurveOrder);
    RC_ASSERT(a.is_zero() || a * a.inverse() == Scalar::one());
    RC_ASSERT(a.inverse() == a.variable_time_inverse());
  }));
}

TEST(Scalar, ProductIsRepeatedAddition) {
  EXPECT_TRUE(rc::check([](const U256& x, const U256& factor) {
    const Scalar a = scalar(x);
    Scalar sum;
    for (unsigned i = 256; i-- > 0;) {
      sum = sum + sum;
      if (factor.bit(i)) sum = sum + a;
    }
    RC_ASSERT(a * scalar(factor) == sum);
  }));
}

TEST(Scalar, Edges) {
  EXPECT_EQ(Scalar::one().to_u256(), U256(1));
  EXPECT_EQ(Scalar::from_u256(kCurveOrder), std::nullopt);
  EXPECT_EQ(Scalar::from_u256(kCurveOrder - U256(1)), -Scalar::one());
  EXPECT_TRUE(scalar(kCurveOrder).is_zero());
  EXPECT_TRUE(Scalar::zero().inverse().is_zero());
  EXPECT_TRUE(Scalar::zero().variable_time_inverse().is_zero());
  EXPECT_EQ(Scalar::reduce(-Felt::one()).to_u256(), Felt::kModulus - U256(1) - kCurveOrder);
}

TEST(Curve, GeneratorHasTheOrder) {
  EXPECT_TRUE(on_curve(kGenerator));
  EXPECT_TRUE(multiply_jacobian(kGenerator, kCurveOrder).is_infinity());
  EXPECT_EQ(multiply(kGenerator, kCurveOrder - U256(1)), negate(kGenerator));
}

TEST(Curve, GroupLaws) {
  EXPECT_TRUE(rc::check([](std::uint8_t ka, std::uint8_t kb, const U256& fa, const U256& fb, const U256& fc) {
    const AffinePoint a = some_point(ka, fa);
    const AffinePoint b = some_point(kb, fb);
    const AffinePoint c = some_point(200, fc);
    RC_ASSERT(on_curve(a) && on_curve(b) && on_curve(c));
    RC_ASSERT(add(a, b) == add(b, a));
    RC_ASSERT(add(add(a, b), c) == add(a, add(b, c)));
    RC_ASSERT(add(a, a) == double_point(a));
    RC_ASSERT(add(a, negate(a)).infinity);
    RC_ASSERT(add(a, AffinePoint::at_infinity()) == a);
    RC_ASSERT(to_affine(add(to_jacobian(a), to_jacobian(b))) == add(a, b));
    RC_ASSERT(to_affine(add(double_point(to_jacobian(a)), double_point(to_jacobian(b)))) == double_point(add(a, b)));
  }));
}

TEST(Curve, MultiplicationIsLinear) {
  EXPECT_TRUE(rc::check([](const U256& x, const U256& y, const U256& z) {
    const AffinePoint point = multiply(kGenerator, z);
    const U256 sum = (scalar(x) + scalar(y)).to_u256();
    const U256 product = (scalar(x) * scalar(y)).to_u256();
    RC_ASSERT(multiply(point, sum) == add(multiply(point, x), multiply(point, y)));
    RC_ASSERT(multiply(point, product) == multiply(multiply(point, x), y));
  }));
}

TEST(Curve, SmallMultiplesByAddition) {
  AffinePoint sum = AffinePoint::at_infinity();
  for (std::uint64_t i = 0; i < 200; ++i) {
    ASSERT_EQ(multiply(kGenerator, U256(i)), sum) << i;
    ASSERT_EQ(to_affine(multiply_generator(Scalar(i))), sum) << i;
    ASSERT_EQ(multiply_generator_secret(Scalar(i)), sum) << i;
    ASSERT_EQ(multiply_generator_secret(-Scalar(i)), negate(sum)) << i;
    sum = add(sum, kGenerator);
  }
}

TEST(Curve, EveryWayToMultiplyTheGenerator) {
  EXPECT_TRUE(rc::check([](const U256& factor) {
    const AffinePoint expected = multiply(kGenerator, factor);
    RC_ASSERT(to_affine(multiply_generator(scalar(factor))) == expected);
    RC_ASSERT(multiply_generator_secret(scalar(factor)) == expected);
  }));
}

TEST(Curve, BatchToAffine) {
  std::vector<JacobianPoint> points;
  for (std::uint64_t i = 0; i < 9; ++i) points.push_back(multiply_jacobian(kGenerator, U256(i % 4)));
  std::vector<AffinePoint> affine(points.size());
  batch_to_affine(points, affine);
  for (std::size_t i = 0; i < points.size(); ++i) EXPECT_EQ(affine[i], to_affine(points[i]));
  batch_to_affine({}, {});
}

TEST(Curve, BothOrdinatesOfAnAbscissa) {
  std::size_t absent = 0;
  for (std::uint64_t x = 0; x < 60; ++x) {
    const auto y = y_from_x(Felt(x));
    const Felt square = Felt(x).pow(U256(3)) + Felt(x) + kCurveBeta;
    ASSERT_EQ(y.has_value(), square.is_square());
    if (!y) {
      ++absent;
      continue;
    }
    EXPECT_LT((*y)[0], (*y)[1]);
    EXPECT_TRUE(on_curve({Felt(x), (*y)[0], false}));
    EXPECT_TRUE(on_curve({Felt(x), (*y)[1], false}));
  }
  EXPECT_GT(absent, 15U);
  EXPECT_LT(absent, 45U);
  EXPECT_FALSE(on_curve({Felt(1), Felt(1), false}));
}

TEST(WindowTable, SumsOfTermsAreMultiples) {
  const AffinePoint point = multiply(kGenerator, U256(99));
  for (const auto& [window, total] : {std::pair{3U, 10U}, {4U, 16U}, {10U, 248U}, {1U, 5U}}) {
    const WindowTable table(point, window, total);
    ASSERT_EQ(table.windows(), (total + window - 1) / window);
    for (const U256& value : {U256(0), U256(1), U256(21), (U256(1) << total) - U256(1), U256(1) << (total - 1)}) {
      AffinePoint sum = table.offset();
      for (unsigned i = 0; i < table.windows(); ++i) sum = add(sum, table.term(i, value));
      EXPECT_EQ(sum, multiply(point, value)) << window << " " << total << " " << value.to_hex();
    }
  }
}

TEST(WindowTable, AffineSumsRefuseEqualAbscissas) {
  const TablePoint g{kGenerator.x, kGenerator.y};
  const AffinePoint doubled = double_point(kGenerator);
  const TablePoint twice{doubled.x, doubled.y};
  std::vector<Felt> scratch;
  std::vector<TablePoint> a{g, g};
  const std::vector<TablePoint> same{twice, g};
  EXPECT_FALSE(add_affine(a, same, scratch));
  EXPECT_EQ(a[0].x, g.x);
  const std::vector<TablePoint> other{twice, twice};
  EXPECT_TRUE(add_affine(a, other, scratch));
  const AffinePoint triple = multiply(kGenerator, U256(3));
  EXPECT_EQ(a[1].x, triple.x);
  EXPECT_EQ(a[1].y, triple.y);
}

}  // namespace
}  // namespace asterism::core
