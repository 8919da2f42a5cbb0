// The values of the trace out of domain: column(z*g^row) for each cell of the mask, from the columns' coefficients.
//
// A polynomial in bit-reversed order is runs of R coefficients; a run is a polynomial in x^(n/R), and what the runs
// come to are the coefficients of one in x. So one table of R powers serves all runs of a column, and one load of a run
// all points that the column is asked for.
#pragma once
#include <span>
#include <vector>

#include "core/stark/air/air.hpp"
#include "core/stark/column.hpp"
#include "core/stark/thread_pool.hpp"

namespace asterism::core::stark {

struct SamplingInput {
  const Air& air;
  Felt z;
  std::span<const Felt* const> coefficients;  // of both traces, bit-reversed
};

std::vector<Felt> sample_mask(ThreadPool& pool, const SamplingInput& input);

}  // namespace asterism::core::stark
