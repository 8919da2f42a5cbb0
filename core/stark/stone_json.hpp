// Stone's files: parameters, public input, private input and proof, read from and written as JSON text.
#pragma once
#include <string>
#include <string_view>

#include "core/stark/failure.hpp"
#include "core/stark/parameters.hpp"
#include "core/stark/public_input.hpp"
#include "core/stark/trace/private_input.hpp"

namespace asterism::core::stark {

Expected<Parameters> parse_parameters(std::string_view json);
std::string format_parameters(const Parameters& parameters);
Expected<PublicInput> parse_public_input(std::string_view json);

// The builtins' inputs; the execution and the memory are in two files of their own.
struct PrivateInputFile {
  PrivateInput input;  // steps and memory still empty
  std::string trace_path;
  std::string memory_path;
};
Expected<PrivateInputFile> parse_private_input(std::string_view json);

// Three little-endian 64-bit numbers a step: ap, fp, pc.
Expected<std::vector<ExecutionStep>> parse_execution(ByteView bytes);
// A little-endian 64-bit address and a little-endian 256-bit value a cell.
Expected<std::vector<std::pair<std::uint64_t, Felt>>> parse_memory(ByteView bytes);

// A file that Stone or we wrote: everything that verification needs.
struct ProofFile {
  Parameters parameters;
  PublicInput public_input;
  Bytes proof;
};
// The most bytes that reading one has allocated at once: a reader in memory takes much for the shortest values.
constexpr std::size_t proof_file_bound(std::size_t text_bytes) { return (std::size_t{1} << 20) + 96 * text_bytes; }
Expected<ProofFile> parse_proof_file(std::string_view json);

// Stone's output file: its inputs as they were given, and the proof.
struct OutputFile {
  std::string_view private_input, public_input, parameters, prover_config;  // JSON
  ByteView proof;
  std::span<const std::string> annotations;
};
Expected<std::string> format_output_file(const OutputFile& file);

}  // namespace asterism::core::stark
