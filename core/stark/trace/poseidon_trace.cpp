#include "core/stark/air/poseidon.hpp"
#include "core/stark/trace/components.hpp"

namespace asterism::core::stark {
namespace {

struct PermutationRows {
  std::vector<std::array<Felt, 3>> full;  // after adding the key
  Column partial;                         // the third word, after adding the key
  std::array<Felt, 3> output;
};

std::array<Felt, 3> mix(const std::array<Felt, 3>& s) {
  const Felt sum = s[0] + s[1] + s[2];
  return {sum + s[0].double_(), sum - s[1].double_(), sum - s[2].double_() - s[2]};
}

PermutationRows permute(const std::array<Felt, 3>& input) {
  constexpr unsigned kHalf = Poseidon::kFullRounds / 2;
  PermutationRows out;
  std::array<Felt, 3> state = input;
  const auto& keys = poseidon_keys();
  for (unsigned round = 0; round < keys.size(); ++round) {
    for (unsigned i = 0; i < 3; ++i) state[i] += keys[round][i];
    const bool partial = round >= kHalf && round < kHalf + Poseidon::kPartialRounds;
    if (partial) {
      out.partial.push_back(state[2]);
    } else {
      out.full.push_back(state);
      state[0] = state[0].square() * state[0];
      state[1] = state[1].square() * state[1];
    }
    state[2] = state[2].square() * state[2];
    state = mix(state);
  }
  out.output = state;
  return out;
}

}  // namespace

Expected<void> write_poseidon(Trace& trace, std::uint64_t begin, std::span<const Instance<3>> inputs) {
  std::vector<PeriodicColumn> periodic;
  const Layout& layout = trace.layout();
  const Poseidon air({layout, {trace.rows()}, periodic});
  const std::array<Felt, 3> unused{};
  const PermutationRows unused_rows = permute(unused);
  const std::uint64_t count = trace.rows() / layout.instance_rows("poseidon");
  return for_each_instance(count, inputs, unused, [&](std::uint64_t i, const auto& input) -> Expected<void> {
    std::optional<PermutationRows> own;
    if (&input != &unused) own = permute(input);
    const PermutationRows& rows = own ? *own : unused_rows;
    for (unsigned word = 0; word < 3; ++word) {
      trace.set_memory(air.inputs[word], i, begin + 6 * i + word, input[word]);
      trace.set_memory(air.outputs[word], i, begin + 6 * i + 3 + word, rows.output[word]);
      for (unsigned round = 0; round < Poseidon::kFullRounds; ++round) {
        trace.set(air.full[word], Poseidon::kFullRounds * i + round, rows.full[round][word]);
        trace.set(air.full_squared[word], Poseidon::kFullRounds * i + round, rows.full[round][word].square());
      }
    }
    const auto set_partial = [&](unsigned part, std::uint64_t entry, const Felt& value) {
      trace.set(air.partial[part], entry, value);
      trace.set(air.partial_squared[part], entry, value.square());
    };
    const std::uint64_t instance_rows = Poseidon::kFullRounds * air.full[0].step;
    for (unsigned k = 0; k < Poseidon::kFirstPart; ++k) {
      set_partial(0, i * (instance_rows / air.partial[0].step) + k, rows.partial[k]);
    }
    for (unsigned k = 0; k < Poseidon::kSecondPart; ++k) {
      set_partial(1, i * (instance_rows / air.partial[1].step) + k,
                  rows.partial[Poseidon::kFirstPart - Poseidon::kOverlap + k]);
    }
    return {};
  });
}

}  // namespace asterism::core::stark
