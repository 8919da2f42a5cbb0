#include "core/stark/deep.hpp"

#include <algorithm>
#include <map>

#include "core/base/cpu.hpp"
#include "core/stark/domains.hpp"
#include "core/stark/wide_kernels.hpp"

namespace asterism::core::stark {
namespace {

using wide::Fraction;
using wide::Term;

constexpr std::size_t kLanes = 8;

Column inverses(ThreadPool& pool, std::uint64_t length, const Felt& offset, const Felt& z) {
  const Felt g = root_of_unity(length);
  Column out(length + kLanes);
  pool.ranges(length, 1024, [&](std::size_t begin, std::size_t end) {
    Felt x = offset * power(g, begin);
    for (std::size_t i = begin; i < end; ++i) {
      out[i] = x - z;
      x *= g;
    }
    batch_inverse(std::span(out).subspan(begin, end - begin));
  });
  std::copy_n(out.begin(), kLanes, out.begin() + static_cast<std::ptrdiff_t>(length));
  return out;
}

void add_fractions(std::span<const Fraction> fractions, const Column& table, std::uint64_t mask, std::size_t begin,
                   std::size_t end, Felt* out) {
  if (cpu().avx512ifma) return wide::add_fractions(fractions, table.data(), mask, begin, end, out);
  for (std::size_t i = begin; i < end; ++i) {
    for (const Fraction& fraction : fractions) {
      Felt sum = -fraction.constant;
      for (const Term& term : fraction.terms) sum += term.coefficient * term.column[i];
      out[i] += sum * table[(i + fraction.shift) & mask];
    }
  }
}

}  // namespace

Column deep_on_first_coset(ThreadPool& pool, const DeepInput& input) {
  const std::uint64_t length = input.air.trace_length();
  const Felt g = root_of_unity(length);
  const auto& mask = input.air.mask();
  std::map<std::uint64_t, Fraction> rows;
  Felt coefficient = Felt::one();
  for (std::size_t j = 0; j < mask.size(); ++j) {
    Fraction& row = rows[mask[j].row];
    row.shift = (length - mask[j].row % length) % length;
    const Felt scaled = coefficient * power(g, row.shift);  // g^-row
    row.terms.push_back({input.columns[mask[j].column], scaled});
    row.constant += scaled * input.values[j];
    coefficient *= input.beta;
  }
  Fraction last;
  for (std::size_t j = 0; j < 2; ++j) {
    last.terms.push_back({input.composition[j], coefficient});
    last.constant += coefficient * input.values[mask.size() + j];
    coefficient *= input.beta;
  }
  const Felt offset(kCosetOffset);
  Column out(length);
  std::vector<Fraction> fractions;
  for (auto& [number, row] : rows) fractions.push_back(std::move(row));
  const auto add = [&](std::span<const Fraction> some, const Felt& point) {
    const auto table = inverses(pool, length, offset, point);
    pool.ranges(length, 1024, [&](std::size_t begin, std::size_t end) {
      add_fractions(some, table, length - 1, begin, end, out.data());
    });
  };
  add({&last, 1}, input.z.square());
  add(fractions, input.z);
  return out;
}

}  // namespace asterism::core::stark
