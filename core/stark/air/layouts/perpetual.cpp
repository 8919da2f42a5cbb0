// The table of layout perpetual: see air/layout.hpp.
#include "core/stark/air/layouts.hpp"

namespace asterism::core::stark {
namespace {

constexpr NamedCells kCells[] = {
    {"range_check16_pool", {7, 4, 0}},
    {"cpu/decode/opcode_range_check/column", {0, 1, 0}},
    {"cpu/decode/off0", {7, 16, 0}},
    {"cpu/decode/off1", {7, 16, 8}},
    {"cpu/decode/off2", {7, 16, 4}},
    {"cpu/registers/ap", {7, 16, 1}},
    {"cpu/registers/fp", {7, 16, 9}},
    {"cpu/operands/ops_mul", {7, 16, 5}},
    {"cpu/operands/res", {7, 16, 13}},
    {"cpu/update_registers/update_pc/tmp0", {7, 16, 3}},
    {"cpu/update_registers/update_pc/tmp1", {7, 16, 11}},
    {"memory/sorted/addr", {6, 2, 0}},
    {"memory/sorted/value", {6, 2, 1}},
    {"memory/multi_column_perm/perm/cum_prod0", {9, 2, 0}},
    {"range_check16/sorted", {7, 4, 2}},
    {"range_check16/perm/cum_prod0", {9, 4, 1}},
    {"pedersen/hash0/ec_subset_sum/partial_sum/x", {1, 1, 0}},
    {"pedersen/hash0/ec_subset_sum/partial_sum/y", {2, 1, 0}},
    {"pedersen/hash0/ec_subset_sum/slope", {4, 1, 0}},
    {"pedersen/hash0/ec_subset_sum/selector", {3, 1, 0}},
    {"pedersen/hash0/ec_subset_sum/bit_unpacking/prod_ones196", {4, 256, 255}},
    {"pedersen/hash0/ec_subset_sum/bit_unpacking/prod_ones192", {8, 256, 80}},
    {"range_check_builtin/inner_range_check", {7, 32, 12}},
    {"ecdsa/signature0/key_points/x", {7, 64, 7}},
    {"ecdsa/signature0/key_points/y", {7, 64, 39}},
    {"ecdsa/signature0/doubling_slope", {7, 64, 47}},
    {"ecdsa/signature0/exponentiate_generator/partial_sum/x", {8, 128, 0}},
    {"ecdsa/signature0/exponentiate_generator/partial_sum/y", {8, 128, 64}},
    {"ecdsa/signature0/exponentiate_generator/slope", {8, 128, 96}},
    {"ecdsa/signature0/exponentiate_generator/selector", {8, 128, 32}},
    {"ecdsa/signature0/exponentiate_generator/x_diff_inv", {8, 128, 16}},
    {"ecdsa/signature0/exponentiate_key/partial_sum/x", {7, 64, 23}},
    {"ecdsa/signature0/exponentiate_key/partial_sum/y", {7, 64, 55}},
    {"ecdsa/signature0/exponentiate_key/slope", {7, 64, 31}},
    {"ecdsa/signature0/exponentiate_key/selector", {7, 64, 15}},
    {"ecdsa/signature0/exponentiate_key/x_diff_inv", {7, 64, 63}},
    {"ecdsa/signature0/add_results_slope", {8, 32768, 32736}},
    {"ecdsa/signature0/add_results_inv", {8, 32768, 32656}},
    {"ecdsa/signature0/extract_r_slope", {7, 32768, 16351}},
    {"ecdsa/signature0/extract_r_inv", {7, 32768, 32735}},
    {"ecdsa/signature0/z_inv", {7, 32768, 16383}},
    {"ecdsa/signature0/r_w_inv", {7, 16384, 16367}},
    {"ecdsa/signature0/q_x_squared", {7, 32768, 32767}},
};

constexpr NamedCells kMemory[] = {
    {"mem_pool", {5, 2, 0}},
    {"cpu/decode/mem_inst", {5, 16, 0}},
    {"cpu/operands/mem_dst", {5, 16, 8}},
    {"cpu/operands/mem_op0", {5, 16, 4}},
    {"cpu/operands/mem_op1", {5, 16, 12}},
    {"orig/public_memory", {5, 8, 2}},
    {"pedersen/input0", {5, 512, 6}},
    {"pedersen/input1", {5, 512, 262}},
    {"pedersen/output", {5, 512, 134}},
    {"range_check_builtin/mem", {5, 256, 70}},
    {"ecdsa/pubkey", {5, 32768, 390}},
    {"ecdsa/message", {5, 32768, 16774}},
};

}  // namespace

const Layout kPerpetual{"perpetual", 9, 1, kCells, kMemory};

}  // namespace asterism::core::stark
