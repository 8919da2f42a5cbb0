// What each component writes into the trace. The builtins fill all their instances, those without input with fixed
// ones.
#pragma once
#include <span>

#include "core/stark/trace/trace.hpp"

namespace asterism::core::stark {

Expected<void> write_cpu(Trace& trace, const PrivateInput& secret);
void write_public_memory(Trace& trace, const PublicInput& input);

// `begin`: the first address of the builtin's segment.
Expected<void> write_pedersen(Trace& trace, std::uint64_t begin, std::span<const Instance<2>> inputs);
Expected<void> write_range_check(Trace& trace, std::uint64_t begin, std::span<const Instance<1>> inputs);
Expected<void> write_ecdsa(Trace& trace, std::uint64_t begin, std::span<const Instance<4>> inputs);
Expected<void> write_bitwise(Trace& trace, std::uint64_t begin, std::span<const Instance<2>> inputs);
Expected<void> write_ec_op(Trace& trace, std::uint64_t begin, std::span<const Instance<5>> inputs);
Expected<void> write_keccak(Trace& trace, std::uint64_t begin, std::span<const Instance<8>> inputs);
Expected<void> write_poseidon(Trace& trace, std::uint64_t begin, std::span<const Instance<3>> inputs);

// After the 16-bit values are filled: unused instances take what landed in their parts.
void finish_range_check(Trace& trace, std::uint64_t begin, std::span<const Instance<1>> inputs);

// Calls write(index, input) for each of `count` instances, `fallback` being the input of those that `inputs` lacks.
template <std::size_t N, class F>
Expected<void> for_each_instance(std::uint64_t count, std::span<const Instance<N>> inputs,
                                 const std::array<Felt, N>& fallback, const F& write) {
  std::vector<const std::array<Felt, N>*> by_index(count, &fallback);
  for (const Instance<N>& instance : inputs) {
    if (instance.index >= count) return fail(Error::no_room, "for builtin instance " + std::to_string(instance.index));
    by_index[instance.index] = &instance.input;
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    if (auto done = write(i, *by_index[i]); !done) return done;
  }
  return {};
}

}  // namespace asterism::core::stark
