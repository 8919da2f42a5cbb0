// Round constants of Hades in the form that the permutation uses; shared by the portable and wide versions.
#pragma once
#include <array>

#include "core/felt/felt.hpp"

namespace asterism::core {

struct HadesConstants {
  static constexpr std::size_t kFullHalf = 4;
  static constexpr std::size_t kPartial = 83;
  static constexpr std::size_t kRounds = 2 * kFullHalf + kPartial;

  // Added before the cubes of full rounds; the first of `last` carries what was moved out of the partial rounds.
  std::array<std::array<Felt, 3>, kFullHalf> first;
  std::array<std::array<Felt, 3>, kFullHalf> last;
  // A partial round cubes the third word only, so constants of the other two pass it and are moved, through the linear
  // layer, into the next round: one constant is left per round.
  std::array<Felt, kPartial> partial;
  // Of the recurrence that the partial rounds are in poseidon.cpp: a constant for each new sum, one for the words
  // after.
  std::array<Felt, kPartial - 1> sums;
  Felt end;

  HadesConstants();
  static const HadesConstants& get();
};

// [[3, 1, 1], [1, -1, 1], [1, 1, -2]]
constexpr void hades_mix(std::array<Felt, 3>& state) {
  const Felt sum = state[0] + state[1] + state[2];
  const Felt twice = state[2].double_();
  state[0] = sum + state[0].double_();
  state[1] = sum - state[1].double_();
  state[2] = sum - (twice + state[2]);
}

}  // namespace asterism::core
