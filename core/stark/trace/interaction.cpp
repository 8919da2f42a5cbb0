// The interaction trace: running products that show the sorted columns to be permutations, and the diluted pool's
// running value.
#include "core/stark/trace/trace.hpp"

namespace asterism::core::stark {
namespace {

// values[i] becomes the product over j <= i of values[j] * inverses[j].
void multiply_up(Column& values, const Column& inverses) {
  Felt product = Felt::one();
  for (std::size_t i = 0; i < values.size(); ++i) {
    product *= values[i] * inverses[i];
    values[i] = product;
  }
}

// 1/(z - v) for each value of a sorted list, in which many are equal.
Column inverses_of_sorted(const std::vector<std::uint64_t>& sorted, const Felt& z) {
  std::vector<Felt> distinct;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i == 0 || sorted[i] != sorted[i - 1]) distinct.push_back(z - Felt(sorted[i]));
  }
  batch_inverse(distinct);
  Column out;
  out.reserve(sorted.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    out.push_back(i == 0 || sorted[i] != sorted[i - 1] ? distinct[next++] : out.back());
  }
  return out;
}

Column pool_product(const ValuePool& pool, const std::vector<std::uint64_t>& sorted, const Felt& z) {
  Column out(pool.size());
  for (std::size_t i = 0; i < pool.size(); ++i) out[i] = z - Felt(pool.value(i));
  multiply_up(out, inverses_of_sorted(sorted, z));
  return out;
}

Column memory_product(const Trace& trace, const Felt& z, const Felt& alpha) {
  const MemoryPool& memory = trace.memory();
  const std::size_t units = memory.address.size();
  Column hashed(units);
  for (std::size_t i = 0; i < units; ++i) hashed[i] = z - (Felt(memory.address[i]) + alpha * memory.value[i]);
  Column denominators(units);
  for (std::size_t i = 0; i < units; ++i) denominators[i] = hashed[trace.memory_order()[i]];
  for (std::size_t i = 0; i < units; ++i) {
    if (memory.is_public[i]) hashed[i] = z;
  }
  batch_inverse(denominators);
  multiply_up(hashed, denominators);
  return hashed;
}

Column diluted_running(const std::vector<std::uint64_t>& sorted, const Felt& z, const Felt& alpha) {
  Column out{Felt::one()};
  out.reserve(sorted.size());
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const Felt gap(sorted[i] - sorted[i - 1]);
    out.push_back(out.back() + gap * (z * out.back() + alpha * gap));
  }
  return out;
}

}  // namespace

std::vector<Column> generate_interaction(const Trace& trace, const Globals& globals) {
  const Layout& layout = trace.layout();
  std::vector<Column> columns(layout.columns_second, Column(trace.rows()));
  const auto write = [&](std::string_view name, const Column& values) {
    const VirtualColumn cells = layout.at(name);
    for (std::size_t i = 0; i < values.size(); ++i) {
      columns[cells.column - layout.columns_first][cells.row(i)] = values[i];
    }
  };
  write("memory/multi_column_perm/perm/cum_prod0",
        memory_product(trace, at(globals, Global::memory_z), at(globals, Global::memory_alpha)));
  write("range_check16/perm/cum_prod0",
        pool_product(trace.range_check(), trace.range_check().sorted(), at(globals, Global::range_check_z)));
  if (const ValuePool* pool = trace.diluted()) {
    const auto values = pool->sorted();
    write("diluted_check/permutation/cum_prod0",
          pool_product(*pool, values, at(globals, Global::diluted_permutation_z)));
    write("diluted_check/cumulative_value",
          diluted_running(values, at(globals, Global::diluted_z), at(globals, Global::diluted_alpha)));
  }
  return columns;
}

}  // namespace asterism::core::stark
