#include "core/stark/deep.hpp"

#include <map>
#include <optional>

#include "core/stark/domains.hpp"

namespace asterism::core::stark {
namespace {

using wide::Fraction;
using wide::Term;

constexpr std::size_t kGrain = 1024;

}  // namespace

void add_deep(ThreadPool& pool, const DeepInput& input, Column& out) {
  const std::uint64_t length = input.air.trace_length();
  const Felt g = root_of_unity(length);
  const auto& mask = input.air.mask();
  std::vector<const Felt*> columns;
  std::vector<std::uint32_t> place(input.columns.size());
  for (std::size_t c = 0; c < place.size(); ++c) {
    place[c] = static_cast<std::uint32_t>(columns.size());
    if (input.columns[c] != nullptr) columns.push_back(input.columns[c]);
  }
  std::optional<PointInverses> inverses, squared;
  if (!columns.empty()) inverses.emplace(pool, length, input.z);
  std::map<std::uint64_t, Fraction> rows;
  Felt coefficient = Felt::one();
  for (std::size_t j = 0; j < mask.size(); ++j, coefficient *= input.beta) {
    if (input.columns[mask[j].column] == nullptr) continue;
    Fraction& row = rows[mask[j].row];
    row.table = &inverses->limbs;
    row.shift = (length - mask[j].row % length) % length;
    const Felt scaled = coefficient * power(g, row.shift);  // g^-row
    row.terms.push_back({place[mask[j].column], scaled});
    row.constant += scaled * input.values[j];
  }
  std::vector<Fraction> fractions;
  for (auto& [number, row] : rows) fractions.push_back(std::move(row));
  if (input.composition[0] != nullptr) {
    squared.emplace(pool, length, input.z.square());
    Fraction& last = fractions.emplace_back();
    last.table = &squared->limbs;
    for (std::size_t j = 0; j < 2; ++j, coefficient *= input.beta) {
      last.terms.push_back({static_cast<std::uint32_t>(columns.size()), coefficient});
      columns.push_back(input.composition[j]);
      last.constant += coefficient * input.values[mask.size() + j];
    }
  }
  const bool lanes = (inverses ? inverses : squared)->felts.empty();
  pool.ranges(length, kGrain, [&](std::size_t begin, std::size_t end) {
    if (lanes) return wide::sum_fractions(fractions, columns, length - 1, begin, end, out.data());
    for (const Fraction& fraction : fractions) {
      const Column& table = (squared && fraction.table == &squared->limbs ? squared : inverses)->felts;
      for (std::size_t i = begin; i < end; ++i) {
        Felt sum = -fraction.constant;
        for (const Term& term : fraction.terms) sum += term.coefficient * columns[term.column][i];
        out[i] += sum * table[(i + fraction.shift) & (length - 1)];
      }
    }
  });
}

}  // namespace asterism::core::stark
