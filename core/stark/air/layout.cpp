#include "core/stark/air/layout.hpp"

#include <algorithm>
#include <array>

#include "core/base/check.hpp"
#include "core/stark/air/layouts.hpp"

namespace asterism::core::stark {
namespace {

struct Builtin {
  std::string_view segment;
  std::string_view cell;  // a memory cell that each instance has once (or `per_instance` times)
  std::uint64_t per_instance;
  std::uint64_t cells;  // of memory, of an instance
};
// In the order of the segments of a public input.
constexpr std::array kBuiltins{
    Builtin{"pedersen", "pedersen/input0", 1, 3},
    Builtin{"range_check", "range_check_builtin/mem", 1, 1},
    Builtin{"ecdsa", "ecdsa/pubkey", 1, 2},
    Builtin{"bitwise", "bitwise/x", 1, 5},
    Builtin{"ec_op", "ec_op/p_x", 1, 7},
    Builtin{"keccak", "keccak/input_output", 16, 16},
    Builtin{"poseidon", "poseidon/param_0/input_output", 2, 6},
};

constexpr std::array<const Layout*, 10> kLayouts{&kPlain,
                                                 &kSmall,
                                                 &kDex,
                                                 &kPerpetual,
                                                 &kAllSolidity,
                                                 &kRecursive,
                                                 &kDexWithBitwise,
                                                 &kStarknet,
                                                 &kRecursiveLargeOutput,
                                                 &kRecursiveWithPoseidon};

std::optional<VirtualColumn> find_in(std::span<const NamedCells> table, std::string_view name) {
  const auto it = std::ranges::find(table, name, &NamedCells::name);
  if (it == table.end()) return std::nullopt;
  return it->cells;
}

}  // namespace

std::optional<VirtualColumn> Layout::find(std::string_view cell) const { return find_in(cells, cell); }

std::optional<MemoryCells> Layout::find_memory(std::string_view cell) const {
  const auto address = find_in(memory, cell);
  if (!address) return std::nullopt;
  VirtualColumn value = *address;
  ++value.first;
  return MemoryCells{*address, value};
}

VirtualColumn Layout::at(std::string_view cell) const {
  const auto found = find(cell);
  ASTERISM_CHECK(found.has_value(), std::string(name) + " has no " + std::string(cell));
  return *found;
}

MemoryCells Layout::memory_at(std::string_view cell) const {
  const auto found = find_memory(cell);
  ASTERISM_CHECK(found.has_value(), std::string(name) + " has no " + std::string(cell));
  return *found;
}

bool Layout::has(std::string_view component) const { return instance_rows(component) != 0; }

std::uint64_t Layout::instance_rows(std::string_view component) const {
  for (const Builtin& builtin : kBuiltins) {
    if (builtin.segment != component) continue;
    if (const auto cell = find_in(memory, builtin.cell)) return cell->step * builtin.per_instance;
  }
  return 0;
}

std::uint64_t Layout::instance_cells(std::string_view component) const {
  const auto it = std::ranges::find(kBuiltins, component, &Builtin::segment);
  return it == kBuiltins.end() ? 0 : it->cells;
}

std::vector<std::string_view> Layout::segment_names() const {
  std::vector<std::string_view> out{"program", "execution"};
  if (name == "plain") return out;
  out.push_back("output");
  for (const Builtin& builtin : kBuiltins) {
    if (has(builtin.segment)) out.push_back(builtin.segment);
  }
  return out;
}

const Layout* find_layout(std::string_view name, bool evm) {
  // The contracts check an older AIR of these three; a trace of today's cannot be accepted there.
  if (evm && (name == "starknet" || name == "recursive_large_output" || name == "starknet_with_keccak")) return nullptr;
  const auto it = std::ranges::find(kLayouts, name, [](const Layout* layout) { return layout->name; });
  return it == kLayouts.end() ? nullptr : *it;
}

std::span<const Layout* const> all_layouts() { return kLayouts; }

}  // namespace asterism::core::stark
