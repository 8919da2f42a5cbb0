#include "core/felt/felt.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/felt/felt_cube.hpp"
#include "tests/core/felt/arbitrary_felt.hpp"

namespace asterism::core {
namespace {

constexpr const char* kModulusText = "0x800000000000011000000000000000000000000000000000000000000000001";

TEST(Felt, FieldLaws) {
  EXPECT_TRUE(rc::check("ring and inverses", [](const Felt& a, const Felt& b, const Felt& c) {
    RC_ASSERT(a + b == b + a);
    RC_ASSERT(a * b == b * a);
    RC_ASSERT((a + b) + c == a + (b + c));
    RC_ASSERT((a * b) * c == a * (b * c));
    RC_ASSERT(a * (b + c) == a * b + a * c);
    RC_ASSERT(a - b == a + (-b));
    RC_ASSERT(a.square() == a * a);
    RC_ASSERT(a.double_() == a + a);
    RC_ASSERT(a.is_zero() || a * a.inverse() == Felt::one());
    RC_ASSERT(a.inverse() == a.fermat_inverse());
  }));
}

TEST(Felt, AssemblyEqualsPortable) {
  EXPECT_TRUE(rc::check([](const Felt& a, const Felt& b) {
    RC_ASSERT(a * b == Felt::portable_multiply(a, b));
    RC_ASSERT(a.square() == Felt::portable_multiply(a, a));
    RC_ASSERT(a + b == Felt::portable_add(a, b));
    RC_ASSERT(a - b == Felt::portable_subtract(a, b));
    RC_ASSERT(a.to_u256() == a.portable_to_u256());
  }));
}

TEST(Felt, ResultsAreCanonical) {
  EXPECT_TRUE(rc::check([](const Felt& a, const Felt& b) {
    for (const Felt& value : {a + b, a - b, a * b, -a, a.square(), a.inverse()}) {
      RC_ASSERT(U256(value.montgomery()) < Felt::kModulus);
      RC_ASSERT(value.to_u256() < Felt::kModulus);
    }
  }));
}

// The product against school arithmetic: a * b by doubling and adding, which shares no code with the multiplication.
TEST(Felt, ProductIsRepeatedAddition) {
  EXPECT_TRUE(rc::check([](const Felt& a, const Felt& b) {
    const U256 factor = b.to_u256();
    Felt sum;
    for (unsigned i = 256; i-- > 0;) {
      sum = sum + sum;
      if (factor.bit(i)) sum = sum + a;
    }
    RC_ASSERT(a * b == sum);
  }));
}

TEST(FeltSum, UnreducedSumsAreTheSameElements) {
  static constexpr FeltSum kTwiceModulus{(Felt::kModulus + Felt::kModulus).limb};
  EXPECT_TRUE(rc::check([](const Felt& a, const Felt& b, const Felt& c) {
    const FeltSum sum = FeltSum(a) + b + c + a + kTwiceModulus - b - c;
    RC_ASSERT(sum.reduce() == a + a);
    RC_ASSERT(sum.multiply(b) == (a + a) * b);
    RC_ASSERT((FeltSum(a) + b + c + a).square() == (a + b + c + a).square());
    FeltSum many = a;
    Felt expected = a;
    for (int i = 0; i < 30; ++i) {
      many = many + b;
      expected += b;
      RC_ASSERT(many.reduce() == expected);
      RC_ASSERT(many.portable_reduce() == expected);
      RC_ASSERT(U256(many.reduce().montgomery()) < Felt::kModulus);
    }
  }));
  for (std::uint64_t i = 0; i < 32; ++i) {  // multiples of p and their neighbours, where the quotient is off by one
    FeltSum multiple;
    for (std::uint64_t k = 0; k < i; ++k) multiple = multiple + FeltSum(Felt::kModulus.limb);
    EXPECT_EQ(multiple.reduce(), Felt::zero());
    EXPECT_EQ(multiple.portable_reduce(), Felt::zero());
    if (i > 0) {
      const FeltSum below(((U256(multiple.limb))-U256(1)).limb);
      EXPECT_EQ(below.reduce().montgomery(), (Felt::kModulus - U256(1)).limb);
    }
  }
}

TEST(FeltSum, CubesStayBelowTwiceTheModulus) {
  EXPECT_TRUE(rc::check([](const Felt& a) {
    FeltSum value = a;
    for (int multiples = 0; multiples < 8; ++multiples) {
      const FeltSum power = cube(value);
      RC_ASSERT(U256(power.limb) < Felt::kModulus + Felt::kModulus);
      RC_ASSERT(power.reduce() == a * a * a);
      value = value + FeltSum(Felt::kModulus.limb);
    }
  }));
}

TEST(Felt, RoundTrips) {
  EXPECT_TRUE(rc::check([](const Felt& a) {
    RC_ASSERT(Felt::from_be(a.to_be()) == a);
    RC_ASSERT(Felt::from_hex(a.to_hex()) == a);
    RC_ASSERT(Felt::from_decimal(a.to_decimal()) == a);
    RC_ASSERT(Felt::from_u256(a.to_u256()) == a);
    RC_ASSERT(Felt::from_montgomery(a.montgomery()) == a);
    RC_ASSERT(Felt::reduce_be(a.to_be()) == a);
  }));
}

TEST(Felt, HexadecimalText) {
  EXPECT_EQ(Felt::zero().to_hex(), "0x0");
  EXPECT_EQ((-Felt::one()).to_hex(), "0x800000000000011000000000000000000000000000000000000000000000000");
  EXPECT_EQ(Felt::from_hex("0x00000000000000000000000000000000000000000000000000000000000000aB"), Felt(0xab));
  EXPECT_EQ(Felt::from_hex("0X1"), std::nullopt);
  for (const char* bad : {"", "0x", "1", "ab", "0x1g", " 0x1", "0x1 ", "0x-1", kModulusText,
                          "0x00000000000000000000000000000000000000000000000000000000000000001",
                          "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}) {
    EXPECT_EQ(Felt::from_hex(bad), std::nullopt) << bad;
  }
}

TEST(Felt, DecimalText) {
  EXPECT_EQ(Felt::zero().to_decimal(), "0");
  EXPECT_EQ(Felt::from_decimal("007"), Felt(7));
  EXPECT_EQ((-Felt::one()).to_decimal(),
            "3618502788666131213697322783095070105623107215331596699973092056135872020480");
  EXPECT_EQ(Felt::from_decimal("10000000000000000000")->to_decimal(), "10000000000000000000");
  for (const char* bad :
       {"", "-1", "1 ", "0x1", "3618502788666131213697322783095070105623107215331596699973092056135872020481",
        "99999999999999999999999999999999999999999999999999999999999999999999999999999",
        "100000000000000000000000000000000000000000000000000000000000000000000000000000"}) {
    EXPECT_EQ(Felt::from_decimal(bad), std::nullopt) << bad;
  }
}

TEST(Felt, ValuesOutsideTheField) {
  EXPECT_EQ(Felt::from_u256(Felt::kModulus), std::nullopt);
  EXPECT_EQ(Felt::from_be(Felt::kModulus.to_be()), std::nullopt);
  EXPECT_EQ(Felt::reduce(Felt::kModulus), Felt::zero());
  EXPECT_EQ(Felt::reduce(Felt::kModulus + U256(5)), Felt(5));
  EXPECT_TRUE(rc::check("reduction of any word", [](const U256& value) {
    U256 rest = value;
    while (rest >= Felt::kModulus) rest.sub(Felt::kModulus);
    RC_ASSERT(Felt::reduce(value).to_u256() == rest);
  }));
}

TEST(Felt, Integers) {
  EXPECT_EQ(Felt::from_i64(-1), -Felt::one());
  EXPECT_EQ(Felt::from_i64(std::numeric_limits<std::int64_t>::min()) + Felt(std::uint64_t{1} << 63), Felt::zero());
  EXPECT_EQ(Felt(~std::uint64_t{0}).to_u64(), ~std::uint64_t{0});
  EXPECT_EQ((Felt(~std::uint64_t{0}) + Felt::one()).to_u64(), std::nullopt);
  const Felt two128 = Felt(2).pow(U256(128));
  EXPECT_EQ(two128.to_u128(), std::nullopt);
  EXPECT_TRUE((two128 - Felt::one()).to_u128() == ~Uint128{0});
  EXPECT_EQ(Felt::from_u128(~Uint128{0}) + Felt::one(), two128);
}

TEST(Felt, OrderIsThatOfTheNumbers) {
  EXPECT_LT(Felt(2), Felt(3));
  EXPECT_LT(Felt(3), -Felt::one());
  EXPECT_EQ(Felt::compare(Felt(4), Felt(4)), 0);
  EXPECT_TRUE(rc::check([](const Felt& a, const Felt& b) {
    const int expected = a.to_hex().size() != b.to_hex().size() ? (a.to_hex().size() < b.to_hex().size() ? -1 : 1)
                                                                : std::clamp(a.to_hex().compare(b.to_hex()), -1, 1);
    RC_ASSERT(Felt::compare(a, b) == expected);
    RC_ASSERT((a < b) == (expected < 0));
  }));
}

TEST(Felt, Powers) {
  EXPECT_EQ(Felt::zero().pow(U256(0)), Felt::one());
  EXPECT_TRUE(rc::check([](const Felt& a, std::uint8_t x, std::uint8_t y) {
    RC_ASSERT(a.pow(U256(x)) * a.pow(U256(y)) == a.pow(U256(std::uint64_t{x} + y)));
    RC_ASSERT(a.pow(Felt::kModulus) == a);
  }));
}

TEST(Felt, SquareRoots) {
  EXPECT_EQ(Felt::zero().sqrt(), Felt::zero());
  EXPECT_EQ(Felt(4).sqrt(), Felt(2));
  EXPECT_EQ(Felt(3).sqrt(), std::nullopt);
  EXPECT_FALSE(Felt(3).is_square());
  EXPECT_TRUE(rc::check([](const Felt& a) {
    const auto root = a.square().sqrt();
    RC_ASSERT(root.has_value());
    RC_ASSERT(*root == std::min(a, -a));
    RC_ASSERT(a.is_zero() || !(a.square() * Felt(3)).sqrt().has_value());
  }));
  for (unsigned i = 0; i <= 192; ++i) {  // elements of every order 2^i
    const Felt root_of_unity = Felt(3).pow((Felt::kModulus - U256(1)) >> i);
    const auto root = root_of_unity.sqrt();
    ASSERT_EQ(root.has_value(), i < 192) << i;
    if (root) {
      EXPECT_EQ(root->square(), root_of_unity);
    }
  }
}

TEST(Felt, BatchInverse) {
  EXPECT_TRUE(rc::check([](std::vector<Felt> values) {
    if (!values.empty()) values[values.size() / 2] = Felt::zero();
    std::vector<Felt> inverses = values;
    batch_inverse(inverses);
    for (std::size_t i = 0; i < values.size(); ++i) RC_ASSERT(inverses[i] == values[i].inverse());
  }));
}

TEST(Felt, InverseAtTheEdges) {
  EXPECT_EQ(Felt::zero().inverse(), Felt::zero());
  EXPECT_EQ(Felt::one().inverse(), Felt::one());
  EXPECT_EQ((-Felt::one()).inverse(), -Felt::one());
  for (unsigned i = 0; i < 252; ++i) {
    const Felt power = Felt::reduce(U256(1) << i);
    EXPECT_EQ(power * power.inverse(), Felt::one());
    const Felt raw = Felt::from_montgomery((U256(1) << std::min(i, 250U)).limb);
    EXPECT_EQ(raw * raw.inverse(), Felt::one());
  }
}

TEST(Felt, ShortStrings) {
  EXPECT_EQ(short_string("SN_MAIN"), Felt::literal("0x534e5f4d41494e"));
  EXPECT_EQ(short_string(""), Felt::zero());
  const std::string longest(31, '~');
  EXPECT_EQ(as_short_string(short_string(longest)), longest);
  EXPECT_EQ(as_short_string(Felt::zero()), "");
  EXPECT_EQ(as_short_string(Felt(0x4100)), std::nullopt);
  EXPECT_EQ(as_short_string(Felt(0x80)), std::nullopt);
  EXPECT_EQ(as_short_string(-Felt::one()), std::nullopt);
}

TEST(U256, AgreesWith128BitArithmetic) {
  EXPECT_TRUE(rc::check([](std::uint64_t a_high, std::uint64_t a_low, std::uint64_t b_low) {
    const Uint128 a = (static_cast<Uint128>(a_high >> 1) << 64) | a_low;
    const U256 wide = U256::from_u128(a);
    RC_ASSERT(wide + U256(b_low) == U256::from_u128(a + b_low));
    for (unsigned shift : {0U, 1U, 17U, 63U, 64U, 65U, 127U}) {
      RC_ASSERT(wide >> shift == U256::from_u128(a >> shift));
      RC_ASSERT((wide << shift) >> shift == wide);
      RC_ASSERT(wide.bits(shift, 13) == static_cast<std::uint64_t>((a >> shift) & 0x1fff));
    }
    const std::uint64_t divisor = b_low | 1;
    std::uint64_t remainder = 0;
    RC_ASSERT(divide_small(wide, divisor, remainder) == U256::from_u128(a / divisor));
    RC_ASSERT(remainder == static_cast<std::uint64_t>(a % divisor));
  }));
}

TEST(U256, Edges) {
  const U256 most = U256() - U256(1);
  EXPECT_EQ(most.bit_length(), 256U);
  EXPECT_EQ(U256().bit_length(), 0U);
  EXPECT_EQ(most.bits(250, 20), 63U);
  EXPECT_EQ(most.bits(256, 8), 0U);
  EXPECT_EQ(most.bits(0, 64), ~std::uint64_t{0});
  EXPECT_EQ(most >> 255, U256(1));
  EXPECT_EQ(most << 256, U256());
  U256 sum = most;
  EXPECT_EQ(sum.add(U256(1)), 1U);
  EXPECT_EQ(sum, U256());
  EXPECT_EQ(sum.sub(U256(1)), 1U);
  EXPECT_EQ(sum, most);
  EXPECT_EQ(most.to_decimal(), "115792089237316195423570985008687907853269984665640564039457584007913129639935");
  EXPECT_EQ(U256().to_decimal(), "0");
  EXPECT_EQ(U256::from_be(most.to_be()), most);
}

}  // namespace
}  // namespace asterism::core
