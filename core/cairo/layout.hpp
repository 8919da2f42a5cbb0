// Layouts: which builtins a proof has room for, and how much. A table; a dynamic layout comes from a parameter file.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/cairo/fault.hpp"

namespace asterism::core::cairo {

struct LayoutBuiltin {
  std::string_view name;
  std::uint64_t ratio = 0;  // steps for each instance; 0: none, the segment stays empty
  std::uint64_t ratio_den = 1;
};

struct Layout {
  std::string_view name;
  std::uint64_t rc_units = 16;  // 16-bit range checks a step
  std::uint64_t public_memory_fraction = 4;
  std::uint64_t memory_units_per_step = 8;
  std::optional<int> log_diluted_units_per_step;
  std::vector<LayoutBuiltin> builtins;  // in segment order
  bool has(std::string_view builtin) const;
};

// Null for a name that is none; "dynamic" needs parse_dynamic_layout.
const Layout* find_layout(std::string_view name);
std::span<const Layout> all_layouts();

// The JSON of a CairoLayoutParams file.
Expected<Layout> parse_dynamic_layout(std::string_view json);

}  // namespace asterism::core::cairo
