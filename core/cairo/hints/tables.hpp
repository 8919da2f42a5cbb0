// The tables of hints: one for each group of modules of Cairo's library, one for hints that only programs contain.
// A table of long texts stands in hints/texts beside the file of its functions.
#pragma once
#include "core/cairo/hint.hpp"
#include "core/cairo/hint_registry.hpp"

namespace asterism::core::cairo {

HintRegistry standard_hints();

namespace hints {
std::span<const HintRow> memory_rows();
std::span<const HintRow> math_rows();
std::span<const HintRow> dict_rows();
std::span<const HintRow> search_rows();
std::span<const HintRow> uint256_rows();
std::span<const HintRow> uint384_rows();
std::span<const HintRow> secp_rows();
std::span<const HintRow> secp_points_rows();
std::span<const HintRow> hashes_rows();
std::span<const HintRow> ec_rows();
std::span<const HintRow> merkle_rows();
std::span<const HintRow> stark_verifier_rows();
std::span<const HintRow> casm_rows();
std::span<const HintRow> programs_rows();
}  // namespace hints

}  // namespace asterism::core::cairo
