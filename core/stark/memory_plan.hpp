// How much memory a proof takes, before it takes it: by what is kept instead of being computed again.
#pragma once
#include "core/stark/stark.hpp"
#include "core/stark/table_prover.hpp"

namespace asterism::core::stark {

struct MemoryPlan {
  TableSpec::Keep keep = TableSpec::Keep::two;
  std::uint64_t peak = 0;  // predicted, bytes
};

std::uint64_t predict_peak(const Air& air, const Parameters& parameters, TableSpec::Keep keep, unsigned threads);

// The fastest plan within the budget; without one, the plan that keeps what is used twice soon.
Expected<MemoryPlan> plan_memory(const Air& air, const Parameters& parameters, const Budget& budget);

}  // namespace asterism::core::stark
