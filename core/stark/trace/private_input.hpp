// What only the prover has: the execution, the memory, and the inputs of each builtin's used instances.
#pragma once
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/felt/felt.hpp"

namespace asterism::core::stark {

struct ExecutionStep {
  std::uint64_t ap, fp, pc;
};

template <std::size_t N>
struct Instance {
  std::uint64_t index = 0;
  std::array<Felt, N> input;
};

struct PrivateInput {
  std::vector<ExecutionStep> steps;
  std::vector<std::pair<std::uint64_t, Felt>> memory;
  std::vector<Instance<2>> pedersen;     // x, y
  std::vector<Instance<1>> range_check;  // value
  std::vector<Instance<4>> ecdsa;        // public key, message, r, w
  std::vector<Instance<2>> bitwise;      // x, y
  std::vector<Instance<5>> ec_op;        // p, q, m
  std::vector<Instance<8>> keccak;       // eight words of 200 bits
  std::vector<Instance<3>> poseidon;     // three words
};

}  // namespace asterism::core::stark
