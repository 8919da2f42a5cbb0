// starkware.cairo.common.uint256, and the wide integers that programs copied from other libraries (uint384, uint512,
// fq).
#include "core/cairo/hints/wide.hpp"

namespace asterism::core::cairo::hints {

namespace {
constexpr unsigned kBits = 128;
constexpr unsigned kSecpBits = 86;
const char* const kLimbNames[] = {".d0", ".d1", ".d2", ".d3", ".d4", ".d5"};
}  // namespace

BigInt uint256(Hint& h, const std::string& id) { return (h.integer(id + ".high") << kBits) + h.integer(id + ".low"); }

void set_uint256(Hint& h, const std::string& id, const BigInt& number) {
  h.set(id + ".low", number & mask(kBits));
  h.set(id + ".high", number >> kBits);
}

BigInt limbs128(Hint& h, const std::string& id, unsigned limbs) {
  BigInt out;
  for (unsigned i = 0; i < limbs; ++i) out = out + (h.integer(id + kLimbNames[i]) << (kBits * i));
  return out;
}

void set_limbs128(Hint& h, const std::string& id, const BigInt& number, unsigned limbs) {
  for (unsigned i = 0; i < limbs; ++i) h.set(id + kLimbNames[i], (number >> (kBits * i)) & mask(kBits));
}

BigInt pack(Hint& h, const std::string& id) {
  BigInt out;
  for (unsigned i = 0; i < 3; ++i) out = out + (as_int(h.integer(id + kLimbNames[i])) << (kSecpBits * i));
  return out;
}
BigInt pack_unsigned(Hint& h, const std::string& id) {
  BigInt out;
  for (unsigned i = 0; i < 3; ++i) out = out + (h.integer(id + kLimbNames[i]) << (kSecpBits * i));
  return out;
}

void write_split(Hint& h, const Value& address, BigInt number) {
  std::array<BigInt, 3> limbs;
  for (BigInt& limb : limbs) {
    limb = number & mask(kSecpBits);
    number = number >> kSecpBits;
  }
  require(number.is_zero());
  h.write_arg(address, limbs);
}

// --- uint256

void uint256_add(Hint& h) {
  const BigInt shift = h.integer("SHIFT");
  const BigInt low = h.integer("a.low") + h.integer("b.low");
  const int carry_low = low >= shift ? 1 : 0;
  h.set("carry_low", carry_low);
  const BigInt high = h.integer("a.high") + h.integer("b.high") + BigInt(carry_low);
  h.set("carry_high", high >= shift ? 1 : 0);
}
void uint256_add_low(Hint& h) {
  h.set("carry_low", h.integer("a.low") + h.integer("b.low") >= h.integer("SHIFT") ? 1 : 0);
}
void uint128_add(Hint& h) {
  const BigInt res = h.integer("a") + h.integer("b");
  h.let("res", res);
  h.set("carry", res >= h.integer("SHIFT") ? 1 : 0);
}
void uint256_sub(Hint& h) {
  const BigInt res = (uint256(h, "a") - uint256(h, "b")) % BigInt::power_of_two(256);
  h.let("res", res);
  set_uint256(h, "res", res);
}
void split_64(Hint& h) {
  const BigInt a = h.integer("a");
  h.set("low", a & mask(64));
  h.set("high", a >> 64);
}
void split_128(Hint& h) {
  const BigInt a = h.integer("a");
  h.set("low", a & mask(kBits));
  h.set("high", a >> kBits);
}
void uint256_signed_nn(Hint& h) { h.set_ap(h.below("a.high", BigInt::power_of_two(127))); }
void uint384_signed_nn(Hint& h) { h.set_ap(h.below("a.d2", BigInt::power_of_two(127))); }

namespace {
void divide(Hint& h, const BigInt& a, const BigInt& div) {
  const auto [quotient, remainder] = BigInt::divmod(a, div);
  h.let("quotient", quotient);
  h.let("remainder", remainder);
  set_uint256(h, "quotient", quotient);
  set_uint256(h, "remainder", remainder);
}
}  // namespace

void uint256_unsigned_div_rem(Hint& h) { divide(h, uint256(h, "a"), uint256(h, "div")); }
void uint256_unsigned_div_rem_expanded(Hint& h) {
  divide(h, uint256(h, "a"), (h.integer("div.b23") << kBits) + h.integer("div.b01"));
}
void uint256_mul_div_mod(Hint& h) {
  const auto [quotient, remainder] = BigInt::divmod(uint256(h, "a") * uint256(h, "b"), uint256(h, "div"));
  h.set("quotient_low.low", quotient & mask(kBits));
  h.set("quotient_low.high", (quotient >> 128) & mask(kBits));
  h.set("quotient_high.low", (quotient >> 256) & mask(kBits));
  h.set("quotient_high.high", quotient >> 384);
  set_uint256(h, "remainder", remainder);
}
void uint256_sqrt(Hint& h) {
  const BigInt root = isqrt(uint256(h, "n"));
  require(root < BigInt::power_of_two(128));
  h.set("root.low", root);
  h.set("root.high", 0);
}
void uint256_sqrt_felt(Hint& h) {
  const BigInt root = isqrt(uint256(h, "n"));
  require(root < BigInt::power_of_two(128));
  h.set("root", root);
}

// --- 384, 512 and 768 bits

void uint384_add(Hint& h) {
  const BigInt shift = h.integer("SHIFT");
  BigInt carry(0);
  for (const char* limb : {"d0", "d1", "d2"}) {
    const std::string name(limb);
    const BigInt sum = h.integer("a." + name) + h.integer("b." + name) + carry;
    carry = BigInt(sum >= shift ? 1 : 0);
    h.set("carry_" + name, carry);
  }
}

namespace {
void divide_limbs(Hint& h, const BigInt& a, unsigned quotient_limbs) {
  const auto [quotient, remainder] = BigInt::divmod(a, limbs128(h, "div", 3));
  set_limbs128(h, "quotient", quotient, quotient_limbs);
  set_limbs128(h, "remainder", remainder, 3);
}
}  // namespace

void uint384_unsigned_div_rem(Hint& h) { divide_limbs(h, limbs128(h, "a", 3), 3); }
void uint768_unsigned_div_rem(Hint& h) { divide_limbs(h, limbs128(h, "a", 6), 6); }
void uint512_unsigned_div_rem(Hint& h) {
  const auto [quotient, remainder] = BigInt::divmod(limbs128(h, "x", 4), uint256(h, "div"));
  set_limbs128(h, "quotient", quotient, 4);
  h.set("remainder.low", remainder & mask(kBits));
  h.set("remainder.high", (remainder >> kBits) & mask(kBits));
}
void uint384_sqrt(Hint& h) {
  const BigInt root = isqrt(limbs128(h, "a", 3));
  require(root < BigInt::power_of_two(192));
  set_limbs128(h, "root", root, 3);
}
void uint384_sub_reduced(Hint& h) {
  set_limbs128(h, "res", (limbs128(h, "a", 3) - limbs128(h, "b", 3)) % limbs128(h, "p", 3), 3);
}
void uint384_div(Hint& h) {
  set_limbs128(h, "b_inverse_mod_p", div_mod(BigInt(1), limbs128(h, "b", 3), limbs128(h, "p", 3)), 3);
}
void fq_div(Hint& h) { set_uint256(h, "b_inverse_mod_p", div_mod(BigInt(1), uint256(h, "b"), uint256(h, "p"))); }
void inverse_mod_p_uint512(Hint& h) {
  set_uint256(h, "x_inverse_mod_p", inverse_mod(limbs128(h, "x", 4), uint256(h, "p")));
}

namespace {
struct Roots {
  BigInt x, generator_x;
  bool has_x = false, has_generator_x = false;
};
Roots roots(const BigInt& generator, const BigInt& x, const BigInt& p) {
  Roots out;
  const BigInt product = generator * x;
  out.has_x = is_quad_residue(x, p);
  if (out.has_x) out.x = sqrt_mod(x, p);
  out.has_generator_x = is_quad_residue(product, p);
  if (out.has_generator_x) out.generator_x = sqrt_mod(product, p);
  if (!x.is_zero()) require(out.has_x != out.has_generator_x);
  return out;
}
void set_flags(Hint& h, const Roots& found) {
  h.set("success_x", found.has_x ? 1 : 0);
  h.set("success_gx", found.has_generator_x ? 1 : 0);
}
}  // namespace

void uint384_square_root(Hint& h) {
  const Roots found = roots(limbs128(h, "generator", 3), limbs128(h, "x", 3), limbs128(h, "p", 3));
  set_flags(h, found);
  set_limbs128(h, "sqrt_x", found.x, 3);
  set_limbs128(h, "sqrt_gx", found.generator_x, 3);
}
void uint256_square_root(Hint& h) {
  const Roots found = roots(uint256(h, "generator"), uint256(h, "x"), uint256(h, "p"));
  set_flags(h, found);
  set_uint256(h, "sqrt_x", found.x);
  set_uint256(h, "sqrt_gx", found.generator_x);
}

// An x whose square is xx modulo 2^255 - 19, the even one.
void split_xx(Hint& h) {
  const BigInt p = BigInt::power_of_two(255) - BigInt(19);
  const BigInt xx = uint256(h, "xx");
  BigInt x = pow_mod(xx, (p + BigInt(3)) / BigInt(8), p);
  if (!((x * x - xx) % p).is_zero()) x = x * pow_mod(BigInt(2), (p - BigInt(1)) / BigInt(4), p) % p;
  if (x.is_odd()) x = p - x;
  h.let("xx", xx);
  h.let("x", x);
  set_uint256(h, "x", x);
}

}  // namespace asterism::core::cairo::hints
