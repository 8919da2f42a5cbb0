#include "core/stark/air/poseidon.hpp"

#include "core/hash/sha256.hpp"

namespace asterism::core::stark {
namespace {

using Key = std::array<Felt, 3>;

Felt times(unsigned factor, const Felt& value) { return Felt(factor) * value; }

// What the keys of three successive rounds add to the third word of the last of them, once the other two words are
// eliminated.
Felt eliminated(const Key& a, const Key& b, const Key& c) {
  return times(2, a[0] - a[1]) - times(4, a[2]) + b[0] + b[1] - times(2, b[2]) + c[2];
}

std::vector<Felt> padded(std::vector<Felt> values, std::size_t size) {
  values.resize(size);
  return values;
}

// Cells `offset` rows after `cells`, once an instance.
MemoryCells of_instance(const MemoryCells& cells, std::uint64_t offset, std::uint64_t rows) {
  const auto moved = [&](VirtualColumn column) {
    return VirtualColumn{column.column, static_cast<std::uint32_t>(rows),
                         static_cast<std::uint32_t>(column.first + offset)};
  };
  return {moved(cells.address), moved(cells.value)};
}

}  // namespace

const std::vector<std::array<Felt, 3>>& poseidon_keys() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> out(Poseidon::kFullRounds + Poseidon::kPartialRounds);
    for (std::size_t i = 0; i < 3 * out.size(); ++i) {
      out[i / 3][i % 3] = Felt::reduce_be(sha256(as_bytes("Hades" + std::to_string(i))));
    }
    return out;
  }();
  return keys;
}

Poseidon::Poseidon(const Binder& b)
    : sequence(b.layout.find_memory("poseidon/input_output")),
      full{b.layout.at("poseidon/poseidon/full_rounds_state0"), b.layout.at("poseidon/poseidon/full_rounds_state1"),
           b.layout.at("poseidon/poseidon/full_rounds_state2")},
      full_squared{b.layout.at("poseidon/poseidon/full_rounds_state0_squared"),
                   b.layout.at("poseidon/poseidon/full_rounds_state1_squared"),
                   b.layout.at("poseidon/poseidon/full_rounds_state2_squared")},
      partial{b.layout.at("poseidon/poseidon/partial_rounds_state0"),
              b.layout.at("poseidon/poseidon/partial_rounds_state1")},
      partial_squared{b.layout.at("poseidon/poseidon/partial_rounds_state0_squared"),
                      b.layout.at("poseidon/poseidon/partial_rounds_state1_squared")},
      first(b.rows.first()) {
  const auto& keys = poseidon_keys();
  const auto partial_key = [&](unsigned i) -> const Key& {
    return keys[kFullRounds / 2 + i];
  };  // 83: the full one after
  const std::uint64_t rows = kFullRounds * full[0].step;
  instances = b.rows.every(rows);
  place_words(b);
  full_entries = b.rows.every(full[0].step);
  full_rounds = full_entries.but(rows / 2, rows / 2 - full[0].step);
  partial0_entries = partial0_rounds = b.rows.every(partial[0].step);
  partial1_entries = partial1_rounds = b.rows.every(partial[1].step);
  // Those from entry `begin` on are no rounds, or not used.
  const auto from = [&](unsigned part, std::uint64_t begin) {
    const std::uint64_t step = partial[part].step;
    return RowSet{rows, begin * step, {rows / step - begin, step}};
  };
  partial0_rounds = partial0_rounds.but(from(0, kFirstPart - kOverlap));
  partial1_rounds = partial1_rounds.but(from(1, kSecondPart - kOverlap));
  partial1_entries = partial1_entries.but(from(1, kSecondPart));
  for (unsigned i = 0; i < 3; ++i) {
    std::vector<Felt> column(kFullRounds);
    for (unsigned round = 0; round < 3; ++round) {
      column[round] = keys[round + 1][i];
      column[kFullRounds / 2 + round] = keys[kFullRounds / 2 + kPartialRounds + round + 1][i];
    }
    full_keys[i] = b.add_periodic(full[0].step, std::move(column));
  }
  std::vector<Felt> rounds;
  for (unsigned i = 0; i + 3 < kPartialRounds; ++i) {
    rounds.push_back(eliminated(partial_key(i + 1), partial_key(i + 2), partial_key(i + 3)));
  }
  const auto split = rounds.begin() + (kFirstPart - kOverlap);
  partial_keys[0] = b.add_periodic(partial[0].step, padded({rounds.begin(), split}, rows / partial[0].step));
  partial_keys[1] = b.add_periodic(partial[1].step, padded({split, rounds.end()}, rows / partial[1].step));

  const Key& k0 = partial_key(0);
  const Key& k1 = partial_key(1);
  into_partial = {k0[2], k0[0] + k0[1] - times(4, k0[2]) + k1[2], eliminated(k0, k1, partial_key(2))};
  // u: what the keys add to the sum of the first two words after the last partial round's key.
  const Key& second_last = partial_key(kPartialRounds - 2);
  const Key& last = partial_key(kPartialRounds - 1);
  const Key& after = partial_key(kPartialRounds);
  const Felt u =
      times(2, second_last[0] - second_last[1]) - times(4, second_last[2]) + last[0] + last[1] - times(2, last[2]);
  const Felt x = last[0] - last[1] - times(2, last[2]);
  out_of_partial = {times(2, u) + x + after[0], x + after[1], u + after[2]};
}

void Poseidon::place_words(const Binder& b) {
  const std::uint64_t rows = kFullRounds * full[0].step;
  if (sequence) {
    const std::uint64_t step = sequence->address.step;
    for (unsigned i = 0; i < 3; ++i) {
      inputs[i] = of_instance(*sequence, i * step, rows);
      outputs[i] = of_instance(*sequence, (3 + i) * step, rows);
    }
    within_instance = b.rows.every(step).but({rows, 5 * step, {3, step}});
    instances_but_last = b.rows.every_but_last(rows);
    return;
  }
  for (unsigned i = 0; i < 3; ++i) {
    alternating[i] = b.layout.memory_at("poseidon/param_" + std::to_string(i) + "/input_output");
    inputs[i] = of_instance(alternating[i], 0, rows);
    outputs[i] = of_instance(alternating[i], alternating[i].address.step, rows);
  }
  inputs_outputs_but_last = b.rows.every_but_last(alternating[0].address.step);
}

}  // namespace asterism::core::stark
