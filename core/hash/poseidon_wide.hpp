// Hades permutations eight a vector; only where cpu().avx512ifma.
#pragma once
#include <array>
#include <span>

#include "core/felt/felt.hpp"

namespace asterism::core {

// False where there is no wide version.
bool hades_wide(std::span<std::array<Felt, 3>> states);

}  // namespace asterism::core
