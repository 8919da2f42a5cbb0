// What a public input says in a reader's terms: which program, and what it put out.
#pragma once
#include <optional>
#include <vector>

#include "core/stark/public_input.hpp"

namespace asterism::core::stark {

struct Claim {
  std::optional<Felt> program_hash;  // Poseidon over the program's words; none when one of them is not public
  std::vector<Felt> output;          // the public cells of the output segment
};

Claim claim_of(const PublicInput& input);

}  // namespace asterism::core::stark
