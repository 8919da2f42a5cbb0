#include "core/cairo/bigint.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/cairo/fault.hpp"

namespace asterism::test {
namespace {

using namespace core::cairo;

BigInt random_integer(std::mt19937_64& random, unsigned max_limbs) {
  BigInt out;
  const auto limbs = static_cast<unsigned>(random() % (max_limbs + 1));
  for (unsigned i = 0; i < limbs; ++i) {
    // Limbs of all ones and zeros are where carries and quotient guesses go wrong.
    const std::uint64_t kind = random() % 4;
    const std::uint64_t limb = kind == 0 ? 0 : (kind == 1 ? UINT64_MAX : random());
    out = (out << 64) + BigInt::from_u64(limb);
  }
  return random() % 2 == 0 ? out : -out;
}

TEST(CairoBigInt, DivisionRoundsDownAndReconstructs) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const BigInt a = random_integer(random, 14);
    const BigInt b = random_integer(random, 8);
    if (b.is_zero()) continue;
    const auto [q, r] = BigInt::divmod(a, b);
    ASSERT_EQ(q * b + r, a);
    ASSERT_TRUE(r.is_zero() || r.is_negative() == b.is_negative());
    ASSERT_TRUE(b.is_negative() ? r > b : r < b);
  }
}

TEST(CairoBigInt, ShiftsAndMasksAreThoseOfTwosComplement) {
  std::mt19937_64 random(8);
  for (int i = 0; i < 5000; ++i) {
    const BigInt a = random_integer(random, 8);
    const auto n = static_cast<unsigned>(random() % 300);
    const BigInt power = BigInt::power_of_two(n);
    ASSERT_EQ(a << n, a * power);
    ASSERT_EQ(a >> n, BigInt::divmod(a, power).first);
    ASSERT_EQ(a & (power - BigInt(1)), BigInt::divmod(a, power).second);
  }
}

TEST(CairoBigInt, TextRoundTrips) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 500; ++i) {
    const BigInt a = random_integer(random, 12);
    ASSERT_EQ(BigInt::parse(a.to_decimal()), a);
  }
  EXPECT_EQ(BigInt::parse("-12345678901234567890123").to_decimal(), "-12345678901234567890123");
  EXPECT_EQ(BigInt::parse("0xff").to_decimal(), "255");
  for (const char* wrong : {"", "-", "0x", "12a", "0xg", " 1"}) EXPECT_THROW(BigInt::parse(wrong), Fault) << wrong;
}

TEST(CairoBigInt, NumberTheory) {
  const BigInt p = BigInt::parse("0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
  std::mt19937_64 random(10);
  for (int i = 0; i < 200; ++i) {
    const BigInt a = random_integer(random, 4) % p;
    if (a.is_zero()) continue;
    ASSERT_EQ(div_mod(BigInt(1), a, p) * a % p, BigInt(1));
    ASSERT_EQ(pow_mod(a, p - BigInt(1), p), BigInt(1));
    const BigInt square = a * a % p;
    const BigInt root = sqrt_mod(square, p);
    ASSERT_EQ(root * root % p, square);
    ASSERT_TRUE(root <= p - root);
    const BigInt floor = isqrt(a);
    ASSERT_TRUE(floor * floor <= a && (floor + BigInt(1)) * (floor + BigInt(1)) > a);
  }
  EXPECT_THROW(div_mod(BigInt(1), BigInt(6), BigInt(9)), Fault);
  EXPECT_THROW(safe_div(BigInt(7), BigInt(2)), Fault);
  EXPECT_THROW(BigInt::divmod(BigInt(1), BigInt(0)), Fault);
}

TEST(CairoBigInt, InversesModuloTheCurvesPrimesAreThoseOfTheEuclideanAlgorithm) {
  std::mt19937_64 random(11);
  for (const char* text : {"0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
                           "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
                           "0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
                           "0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
                           "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"}) {
    const BigInt p = BigInt::parse(text);
    const auto check = [&](const BigInt& a) {
      const BigInt inverse = inverse_mod(a, p);
      ASSERT_EQ(inverse * a % p, BigInt(1)) << text << " " << a.to_decimal();
      ASSERT_TRUE(inverse < p && !inverse.is_negative());
      ASSERT_EQ(inverse, -inverse_mod(-a, p) + p);
    };
    for (const int near : {1, 2, 3}) {
      check(BigInt(near));
      check(p - BigInt(near));
      check(-BigInt(near));
      check(p * p * p + BigInt(near));
    }
    for (int i = 0; i < 300; ++i)
      check(random_integer(random, 5) * p + random_integer(random, 4) % (p - BigInt(1)) + BigInt(1));
    EXPECT_THROW(inverse_mod(p * BigInt(3), p), Fault);
    EXPECT_THROW(div_mod(BigInt(1), BigInt(0), p), Fault);
  }
}

TEST(CairoBigInt, TheWidestValueRaisesRatherThanWraps) {
  const BigInt wide = BigInt::power_of_two(2047);
  EXPECT_THROW(wide + wide, Fault);
  EXPECT_THROW(wide * BigInt(2), Fault);
  EXPECT_THROW(wide << 1, Fault);
  EXPECT_EQ((wide - BigInt(1)).bit_length(), 2047U);
}

TEST(CairoBigInt, AsIntIsTheLiftOfTheOfficialRunner) {
  const BigInt half = BigInt::prime() / BigInt(2);
  EXPECT_EQ(as_int(half - BigInt(1)), half - BigInt(1));
  EXPECT_EQ(as_int(half), half - BigInt::prime());
  EXPECT_EQ(as_int(BigInt::prime() - BigInt(1)), BigInt(-1));
}

}  // namespace
}  // namespace asterism::test
