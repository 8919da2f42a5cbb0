// starkware.cairo.common.math, math_cmp, pow, log2_ceil, bitwise; starkware.starknet.common.storage.
#include <algorithm>
#include <array>

#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo::hints {

namespace {

const BigInt& prime() { return BigInt::prime(); }
std::string text(const BigInt& n) { return n.to_decimal(); }

void assert_nn(Hint& h) {
  const BigInt a = h.integer("a");
  require(a < h.range_check_bound(), [&] { return "a = " + text(a) + " is out of range."; });
}

void write_pair(Hint& h, std::int64_t at, const BigInt& number, const BigInt& divisor) {
  const auto [quotient, rest] = BigInt::divmod(number, divisor);
  const Value pointer = h.value("range_check_ptr");
  h.set_memory(advance(pointer, at + 1), Value(quotient.to_felt()));
  h.set_memory(advance(pointer, at), Value(rest.to_felt()));
}

void assert_le_felt(Hint& h) {
  const BigInt a = h.integer("a");
  const BigInt b = h.integer("b");
  require(a <= b, [&] { return "a = " + text(a) + " is not less than or equal to b = " + text(b) + "."; });
  std::array<std::pair<BigInt, int>, 3> arcs{{{a, 0}, {b - a, 1}, {prime() - BigInt(1) - b, 2}}};
  std::sort(arcs.begin(), arcs.end(),
            [](const auto& x, const auto& y) { return x.first == y.first ? x.second < y.second : x.first < y.first; });
  require(arcs[0].first <= prime() / BigInt(3) && arcs[1].first <= prime() / BigInt(2));
  h.let("a", a);
  h.let("b", b);
  h.let("excluded", BigInt(arcs[2].second));
  write_pair(h, 0, arcs[0].first, h.integer("PRIME_OVER_3_HIGH"));
  write_pair(h, 2, arcs[1].first, h.integer("PRIME_OVER_2_HIGH"));
}
void excluded_not_0(Hint& h) { h.set_ap(!h.variable("excluded").is_zero()); }
void excluded_not_1(Hint& h) { h.set_ap(!(h.variable("excluded") == BigInt(1))); }
void excluded_is_2(Hint& h) { require(h.variable("excluded") == BigInt(2)); }

void assert_le_felt_v06(Hint& h) {
  const BigInt a = h.integer("a");
  const BigInt b = h.integer("b");
  require(a <= b, [&] { return "a = " + text(a) + " is not less than or equal to b = " + text(b) + "."; });
}
void assert_le_felt_v08(Hint& h) {
  assert_le_felt_v06(h);
  const BigInt a = h.integer("a");
  const BigInt b = h.integer("b");
  h.let("a", a);
  h.let("b", b);
  const BigInt bound = h.range_check_bound();
  h.set("small_inputs", a < bound && b - a < bound ? 1 : 0);
}

void assert_lt_felt(Hint& h) {
  const BigInt a = h.integer("a");
  const BigInt b = h.integer("b");
  require(a < b, [&] { return "a = " + text(a) + " is not less than b = " + text(b) + "."; });
}

void unsigned_div_rem(Hint& h) {
  const BigInt div = h.integer("div");
  require(BigInt(0) < div && div <= prime() / h.range_check_bound(),
          [&] { return "div=" + div.to_felt().to_hex() + " is out of the valid range."; });
  const auto [q, r] = BigInt::divmod(h.integer("value"), div);
  h.set("q", q);
  h.set("r", r);
}

void signed_div_rem(Hint& h) {
  const BigInt div = h.integer("div");
  const BigInt rc_bound = h.range_check_bound();
  require(BigInt(0) < div && div <= prime() / rc_bound,
          [&] { return "div=" + div.to_felt().to_hex() + " is out of the valid range."; });
  const BigInt bound = h.integer("bound");
  require(bound <= rc_bound / BigInt(2),
          [&] { return "bound=" + bound.to_felt().to_hex() + " is out of the valid range."; });
  const BigInt value = as_int(h.integer("value"));
  const auto [q, r] = BigInt::divmod(value, div);
  h.let("int_value", value);
  h.let("q", q);
  h.set("r", r);
  require(-bound <= q && q < bound, [&] {
    return text(value) + " / " + text(div) + " = " + text(q) + " is out of the range [" + text(-bound) + ", " +
           text(bound) + ").";
  });
  h.set("biased_q", q + bound);
}

void is_nn(Hint& h) { h.set_ap(!h.below("a", h.range_check_bound())); }
void is_nn_out_of_range(Hint& h) { h.set_ap(!((-h.integer("a") - BigInt(1)) % prime() < h.range_check_bound())); }
void is_le_felt(Hint& h) { h.set_ap(compare(h.value("a"), h.value("b")) > 0); }

void assert_not_zero(Hint& h) {
  const BigInt value = h.integer("value");
  require(!value.is_zero(), [&] { return "assert_not_zero failed: " + text(value) + " = 0."; });
}

void assert_not_equal(Hint& h) {
  const Value a = h.value("a");
  const Value b = h.value("b");
  require((a.is_felt() && b.is_felt()) || (!a.is_felt() && !b.is_felt() && a.any_segment() == b.any_segment()), [&] {
    return "assert_not_equal failed: non-comparable values: " + to_string(a) + ", " + to_string(b) + ".";
  });
  require(!(a == b), [&] { return "assert_not_equal failed: " + to_string(a) + " = " + to_string(b) + "."; });
}

void split_felt(Hint& h) {
  const BigInt high_bound = h.integer("MAX_HIGH");
  const BigInt low_bound = h.integer("MAX_LOW");
  const BigInt shift = BigInt::power_of_two(128);
  require(high_bound < shift && low_bound < shift);
  require(prime() - BigInt(1) == high_bound * shift + low_bound);
  const BigInt value = h.integer("value");
  h.set("low", value & (shift - BigInt(1)));
  h.set("high", value >> 128);
}

void bounded_split(Hint& h, const char* range) {
  const BigInt value = h.integer("value");
  h.let("value", value);
  require(value < h.integer("UPPER_BOUND"),
          [&] { return text(value) + " is outside of the range [0, " + range + ")."; });
  const auto [high, low] = BigInt::divmod(value, h.integer("SHIFT"));
  h.set("high", high);
  h.set("low", low);
}
void assert_250_bit(Hint& h) { bounded_split(h, "2**250"); }
void assert_165_bit(Hint& h) { bounded_split(h, "2**165"); }

void is_positive(Hint& h) {
  const BigInt value = as_int(h.integer("value"));
  const BigInt bound = h.range_check_bound();
  require(-bound < value && value < bound, [&] { return "value=" + text(value) + " is out of the valid range."; });
  h.set("is_positive", value > BigInt(0) ? 1 : 0);
}

void split_int_end(Hint& h) { require(h.value("value").is_zero(), "split_int(): value is out of range."); }
void split_int(Hint& h) {
  const BigInt limb = h.integer("value") % h.integer("base");
  h.let("res", limb);
  h.set_memory(h.value("output"), Value(limb.to_felt()));
  require(limb < h.integer("bound"), [&] { return "split_int(): Limb " + text(limb) + " is out of range."; });
}

void sqrt(Hint& h) {
  const BigInt value = h.integer("value");
  h.let("value", value);
  require(value < BigInt::power_of_two(250),
          [&] { return "value=" + text(value) + " is outside of the range [0, 2**250)."; });
  h.set("root", isqrt(value));
}

void quad_residue(Hint& h) {
  const Felt x = h.felt("x");
  h.let("x", BigInt::from_felt(x));
  const auto root = x.sqrt();
  const auto other = root ? root : (x * Felt(3).inverse()).sqrt();
  require(other.has_value());
  h.set("y", Value(*other));
}

void pow_bit(Hint& h) { h.set("locs.bit", h.integer("prev_locs.exp").is_odd() ? 1 : 0); }
void signed_pow(Hint& h) { require(!h.value("base").is_zero(), "Cannot raise 0 to a negative power."); }

void log2_ceil(Hint& h) {
  const BigInt value = h.integer("value");
  require(value > BigInt(0));
  h.set("res", BigInt(std::int64_t{(value - BigInt(1)).bit_length()}));
}

void normalize_address_small(Hint& h) {
  const BigInt bound = h.integer("ADDR_BOUND") % prime();
  const BigInt half = BigInt::power_of_two(250);
  require(half < bound && bound <= BigInt::power_of_two(251) && half + half < prime() && bound + bound > prime(),
          "normalize_address() cannot be used with the current constants.");
  h.let("ADDR_BOUND", bound);
  h.set("is_small", h.below("addr", bound) ? 1 : 0);
}
void normalize_address_250(Hint& h) { h.set("is_250", h.below("addr", BigInt::power_of_two(250)) ? 1 : 0); }

constexpr HintRow kRows[] = {
    {R"(from starkware.cairo.common.math_utils import assert_integer
assert_integer(ids.a)
assert 0 <= ids.a % PRIME < range_check_builtin.bound, f'a = {ids.a} is out of range.')",
     assert_nn},
    {R"(import itertools

from starkware.cairo.common.math_utils import assert_integer
assert_integer(ids.a)
assert_integer(ids.b)
a = ids.a % PRIME
b = ids.b % PRIME
assert a <= b, f'a = {a} is not less than or equal to b = {b}.'

# Find an arc less than PRIME / 3, and another less than PRIME / 2.
lengths_and_indices = [(a, 0), (b - a, 1), (PRIME - 1 - b, 2)]
lengths_and_indices.sort()
assert lengths_and_indices[0][0] <= PRIME // 3 and lengths_and_indices[1][0] <= PRIME // 2
excluded = lengths_and_indices[2][1]

memory[ids.range_check_ptr + 1], memory[ids.range_check_ptr + 0] = (
    divmod(lengths_and_indices[0][0], ids.PRIME_OVER_3_HIGH))
memory[ids.range_check_ptr + 3], memory[ids.range_check_ptr + 2] = (
    divmod(lengths_and_indices[1][0], ids.PRIME_OVER_2_HIGH)))",
     assert_le_felt},
    {"memory[ap] = 1 if excluded != 0 else 0", excluded_not_0},
    {"memory[ap] = 1 if excluded != 1 else 0", excluded_not_1},
    {"assert excluded == 2", excluded_is_2},
    {R"(from starkware.cairo.common.math_utils import assert_integer
assert_integer(ids.a)
assert_integer(ids.b)
assert (ids.a % PRIME) <= (ids.b % PRIME), \
    f'a = {ids.a % PRIME} is not less than or equal to b = {ids.b % PRIME}.')",
     assert_le_felt_v06},
    {R"(from starkware.cairo.common.math_utils import assert_integer
assert_integer(ids.a)
assert_integer(ids.b)
a = ids.a % PRIME
b = ids.b % PRIME
assert a <= b, f'a = {a} is not less than or equal to b = {b}.'

ids.small_inputs = int(
    a < range_check_builtin.bound and (b - a) < range_check_builtin.bound))",
     assert_le_felt_v08},
    {R"(from starkware.cairo.common.math_utils import assert_integer
assert_integer(ids.a)
assert_integer(ids.b)
assert (ids.a % PRIME) < (ids.b % PRIME), \
    f'a = {ids.a % PRIME} is not less than b = {ids.b % PRIME}.')",
     assert_lt_felt},
    {R"(from starkware.cairo.common.math_utils import assert_integer
assert_integer(ids.div)
assert 0 < ids.div <= PRIME // range_check_builtin.bound, \
    f'div={hex(ids.div)} is out of the valid range.'
ids.q, ids.r = divmod(ids.value, ids.div))",
     unsigned_div_rem},
    {R"(from starkware.cairo.common.math_utils import as_int, assert_integer

assert_integer(ids.div)
assert 0 < ids.div <= PRIME // range_check_builtin.bound, \
    f'div={hex(ids.div)} is out of the valid range.'

assert_integer(ids.bound)
assert ids.bound <= range_check_builtin.bound // 2, \
    f'bound={hex(ids.bound)} is out of the valid range.'

int_value = as_int(ids.value, PRIME)
q, ids.r = divmod(int_value, ids.div)

assert -ids.bound <= q < ids.bound, \
    f'{int_value} / {ids.div} = {q} is out of the range [{-ids.bound}, {ids.bound}).'

ids.biased_q = q + ids.bound)",
     signed_div_rem},
    {"memory[ap] = 0 if 0 <= (ids.a % PRIME) < range_check_builtin.bound else 1", is_nn},
    {"memory[ap] = 0 if 0 <= ((-ids.a - 1) % PRIME) < range_check_builtin.bound else 1", is_nn_out_of_range},
    {"memory[ap] = 0 if (ids.a % PRIME) <= (ids.b % PRIME) else 1", is_le_felt},
    {R"(from starkware.cairo.common.math_utils import assert_integer
assert_integer(ids.value)
assert ids.value % PRIME != 0, f'assert_not_zero failed: {ids.value} = 0.')",
     assert_not_zero},
    {R"(from starkware.cairo.lang.vm.relocatable import RelocatableValue
both_ints = isinstance(ids.a, int) and isinstance(ids.b, int)
both_relocatable = (
    isinstance(ids.a, RelocatableValue) and isinstance(ids.b, RelocatableValue) and
    ids.a.segment_index == ids.b.segment_index)
assert both_ints or both_relocatable, \
    f'assert_not_equal failed: non-comparable values: {ids.a}, {ids.b}.'
assert (ids.a - ids.b) % PRIME != 0, f'assert_not_equal failed: {ids.a} = {ids.b}.')",
     assert_not_equal},
    {R"(from starkware.cairo.common.math_utils import assert_integer
assert ids.MAX_HIGH < 2**128 and ids.MAX_LOW < 2**128
assert PRIME - 1 == ids.MAX_HIGH * 2**128 + ids.MAX_LOW
assert_integer(ids.value)
ids.low = ids.value & ((1 << 128) - 1)
ids.high = ids.value >> 128)",
     split_felt},
    {R"(from starkware.cairo.common.math_utils import as_int

# Correctness check.
value = as_int(ids.value, PRIME) % PRIME
assert value < ids.UPPER_BOUND, f'{value} is outside of the range [0, 2**250).'

# Calculation for the assertion.
ids.high, ids.low = divmod(ids.value, ids.SHIFT))",
     assert_250_bit},
    {R"(from starkware.cairo.common.math_utils import as_int

# Correctness check.
value = as_int(ids.value, PRIME) % PRIME
assert value < ids.UPPER_BOUND, f'{value} is outside of the range [0, 2**165).'

# Calculation for the assertion.
ids.high, ids.low = divmod(ids.value, ids.SHIFT))",
     assert_165_bit},
    {R"(from starkware.cairo.common.math_utils import is_positive
ids.is_positive = 1 if is_positive(
    value=ids.value, prime=PRIME, rc_bound=range_check_builtin.bound) else 0)",
     is_positive},
    {"assert ids.value == 0, 'split_int(): value is out of range.'", split_int_end},
    {R"(memory[ids.output] = res = (int(ids.value) % PRIME) % ids.base
assert res < ids.bound, f'split_int(): Limb {res} is out of range.')",
     split_int},
    {R"(from starkware.python.math_utils import isqrt
value = ids.value % PRIME
assert value < 2 ** 250, f"value={value} is outside of the range [0, 2**250)."
assert 2 ** 250 < PRIME
ids.root = isqrt(value))",
     sqrt},
    {R"(from starkware.crypto.signature.signature import FIELD_PRIME
from starkware.python.math_utils import div_mod, is_quad_residue, sqrt

x = ids.x
if is_quad_residue(x, FIELD_PRIME):
    ids.y = sqrt(x, FIELD_PRIME)
else:
    ids.y = sqrt(div_mod(x, 3, FIELD_PRIME), FIELD_PRIME))",
     quad_residue},
    {"ids.locs.bit = (ids.prev_locs.exp % PRIME) & 1", pow_bit},
    {"assert ids.base != 0, \"Cannot raise 0 to a negative power.\"", signed_pow},
    {"from starkware.python.math_utils import log2_ceil\nids.res = log2_ceil(ids.value)", log2_ceil},
    {R"(# Verify the assumptions on the relationship between 2**250, ADDR_BOUND and PRIME.
ADDR_BOUND = ids.ADDR_BOUND % PRIME
assert (2**250 < ADDR_BOUND <= 2**251) and (2 * 2**250 < PRIME) and (
        ADDR_BOUND * 2 > PRIME), \
    'normalize_address() cannot be used with the current constants.'
ids.is_small = 1 if ids.addr < ADDR_BOUND else 0)",
     normalize_address_small},
    {"ids.is_250 = 1 if ids.addr < 2**250 else 0", normalize_address_250},
};

}  // namespace

std::span<const HintRow> math_rows() { return kRows; }

}  // namespace asterism::core::cairo::hints
