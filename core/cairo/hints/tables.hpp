// The tables of hints, one for each module of Cairo's library, and one for hints that only programs contain.
#pragma once
#include "core/cairo/hint.hpp"
#include "core/cairo/hint_registry.hpp"

namespace asterism::core::cairo {

HintRegistry standard_hints();

namespace hints {
std::span<const HintRow> memory_rows();
std::span<const HintRow> math_rows();
}  // namespace hints

}  // namespace asterism::core::cairo
