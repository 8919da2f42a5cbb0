// Texts of cairo_secp, secp256r1: fields and scalars: the functions stand in hints/secp.cpp.
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
void secp_import_r1_prime(Hint& h);
void secp_import_r1_alpha(Hint& h);
void secp_import_r1_order(Hint& h);
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
    {"from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_P as SECP_P", secp_import_r1_prime},
    {"from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_ALPHA as ALPHA", secp_import_r1_alpha},
    {"from starkware.cairo.common.cairo_secp.secp256r1_utils import SECP256R1_N as N", secp_import_r1_order},
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
