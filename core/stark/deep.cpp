#include "core/stark/deep.hpp"

#include <map>

#include "core/stark/domains.hpp"

namespace asterism::core::stark {
namespace {

struct Term {
  const Felt* column;
  Felt coefficient;
};

// Terms over the same denominator: (sum of coefficient * column - constant) / (x - z*g^row).
struct Row {
  std::uint64_t shift = 0;  // where the table of inverses is read
  std::vector<Term> terms;
  Felt constant;
};

std::vector<Felt> inverses(ThreadPool& pool, std::uint64_t length, const Felt& offset, const Felt& z) {
  const Felt g = root_of_unity(length);
  std::vector<Felt> out(length);
  pool.ranges(length, 1024, [&](std::size_t begin, std::size_t end) {
    Felt x = offset * power(g, begin);
    for (std::size_t i = begin; i < end; ++i) {
      out[i] = x - z;
      x *= g;
    }
    batch_inverse(std::span(out).subspan(begin, end - begin));
  });
  return out;
}

}  // namespace

std::vector<Felt> deep_on_first_coset(ThreadPool& pool, const DeepInput& input) {
  const std::uint64_t length = input.air.trace_length();
  const Felt g = root_of_unity(length);
  const auto& mask = input.air.mask();
  std::map<std::uint64_t, Row> rows;
  Felt coefficient = Felt::one();
  for (std::size_t j = 0; j < mask.size(); ++j) {
    Row& row = rows[mask[j].row];
    row.shift = (length - mask[j].row % length) % length;
    const Felt scaled = coefficient * power(g, row.shift);  // g^-row
    row.terms.push_back({input.columns[mask[j].column], scaled});
    row.constant += scaled * input.values[j];
    coefficient *= input.beta;
  }
  Row last;
  for (std::size_t j = 0; j < 2; ++j) {
    last.terms.push_back({input.composition[j], coefficient});
    last.constant += coefficient * input.values[mask.size() + j];
    coefficient *= input.beta;
  }
  const Felt offset(kCosetOffset);
  std::vector<Felt> out(length);
  const auto add = [&](const Row& row, const std::vector<Felt>& table, std::size_t i) {
    Felt sum = -row.constant;
    for (const Term& term : row.terms) sum += term.coefficient * term.column[i];
    out[i] += sum * table[(i + row.shift) & (length - 1)];
  };
  {
    const auto table = inverses(pool, length, offset, input.z.square());
    pool.ranges(length, 1024, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) add(last, table, i);
    });
  }
  const auto table = inverses(pool, length, offset, input.z);
  pool.ranges(length, 1024, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      for (const auto& [number, row] : rows) add(row, table, i);
    }
  });
  return out;
}

}  // namespace asterism::core::stark
