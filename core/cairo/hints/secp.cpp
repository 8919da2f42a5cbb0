// starkware.cairo.common.cairo_secp and secp256r1: points and field elements of foreign curves, in three limbs of 86
// bits.
//
// The same computations occur over secp256k1, secp256r1 and (in programs) Curve25519, and over a modulus that an
// earlier hint has left in the variable SECP_P: each body takes the modulus as a Field.
#include "core/cairo/hints/wide.hpp"

namespace asterism::core::cairo::hints {

namespace {

const char kK1Prime[] = "0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f";
const char kK1Order[] = "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
const char kR1Prime[] = "0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
const char kR1Order[] = "0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const char kR1Alpha[] = "0xffffffff00000001000000000000000000000000fffffffffffffffffffffffc";
const char kR1Beta[] = "0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b";
const char kEdPrime[] = "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
const char kEdAlpha[] = "42204101795669822316448953119945047945709099015225996174933988943478124189485";

template <const char* kText>
const BigInt& constant() {
  static const BigInt value = BigInt::parse(kText);
  return value;
}

// Where a hint's modulus comes from; a hint that imports or assigns a name leaves it to later ones.
BigInt k1(Hint& h) {
  h.let("SECP_P", constant<kK1Prime>());
  h.define("pack");
  return constant<kK1Prime>();
}
BigInt r1(Hint& h) {
  h.let("SECP256R1_P", constant<kR1Prime>());
  h.define("pack");
  return constant<kR1Prime>();
}
BigInt ed(Hint& h) {
  h.let("SECP_P", constant<kEdPrime>());
  h.define("pack");
  return constant<kEdPrime>();
}
BigInt given(Hint& h) {
  h.define("pack");
  return h.variable("SECP_P");
}

void let_value(Hint& h, std::string_view name, const BigInt& value) {
  h.let(name, value);
  h.let("value", value);
}

// --- field

void verify_zero(Hint& h, const BigInt& p) {
  const auto [q, r] = BigInt::divmod(pack(h, "val"), p);
  h.let("q", q);
  h.let("r", r);
  require(r.is_zero(), [&] {
    return "verify_zero: Invalid input (" + h.integer("val.d0").to_decimal() + ", " + h.integer("val.d1").to_decimal() +
           ", " + h.integer("val.d2").to_decimal() + ").";
  });
  h.set("q", q % BigInt::prime());
}
void pack_x(Hint& h, const BigInt& p) { h.let("x", pack(h, "x") % p); }
void reduce(Hint& h, const BigInt& p) { h.let("value", pack(h, "x") % p); }
void invert_x(Hint& h, const BigInt& p) { let_value(h, "x_inv", div_mod(BigInt(1), h.variable("x"), p)); }

// --- points

struct Names {
  const char* first;
  const char* second;
};
using Packer = BigInt (*)(Hint&, const std::string&);

void doubling_slope(Hint& h, const BigInt& p, const BigInt& alpha, const std::string& point = "point",
                    Packer packer = pack) {
  const BigInt x = packer(h, point + ".x");
  const BigInt y = packer(h, point + ".y");
  h.let("x", x);
  h.let("y", y);
  require(!(y % p).is_zero());
  let_value(h, "slope", div_mod(BigInt(3) * x * x + alpha, BigInt(2) * y, p));
}

void slope(Hint& h, const BigInt& p, Names names = {"point0", "point1"}) {
  const BigInt x0 = pack(h, std::string(names.first) + ".x");
  const BigInt y0 = pack(h, std::string(names.first) + ".y");
  const BigInt x1 = pack(h, std::string(names.second) + ".x");
  const BigInt y1 = pack(h, std::string(names.second) + ".y");
  h.let("x0", x0);
  h.let("y0", y0);
  h.let("x1", x1);
  h.let("y1", y1);
  require(!((x0 - x1) % p).is_zero());
  let_value(h, "slope", div_mod(y0 - y1, x0 - x1, p));
}

void double_x(Hint& h, const BigInt& p, const std::string& point = "point", Packer packer = pack) {
  const BigInt slope_value = packer(h, "slope");
  const BigInt x = packer(h, point + ".x");
  h.let("slope", slope_value);
  h.let("x", x);
  h.let("y", packer(h, point + ".y"));
  let_value(h, "new_x", (slope_value * slope_value % p - BigInt(2) * x) % p);
}
void double_y(Hint& h, const BigInt& p) {
  let_value(h, "new_y", (h.variable("slope") * (h.variable("x") - h.variable("new_x")) - h.variable("y")) % p);
}

void add_x(Hint& h, const BigInt& p, Names names = {"point0", "point1"}) {
  const BigInt slope_value = pack(h, "slope");
  const BigInt x0 = pack(h, std::string(names.first) + ".x");
  const BigInt x1 = pack(h, std::string(names.second) + ".x");
  h.let("slope", slope_value);
  h.let("x0", x0);
  h.let("x1", x1);
  h.let("y0", pack(h, std::string(names.first) + ".y"));
  let_value(h, "new_x", (slope_value * slope_value % p - x0 - x1) % p);
}

void negate(Hint& h, const BigInt& p) {
  const BigInt y = pack(h, "point.y") % p;
  h.let("y", y);
  h.let("value", (-y) % p);
}

// y of the parity that v asks for; whether x is on the curve is asked later.
void point_from_x(Hint& h, const BigInt& p, const BigInt& y_square) {
  const BigInt y = pow_mod(y_square, (p + BigInt(1)) / BigInt(4), p);
  h.let("y_square_int", y_square);
  h.let("y", y);
  h.let("value", h.integer("v").is_odd() == y.is_odd() ? y : (-y) % p);
}
void r1_point_from_x(Hint& h, Packer packer) {
  const BigInt& p = constant<kR1Prime>();
  const BigInt x = packer(h, "x");
  h.define("SECP256R1");
  point_from_x(h, p, (pow_mod(x, BigInt(3), p) + constant<kR1Alpha>() * x + constant<kR1Beta>()) % p);
}
void is_on_curve(Hint& h, const BigInt& p) {
  const BigInt y = h.variable("y");
  h.set("is_on_curve", y * y % p == h.variable("y_square_int") ? 1 : 0);
}

void divide_mod_n(Hint& h, const BigInt& n, const char* a, const char* b) {
  const BigInt numerator = pack(h, a);
  const BigInt denominator = pack(h, b);
  h.let(a, numerator);
  h.let(b, denominator);
  let_value(h, "res", div_mod(numerator, denominator, n));
}

using Nibbles = std::vector<int>;

}  // namespace

void secp_nondet_bigint3(Hint& h) { write_split(h, h.address("res"), h.variable("value")); }
void secp_verify_zero_k1(Hint& h) { verify_zero(h, k1(h)); }
void secp_verify_zero_r1(Hint& h) { verify_zero(h, r1(h)); }
void secp_verify_zero_ed(Hint& h) {
  const BigInt p = ed(h);
  h.let("to_assert", pack(h, "val"));
  verify_zero(h, p);
}
void secp_verify_zero_given(Hint& h) { verify_zero(h, given(h)); }
void secp_verify_zero_pack_given(Hint& h) {
  h.raw("pack");
  verify_zero(h, k1(h));
}
void secp_x_is_zero(Hint& h) { h.set_ap(h.variable("x").is_zero()); }
void secp_pack_x_k1(Hint& h) { pack_x(h, k1(h)); }
void secp_pack_x_r1(Hint& h) { pack_x(h, r1(h)); }
void secp_pack_x_ed(Hint& h) { pack_x(h, ed(h)); }
void secp_pack_x_given(Hint& h) { pack_x(h, given(h)); }
void secp_reduce_k1(Hint& h) { reduce(h, k1(h)); }
void secp_reduce_r1(Hint& h) { reduce(h, r1(h)); }
void secp_reduce_ed(Hint& h) { reduce(h, ed(h)); }
void secp_reduce_given(Hint& h) { reduce(h, given(h)); }
void secp_invert_x_k1(Hint& h) {
  h.let("SECP_P", constant<kK1Prime>());
  invert_x(h, constant<kK1Prime>());
}
void secp_invert_x_r1(Hint& h) { h.let("value", div_mod(BigInt(1), h.variable("x"), h.variable("SECP256R1_P"))); }
void secp_invert_x_ed(Hint& h) {
  h.let("SECP_P", constant<kEdPrime>());
  invert_x(h, constant<kEdPrime>());
}
void secp_invert_x_given(Hint& h) { invert_x(h, h.variable("SECP_P")); }

void secp_doubling_slope_k1(Hint& h) { doubling_slope(h, k1(h), BigInt(0)); }
void secp_doubling_slope_k1_pt(Hint& h) { doubling_slope(h, k1(h), BigInt(0), "pt"); }
void secp_doubling_slope_r1(Hint& h) { doubling_slope(h, r1(h), constant<kR1Alpha>()); }
void secp_doubling_slope_r1_unsigned(Hint& h) {
  doubling_slope(h, r1(h), constant<kR1Alpha>(), "point", pack_unsigned);
}
void secp_doubling_slope_ed(Hint& h) { doubling_slope(h, ed(h), constant<kEdAlpha>()); }
void secp_doubling_slope_given(Hint& h) { doubling_slope(h, given(h), h.variable("ALPHA")); }
void secp_slope_k1(Hint& h) { slope(h, k1(h)); }
void secp_slope_k1_pt(Hint& h) { slope(h, k1(h), {"pt0", "pt1"}); }
void secp_slope_r1(Hint& h) { slope(h, r1(h)); }
void secp_slope_ed(Hint& h) { slope(h, ed(h)); }
void secp_slope_given(Hint& h) { slope(h, given(h)); }
void secp_double_x_k1(Hint& h) { double_x(h, k1(h)); }
void secp_double_x_k1_pt(Hint& h) { double_x(h, k1(h), "pt"); }
void secp_double_x_r1(Hint& h) { double_x(h, r1(h)); }
void secp_double_x_r1_unsigned(Hint& h) { double_x(h, r1(h), "point", pack_unsigned); }
void secp_double_x_ed(Hint& h) { double_x(h, ed(h)); }
void secp_double_x_given(Hint& h) { double_x(h, given(h)); }
void secp_double_y(Hint& h) { double_y(h, h.variable("SECP_P")); }
void secp_double_y_r1(Hint& h) { double_y(h, h.variable("SECP256R1_P")); }
void secp_add_x_k1(Hint& h) { add_x(h, k1(h)); }
void secp_add_x_k1_pt(Hint& h) { add_x(h, k1(h), {"pt0", "pt1"}); }
void secp_add_x_ed(Hint& h) { add_x(h, ed(h)); }
void secp_add_x_given(Hint& h) { add_x(h, given(h)); }
void secp_add_y(Hint& h) {
  const BigInt y = h.variable("slope") * (h.variable("x0") - h.variable("new_x")) - h.variable("y0");
  let_value(h, "new_y", y % h.variable("SECP_P"));
}
void secp_negate_k1(Hint& h) { negate(h, k1(h)); }
void secp_negate_ed(Hint& h) { negate(h, ed(h)); }

void secp_import_r1_prime(Hint& h) { h.let("SECP_P", constant<kR1Prime>()); }
void secp_import_r1_alpha(Hint& h) { h.let("ALPHA", constant<kR1Alpha>()); }
void secp_import_r1_order(Hint& h) { h.let("N", constant<kR1Order>()); }

void secp_point_from_x_k1(Hint& h) {
  const BigInt p = k1(h);
  const BigInt cube = pack(h, "x_cube") % p;
  h.let("x_cube_int", cube);
  point_from_x(h, p, (cube + h.integer("BETA")) % p);
}
void secp_point_from_x_r1(Hint& h) { r1_point_from_x(h, pack); }
void secp_point_from_x_r1_unsigned(Hint& h) { r1_point_from_x(h, pack_unsigned); }
void secp_is_on_curve_k1(Hint& h) { is_on_curve(h, h.variable("SECP_P")); }
void secp_is_on_curve_r1(Hint& h) {
  h.raw("SECP256R1");
  is_on_curve(h, constant<kR1Prime>());
}

// --- scalars

void secp_div_mod_n(Hint& h) {
  h.let("N", constant<kK1Order>());
  divide_mod_n(h, constant<kK1Order>(), "a", "b");
}
void secp_div_mod_n_given(Hint& h) { divide_mod_n(h, h.variable("N"), "a", "b"); }
void secp_div_mod_n_quotient(Hint& h) {
  let_value(h, "k", safe_div(h.variable("res") * h.variable("b") - h.variable("a"), h.variable("N")));
}
void secp_div_mod_n_quotient_plus_one(Hint& h) {
  const BigInt k = safe_div(h.variable("res") * h.variable("b") - h.variable("a"), h.variable("N"));
  let_value(h, "k_plus_one", k + BigInt(1));
}
void secp_div_mod_n_packed(Hint& h) {
  const BigInt n = pack(h, "n");
  const BigInt x = pack(h, "x") % n;
  const BigInt s = pack(h, "s") % n;
  h.let("N", n);
  h.let("x", x);
  h.let("s", s);
  let_value(h, "res", div_mod(x, s, n));
}
void secp_mul_s_inverse(Hint& h) {
  const BigInt& n = constant<kK1Order>();
  const BigInt x = pack(h, "x") % n;
  const BigInt s = pack(h, "s") % n;
  h.let("N", n);
  h.let("x", x);
  h.let("s", s);
  let_value(h, "res", div_mod(x, s, n));
}
void secp_mul_s_inverse_quotient(Hint& h) {
  let_value(h, "k", safe_div(h.variable("res") * h.variable("s") - h.variable("x"), h.variable("N")));
}
void secp_product_mod(Hint& h) {
  const BigInt a = pack(h, "a");
  const BigInt b = pack(h, "b");
  const BigInt m = pack(h, "m");
  h.let("a", a);
  h.let("b", b);
  h.let("m", m);
  h.let("product", a * b);
  let_value(h, "res", a * b % m);
}
void secp_product_quotient(Hint& h) { let_value(h, "k", h.variable("product") / h.variable("m")); }
void secp_difference(Hint& h) {
  const BigInt a = pack(h, "a");
  const BigInt b = pack(h, "b");
  h.let("a", a);
  h.let("b", b);
  let_value(h, "res", a - b);
}
void secp_bigint_div_mod(Hint& h) {
  const BigInt base = h.integer("BASE");
  const BigInt p = pack(h, "P");
  const BigInt cube = base * base * base;
  const BigInt x = pack(h, "x") + as_int(h.integer("x.d3")) * cube + as_int(h.integer("x.d4")) * cube * base;
  const BigInt y = pack(h, "y");
  h.let("p", p);
  h.let("x", x);
  h.let("y", y);
  let_value(h, "res", div_mod(x, y, p));
}
void secp_bigint_div_mod_quotient(Hint& h) {
  const BigInt k = safe_div(h.variable("res") * h.variable("y") - h.variable("x"), h.variable("p"));
  const bool positive = k > BigInt(0);
  h.let("k", k);
  h.let("value", positive ? k : -k);
  h.set("flag", positive ? 1 : 0);
}
void secp_bigint_to_uint256(Hint& h) {
  h.set("low", (h.integer("x.d0") + h.integer("x.d1") * h.integer("BASE")) & mask(128));
}

void secp_scalar_bit(Hint& h) { h.set_ap(h.integer("scalar").is_odd()); }
void secp_nibbles(Hint& h) {
  const BigInt number = uint256(h, "scalar");
  Nibbles nibbles;
  for (unsigned i = 0; i < 256; i += 4) nibbles.push_back(static_cast<int>(((number >> i) & mask(4)).low64()));
  h.let("num", number);
  h.set("first_nibble", nibbles.back());
  nibbles.pop_back();
  h.set("last_nibble", nibbles.front());
  h.let_object("nibbles", std::move(nibbles));
}
void secp_next_nibble(Hint& h) {
  auto& nibbles = h.object<Nibbles>("nibbles");
  if (nibbles.empty()) raise("IndexError: pop from empty list");
  const int nibble = nibbles.back();
  nibbles.pop_back();
  h.set_ap(BigInt(nibble));
}

namespace {
int scalar_bit(Hint& h, const char* id, const BigInt& index) {
  if (index.is_negative()) raise("ValueError: negative shift count");
  if (!index.fits_u64() || index.low64() > 4096) return 0;
  return h.integer(id).bit(static_cast<unsigned>(index.low64())) ? 1 : 0;
}
}  // namespace

void secp_dibit(Hint& h) {
  const BigInt m = h.integer("m");
  h.set("dibit", scalar_bit(h, "scalar_u", m) + 2 * scalar_bit(h, "scalar_v", m));
}
void secp_quad_bit(Hint& h) {
  const BigInt m = h.integer("m");
  const BigInt below = m - BigInt(1);
  h.set("quad_bit", 8 * scalar_bit(h, "scalar_v", m) + 4 * scalar_bit(h, "scalar_u", m) +
                        2 * scalar_bit(h, "scalar_v", below) + scalar_bit(h, "scalar_u", below));
}
void secp_high_length(Hint& h) {
  const unsigned u = h.integer("scalar_u.d2").bit_length();
  const unsigned v = h.integer("scalar_v.d2").bit_length();
  h.set("len_hi", BigInt(std::int64_t{std::max(u, v)} - 1));
}

}  // namespace asterism::core::cairo::hints
