// Rows of a table whose columns lie apart: cell c of row r is cells[c][r]. As bytes, a row is its cells in order, each
// as the 32 bytes of its Montgomery form, big-endian.
#pragma once
#include <cstddef>
#include <span>

#include "core/felt/felt.hpp"

namespace asterism::core {

struct FeltRows {
  std::span<const Felt* const> cells;
  std::span<const std::size_t> rows;  // each with the one after it
};

}  // namespace asterism::core
