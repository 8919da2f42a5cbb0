// The poseidon builtin: one Hades permutation of three words per instance.
//
// Full rounds: the three words after adding the round's key, entries 0..3 before and 4..7 after the partial rounds.
// Partial rounds cube the third word only, so the other two can be eliminated: a third word follows from the three
// before it (partial_round). They are split over two virtual columns, of 64 and of 22 entries, sharing three.
// With a, b, c the words and the linear layer (3a+b+c, a-b+c, a+b-2c), the constants below are what the eliminated
// words' keys add up to.
#pragma once
#include "core/stark/air/evaluation.hpp"

namespace asterism::core::stark {

// Keys of the 91 rounds.
const std::vector<std::array<Felt, 3>>& poseidon_keys();

struct Poseidon {
  static constexpr unsigned kFullRounds = 8;
  static constexpr unsigned kPartialRounds = 83;
  static constexpr unsigned kFirstPart = 64;   // entries of the first column of partial rounds
  static constexpr unsigned kSecondPart = 22;  // used entries of the second, which has 32
  static constexpr unsigned kOverlap = 3;

  std::array<MemoryCells, 3> inputs, outputs;  // entry i is instance i's
  // Addresses: three columns that alternate input and output, or in Stone v1 one of six words and two unused places.
  std::array<MemoryCells, 3> alternating;
  std::optional<MemoryCells> sequence;
  std::array<VirtualColumn, 3> full, full_squared;
  std::array<VirtualColumn, 2> partial, partial_squared;
  std::array<PeriodicId, 3> full_keys{};
  std::array<PeriodicId, 2> partial_keys{};
  std::array<Felt, 3> into_partial, out_of_partial;
  Domain first, inputs_outputs_but_last, within_instance, instances_but_last, instances, full_entries, full_rounds;
  Domain partial0_entries, partial1_entries, partial0_rounds, partial1_rounds;

  explicit Poseidon(const Binder& binder);

  template <class E>
  void constrain(E& e) const {
    addresses(e);
    for (unsigned i = 0; i < 3; ++i) {
      constexpr std::array<std::string_view, 3> kNames{"full_rounds_state0_squaring", "full_rounds_state1_squaring",
                                                       "full_rounds_state2_squaring"};
      const auto value = e.at(full[i], 0);
      e.constrain({kScope, kNames[i]}, value * value - e.at(full_squared[i], 0), full_entries);
    }
    const auto p0 = e.at(partial[0], 0);
    const auto p1 = e.at(partial[1], 0);
    e.constrain({kScope, "partial_rounds_state0_squaring"}, p0 * p0 - e.at(partial_squared[0], 0), partial0_entries);
    e.constrain({kScope, "partial_rounds_state1_squaring"}, p1 * p1 - e.at(partial_squared[1], 0), partial1_entries);
    full_part(e);
    partial_part(e);
  }

 private:
  void place_words(const Binder& binder);
  static constexpr std::string_view kScope = "poseidon/poseidon/";

  template <class E>
  auto cube(E& e, unsigned word, unsigned round) const {
    return e.at(full[word], round) * e.at(full_squared[word], round);
  }
  template <class E>
  auto partial_cube(E& e, unsigned part, unsigned i) const {
    return e.at(partial[part], i) * e.at(partial_squared[part], i);
  }

  template <class E>
  void addresses(E& e) const {
    const auto begin = e.global(Global::poseidon_begin);
    if (sequence) {
      const auto address = [&](unsigned word) { return e.at(sequence->address, word); };
      e.constrain({"poseidon/", "init_input_output_addr"}, address(0) - begin, first);
      e.constrain({"poseidon/", "addr_input_output_step_inner"}, address(1) - (address(0) + e.number(1)),
                  within_instance);
      e.constrain({"poseidon/", "addr_input_output_step_outter"}, address(8) - (address(5) + e.number(1)),
                  instances_but_last);
      return;
    }
    constexpr std::array<std::string_view, 3> kWords{"poseidon/param_0/", "poseidon/param_1/", "poseidon/param_2/"};
    for (unsigned i = 0; i < 3; ++i) {
      const auto address = e.at(alternating[i].address, 0);
      e.constrain({kWords[i], "init_input_output_addr"}, address - (i == 0 ? begin : begin + e.number(i)), first);
      e.constrain({kWords[i], "addr_input_output_step"}, e.at(alternating[i].address, 1) - (address + e.number(3)),
                  inputs_outputs_but_last);
    }
  }

  // The linear layer applied to the cubes of full round `round`.
  template <class E>
  auto mixed(E& e, unsigned round) const {
    const auto a = cube(e, 0, round), b = cube(e, 1, round), c = cube(e, 2, round);
    const auto sum = a + b + c;
    return std::array<typename E::Value, 3>{sum + a + a, sum - b - b, sum - c - c - c};
  }

  template <class E>
  void full_part(E& e) const {
    constexpr std::array<std::string_view, 3> kAdd{"add_first_round_key0", "add_first_round_key1",
                                                   "add_first_round_key2"};
    constexpr std::array<std::string_view, 3> kRound{"full_round0", "full_round1", "full_round2"};
    constexpr std::array<std::string_view, 3> kLast{"last_full_round0", "last_full_round1", "last_full_round2"};
    const auto& keys = poseidon_keys();
    for (unsigned i = 0; i < 3; ++i) {
      e.constrain({kScope, kAdd[i]}, e.at(inputs[i].value, 0) + e.constant(keys[0][i]) - e.at(full[i], 0), instances);
    }
    const auto next = mixed(e, 0);
    for (unsigned i = 0; i < 3; ++i) {
      e.constrain({kScope, kRound[i]}, e.at(full[i], 1) - (next[i] + e.periodic(full_keys[i])), full_rounds);
    }
    const auto result = mixed(e, kFullRounds - 1);
    for (unsigned i = 0; i < 3; ++i) e.constrain({kScope, kLast[i]}, e.at(outputs[i].value, 0) - result[i], instances);
  }

  // What the third word becomes three entries after `i`, less the key.
  template <class E>
  auto partial_step(E& e, unsigned part) const {
    const auto c2 = partial_cube(e, part, 2);
    return e.number(8) * partial_cube(e, part, 0) + e.number(4) * e.at(partial[part], 1) +
           e.number(6) * partial_cube(e, part, 1) + e.number(2) * e.at(partial[part], 2) - c2 - c2;
  }

  template <class E>
  void partial_part(E& e) const {
    constexpr std::array<std::string_view, 3> kCopy{"copy_partial_rounds0_i0", "copy_partial_rounds0_i1",
                                                    "copy_partial_rounds0_i2"};
    for (unsigned i = 0; i < kOverlap; ++i) {
      e.constrain({kScope, kCopy[i]}, e.at(partial[0], kFirstPart - kOverlap + i) - e.at(partial[1], i), instances);
    }
    const auto a = cube(e, 0, 3), b = cube(e, 1, 3), c = cube(e, 2, 3);
    const auto p0 = e.at(partial[0], 0), p1 = e.at(partial[0], 1), p2 = e.at(partial[0], 2);
    const auto q0 = partial_cube(e, 0, 0), q1 = partial_cube(e, 0, 1);
    e.constrain({kScope, "margin_full_to_partial0"}, p0 + c + c - (a + b + e.constant(into_partial[0])), instances);
    e.constrain({kScope, "margin_full_to_partial1"},
                p1 - (e.number(10) * c - e.number(4) * b + e.number(4) * p0 - q0 - q0 + e.constant(into_partial[1])),
                instances);
    e.constrain(
        {kScope, "margin_full_to_partial2"},
        p2 - (e.number(8) * c + e.number(4) * p0 + e.number(6) * q0 + p1 + p1 - q1 - q1 + e.constant(into_partial[2])),
        instances);
    e.constrain({kScope, "partial_round0"}, e.at(partial[0], 3) - (partial_step(e, 0) + e.periodic(partial_keys[0])),
                partial0_rounds);
    e.constrain({kScope, "partial_round1"}, e.at(partial[1], 3) - (partial_step(e, 1) + e.periodic(partial_keys[1])),
                partial1_rounds);
    back_to_full(e);
  }

  template <class E>
  void back_to_full(E& e) const {
    const auto q19 = partial_cube(e, 1, 19), q20 = partial_cube(e, 1, 20), q21 = partial_cube(e, 1, 21);
    const auto p20 = e.at(partial[1], 20), p21 = e.at(partial[1], 21);
    e.constrain({kScope, "margin_partial_to_full0"},
                e.at(full[0], 4) - (e.number(16) * (q19 + q20) + e.number(8) * p20 + e.number(6) * p21 + q21 +
                                    e.constant(out_of_partial[0])),
                instances);
    e.constrain({kScope, "margin_partial_to_full1"},
                e.at(full[1], 4) - (e.number(4) * q20 + p21 + p21 + q21 + e.constant(out_of_partial[1])), instances);
    e.constrain({kScope, "margin_partial_to_full2"},
                e.at(full[2], 4) - (e.number(8) * q19 + e.number(4) * p20 + e.number(6) * q20 + p21 + p21 - q21 - q21 +
                                    e.constant(out_of_partial[2])),
                instances);
  }
};

}  // namespace asterism::core::stark
