// What a component's constraints are written against. An evaluator E decides what a value is (a felt, eight felts, a
// degree, the name of a mask cell) and what happens to a constraint; the formulas are written once.
//
//   typename E::Value                       +, -, * among themselves
//   E::at(VirtualColumn, index)             the cell, relative to the current row
//   E::number(n), E::constant(felt)
//   E::global(Global)                       challenges and public values
//   E::periodic(PeriodicColumn id)          the value of a periodic column at the current row
//   E::constrain({scope, name}, value, domain)
// Components call constrain in the order of the powers of the random coefficient.
#pragma once
#include <array>
#include <string_view>

#include "core/felt/felt.hpp"
#include "core/stark/air/domain.hpp"
#include "core/stark/air/layout.hpp"

namespace asterism::core::stark {

struct ConstraintName {
  std::string_view scope;
  std::string_view name;
};

// Challenges drawn after the first commitment, in drawing order, then values of the public input.
enum class Global : std::uint8_t {
  memory_z,
  memory_alpha,
  range_check_z,
  diluted_permutation_z,
  diluted_z,
  diluted_alpha,
  public_memory_product,
  diluted_final_value,
  initial_pc,
  final_pc,
  initial_ap,
  final_ap,
  rc_min,
  rc_max,
  pedersen_begin,
  range_check_begin,
  ecdsa_begin,
  bitwise_begin,
  ec_op_begin,
  keccak_begin,
  poseidon_begin,
  count,
};
constexpr std::size_t kGlobals = static_cast<std::size_t>(Global::count);
using Globals = std::array<Felt, kGlobals>;
inline Felt& at(Globals& globals, Global which) { return globals[static_cast<std::size_t>(which)]; }
inline const Felt& at(const Globals& globals, Global which) { return globals[static_cast<std::size_t>(which)]; }

// A column that is known to everybody: values.size() entries, `step` rows apart, repeating.
struct PeriodicColumn {
  std::uint64_t step = 1;
  std::vector<Felt> values;
  std::uint64_t period() const { return step * values.size(); }
};
using PeriodicId = std::uint32_t;

// What a component is built from: the layout's table, the rows of the trace, and a list to add periodic columns to.
struct Binder {
  const Layout& layout;
  Rows rows;
  std::vector<PeriodicColumn>& periodic;

  PeriodicId add_periodic(std::uint64_t step, std::vector<Felt> values) const {
    periodic.push_back({step, std::move(values)});
    return static_cast<PeriodicId>(periodic.size() - 1);
  }
};

}  // namespace asterism::core::stark
