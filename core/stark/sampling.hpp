// The values of the trace out of domain: column(z*g^row) for each cell of the mask, from the columns' values on the
// first coset 3*<g>. By Lagrange's formula on it, with x_i = 3*g^i and 1/(x_i - z) from PointInverses,
//   f(z*g^r) = (3^N - z^N)/(N*3^N) * (N*f(0) + z * sum of f(x_i)/(x_(i-r) - z)).
#pragma once
#include <span>
#include <vector>

#include "core/stark/air/air.hpp"
#include "core/stark/point_inverses.hpp"

namespace asterism::core::stark {

struct SamplingInput {
  const Air& air;
  Felt z;
  std::span<const Felt* const> columns;  // of both traces
  std::span<const Felt> at_zero;         // f(0) of each
};

std::vector<Felt> sample_mask(ThreadPool& pool, const SamplingInput& input, const PointInverses& inverses);

}  // namespace asterism::core::stark
