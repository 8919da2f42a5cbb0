// Does a trace satisfy the AIR? Row by row and slow: for tests, and to say which constraint of a refused trace fails.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/stark/air/air.hpp"

namespace asterism::core::stark {

struct Violation {
  std::string constraint;
  std::uint64_t row = 0;
};

// Of row `row`, in the order of the constraints. `columns`: both traces, rows in order.
std::vector<Violation> violations_at(const Air& air, const Globals& globals, std::span<const Felt* const> columns,
                                     std::uint64_t row);

// Of the first row that has any.
std::optional<Violation> first_violation(const Air& air, const Globals& globals, std::span<const Felt* const> columns);

// The mask cells that constraint number `constraint` reads.
std::vector<MaskCell> cells_of(const Air& air, std::size_t constraint);

}  // namespace asterism::core::stark
