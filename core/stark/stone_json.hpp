// Stone's files: parameters, public input, private input and proof, read from and written as JSON text.
#pragma once
#include <string>
#include <string_view>

#include "core/stark/failure.hpp"
#include "core/stark/parameters.hpp"
#include "core/stark/public_input.hpp"

namespace asterism::core::stark {

Expected<Parameters> parse_parameters(std::string_view json);
Expected<PublicInput> parse_public_input(std::string_view json);

// A file that Stone or we wrote: everything that verification needs.
struct ProofFile {
  Parameters parameters;
  PublicInput public_input;
  Bytes proof;
};
Expected<ProofFile> parse_proof_file(std::string_view json);

}  // namespace asterism::core::stark
