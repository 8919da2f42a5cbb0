// Where a constraint holds: rows of the trace, written as vanishing polynomials.
//
// RowSet {step, row} is the rows r = row (mod step); its polynomial is x^(N/step) - g^(row*N/step), N the length of the
// trace and g its generator. A single row is the set with step N. A set may be repeated, along one or two strides, all
// modulo the same step; its polynomial is then the product. A constraint C on a Domain contributes
// C(x) * prod(excluded)(x) / prod(included)(x) to the composition polynomial.
#pragma once
#include <cstdint>
#include <vector>

namespace asterism::core::stark {

struct Repeat {
  std::uint64_t count = 1;
  std::uint64_t stride = 1;
  auto operator<=>(const Repeat&) const = default;
};

struct RowSet {
  std::uint64_t step = 1;
  std::uint64_t row = 0;
  Repeat inner = {};  // its rows lie within one stride of outer
  Repeat outer = {};
  auto operator<=>(const RowSet&) const = default;

  std::uint64_t size() const { return inner.count * outer.count; }
  bool contains(std::uint64_t r) const {
    const std::uint64_t distance = (r % step + step - row) % step;
    const std::uint64_t major = outer.count == 1 ? 0 : distance / outer.stride;
    const std::uint64_t minor = distance - major * outer.stride;
    return major < outer.count && minor % inner.stride == 0 && minor / inner.stride < inner.count;
  }
  // Calls f with each row below `step`.
  template <class F>
  void for_each(const F& f) const {
    for (std::uint64_t j = 0; j < outer.count; ++j) {
      for (std::uint64_t i = 0; i < inner.count; ++i) f((row + j * outer.stride + i * inner.stride) % step);
    }
  }
};

struct Domain {
  std::vector<RowSet> included;
  std::vector<RowSet> excluded;
  auto operator<=>(const Domain&) const = default;

  Domain but(std::uint64_t step, std::uint64_t row) const { return but(RowSet{step, row}); }
  Domain but(const RowSet& set) const {
    Domain out = *this;
    out.excluded.push_back(set);
    return out;
  }
  bool contains(std::uint64_t row) const {
    const auto in = [row](const std::vector<RowSet>& sets) {
      for (const RowSet& set : sets) {
        if (set.contains(row)) return true;
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
