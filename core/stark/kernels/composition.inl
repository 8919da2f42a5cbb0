// The kernel of composition.hpp, for the lanes of the namespace it is included in: Felt8, Sum8, Products, Factor, product,
// reduce and as_factor.

// What may be a factor as it is.
struct Cell {
  Sum8 sum;
};
// A sum that is reduced when it becomes a factor.
struct Value {
  Sum8 sum;
  [[gnu::always_inline]] Value(const Sum8& value) : sum(value) {}
  [[gnu::always_inline]] Value(const Cell& cell) : sum(cell.sum) {}
};
[[gnu::always_inline]] inline Felt8 factor_of(const Cell& cell) { return as_factor(cell.sum); }
[[gnu::always_inline]] inline Felt8 factor_of(const Value& value) { return reduce(value.sum); }

[[gnu::always_inline]] inline Value operator+(const Value& a, const Value& b) { return a.sum + b.sum; }
[[gnu::always_inline]] inline Value operator-(const Value& a, const Value& b) { return a.sum - b.sum; }
template <class A, class B>
concept Factors = (std::same_as<A, Cell> || std::same_as<A, Value>)&&(std::same_as<B, Cell> || std::same_as<B, Value>);
template <class A, class B>
  requires Factors<A, B>
[[gnu::always_inline]] inline Value operator*(const A& a, const B& b) {
  return product(factor_of(a), factor_of(b));
}

constexpr std::size_t kSmallNumbers = 17;

// What is the same for every row, in the form of factors.
struct Constants {
  std::vector<Factor> coefficients;
  std::array<Sum8, kGlobals> globals;
  std::array<Sum8, kSmallNumbers + 2> numbers;

  explicit Constants(const CosetTables& tables) {
    for (const Felt& value : tables.coefficients) coefficients.emplace_back(value);
    for (std::size_t i = 0; i < kGlobals; ++i) globals[i] = Felt8::broadcast(tables.globals[i]);
    for (std::size_t i = 0; i < kSmallNumbers; ++i) numbers[i] = Felt8::broadcast(Felt(i));
    numbers[kSmallNumbers] = Felt8::broadcast(Felt(1 << 15));
    numbers[kSmallNumbers + 1] = Felt8::broadcast(Felt(1 << 16));
  }
};

struct Lanes {
  using Value = lanes::Value;
  const CosetTables& tables;
  const Constants& constants;
  const Sum8* cells;  // of the mask
  Products* sums;     // by group
  std::uint64_t row = 0;
  std::uint32_t next = 0;

  [[gnu::always_inline]] Cell at(const VirtualColumn& column, std::uint64_t index) const {
    return {cells[tables.air.cell_index(column, index)]};
  }
  // The numbers that constraints are full of are made once.
  [[gnu::always_inline]] Cell number(std::uint64_t value) const {
    if (value < kSmallNumbers) return {constants.numbers[value]};
    if (value == 1 << 15) return {constants.numbers[kSmallNumbers]};
    if (value == 1 << 16) return {constants.numbers[kSmallNumbers + 1]};
    return {Felt8::broadcast(Felt(value))};
  }
  Cell constant(const Felt& value) const { return {Felt8::broadcast(value)}; }
  Cell global(Global which) const { return {constants.globals[static_cast<std::size_t>(which)]}; }
  Cell periodic(PeriodicId id) const {
    const CosetTables::Periodic& column = tables.columns[id];
    return {Felt8::load_sum(column.values.data() + (row & column.mask))};
  }
  template <class V>
  [[gnu::always_inline]] void constrain(ConstraintName, const V& value, const Domain&) {
    sums[tables.group_of[next]].add(factor_of(value), Felt8::broadcast(constants.coefficients[next]));
    ++next;
  }
};

// The sum over the groups at points x.
inline Sum8 weigh(const CosetTables& tables, const Products* sums, std::uint64_t row, const Felt8& x) {
  Products total;
  for (std::size_t i = 0; i < tables.groups.size(); ++i) {
    const CosetTables::Group& group = tables.groups[i];
    Felt8 term = reduce(sums[i].total());
    for (const Felt& root : group.excluded) term = term * reduce(Sum8(x) - Sum8(Felt8::broadcast(root)));
    for (const auto& boundary : group.included) {
      term = term * Felt8::broadcast(boundary.factor);
      term = term *
             as_factor(Felt8::load_sum(tables.inverses.data() + ((row + boundary.shift) & (tables.length - 1))));
    }
    total.add(term, as_factor(Felt8::load_sum(group.factor.values.data() + (row & group.factor.mask))));
  }
  return total.total();
}

inline void compose(const CosetTables& tables, std::span<const Felt* const> columns, std::size_t begin, std::size_t end,
                    Felt* out) {
  const Constants constants(tables);
  const auto& mask = tables.air.mask();
  std::vector<Sum8, PageAllocator<Sum8>> cells(mask.size());
  Products sums[kMostGroups];
  Felt8 x = Felt8::load(tables.points.data()) * Felt8::broadcast(power(tables.stride, begin / 8));
  const Felt8 stride = Felt8::broadcast(tables.stride);
  Lanes lanes{tables, constants, cells.data(), sums};
  for (std::size_t row = begin; row < end; row += 8) {
    for (std::size_t i = 0; i < mask.size(); ++i) {
      cells[i] = Felt8::load_sum(columns[mask[i].column] + ((row + mask[i].row) & (tables.length - 1)));
    }
    lanes.row = row;
    lanes.next = 0;
    for (std::size_t i = 0; i < tables.groups.size(); ++i) sums[i] = Products();
    tables.air.evaluate(lanes);
    reduce(weigh(tables, sums, row, x)).store(out + row);
    x = x * stride;
  }
}
