// Where a constraint holds: rows of the trace, written as vanishing polynomials.
//
// RowSet {step, row} is the rows r = row (mod step); its polynomial is x^(N/step) - g^(row*N/step), N the length of the
// trace and g its generator. A single row is the set with step N. A constraint C on a Domain contributes
// C(x) * prod(excluded)(x) / prod(included)(x) to the composition polynomial.
#pragma once
#include <cstdint>
#include <vector>

namespace asterism::core::stark {

struct RowSet {
  std::uint64_t step = 1;
  std::uint64_t row = 0;
  auto operator<=>(const RowSet&) const = default;
};

struct Domain {
  std::vector<RowSet> included;
  std::vector<RowSet> excluded;
  auto operator<=>(const Domain&) const = default;

  Domain but(std::uint64_t step, std::uint64_t row) const {
    Domain out = *this;
    out.excluded.push_back({step, row});
    return out;
  }
  bool contains(std::uint64_t row) const {
    const auto in = [row](const std::vector<RowSet>& sets) {
      for (const RowSet& set : sets) {
        if (row % set.step == set.row) return true;
      }
      return false;
    };
    return in(included) && !in(excluded);
  }
};

// Makes the domains of a trace of `length` rows.
struct Rows {
  std::uint64_t length;
  Domain every(std::uint64_t step) const { return {{{step, 0}}, {}}; }
  Domain within(std::uint64_t step, std::uint64_t row) const { return {{{step, row}}, {}}; }
  Domain first() const { return {{{length, 0}}, {}}; }
  // The last of the rows 0, step, 2*step, ...
  Domain last(std::uint64_t step) const { return {{{length, length - step}}, {}}; }
  Domain every_but_last(std::uint64_t step) const { return every(step).but(length, length - step); }
};

}  // namespace asterism::core::stark
