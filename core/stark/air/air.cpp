#include "core/stark/air/air.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "core/base/check.hpp"
#include "core/stark/domains.hpp"

namespace asterism::core::stark {
namespace {

template <class T>
std::optional<T> component_if(const Binder& binder, bool present) {
  std::optional<T> out;
  if (present) out.emplace(binder);
  return out;
}

// The degree of a value as a polynomial in columns.
struct Degree {
  std::uint32_t degree = 0;
  friend Degree operator+(Degree a, Degree b) { return {std::max(a.degree, b.degree)}; }
  friend Degree operator-(Degree a, Degree b) { return {std::max(a.degree, b.degree)}; }
  friend Degree operator*(Degree a, Degree b) { return {a.degree + b.degree}; }
};

// Collects mask, names and domains.
struct Survey {
  using Value = Degree;
  std::set<MaskCell> mask;
  std::vector<ConstraintInfo> constraints;
  std::vector<Domain> domains;

  Value at(const VirtualColumn& cells, std::uint64_t index) {
    mask.insert({cells.column, cells.row(index)});
    return {1};
  }
  Value number(std::uint64_t) const { return {0}; }
  Value constant(const Felt&) const { return {0}; }
  Value global(Global) const { return {0}; }
  Value periodic(PeriodicId) const { return {1}; }
  void constrain(ConstraintName name, const Value& value, const Domain& domain) {
    auto it = std::ranges::find(domains, domain);
    if (it == domains.end()) it = domains.insert(domains.end(), domain);
    constraints.push_back({std::string(name.scope) + std::string(name.name),
                           static_cast<std::uint32_t>(it - domains.begin()), value.degree});
  }
};

struct PointEvaluator {
  using Value = Felt;
  const Air& air;
  const Globals& globals;
  std::span<const Felt> mask_values;
  std::vector<Felt> periodic_values;
  std::vector<Felt> sums;  // by group
  Felt alpha;
  Felt coefficient = Felt::one();
  std::size_t next = 0;

  Value at(const VirtualColumn& cells, std::uint64_t index) const { return mask_values[air.cell_index(cells, index)]; }
  Value number(std::uint64_t value) const { return Felt(value); }
  Value constant(const Felt& value) const { return value; }
  Value global(Global which) const { return stark::at(globals, which); }
  Value periodic(PeriodicId id) const { return periodic_values[id]; }
  void constrain(ConstraintName, const Value& value, const Domain&) {
    sums[air.constraints()[next++].group] += coefficient * value;
    coefficient *= alpha;
  }
};

}  // namespace

Air::Air(const Layout& layout, std::uint64_t n_steps)
    : layout_(layout),
      rows_{n_steps * kRowsPerStep},
      cpu_({layout, rows_, periodic_}),
      memory_({layout, rows_, periodic_}),
      range_check_({layout, rows_, periodic_}),
      diluted_(component_if<DilutedPool>({layout, rows_, periodic_}, layout.find("diluted_pool").has_value())),
      pedersen_(component_if<Pedersen>({layout, rows_, periodic_}, layout.has("pedersen"))),
      range_check_builtin_(component_if<RangeCheckBuiltin>({layout, rows_, periodic_}, layout.has("range_check"))),
      ecdsa_(component_if<Ecdsa>({layout, rows_, periodic_}, layout.has("ecdsa"))),
      bitwise_(component_if<Bitwise>({layout, rows_, periodic_}, layout.has("bitwise"))),
      ec_op_(component_if<EcOp>({layout, rows_, periodic_}, layout.has("ec_op"))),
      keccak_(component_if<Keccak>({layout, rows_, periodic_}, layout.has("keccak"))),
      poseidon_(component_if<Poseidon>({layout, rows_, periodic_}, layout.has("poseidon"))) {
  Survey survey;
  evaluate(survey);
  mask_.assign(survey.mask.begin(), survey.mask.end());
  index_mask();
  constraints_ = std::move(survey.constraints);
  domains_ = std::move(survey.domains);
}

void Air::index_mask() {
  column_begin_.resize(layout_.columns());
  for (std::size_t i = 0; i < mask_.size(); ++i) {
    const auto [column, row] = mask_[i];
    if (i == 0 || mask_[i - 1].column != column) column_begin_[column] = cell_indices_.size();
    cell_indices_.resize(column_begin_[column] + row + 1);
    cell_indices_.back() = static_cast<std::uint16_t>(i);
  }
}

unsigned Air::log_trace_length() const { return static_cast<unsigned>(std::countr_zero(rows_.length)); }

Globals Air::globals(const PublicInput& input, std::span<const Felt> challenges) const {
  ASTERISM_CHECK(challenges.size() == this->challenges(), "one challenge each");
  Globals out{};
  for (std::size_t i = 0; i < challenges.size(); ++i) out[i] = challenges[i];
  const auto set = [&](Global which, std::uint64_t value) { stark::at(out, which) = Felt(value); };
  set(Global::initial_pc, input.segment("program").begin_addr);
  set(Global::final_pc, input.segment("program").stop_ptr);
  set(Global::initial_ap, input.segment("execution").begin_addr);
  set(Global::final_ap, input.segment("execution").stop_ptr);
  set(Global::rc_min, input.rc_min);
  set(Global::rc_max, input.rc_max);
  set(Global::pedersen_begin, input.segment("pedersen").begin_addr);
  set(Global::range_check_begin, input.segment("range_check").begin_addr);
  set(Global::ecdsa_begin, input.segment("ecdsa").begin_addr);
  set(Global::bitwise_begin, input.segment("bitwise").begin_addr);
  set(Global::ec_op_begin, input.segment("ec_op").begin_addr);
  set(Global::keccak_begin, input.segment("keccak").begin_addr);
  set(Global::poseidon_begin, input.segment("poseidon").begin_addr);

  // z / (z - cell) for each public cell; the slots left over repeat the first one.
  const Felt& z = challenges[0];
  const Felt& alpha = challenges[1];
  const auto hashed = [&](const PublicCell& cell) { return z - (Felt(cell.address) + alpha * cell.value); };
  const std::uint64_t slots = rows_.length / memory_.public_cells.address.step;
  Felt denominator = power(hashed(input.memory.front()), slots - input.memory.size());
  for (const PublicCell& cell : input.memory) denominator *= hashed(cell);
  stark::at(out, Global::public_memory_product) = power(z, slots) * denominator.inverse();
  if (diluted_) {
    stark::at(out, Global::diluted_final_value) =
        diluted_final_value(stark::at(out, Global::diluted_z), stark::at(out, Global::diluted_alpha));
  }
  return out;
}

// The running value is r -> r*(1 + z*d) + alpha*d^2 for each difference d. The sorted values below 2^n are those below
// 2^(n-1), a jump, and the same differences again, so the map of n bits is made of that of n-1 bits twice.
Felt diluted_final_value(const Felt& z, const Felt& alpha) {
  Felt factor = Felt::one();
  Felt offset;
  for (unsigned bits = 0; bits < DilutedPool::kBits; ++bits) {
    const std::uint64_t half = std::uint64_t{1} << bits;
    const Felt jump(dilute(half) - dilute(half - 1));
    const Felt jump_factor = Felt::one() + z * jump;
    const Felt jump_offset = alpha * jump * jump;
    const Felt middle = (offset * jump_factor) + jump_offset;
    offset = middle * factor + offset;
    factor = factor * jump_factor * factor;
  }
  return factor + offset;  // it starts from 1
}

Expected<void> check_public_input(const Layout& layout, const PublicInput& input, bool evm) {
  constexpr std::uint64_t kMostSteps = std::uint64_t{1} << 32;
  const auto bad = [](std::string detail) { return fail(Error::bad_public_input, std::move(detail)); };
  if (input.n_steps == 0 || !std::has_single_bit(input.n_steps) || input.n_steps > kMostSteps) {
    return bad("n_steps must be a power of two");
  }
  const std::uint64_t rows = input.n_steps * kRowsPerStep;
  if (input.rc_min > input.rc_max || input.rc_max > 0xffff) return bad("rc_min and rc_max must be 16-bit and in order");
  if (input.memory.empty()) return bad("no public memory");
  if (evm && input.segment("program") != Segment{1, 5}) {
    return bad("the contracts take a program that begins at 1 and ends at 5: ap += n; call main; jmp rel 0");
  }
  if (input.memory.front().page != 0) return bad("the first public cell must be on page 0");
  if (input.memory.size() > rows / layout.memory_at("orig/public_memory").address.step) {
    return bad("more public memory than the trace has room for");
  }
  const auto names = layout.segment_names();
  if (input.segments.size() != names.size()) return bad("segments of another layout");
  for (const std::string_view name : names) {
    const auto it = input.segments.find(name);
    if (it == input.segments.end()) return bad("segment " + std::string(name) + " is missing");
    const std::uint64_t instance_rows = layout.instance_rows(name);
    if (instance_rows == 0) continue;
    if (layout.batch_rows(name) > rows)
      return fail(Error::no_room, "the trace is shorter than one instance of " + std::string(name));
    const std::uint64_t cells = layout.instance_cells(name);
    if (it->second.begin_addr <= it->second.stop_ptr &&
        ((it->second.stop_ptr - it->second.begin_addr) % cells != 0 ||
         (it->second.stop_ptr - it->second.begin_addr) / cells > rows / instance_rows)) {
      return bad("segment " + std::string(name) + " is not a number of instances that the trace has");
    }
    if (it->second.begin_addr > it->second.stop_ptr)
      return bad("segment " + std::string(name) + " ends before it begins");
  }
  return {};
}

std::vector<Felt> interpolate_short(std::span<const Felt> values) {
  const std::size_t n = values.size();
  if (n == 1) return {values[0]};
  std::vector<Felt> even, odd;
  for (std::size_t i = 0; i < n / 2; ++i) {
    even.push_back(values[i] + values[i + n / 2]);
    odd.push_back(values[i] - values[i + n / 2]);
  }
  const Felt half = Felt(2).inverse();
  const Felt inverse_root = root_of_unity(n).inverse();
  Felt factor = half;
  for (std::size_t i = 0; i < n / 2; ++i) {
    even[i] *= half;
    odd[i] *= factor;
    factor *= inverse_root;
  }
  const auto low = interpolate_short(even);
  const auto high = interpolate_short(odd);
  std::vector<Felt> out(n);
  for (std::size_t i = 0; i < n / 2; ++i) {
    out[2 * i] = low[i];
    out[2 * i + 1] = high[i];
  }
  return out;
}

Felt evaluate_composition(const Air& air, const Globals& globals, std::span<const Felt> mask_values, const Felt& z,
                          const Felt& alpha) {
  PointEvaluator evaluator{air, globals, mask_values, {}, std::vector<Felt>(air.domains().size()), alpha};
  for (const PeriodicColumn& column : air.periodic()) {
    const auto coefficients = interpolate_short(column.values);
    evaluator.periodic_values.push_back(
        evaluate_polynomial(coefficients, power(z, air.trace_length() / column.period())));
  }
  air.evaluate(evaluator);

  const std::uint64_t n = air.trace_length();
  const auto vanishing = [&](const RowSet& set) {
    const Felt x = power(z, n / set.step);
    const Felt g = root_of_unity(set.step);
    const Felt inner = power(g, set.inner.stride), outer = power(g, set.outer.stride);
    Felt start = power(g, set.row);
    Felt product = Felt::one();
    for (std::uint64_t j = 0; j < set.outer.count; ++j) {
      Felt root = start;
      for (std::uint64_t i = 0; i < set.inner.count; ++i) {
        product *= x - root;
        root *= inner;
      }
      start *= outer;
    }
    return product;
  };
  std::vector<Felt> numerators, denominators;
  for (const Domain& domain : air.domains()) {
    Felt numerator = Felt::one();
    Felt denominator = Felt::one();
    for (const RowSet& set : domain.excluded) numerator *= vanishing(set);
    for (const RowSet& set : domain.included) denominator *= vanishing(set);
    numerators.push_back(numerator);
    denominators.push_back(denominator);
  }
  batch_inverse(denominators);
  Felt out;
  for (std::size_t i = 0; i < numerators.size(); ++i) out += evaluator.sums[i] * numerators[i] * denominators[i];
  return out;
}

}  // namespace asterism::core::stark
