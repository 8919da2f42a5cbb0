// The table of layout recursive_large_output as Stone v1 and the contracts on Ethereum (layout7) have it: without
// poseidon, the builtins elsewhere.
#include "core/stark/air/layouts.hpp"

namespace asterism::core::stark {
namespace {

constexpr NamedCells kCells[] = {
    {"range_check16_pool", {9, 4, 0}},
    {"cpu/decode/opcode_range_check/column", {0, 1, 0}},
    {"cpu/decode/off0", {9, 16, 0}},
    {"cpu/decode/off1", {9, 16, 8}},
    {"cpu/decode/off2", {9, 16, 4}},
    {"cpu/registers/ap", {9, 16, 1}},
    {"cpu/registers/fp", {9, 16, 9}},
    {"cpu/operands/ops_mul", {9, 16, 5}},
    {"cpu/operands/res", {9, 16, 13}},
    {"cpu/update_registers/update_pc/tmp0", {9, 16, 3}},
    {"cpu/update_registers/update_pc/tmp1", {9, 16, 11}},
    {"memory/sorted/addr", {8, 2, 0}},
    {"memory/sorted/value", {8, 2, 1}},
    {"memory/multi_column_perm/perm/cum_prod0", {12, 2, 0}},
    {"range_check16/sorted", {9, 4, 2}},
    {"range_check16/perm/cum_prod0", {12, 4, 1}},
    {"diluted_pool", {1, 1, 0}},
    {"diluted_check/permuted_values", {2, 1, 0}},
    {"diluted_check/cumulative_value", {10, 1, 0}},
    {"diluted_check/permutation/cum_prod0", {11, 1, 0}},
    {"pedersen/hash0/ec_subset_sum/partial_sum/x", {3, 1, 0}},
    {"pedersen/hash0/ec_subset_sum/partial_sum/y", {4, 1, 0}},
    {"pedersen/hash0/ec_subset_sum/slope", {6, 1, 0}},
    {"pedersen/hash0/ec_subset_sum/selector", {5, 1, 0}},
    {"pedersen/hash0/ec_subset_sum/bit_unpacking/prod_ones196", {6, 256, 255}},
    {"pedersen/hash0/ec_subset_sum/bit_unpacking/prod_ones192", {9, 256, 7}},
    {"range_check_builtin/inner_range_check", {9, 16, 12}},
    {"bitwise/diluted_var_pool", {1, 2, 0}},
    {"bitwise/trim_unpacking192", {1, 128, 1}},
    {"bitwise/trim_unpacking193", {1, 128, 65}},
    {"bitwise/trim_unpacking194", {1, 128, 33}},
    {"bitwise/trim_unpacking195", {1, 128, 97}},
};

constexpr NamedCells kMemory[] = {
    {"mem_pool", {7, 2, 0}},
    {"cpu/decode/mem_inst", {7, 16, 0}},
    {"cpu/operands/mem_dst", {7, 16, 8}},
    {"cpu/operands/mem_op0", {7, 16, 4}},
    {"cpu/operands/mem_op1", {7, 16, 12}},
    {"orig/public_memory", {7, 16, 2}},
    {"pedersen/input0", {7, 512, 10}},
    {"pedersen/input1", {7, 512, 266}},
    {"pedersen/output", {7, 512, 138}},
    {"range_check_builtin/mem", {7, 128, 74}},
    {"bitwise/var_pool", {7, 32, 26}},
    {"bitwise/x", {7, 128, 26}},
    {"bitwise/y", {7, 128, 58}},
    {"bitwise/x_and_y", {7, 128, 90}},
    {"bitwise/x_xor_y", {7, 128, 122}},
    {"bitwise/x_or_y", {7, 128, 42}},
};

}  // namespace

const Layout kRecursiveLargeOutputV1{"recursive_large_output", 10, 3, kCells, kMemory};

}  // namespace asterism::core::stark
