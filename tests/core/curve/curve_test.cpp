#include <gtest/gtest.h>

#include "core/curve/stark_curve.hpp"

namespace asterism::core {
namespace {

TEST(Curve, GeneratorHasTheOrder) {
  EXPECT_TRUE(on_curve(kGenerator));
  EXPECT_TRUE(multiply_jacobian(kGenerator, kCurveOrder).is_infinity());
  EXPECT_EQ(multiply(kGenerator, kCurveOrder - U256(1)), negate(kGenerator));
}

}  // namespace
}  // namespace asterism::core
