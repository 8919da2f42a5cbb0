// A layout is a table: the width of the two traces and where each virtual column lies. Which components a layout has,
// their ratios, the mask, the constraints and the segments all follow from it.
//
// A virtual column is an arithmetic progression of cells: entry i is at row first + i*step of one trace column. Columns
// of the interaction trace are numbered on after those of the first trace. A memory cell is two neighbours, address and
// value, of the memory pool's column.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asterism::core::stark {

struct VirtualColumn {
  std::uint32_t column = 0;
  std::uint32_t step = 1;
  std::uint32_t first = 0;
  std::uint64_t row(std::uint64_t index) const { return first + index * step; }
  bool operator==(const VirtualColumn&) const = default;
};

struct MemoryCells {
  VirtualColumn address;
  VirtualColumn value;
};

// A row of the table. Memory cells are listed with their address cell, under the name without "/addr".
struct NamedCells {
  std::string_view name;
  VirtualColumn cells;
};

constexpr std::uint64_t kRowsPerStep = 16;

struct Layout {
  std::string_view name;  // as public inputs write it
  std::uint32_t columns_first;
  std::uint32_t columns_second;
  std::span<const NamedCells> cells;
  std::span<const NamedCells> memory;

  std::uint32_t columns() const { return columns_first + columns_second; }
  std::optional<VirtualColumn> find(std::string_view cell) const;
  std::optional<MemoryCells> find_memory(std::string_view cell) const;
  // Those that the layout certainly has.
  VirtualColumn at(std::string_view cell) const;
  MemoryCells memory_at(std::string_view cell) const;
  bool has(std::string_view component) const;  // "pedersen", "ecdsa", ...
  // Rows of one instance of a builtin, 0 when the layout lacks it.
  std::uint64_t instance_rows(std::string_view component) const;
  // Rows of the instances that share them: a trace has a multiple of that.
  std::uint64_t batch_rows(std::string_view component) const;
  // Memory cells of one instance.
  std::uint64_t instance_cells(std::string_view component) const;

  // Segments of the public input in the order of the seed.
  std::vector<std::string_view> segment_names() const;
};

// nullptr when there is none of this name. `evm`: one that StarkWare's contracts on Ethereum check.
const Layout* find_layout(std::string_view name, bool evm = false);
std::span<const Layout* const> all_layouts();

}  // namespace asterism::core::stark
