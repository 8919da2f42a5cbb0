// Hashes of Starknet classes (starknet-formats.md, "Class hashes"): Sierra, and compiled classes (CASM) with Poseidon
// (to 0.14.0) or BLAKE2s (from 0.14.1).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/felt/felt.hpp"

namespace asterism::core {

struct SierraEntryPoint {
  Felt selector, function_index;
};
struct SierraClass {
  std::vector<SierraEntryPoint> external, l1_handler, constructor;  // in file order
  std::string abi;                                                  // the exact text that was sent
  std::vector<Felt> program;
};
Felt sierra_class_hash(const SierraClass& contract);

struct CasmEntryPoint {
  Felt selector;
  std::uint64_t offset = 0;
  std::vector<std::string> builtins;  // without "_builtin"
};
// A leaf covers `length` felts of the bytecode; a node is its children.
struct BytecodeSegment {
  std::uint64_t length = 0;
  std::vector<BytecodeSegment> children;
};
struct CasmClass {
  std::vector<CasmEntryPoint> external, l1_handler, constructor;
  std::vector<Felt> bytecode;
  std::vector<BytecodeSegment> segments;  // of the root node; empty: the bytecode as a whole
};

enum class CasmHash : std::uint8_t { kPoseidon, kBlake };
// The segments must cover the bytecode exactly, nested at most 64 deep; nullopt when they do not.
std::optional<Felt> compiled_class_hash(const CasmClass& contract, CasmHash hash);

// BLAKE2s over felts: small ones as two words, others as eight with a mark.
Felt blake_felts(std::span<const Felt> values);

}  // namespace asterism::core
