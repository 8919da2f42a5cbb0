#include "core/stark/deep.hpp"

#include <map>

#include "core/stark/domains.hpp"

namespace asterism::core::stark {
namespace {

using wide::Fraction;
using wide::Term;

constexpr std::size_t kGrain = 1024;

}  // namespace

Column deep_on_first_coset(ThreadPool& pool, const DeepInput& input, const PointInverses& inverses) {
  const std::uint64_t length = inverses.length;
  const Felt g = root_of_unity(length);
  const auto& mask = input.air.mask();
  const PointInverses squared(pool, length, input.z.square());
  std::map<std::uint64_t, Fraction> rows;
  Felt coefficient = Felt::one();
  for (std::size_t j = 0; j < mask.size(); ++j) {
    Fraction& row = rows[mask[j].row];
    row.table = &inverses.limbs;
    row.shift = (length - mask[j].row % length) % length;
    const Felt scaled = coefficient * power(g, row.shift);  // g^-row
    row.terms.push_back({mask[j].column, scaled});
    row.constant += scaled * input.values[j];
    coefficient *= input.beta;
  }
  std::vector<const Felt*> columns(input.columns.begin(), input.columns.end());
  std::vector<Fraction> fractions;
  for (auto& [number, row] : rows) fractions.push_back(std::move(row));
  Fraction& last = fractions.emplace_back();
  last.table = &squared.limbs;
  for (std::size_t j = 0; j < 2; ++j) {
    last.terms.push_back({static_cast<std::uint32_t>(columns.size()), coefficient});
    columns.push_back(input.composition[j]);
    last.constant += coefficient * input.values[mask.size() + j];
    coefficient *= input.beta;
  }
  Column out(length);
  pool.ranges(length, kGrain, [&](std::size_t begin, std::size_t end) {
    if (squared.felts.empty()) return wide::sum_fractions(fractions, columns, length - 1, begin, end, out.data());
    for (const Fraction& fraction : fractions) {
      const Column& table = fraction.table == &squared.limbs ? squared.felts : inverses.felts;
      for (std::size_t i = begin; i < end; ++i) {
        Felt sum = -fraction.constant;
        for (const Term& term : fraction.terms) sum += term.coefficient * columns[term.column][i];
        out[i] += sum * table[(i + fraction.shift) & (length - 1)];
      }
    }
  });
  return out;
}

}  // namespace asterism::core::stark
