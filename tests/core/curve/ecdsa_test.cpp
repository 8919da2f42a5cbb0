#include "core/curve/ecdsa.hpp"

#include <gtest/gtest.h>

#include "tests/core/felt/arbitrary_felt.hpp"
#include "tests/core/vectors.hpp"

namespace asterism::core {
namespace {

using tests::felt;
Felt felt(const Scalar& value) { return Felt::reduce(value.to_u256()); }

constexpr Felt kKey = Felt::literal("0x2dccce1da22003777062ee0870e9881b460a8b7eca276870f57c601f182136c");
constexpr Felt kMessage = Felt::literal("0x19fe1ed8ddb15a2e1689dd813d20e19277830e2c43be23057ff007bbe1ef9be");

Felt raw_order() { return Felt::from_u256(kCurveOrder).value(); }

// What the definition says, with a square root, general multiplications and both candidates.
bool verify_by_definition(const Felt& x, const Felt& message, const Signature& signature) {
  const auto r = Scalar::from_u256(signature.r.to_u256());
  const auto s = Scalar::from_u256(signature.s.to_u256());
  const auto y = y_from_x(x);
  if (!r || !s || r->is_zero() || s->is_zero() || !y) return false;
  const AffinePoint from_message = multiply(kGenerator, (Scalar::reduce(message) * s->inverse()).to_u256());
  for (const Felt& ordinate : *y) {
    const AffinePoint sum = add(from_message, multiply({x, ordinate, false}, (*r * s->inverse()).to_u256()));
    if (!sum.infinity && sum.x == signature.r) return true;
  }
  return false;
}

TEST(Ecdsa, StarknetJs) {
  const auto vectors = tests::load_vectors("starknet-js/vectors.json");
  if (!vectors) return;
  for (const auto& row : (*vectors)["ecdsa"]) {
    const Felt key = felt(row["private_key"]);
    const Felt message = felt(row["message"]);
    const Signature expected{felt(row["r"]), felt(row["s"])};
    EXPECT_EQ(public_key(key).x, felt(row["public_key_x"]));
    EXPECT_EQ(sign(key, message), expected);
    EXPECT_TRUE(verify(felt(row["public_key_x"]), message, expected));
    EXPECT_FALSE(verify(felt(row["public_key_x"]), message + Felt::one(), expected));
  }
  for (const auto& row : (*vectors)["invoke_v3"]) {
    const Signature expected{felt(row["signature"][0]), felt(row["signature"][1])};
    EXPECT_EQ(sign(felt(row["private_key"]), felt(row["transaction_hash"])), expected);
  }
}

// The first candidate for this nonce starts with a zero byte, which none of the vectors has; the expected words come
// from a separate implementation of the cut in @scure/starknet.
TEST(Ecdsa, NonceWithLeadingZeroByte) {
  const Signature expected{Felt::literal("0x13b299e28f8477023d7798ece141627a2ec0d841678ff15b482540dc52b7ee4"),
                           Felt::literal("0x4c66d4915daf76f1d49b909f042590ecfe135eb5c2fe4d3bcc54abc4b3ea645")};
  EXPECT_EQ(sign(kKey, Felt(29)), expected);
}

TEST(Ecdsa, SignedIsVerified) {
  EXPECT_TRUE(rc::check([](const U256& key, const Felt& message, const Felt& other) {
    const Felt secret = felt(Scalar::reduce(key));
    RC_PRE(valid_private_key(secret));
    const Felt x = public_key(secret).x;
    const Signature signature = sign(secret, message);
    RC_ASSERT(signature == sign(secret, message));
    RC_ASSERT(verify(x, message, signature));
    RC_ASSERT(verify_by_definition(x, message, signature));
    RC_ASSERT(verify(x, other, signature) == verify_by_definition(x, other, signature));
    RC_ASSERT(!verify(x, message, {signature.r + Felt::one(), signature.s}));
    RC_ASSERT(!verify(x, message, {signature.r, signature.s + Felt::one()}));
    RC_ASSERT(!verify(x, message, {signature.s, signature.r}));
    RC_ASSERT(verify(x, message, {signature.r, raw_order() - signature.s}));  // -s belongs to the opposite nonce
  }));
}

TEST(Ecdsa, ArbitraryWordsAgreeWithTheDefinition) {
  EXPECT_TRUE(rc::check([](const Felt& x, const Felt& message, const Felt& r, const Felt& s) {
    RC_ASSERT(verify(x, message, {r, s}) == verify_by_definition(x, message, {r, s}));
  }));
}

TEST(Ecdsa, RangeOfTheWords) {
  const Felt x = public_key(kKey).x;
  const Signature good = sign(kKey, kMessage);
  for (const Felt& bad : {Felt::zero(), raw_order(), raw_order() + Felt::one(), -Felt::one()}) {
    EXPECT_FALSE(verify(x, kMessage, {bad, good.s}));
    EXPECT_FALSE(verify(x, kMessage, {good.r, bad}));
  }
  EXPECT_FALSE(verify(x, kMessage, {good.r, raw_order() - Felt::one()}));
}

TEST(Ecdsa, PublicKeyOffTheCurve) {
  const Signature good = sign(kKey, kMessage);
  std::size_t off = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    if (y_from_x(Felt(i))) continue;
    ++off;
    EXPECT_FALSE(verify(Felt(i), kMessage, good));
    EXPECT_FALSE(verify(Felt(i), Felt::zero(), good));
  }
  EXPECT_GT(off, 5U);
}

TEST(Ecdsa, MessageZero) {
  const Felt x = public_key(kKey).x;
  for (const Felt& message : {Felt::zero(), raw_order()}) {
    const Signature signature = sign(kKey, message);
    EXPECT_TRUE(verify(x, message, signature));
    EXPECT_TRUE(verify_by_definition(x, message, signature));
    EXPECT_FALSE(verify(x, message, {signature.r, signature.s + Felt::one()}));
  }
}

// Messages for which u1 G and u2 Q are the same or opposite points: m = r d or m = -r d.
TEST(Ecdsa, EqualAndOppositeTerms) {
  const Scalar key = Scalar::reduce(kKey);
  const Felt x = public_key(kKey).x;
  for (std::uint64_t k = 1; k < 20; ++k) {
    const Scalar nonce = Scalar::reduce(Felt(k).inverse());
    const Scalar r = Scalar::reduce(multiply(kGenerator, nonce.to_u256()).x);
    for (const Scalar& message : {r * key, -(r * key)}) {
      const Scalar s = nonce.inverse() * (message + message);
      EXPECT_TRUE(verify_by_definition(x, felt(message), {felt(r), felt(s)}));
      EXPECT_TRUE(verify(x, felt(message), {felt(r), felt(s)}));
      EXPECT_FALSE(verify(x, felt(message), {felt(r), felt(s + Scalar::one())}));
    }
    const Scalar forged = Scalar(1000 + k);  // no nonce is known for this r
    EXPECT_FALSE(verify(x, felt(forged * key), {felt(forged), Felt(7)}));
    EXPECT_FALSE(verify(x, felt(-(forged * key)), {felt(forged), Felt(7)}));
  }
}

TEST(Ecdsa, KeysAtTheEdges) {
  EXPECT_FALSE(valid_private_key(Felt::zero()));
  EXPECT_FALSE(valid_private_key(raw_order()));
  EXPECT_FALSE(valid_private_key(-Felt::one()));
  EXPECT_EQ(public_key(Felt::one()), kGenerator);
  const Felt last = raw_order() - Felt::one();
  EXPECT_EQ(public_key(last), negate(kGenerator));
  EXPECT_TRUE(verify(kGenerator.x, kMessage, sign(last, kMessage)));
  EXPECT_DEATH(sign(Felt::zero(), kMessage), "private key out of range");
  EXPECT_DEATH(public_key(raw_order()), "private key out of range");
}

}  // namespace
}  // namespace asterism::core
