// How much memory a proof takes, before it takes it: by what is kept instead of being computed again.
#pragma once
#include "core/stark/stark.hpp"
#include "core/stark/table_prover.hpp"

namespace asterism::core::stark {

struct MemoryPlan {
  TableSpec::Keep keep = TableSpec::Keep::two;
  unsigned deep_parts = 1;  // in so many the columns enter the DEEP function; 1: all at once, kept or made
  std::uint64_t peak = 0;   // predicted, bytes

  static std::size_t columns_of_part(const Air& air, unsigned parts) {
    return (air.layout().columns() + parts - 1) / parts;
  }
};

// The peak of a plan.
std::uint64_t predict_peak(const Air& air, const Parameters& parameters, const MemoryPlan& plan, unsigned threads);

// The fastest plan within the budget; without one, the plan that keeps what is used twice soon.
Expected<MemoryPlan> plan_memory(const Air& air, const Parameters& parameters, const Budget& budget);

}  // namespace asterism::core::stark
