#include "core/stark/check.hpp"

namespace asterism::core::stark {
namespace {

struct RowEvaluator {
  using Value = Felt;
  const Air& air;
  const Globals& globals;
  std::span<const Felt* const> columns;
  std::uint64_t row;
  std::size_t next = 0;
  std::vector<Violation> violations = {};

  Value at(const VirtualColumn& cells, std::uint64_t index) const {
    return columns[cells.column][(row + cells.row(index)) % air.trace_length()];
  }
  Value number(std::uint64_t value) const { return Felt(value); }
  Value constant(const Felt& value) const { return value; }
  Value global(Global which) const { return stark::at(globals, which); }
  // Between two of its entries a periodic column is read by no constraint that holds there.
  Value periodic(PeriodicId id) const {
    const PeriodicColumn& column = air.periodic()[id];
    return column.values[row / column.step % column.values.size()];
  }
  void constrain(ConstraintName, const Value& value, const Domain& domain) {
    if (!value.is_zero() && domain.contains(row)) violations.push_back({air.constraints()[next].name, row});
    ++next;
  }
};

struct CellCollector {
  struct Value {
    std::vector<MaskCell> cells;
    friend Value operator+(Value a, const Value& b) {
      a.cells.insert(a.cells.end(), b.cells.begin(), b.cells.end());
      return a;
    }
    friend Value operator-(Value a, const Value& b) { return std::move(a) + b; }
    friend Value operator*(Value a, const Value& b) { return std::move(a) + b; }
  };
  std::size_t wanted;
  std::size_t next = 0;
  std::vector<MaskCell> found = {};

  Value at(const VirtualColumn& cells, std::uint64_t index) const { return {{{cells.column, cells.row(index)}}}; }
  Value number(std::uint64_t) const { return {}; }
  Value constant(const Felt&) const { return {}; }
  Value global(Global) const { return {}; }
  Value periodic(PeriodicId) const { return {}; }
  void constrain(ConstraintName, const Value& value, const Domain&) {
    if (next++ == wanted) found = value.cells;
  }
};

}  // namespace

std::vector<Violation> violations_at(const Air& air, const Globals& globals, std::span<const Felt* const> columns,
                                     std::uint64_t row) {
  RowEvaluator evaluator{air, globals, columns, row};
  air.evaluate(evaluator);
  return std::move(evaluator.violations);
}

std::optional<Violation> first_violation(const Air& air, const Globals& globals, std::span<const Felt* const> columns) {
  for (std::uint64_t row = 0; row < air.trace_length(); ++row) {
    auto violations = violations_at(air, globals, columns, row);
    if (!violations.empty()) return violations.front();
  }
  return std::nullopt;
}

std::vector<MaskCell> cells_of(const Air& air, std::size_t constraint) {
  CellCollector collector{constraint};
  air.evaluate(collector);
  return std::move(collector.found);
}

}  // namespace asterism::core::stark
