// The DEEP function: sum of beta^j * (t_j(x) - y_j)/(x - x_j) over the values sent out of domain. Its degree is below
// N, so N points determine it: they are those of the first coset.
//
// All x_j but the last two are z*g^r, and x = 3*g^i, so that 1/(x - z*g^r) = g^-r / (3*g^(i-r) - z): one table of
// inverses read at shifted places, and terms of the same r share it.
#pragma once
#include <span>
#include <vector>

#include "core/stark/air/air.hpp"
#include "core/stark/point_inverses.hpp"

namespace asterism::core::stark {

struct DeepInput {
  const Air& air;
  std::span<const Felt> values;  // y_j, mask order, then h0 and h1
  Felt z, beta;
  std::span<const Felt* const> columns;      // on the first coset, natural order; null: left out of this part
  std::span<const Felt* const> composition;  // h0 and h1, likewise
};

// Adds the terms of the columns that are there.
void add_deep(ThreadPool& pool, const DeepInput& input, Column& out);

}  // namespace asterism::core::stark
