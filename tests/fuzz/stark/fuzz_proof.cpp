// The input replaces or changes Stone's proof of plain-512-keccak: first byte 0 takes the rest as the proof; else each
// three bytes are an offset (two) and a value to xor there.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/stark/stark.hpp"
#include "core/stark/stone_json.hpp"
#include "tests/paths.hpp"

namespace {

using namespace asterism::core;

std::string read(const char* name) {
  std::ifstream file(asterism::tests::source_folder() / "tests/vectors/stone/plain-512-keccak" / name);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

struct Statement {
  stark::Parameters parameters = stark::parse_parameters(read("params.json")).value();
  stark::PublicInput input = stark::parse_public_input(read("air_public_input.json")).value();
  Bytes proof = from_hex(read("proof.hex")).value();
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Statement statement;
  if (size == 0) return 0;
  Bytes proof = statement.proof;
  if (data[0] == 0) {
    proof.assign(data + 1, data + size);
  } else {
    for (std::size_t i = 1; i + 2 < size; i += 3) proof[(data[i] << 8 | data[i + 1]) % proof.size()] ^= data[i + 2];
  }
  const bool accepted = stark::verify(proof, statement.parameters, statement.input).has_value();
  if (accepted && proof != statement.proof) std::abort();
  return 0;
}
