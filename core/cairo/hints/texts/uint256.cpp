// Texts of uint256: the functions stand in hints/uint256.cpp.
#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo::hints {

// clang-format off
void uint256_add(Hint& h);
void uint256_add_low(Hint& h);
void uint128_add(Hint& h);
void uint256_sub(Hint& h);
void split_64(Hint& h);
void split_128(Hint& h);
void uint256_signed_nn(Hint& h);
void uint256_unsigned_div_rem(Hint& h);
void uint256_unsigned_div_rem_expanded(Hint& h);
void uint256_mul_div_mod(Hint& h);
void uint256_sqrt(Hint& h);
void uint256_sqrt_felt(Hint& h);

namespace {
constexpr HintRow kRows[] = {
    {R"(sum_low = ids.a.low + ids.b.low
ids.carry_low = 1 if sum_low >= ids.SHIFT else 0
sum_high = ids.a.high + ids.b.high + ids.carry_low
ids.carry_high = 1 if sum_high >= ids.SHIFT else 0)",
     uint256_add},
    {R"(sum_low = ids.a.low + ids.b.low
ids.carry_low = 1 if sum_low >= ids.SHIFT else 0)",
     uint256_add_low},
    {R"(res = ids.a + ids.b
ids.carry = 1 if res >= ids.SHIFT else 0)",
     uint128_add},
    {R"(def split(num: int, num_bits_shift: int = 128, length: int = 2):
    a = []
    for _ in range(length):
        a.append( num & ((1 << num_bits_shift) - 1) )
        num = num >> num_bits_shift
    return tuple(a)

def pack(z, num_bits_shift: int = 128) -> int:
    limbs = (z.low, z.high)
    return sum(limb << (num_bits_shift * i) for i, limb in enumerate(limbs))

a = pack(ids.a)
b = pack(ids.b)
res = (a - b)%2**256
res_split = split(res)
ids.res.low = res_split[0]
ids.res.high = res_split[1])",
     uint256_sub},
    {R"(ids.low = ids.a & ((1<<64) - 1)
ids.high = ids.a >> 64)",
     split_64},
    {R"(ids.low = ids.a & ((1<<128) - 1)
ids.high = ids.a >> 128)",
     split_128},
    {"memory[ap] = 1 if 0 <= (ids.a.high % PRIME) < 2 ** 127 else 0", uint256_signed_nn},
    {R"(a = (ids.a.high << 128) + ids.a.low
div = (ids.div.high << 128) + ids.div.low
quotient, remainder = divmod(a, div)

ids.quotient.low = quotient & ((1 << 128) - 1)
ids.quotient.high = quotient >> 128
ids.remainder.low = remainder & ((1 << 128) - 1)
ids.remainder.high = remainder >> 128)",
     uint256_unsigned_div_rem},
    {R"(a = (ids.a.high << 128) + ids.a.low
div = (ids.div.b23 << 128) + ids.div.b01
quotient, remainder = divmod(a, div)

ids.quotient.low = quotient & ((1 << 128) - 1)
ids.quotient.high = quotient >> 128
ids.remainder.low = remainder & ((1 << 128) - 1)
ids.remainder.high = remainder >> 128)",
     uint256_unsigned_div_rem_expanded},
    {R"(a = (ids.a.high << 128) + ids.a.low
b = (ids.b.high << 128) + ids.b.low
div = (ids.div.high << 128) + ids.div.low
quotient, remainder = divmod(a * b, div)

ids.quotient_low.low = quotient & ((1 << 128) - 1)
ids.quotient_low.high = (quotient >> 128) & ((1 << 128) - 1)
ids.quotient_high.low = (quotient >> 256) & ((1 << 128) - 1)
ids.quotient_high.high = quotient >> 384
ids.remainder.low = remainder & ((1 << 128) - 1)
ids.remainder.high = remainder >> 128)",
     uint256_mul_div_mod},
    {R"(from starkware.python.math_utils import isqrt
n = (ids.n.high << 128) + ids.n.low
root = isqrt(n)
assert 0 <= root < 2 ** 128
ids.root.low = root
ids.root.high = 0)",
     uint256_sqrt},
    {R"(from starkware.python.math_utils import isqrt
n = (ids.n.high << 128) + ids.n.low
root = isqrt(n)
assert 0 <= root < 2 ** 128
ids.root = root)",
     uint256_sqrt_felt},
};
}  // namespace
// clang-format on

std::span<const HintRow> uint256_rows() { return kRows; }

}  // namespace asterism::core::cairo::hints
