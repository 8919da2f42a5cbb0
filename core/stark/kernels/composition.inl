// The kernel of composition.hpp, for the lanes of the namespace it is included in: Felt8, Sum8 and reduce.

// A sum that is reduced when it becomes a factor.
struct Value {
  Sum8 sum;
};
[[gnu::always_inline]] inline Value operator+(const Value& a, const Value& b) { return {a.sum + b.sum}; }
[[gnu::always_inline]] inline Value operator-(const Value& a, const Value& b) { return {a.sum - b.sum}; }
[[gnu::always_inline]] inline Value operator*(const Value& a, const Value& b) {
  return {reduce(a.sum) * reduce(b.sum)};
}

constexpr std::size_t kSmallNumbers = 17;

struct Lanes {
  using Value = lanes::Value;
  const CosetTables& tables;
  const Felt* const* columns;
  std::uint64_t row_mask;
  const Sum8* globals;
  const Sum8* numbers;
  std::uint64_t row = 0;
  std::uint32_t next = 0;
  Sum8* sums;

  Value at(const VirtualColumn& cells, std::uint64_t index) const {
    return {Felt8::load_sum(columns[cells.column] + ((row + cells.first + index * cells.step) & row_mask))};
  }
  // The numbers that constraints are full of are made once.
  [[gnu::always_inline]] Value number(std::uint64_t value) const {
    if (value < kSmallNumbers) return {numbers[value]};
    if (value == 1 << 15) return {numbers[kSmallNumbers]};
    if (value == 1 << 16) return {numbers[kSmallNumbers + 1]};
    return {Felt8::broadcast(Felt(value))};
  }
  Value constant(const Felt& value) const { return {Felt8::broadcast(value)}; }
  Value global(Global which) const { return {globals[static_cast<std::size_t>(which)]}; }
  Value periodic(PeriodicId id) const {
    const CosetTables::Periodic& column = tables.columns[id];
    return {Felt8::load(column.values.data() + (row & column.mask))};
  }
  void constrain(ConstraintName, const Value& value, const Domain&) {
    Sum8& sum = sums[tables.group_of[next]];
    sum = sum + Sum8(Felt8::broadcast(tables.coefficients[next]) * reduce(value.sum));
    ++next;
  }
};

inline void compose(const CosetTables& tables, std::span<const Felt* const> columns, std::size_t begin, std::size_t end,
                    Felt* out) {
  constexpr std::size_t kMostGroups = 128;
  Sum8 sums[kMostGroups];
  Sum8 globals[kGlobals];
  for (std::size_t i = 0; i < kGlobals; ++i) globals[i] = Felt8::broadcast(tables.globals[i]);
  Felt8 x = Felt8::load(tables.points.data()) * Felt8::broadcast(power(tables.stride, begin / 8));
  const Felt8 stride = Felt8::broadcast(tables.stride);
  Sum8 numbers[kSmallNumbers + 2];
  for (std::size_t i = 0; i < kSmallNumbers; ++i) numbers[i] = Felt8::broadcast(Felt(i));
  numbers[kSmallNumbers] = Felt8::broadcast(Felt(1 << 15));
  numbers[kSmallNumbers + 1] = Felt8::broadcast(Felt(1 << 16));
  Lanes lanes{tables, columns.data(), tables.length - 1, globals, numbers, 0, 0, sums};
  for (std::size_t row = begin; row < end; row += 8) {
    lanes.row = row;
    lanes.next = 0;
    for (std::size_t i = 0; i < tables.groups.size(); ++i) sums[i] = Felt8::broadcast(Felt());
    tables.air.evaluate(lanes);
    Sum8 total = Felt8::broadcast(Felt());
    for (std::size_t i = 0; i < tables.groups.size(); ++i) {
      const CosetTables::Group& group = tables.groups[i];
      Felt8 term = reduce(sums[i]) * Felt8::load(group.factor.values.data() + (row & group.factor.mask));
      for (const Felt& root : group.excluded) term = term * reduce(Sum8(x) - Sum8(Felt8::broadcast(root)));
      for (const auto& boundary : group.included) {
        term = term * Felt8::broadcast(boundary.factor);
        term = term * Felt8::load(tables.inverses.data() + ((row + boundary.shift) & lanes.row_mask));
      }
      total = total + Sum8(term);
    }
    reduce(total).store(out + row);
    x = x * stride;
  }
}
