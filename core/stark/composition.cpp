#include "core/stark/composition.hpp"

#include <algorithm>
#include <bit>

#include "core/base/check.hpp"
#include "core/stark/air/air.hpp"
#include "core/stark/domains.hpp"
#include "core/stark/fft.hpp"
#include "core/stark/point_inverses.hpp"

namespace asterism::core::stark {
namespace {

constexpr std::size_t kLanes = 8;

CosetTables::Periodic repeated(std::vector<Felt> values) {
  const std::size_t period = values.size();
  while (values.size() < period + kLanes) values.push_back(values[values.size() - period]);
  return {std::move(values), period - 1};
}

// The values of a periodic column on the coset; they repeat with the column's period.
CosetTables::Periodic on_coset(const PeriodicColumn& column, std::uint64_t length, const Felt& offset) {
  const std::uint64_t period = column.period();
  const unsigned log_period = static_cast<unsigned>(std::countr_zero(period));
  const auto coefficients = interpolate_short(column.values);
  std::vector<Felt> values(period);
  for (std::size_t i = 0; i < coefficients.size(); ++i) values[bit_reverse(i, log_period)] = coefficients[i];
  evaluate(Twiddles::forward(log_period, power(offset, length / period)), values, values);
  return repeated(std::move(values));
}

// The values of the set's polynomial on the coset; they repeat after `step` rows.
std::vector<Felt> vanishing_on_coset(const RowSet& set, std::uint64_t length, const Felt& offset) {
  const Felt root = root_of_unity(set.step);
  const Felt start = power(offset, length / set.step);
  const unsigned log_step = static_cast<unsigned>(std::countr_zero(set.step));
  std::vector<Felt> out(set.step, Felt::one());
  if (set.size() <= std::max(log_step, 1U)) {
    set.for_each([&](std::uint64_t row) {
      const Felt zero = power(root, row);
      Felt x = start;
      for (Felt& value : out) {
        value *= x - zero;
        x *= root;
      }
    });
    return out;
  }
  // Many rows: a transform of the product's coefficients is cheaper.
  ASTERISM_CHECK(set.size() < set.step, "a domain that leaves no row out is written as a smaller step");
  std::vector<Felt> coefficients{Felt::one()};
  set.for_each([&](std::uint64_t row) {
    const Felt zero = power(root, row);
    coefficients.push_back(coefficients.back());
    for (std::size_t i = coefficients.size() - 2; i > 0; --i) {
      coefficients[i] = coefficients[i - 1] - zero * coefficients[i];
    }
    coefficients[0] = -(zero * coefficients[0]);
  });
  std::ranges::fill(out, Felt());
  for (std::size_t i = 0; i < coefficients.size(); ++i) out[bit_reverse(i, log_step)] = coefficients[i];
  evaluate(Twiddles::forward(log_step, start), out, out);
  return out;
}

bool single_row(const RowSet& set, std::uint64_t length) { return set.step == length && set.size() == 1; }

// After how many rows the part of a domain's factor repeats that is not single rows.
std::uint64_t period_of(const Domain& domain, std::uint64_t length) {
  std::uint64_t period = 1;
  for (const auto* sets : {&domain.included, &domain.excluded}) {
    for (const RowSet& set : *sets) {
      if (!single_row(set, length)) period = std::max(period, set.step);
    }
  }
  return period;
}

CosetTables::Group group_of_domain(const Domain& domain, std::uint64_t length, const Felt& offset) {
  CosetTables::Group out;
  const Felt g = root_of_unity(length);
  const std::uint64_t period = period_of(domain, length);
  const auto multiply = [&](std::vector<Felt>& values, const RowSet& set) {
    const auto factors = vanishing_on_coset(set, length, offset);
    for (std::size_t i = 0; i < period; ++i) values[i] *= factors[i & (set.step - 1)];
  };
  std::vector<Felt> numerators(period, Felt::one());
  std::vector<Felt> denominators(period, Felt::one());
  for (const RowSet& set : domain.excluded) {
    if (!single_row(set, length)) {
      multiply(numerators, set);
    } else {
      out.excluded.push_back(power(g, set.row));
    }
  }
  for (const RowSet& set : domain.included) {
    if (!single_row(set, length)) {
      multiply(denominators, set);
    } else {
      out.included.push_back({(length - set.row) % length, power(g, length - set.row)});
    }
  }
  batch_inverse(denominators);
  for (std::size_t i = 0; i < period; ++i) numerators[i] *= denominators[i];
  out.factor = repeated(std::move(numerators));
  return out;
}

}  // namespace

std::uint64_t CosetTables::bytes(const Air& air) {
  std::uint64_t felts = air.trace_length();
  for (const PeriodicColumn& column : air.periodic()) felts += column.period();
  for (const Domain& domain : air.domains()) felts += period_of(domain, air.trace_length());
  return felts * sizeof(Felt);
}

CosetTables::CosetTables(ThreadPool& pool, const CompositionInput& input)
    : air(input.air), globals(input.globals), length(input.air.trace_length()) {
  const Felt& offset = input.offset;
  ASTERISM_CHECK(air.domains().size() <= kMostGroups, "the kernel sums over the groups on its stack");
  const Felt g = root_of_unity(length);
  Felt coefficient = Felt::one();
  for (const ConstraintInfo& constraint : air.constraints()) {
    coefficients.push_back(coefficient);
    coefficient *= input.alpha;
    group_of.push_back(constraint.group);
  }
  columns.resize(air.periodic().size());
  groups.resize(air.domains().size());
  pool.run(columns.size() + groups.size(), [&](std::size_t i) {
    if (i < columns.size()) {
      columns[i] = on_coset(air.periodic()[i], length, offset);
    } else {
      groups[i - columns.size()] = group_of_domain(air.domains()[i - columns.size()], length, offset);
    }
  });
  inverses.resize(length + kLanes);
  invert_differences(pool, offset, g, Felt::one(), length, inverses.data());
  for (std::size_t i = 0; i < kLanes; ++i) {
    inverses[length + i] = inverses[i];
    points.push_back(offset * power(g, i));
  }
  stride = power(g, kLanes);
}

}  // namespace asterism::core::stark
