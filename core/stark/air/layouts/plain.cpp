// The table of layout plain: see air/layout.hpp.
#include "core/stark/air/layouts.hpp"

namespace asterism::core::stark {
namespace {

constexpr NamedCells kCells[] = {
    {"range_check16_pool", {0, 1, 0}},
    {"cpu/decode/opcode_range_check/column", {1, 1, 0}},
    {"cpu/decode/off0", {0, 16, 0}},
    {"cpu/decode/off1", {0, 16, 8}},
    {"cpu/decode/off2", {0, 16, 4}},
    {"cpu/registers/ap", {5, 16, 0}},
    {"cpu/registers/fp", {5, 16, 8}},
    {"cpu/operands/ops_mul", {5, 16, 4}},
    {"cpu/operands/res", {5, 16, 12}},
    {"cpu/update_registers/update_pc/tmp0", {5, 16, 2}},
    {"cpu/update_registers/update_pc/tmp1", {5, 16, 10}},
    {"memory/sorted/addr", {4, 2, 0}},
    {"memory/sorted/value", {4, 2, 1}},
    {"memory/multi_column_perm/perm/cum_prod0", {7, 2, 0}},
    {"range_check16/sorted", {2, 1, 0}},
    {"range_check16/perm/cum_prod0", {6, 1, 0}},
};

constexpr NamedCells kMemory[] = {
    {"mem_pool", {3, 2, 0}},
    {"cpu/decode/mem_inst", {3, 16, 0}},
    {"cpu/operands/mem_dst", {3, 16, 8}},
    {"cpu/operands/mem_op0", {3, 16, 4}},
    {"cpu/operands/mem_op1", {3, 16, 12}},
    {"orig/public_memory", {3, 8, 2}},
};

}  // namespace

const Layout kPlain{"plain", 6, 2, kCells, kMemory};

}  // namespace asterism::core::stark
