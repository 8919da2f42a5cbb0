#include "core/felt/felt.hpp"

#include <gtest/gtest.h>

#include "tests/core/felt/arbitrary_felt.hpp"

namespace asterism::core {
namespace {

TEST(Felt, FieldLaws) {
  EXPECT_TRUE(rc::check("ring", [](const Felt& a, const Felt& b, const Felt& c) {
    RC_ASSERT(a + b == b + a);
    RC_ASSERT(a * b == b * a);
    RC_ASSERT((a + b) + c == a + (b + c));
    RC_ASSERT((a * b) * c == a * (b * c));
    RC_ASSERT(a * (b + c) == a * b + a * c);
    RC_ASSERT(a - b == a + (-b));
    RC_ASSERT(a.square() == a * a);
    RC_ASSERT(a.double_() == a + a);
    RC_ASSERT(a * b == Felt::portable_multiply(a, b));
    RC_ASSERT(a.square() == Felt::portable_multiply(a, a));
    RC_ASSERT(a + b == Felt::portable_add(a, b));
    RC_ASSERT(a - b == Felt::portable_subtract(a, b));
    RC_ASSERT(a.is_zero() || a * a.inverse() == Felt::one());
    RC_ASSERT(a.inverse() == a.fermat_inverse());
  }));
}

}  // namespace
}  // namespace asterism::core
