// Texts of cairo_secp, secp256r1: the functions stand in hints/secp.cpp.
#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo::hints {

// clang-format off
void secp_nondet_bigint3(Hint& h);
void secp_verify_zero_k1(Hint& h);
void secp_verify_zero_r1(Hint& h);
void secp_verify_zero_ed(Hint& h);
void secp_verify_zero_given(Hint& h);
void secp_verify_zero_pack_given(Hint& h);
void secp_x_is_zero(Hint& h);
void secp_pack_x_k1(Hint& h);
void secp_pack_x_r1(Hint& h);
void secp_pack_x_ed(Hint& h);
void secp_pack_x_given(Hint& h);
void secp_reduce_k1(Hint& h);
void secp_reduce_r1(Hint& h);
void secp_reduce_ed(Hint& h);
void secp_reduce_given(Hint& h);
void secp_invert_x_k1(Hint& h);
void secp_invert_x_r1(Hint& h);
void secp_invert_x_ed(Hint& h);
void secp_invert_x_given(Hint& h);
void secp_doubling_slope_k1(Hint& h);
void secp_doubling_slope_k1_pt(Hint& h);
void secp_doubling_slope_r1(Hint& h);
void secp_doubling_slope_r1_unsigned(Hint& h);
void secp_doubling_slope_ed(Hint& h);
void secp_doubling_slope_given(Hint& h);
void secp_slope_k1(Hint& h);
void secp_slope_k1_pt(Hint& h);
void secp_slope_r1(Hint& h);
void secp_slope_ed(Hint& h);
void secp_slope_given(Hint& h);
void secp_double_x_k1(Hint& h);
void secp_double_x_k1_pt(Hint& h);
void secp_double_x_r1(Hint& h);
void secp_double_x_r1_unsigned(Hint& h);
void secp_double_x_ed(Hint& h);
void secp_double_x_given(Hint& h);
void secp_double_y(Hint& h);
void secp_double_y_r1(Hint& h);
void secp_add_x_k1(Hint& h);
void secp_add_x_k1_pt(Hint& h);
void secp_add_x_ed(Hint& h);
void secp_add_x_given(Hint& h);
void secp_add_y(Hint& h);
void secp_negate_k1(Hint& h);
void secp_negate_ed(Hint& h);
void secp_import_r1_prime(Hint& h);
void secp_import_r1_alpha(Hint& h);
void secp_import_r1_order(Hint& h);
void secp_point_from_x_k1(Hint& h);
void secp_point_from_x_r1(Hint& h);
void secp_point_from_x_r1_unsigned(Hint& h);
void secp_is_on_curve_k1(Hint& h);
void secp_is_on_curve_r1(Hint& h);
void secp_div_mod_n(Hint& h);
void secp_div_mod_n_given(Hint& h);
void secp_div_mod_n_quotient(Hint& h);
void secp_div_mod_n_quotient_plus_one(Hint& h);
void secp_div_mod_n_packed(Hint& h);
void secp_mul_s_inverse(Hint& h);
void secp_mul_s_inverse_quotient(Hint& h);
void secp_product_mod(Hint& h);
void secp_product_quotient(Hint& h);
void secp_difference(Hint& h);
void secp_bigint_div_mod(Hint& h);
void secp_bigint_div_mod_quotient(Hint& h);
void secp_bigint_to_uint256(Hint& h);
void secp_scalar_bit(Hint& h);
void secp_nibbles(Hint& h);
void secp_next_nibble(Hint& h);
void secp_dibit(Hint& h);
void secp_quad_bit(Hint& h);
void secp_high_length(Hint& h);

namespace {
constexpr HintRow kRows[] = {
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import split

segments.write_arg(ids.res.address_, split(value)))",
     secp_nondet_bigint3},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import split
segments.write_arg(ids.res.address_, split(value)))",
     secp_nondet_bigint3},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack

q, r = divmod(pack(ids.val, PRIME), SECP_P)
assert r == 0, f"verify_zero: Invalid input {ids.val.d0, ids.val.d1, ids.val.d2}."
ids.q = q % PRIME)",
     secp_verify_zero_k1},
    {R"(from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_P
from starkware.cairo.common.cairo_secp.secp_utils import pack

q, r = divmod(pack(ids.val, PRIME), SECP256R1_P)
assert r == 0, f"verify_zero: Invalid input {ids.val.d0, ids.val.d1, ids.val.d2}."
ids.q = q % PRIME)",
     secp_verify_zero_r1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
SECP_P = 2**255-19
to_assert = pack(ids.val, PRIME)
q, r = divmod(pack(ids.val, PRIME), SECP_P)
assert r == 0, f"verify_zero: Invalid input {ids.val.d0, ids.val.d1, ids.val.d2}."
ids.q = q % PRIME)",
     secp_verify_zero_ed},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack

q, r = divmod(pack(ids.val, PRIME), SECP_P)
assert r == 0, f"verify_zero: Invalid input {ids.val.d0, ids.val.d1, ids.val.d2}."
ids.q = q % PRIME)",
     secp_verify_zero_given},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P
q, r = divmod(pack(ids.val, PRIME), SECP_P)
assert r == 0, f"verify_zero: Invalid input {ids.val.d0, ids.val.d1, ids.val.d2}."
ids.q = q % PRIME)",
     secp_verify_zero_pack_given},
    {"nondet x == 0", secp_x_is_zero},
    {"memory[ap] = int(x == 0)", secp_x_is_zero},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack

x = pack(ids.x, PRIME) % SECP_P)",
     secp_pack_x_k1},
    {R"(from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_P
from starkware.cairo.common.cairo_secp.secp_utils import pack

x = pack(ids.x, PRIME) % SECP256R1_P)",
     secp_pack_x_r1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
SECP_P=2**255-19

x = pack(ids.x, PRIME) % SECP_P)",
     secp_pack_x_ed},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack

x = pack(ids.x, PRIME) % SECP_P)",
     secp_pack_x_given},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
x = pack(ids.x, PRIME) % SECP_P)",
     secp_pack_x_given},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack
x = pack(ids.x, PRIME) % SECP_P)",
     secp_pack_x_k1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack

value = pack(ids.x, PRIME) % SECP_P)",
     secp_reduce_k1},
    {R"(from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_P
from starkware.cairo.common.cairo_secp.secp_utils import pack
value = pack(ids.x, PRIME) % SECP256R1_P)",
     secp_reduce_r1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
SECP_P=2**255-19

value = pack(ids.x, PRIME) % SECP_P)",
     secp_reduce_ed},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
value = pack(ids.x, PRIME) % SECP_P)",
     secp_reduce_given},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P
from starkware.python.math_utils import div_mod

value = x_inv = div_mod(1, x, SECP_P))",
     secp_invert_x_k1},
    {R"(from starkware.python.math_utils import div_mod

value = div_mod(1, x, SECP256R1_P))",
     secp_invert_x_r1},
    {R"(SECP_P=2**255-19
from starkware.python.math_utils import div_mod

value = x_inv = div_mod(1, x, SECP_P))",
     secp_invert_x_ed},
    {R"(from starkware.python.math_utils import div_mod

value = x_inv = div_mod(1, x, SECP_P))",
     secp_invert_x_given},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack
from starkware.python.math_utils import ec_double_slope

# Compute the slope.
x = pack(ids.point.x, PRIME)
y = pack(ids.point.y, PRIME)
value = slope = ec_double_slope(point=(x, y), alpha=0, p=SECP_P))",
     secp_doubling_slope_k1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack
from starkware.python.math_utils import div_mod

# Compute the slope.
x = pack(ids.pt.x, PRIME)
y = pack(ids.pt.y, PRIME)
value = slope = div_mod(3 * x ** 2, 2 * y, SECP_P))",
     secp_doubling_slope_k1_pt},
    {R"(from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_ALPHA, SECP256R1_P
from starkware.cairo.common.cairo_secp.secp_utils import pack
from starkware.python.math_utils import ec_double_slope

# Compute the slope.
x = pack(ids.point.x, PRIME)
y = pack(ids.point.y, PRIME)
value = slope = ec_double_slope(point=(x, y), alpha=SECP256R1_ALPHA, p=SECP256R1_P))",
     secp_doubling_slope_r1},
    {R"(from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_ALPHA, SECP256R1_P
from starkware.cairo.common.cairo_secp.secp_utils import pack
from starkware.python.math_utils import ec_double_slope

# Compute the slope.
x = pack(ids.point.x, SECP256R1_P)
y = pack(ids.point.y, SECP256R1_P)
value = slope = ec_double_slope(point=(x, y), alpha=SECP256R1_ALPHA, p=SECP256R1_P))",
     secp_doubling_slope_r1_unsigned},
    {R"(from starkware.python.math_utils import ec_double_slope
from starkware.cairo.common.cairo_secp.secp_utils import pack
SECP_P = 2**255-19

# Compute the slope.
x = pack(ids.point.x, PRIME)
y = pack(ids.point.y, PRIME)
value = slope = ec_double_slope(point=(x, y), alpha=42204101795669822316448953119945047945709099015225996174933988943478124189485, p=SECP_P))",
     secp_doubling_slope_ed},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
from starkware.python.math_utils import ec_double_slope

# Compute the slope.
x = pack(ids.point.x, PRIME)
y = pack(ids.point.y, PRIME)
value = slope = ec_double_slope(point=(x, y), alpha=ALPHA, p=SECP_P))",
     secp_doubling_slope_given},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack
from starkware.python.math_utils import line_slope

# Compute the slope.
x0 = pack(ids.point0.x, PRIME)
y0 = pack(ids.point0.y, PRIME)
x1 = pack(ids.point1.x, PRIME)
y1 = pack(ids.point1.y, PRIME)
value = slope = line_slope(point1=(x0, y0), point2=(x1, y1), p=SECP_P))",
     secp_slope_k1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack
from starkware.python.math_utils import div_mod

# Compute the slope.
x0 = pack(ids.pt0.x, PRIME)
y0 = pack(ids.pt0.y, PRIME)
x1 = pack(ids.pt1.x, PRIME)
y1 = pack(ids.pt1.y, PRIME)
value = slope = div_mod(y0 - y1, x0 - x1, SECP_P))",
     secp_slope_k1_pt},
    {R"(from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_P
from starkware.cairo.common.cairo_secp.secp_utils import pack
from starkware.python.math_utils import line_slope

# Compute the slope.
x0 = pack(ids.point0.x, PRIME)
y0 = pack(ids.point0.y, PRIME)
x1 = pack(ids.point1.x, PRIME)
y1 = pack(ids.point1.y, PRIME)
value = slope = line_slope(point1=(x0, y0), point2=(x1, y1), p=SECP256R1_P))",
     secp_slope_r1},
    {R"(from starkware.python.math_utils import line_slope
from starkware.cairo.common.cairo_secp.secp_utils import pack
SECP_P = 2**255-19
# Compute the slope.
x0 = pack(ids.point0.x, PRIME)
y0 = pack(ids.point0.y, PRIME)
x1 = pack(ids.point1.x, PRIME)
y1 = pack(ids.point1.y, PRIME)
value = slope = line_slope(point1=(x0, y0), point2=(x1, y1), p=SECP_P))",
     secp_slope_ed},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
from starkware.python.math_utils import line_slope

# Compute the slope.
x0 = pack(ids.point0.x, PRIME)
y0 = pack(ids.point0.y, PRIME)
x1 = pack(ids.point1.x, PRIME)
y1 = pack(ids.point1.y, PRIME)
value = slope = line_slope(point1=(x0, y0), point2=(x1, y1), p=SECP_P))",
     secp_slope_given},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack

slope = pack(ids.slope, PRIME)
x = pack(ids.point.x, PRIME)
y = pack(ids.point.y, PRIME)

value = new_x = (pow(slope, 2, SECP_P) - 2 * x) % SECP_P)",
     secp_double_x_k1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack

slope = pack(ids.slope, PRIME)
x = pack(ids.pt.x, PRIME)
y = pack(ids.pt.y, PRIME)

value = new_x = (pow(slope, 2, SECP_P) - 2 * x) % SECP_P)",
     secp_double_x_k1_pt},
    {R"(from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_P
from starkware.cairo.common.cairo_secp.secp_utils import pack

slope = pack(ids.slope, PRIME)
x = pack(ids.point.x, PRIME)
y = pack(ids.point.y, PRIME)

value = new_x = (pow(slope, 2, SECP256R1_P) - 2 * x) % SECP256R1_P)",
     secp_double_x_r1},
    {R"(from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_P
from starkware.cairo.common.cairo_secp.secp_utils import pack

slope = pack(ids.slope, SECP256R1_P)
x = pack(ids.point.x, SECP256R1_P)
y = pack(ids.point.y, SECP256R1_P)

value = new_x = (pow(slope, 2, SECP256R1_P) - 2 * x) % SECP256R1_P)",
     secp_double_x_r1_unsigned},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
SECP_P = 2**255-19

slope = pack(ids.slope, PRIME)
x = pack(ids.point.x, PRIME)
y = pack(ids.point.y, PRIME)

value = new_x = (pow(slope, 2, SECP_P) - 2 * x) % SECP_P)",
     secp_double_x_ed},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack

slope = pack(ids.slope, PRIME)
x = pack(ids.point.x, PRIME)
y = pack(ids.point.y, PRIME)

value = new_x = (pow(slope, 2, SECP_P) - 2 * x) % SECP_P)",
     secp_double_x_given},
    {"value = new_y = (slope * (x - new_x) - y) % SECP_P", secp_double_y},
    {"value = new_y = (slope * (x - new_x) - y) % SECP256R1_P", secp_double_y_r1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack

slope = pack(ids.slope, PRIME)
x0 = pack(ids.point0.x, PRIME)
x1 = pack(ids.point1.x, PRIME)
y0 = pack(ids.point0.y, PRIME)

value = new_x = (pow(slope, 2, SECP_P) - x0 - x1) % SECP_P)",
     secp_add_x_k1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack

slope = pack(ids.slope, PRIME)
x0 = pack(ids.pt0.x, PRIME)
x1 = pack(ids.pt1.x, PRIME)
y0 = pack(ids.pt0.y, PRIME)

value = new_x = (pow(slope, 2, SECP_P) - x0 - x1) % SECP_P)",
     secp_add_x_k1_pt},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
SECP_P = 2**255-19

slope = pack(ids.slope, PRIME)
x0 = pack(ids.point0.x, PRIME)
x1 = pack(ids.point1.x, PRIME)
y0 = pack(ids.point0.y, PRIME)

value = new_x = (pow(slope, 2, SECP_P) - x0 - x1) % SECP_P)",
     secp_add_x_ed},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack

slope = pack(ids.slope, PRIME)
x0 = pack(ids.point0.x, PRIME)
x1 = pack(ids.point1.x, PRIME)
y0 = pack(ids.point0.y, PRIME)

value = new_x = (pow(slope, 2, SECP_P) - x0 - x1) % SECP_P)",
     secp_add_x_given},
    {"value = new_y = (slope * (x0 - new_x) - y0) % SECP_P", secp_add_y},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack

y = pack(ids.point.y, PRIME) % SECP_P
# The modulo operation in python always returns a nonnegative number.
value = (-y) % SECP_P)",
     secp_negate_k1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
SECP_P = 2**255-19

y = pack(ids.point.y, PRIME) % SECP_P
# The modulo operation in python always returns a nonnegative number.
value = (-y) % SECP_P)",
     secp_negate_ed},
    {"from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_P as SECP_P", secp_import_r1_prime},
    {"from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_ALPHA as ALPHA", secp_import_r1_alpha},
    {"from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_N as N", secp_import_r1_order},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP_P, pack

x_cube_int = pack(ids.x_cube, PRIME) % SECP_P
y_square_int = (x_cube_int + ids.BETA) % SECP_P
y = pow(y_square_int, (SECP_P + 1) // 4, SECP_P)

# We need to decide whether to take y or SECP_P - y.
if ids.v % 2 == y % 2:
    value = y
else:
    value = (-y) % SECP_P)",
     secp_point_from_x_k1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP256R1, pack
from starkware.python.math_utils import y_squared_from_x

y_square_int = y_squared_from_x(
    x=pack(ids.x, PRIME),
    alpha=SECP256R1.alpha,
    beta=SECP256R1.beta,
    field_prime=SECP256R1.prime,
)

# Note that (y_square_int ** ((SECP256R1.prime + 1) / 4)) ** 2 =
#   = y_square_int ** ((SECP256R1.prime + 1) / 2) =
#   = y_square_int ** ((SECP256R1.prime - 1) / 2 + 1) =
#   = y_square_int * y_square_int ** ((SECP256R1.prime - 1) / 2) = y_square_int * {+/-}1.
y = pow(y_square_int, (SECP256R1.prime + 1) // 4, SECP256R1.prime)

# We need to decide whether to take y or prime - y.
if ids.v % 2 == y % 2:
    value = y
else:
    value = (-y) % SECP256R1.prime)",
     secp_point_from_x_r1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import SECP256R1, pack
from starkware.python.math_utils import y_squared_from_x

y_square_int = y_squared_from_x(
    x=pack(ids.x, SECP256R1.prime),
    alpha=SECP256R1.alpha,
    beta=SECP256R1.beta,
    field_prime=SECP256R1.prime,
)

# Note that (y_square_int ** ((SECP256R1.prime + 1) / 4)) ** 2 =
#   = y_square_int ** ((SECP256R1.prime + 1) / 2) =
#   = y_square_int ** ((SECP256R1.prime - 1) / 2 + 1) =
#   = y_square_int * y_square_int ** ((SECP256R1.prime - 1) / 2) = y_square_int * {+/-}1.
y = pow(y_square_int, (SECP256R1.prime + 1) // 4, SECP256R1.prime)

# We need to decide whether to take y or prime - y.
if ids.v % 2 == y % 2:
    value = y
else:
    value = (-y) % SECP256R1.prime)",
     secp_point_from_x_r1_unsigned},
    {"ids.is_on_curve = (y * y) % SECP_P == y_square_int", secp_is_on_curve_k1},
    {"ids.is_on_curve = (y * y) % SECP256R1.prime == y_square_int", secp_is_on_curve_r1},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import N, pack
from starkware.python.math_utils import div_mod, safe_div

a = pack(ids.a, PRIME)
b = pack(ids.b, PRIME)
value = res = div_mod(a, b, N))",
     secp_div_mod_n},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
from starkware.python.math_utils import div_mod, safe_div

a = pack(ids.a, PRIME)
b = pack(ids.b, PRIME)
value = res = div_mod(a, b, N))",
     secp_div_mod_n_given},
    {"value = k = safe_div(res * b - a, N)", secp_div_mod_n_quotient},
    {"value = k_plus_one = safe_div(res * b - a, N) + 1", secp_div_mod_n_quotient_plus_one},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
from starkware.python.math_utils import div_mod, safe_div

N = pack(ids.n, PRIME)
x = pack(ids.x, PRIME) % N
s = pack(ids.s, PRIME) % N
value = res = div_mod(x, s, N))",
     secp_div_mod_n_packed},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
from starkware.python.math_utils import div_mod, safe_div

N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141
x = pack(ids.x, PRIME) % N
s = pack(ids.s, PRIME) % N
value = res = div_mod(x, s, N))",
     secp_mul_s_inverse},
    {"value = k = safe_div(res * s - x, N)", secp_mul_s_inverse_quotient},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
from starkware.python.math_utils import div_mod, safe_div

a = pack(ids.a, PRIME)
b = pack(ids.b, PRIME)
product = a * b
m = pack(ids.m, PRIME)

value = res = product % m)",
     secp_product_mod},
    {"value = k = product // m", secp_product_quotient},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
from starkware.python.math_utils import div_mod, safe_div

a = pack(ids.a, PRIME)
b = pack(ids.b, PRIME)

value = res = a - b)",
     secp_difference},
    {R"(from starkware.cairo.common.cairo_secp.secp_utils import pack
from starkware.cairo.common.math_utils import as_int
from starkware.python.math_utils import div_mod, safe_div

p = pack(ids.P, PRIME)
x = pack(ids.x, PRIME) + as_int(ids.x.d3, PRIME) * ids.BASE ** 3 + as_int(ids.x.d4, PRIME) * ids.BASE ** 4
y = pack(ids.y, PRIME)

value = res = div_mod(x, y, p))",
     secp_bigint_div_mod},
    {R"(k = safe_div(res * y - x, p)
value = k if k > 0 else 0 - k
ids.flag = 1 if k > 0 else 0)",
     secp_bigint_div_mod_quotient},
    {"ids.low = (ids.x.d0 + ids.x.d1 * ids.BASE) & ((1 << 128) - 1)", secp_bigint_to_uint256},
    {"memory[ap] = (ids.scalar % PRIME) % 2", secp_scalar_bit},
    {R"(num = (ids.scalar.high << 128) + ids.scalar.low
nibbles = [(num >> i) & 0xf for i in range(0, 256, 4)]
ids.first_nibble = nibbles.pop()
ids.last_nibble = nibbles[0])",
     secp_nibbles},
    {"nondet nibbles.pop()", secp_next_nibble},
    {"ids.dibit = ((ids.scalar_u >> ids.m) & 1) + 2 * ((ids.scalar_v >> ids.m) & 1)", secp_dibit},
    {R"(ids.quad_bit = (
    8 * ((ids.scalar_v >> ids.m) & 1)
    + 4 * ((ids.scalar_u >> ids.m) & 1)
    + 2 * ((ids.scalar_v >> (ids.m - 1)) & 1)
    + ((ids.scalar_u >> (ids.m - 1)) & 1)
))",
     secp_quad_bit},
    {"ids.len_hi = max(ids.scalar_u.d2.bit_length(), ids.scalar_v.d2.bit_length())-1", secp_high_length},
};
}  // namespace
// clang-format on

std::span<const HintRow> secp_rows() { return kRows; }

}  // namespace asterism::core::cairo::hints
