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
  std::uint64_t cells;      // of memory, of an instance
  std::uint64_t batch = 1;  // instances that share their rows
};
// In the order of the segments of a public input.
constexpr std::array kBuiltins{
    Builtin{"pedersen", "pedersen/input0", 1, 3},
    Builtin{"range_check", "range_check_builtin/mem", 1, 1},
    Builtin{"ecdsa", "ecdsa/pubkey", 1, 2},
    Builtin{"bitwise", "bitwise/x", 1, 5},
    Builtin{"ec_op", "ec_op/p_x", 1, 7},
    Builtin{"keccak", "keccak/input_output", 16, 16, 16},
    Builtin{"poseidon", "poseidon/param_0/input_output", 2, 6},
    Builtin{"poseidon", "poseidon/input_output", 8, 6},  // Stone v1
};

constexpr std::array<const Layout*, 11> kLayouts{&kPlain,
                                                 &kSmall,
                                                 &kDex,
                                                 &kPerpetual,
                                                 &kAllSolidity,
                                                 &kRecursive,
                                                 &kDexWithBitwise,
                                                 &kStarknet,
                                                 &kRecursiveLargeOutput,
                                                 &kRecursiveWithPoseidon,
                                                 &kStarknetWithKeccak};

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

std::uint64_t Layout::batch_rows(std::string_view component) const {
  const auto it = std::ranges::find(kBuiltins, component, &Builtin::segment);
  return it == kBuiltins.end() ? 0 : it->batch * instance_rows(component);
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
    if (find_in(memory, builtin.cell)) out.push_back(builtin.segment);
  }
  return out;
}

const Layout* find_layout(std::string_view name, bool evm) {
  if (evm) {
    // Of the three that Stone changed after its first release the contracts check two, as they were.
    if (name == kStarknetV1.name) return &kStarknetV1;
    if (name == kRecursiveLargeOutputV1.name) return &kRecursiveLargeOutputV1;
    if (name == kStarknetWithKeccak.name || name == kPlain.name || name == kRecursiveWithPoseidon.name) return nullptr;
  }
  const auto it = std::ranges::find(kLayouts, name, [](const Layout* layout) { return layout->name; });
  return it == kLayouts.end() ? nullptr : *it;
}

std::span<const Layout* const> all_layouts() { return kLayouts; }

}  // namespace asterism::core::stark
