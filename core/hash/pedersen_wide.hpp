// Pedersen hashes eight a vector; only where cpu().avx512ifma.
#pragma once
#include <span>
#include <utility>

#include "core/felt/felt.hpp"
#include "core/hash/pedersen_tables.hpp"

namespace asterism::core {

// False, with `out` unspecified, when two points to be added have the same x, which the affine sums here cannot do
// (nobody knows inputs for which that happens) and where there is no wide version.
bool pedersen_wide(const PedersenTables& tables, std::span<const std::pair<Felt, Felt>> in, std::span<Felt> out);

// The same for few hashes: Jacobian sums, the terms of one hash spread over up to eight lanes, one inversion for each
// vector.
bool pedersen_few(const PedersenTables& tables, std::span<const std::pair<Felt, Felt>> in, std::span<Felt> out);

}  // namespace asterism::core
