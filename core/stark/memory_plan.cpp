#include "core/stark/memory_plan.hpp"

#include <algorithm>

#include "core/stark/composition.hpp"

namespace asterism::core::stark {

// The largest moment is one of three: the last coset of the trace's commitment, the composition, or the first layer of
// FRI. Columns are counted in felts of the trace's length.
std::uint64_t predict_peak(const Air& air, const Parameters& parameters, TableSpec::Keep keep, unsigned threads) {
  const std::uint64_t rows = air.trace_length();
  const std::uint64_t blow_up = std::uint64_t{1} << parameters.log_n_cosets;
  const std::uint64_t traces = air.layout().columns();
  const std::uint64_t kept_cosets = keep == TableSpec::Keep::all ? blow_up : keep == TableSpec::Keep::two ? 2 : 0;
  const std::uint64_t at_work = keep == TableSpec::Keep::none ? traces : 0;  // a coset that is not kept
  // Memory pool with its order, sorted copies and products: about seven more columns while interaction lasts; hashing
  // and transforms: a leaf layer, and a buffer a thread.
  const std::uint64_t scratch = 32 * rows * (7 + 2 + 2 * threads);
  // Composition has its tables and two cosets of its polynomial instead.
  const std::uint64_t composition = CosetTables::bytes(air) + 32 * rows * 2;
  const std::uint64_t columns = traces + 2 + kept_cosets * traces + at_work;
  // Kept layers of the trees: one node in 2^6 leaves.
  const std::uint64_t trees = 4 * 2 * 32 * (rows * blow_up >> 6);
  const std::uint64_t fri = keep == TableSpec::Keep::all ? blow_up * rows : rows;
  return 32 * (columns * rows + fri) + std::max(scratch, composition) + trees;
}

Expected<MemoryPlan> plan_memory(const Air& air, const Parameters& parameters, const Budget& budget) {
  using Keep = TableSpec::Keep;
  const unsigned threads = std::max(1U, budget.threads);
  if (budget.memory == 0) return MemoryPlan{Keep::two, predict_peak(air, parameters, Keep::two, threads)};
  for (const Keep keep : {Keep::all, Keep::two, Keep::none}) {
    const std::uint64_t peak = predict_peak(air, parameters, keep, threads);
    if (peak <= budget.memory) return MemoryPlan{keep, peak};
  }
  const std::uint64_t least = predict_peak(air, parameters, Keep::none, threads);
  return std::unexpected(Failure{.error = Error::out_of_memory,
                                 .detail = std::to_string(least >> 20) + " MiB are needed, the budget is " +
                                           std::to_string(budget.memory >> 20) + " MiB",
                                 .bytes = least});
}

}  // namespace asterism::core::stark
