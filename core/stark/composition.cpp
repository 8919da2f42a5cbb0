#include "core/stark/composition.hpp"

#include <algorithm>
#include <bit>

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

CosetTables::Group group_of_domain(const Domain& domain, std::uint64_t length, const Felt& offset) {
  CosetTables::Group out;
  const Felt g = root_of_unity(length);
  std::uint64_t period = 1;
  for (const auto* sets : {&domain.included, &domain.excluded}) {
    for (const RowSet& set : *sets) {
      if (set.step < length) period = std::max(period, set.step);
    }
  }
  const auto multiply = [&](std::vector<Felt>& values, const RowSet& set) {
    Felt x = power(offset, length / set.step);
    const Felt step = power(g, length / set.step);
    const Felt root = power(step, set.row);
    for (Felt& value : values) {
      value *= x - root;
      x *= step;
    }
  };
  std::vector<Felt> numerators(period, Felt::one());
  std::vector<Felt> denominators(period, Felt::one());
  for (const RowSet& set : domain.excluded) {
    if (set.step < length) {
      multiply(numerators, set);
    } else {
      out.excluded.push_back(power(g, set.row));
    }
  }
  for (const RowSet& set : domain.included) {
    if (set.step < length) {
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

CosetTables::CosetTables(ThreadPool& pool, const Air& the_air, const Globals& the_globals, const Felt& alpha,
                         const Felt& offset)
    : air(the_air), globals(the_globals), length(the_air.trace_length()) {
  const Felt g = root_of_unity(length);
  Felt coefficient = Felt::one();
  for (const ConstraintInfo& constraint : air.constraints()) {
    coefficients.push_back(coefficient);
    coefficient *= alpha;
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
