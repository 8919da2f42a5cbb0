#include "core/hash/poseidon.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/cpu.hpp"
#include "core/felt/felt_cube.hpp"
#include "core/hash/poseidon_constants.hpp"
#include "core/hash/poseidon_wide.hpp"
#include "core/hash/sha256.hpp"

namespace asterism::core {
namespace {

constexpr FeltSum kLift{((Felt::kModulus << 2) + Felt::kModulus).limb};  // 5 p: what twice a cube is taken from

constexpr FeltSum kThree{((Felt::kModulus << 1) + Felt::kModulus).limb};

// The three words, each below 8.7 p; the first one canonical. With a round constant the cubed ones are below 2 p and
// 9.7 p, cubes below 1.14 p and 2.5 p: so the other two words are below (1.14 + 2.5 + 5) p afterwards.
using State = std::array<FeltSum, 3>;

void full_round(State& state, const std::array<Felt, 3>& constants) {
  const FeltSum a = cube(state[0] + constants[0]);
  const FeltSum b = cube(state[1] + constants[1]);
  const FeltSum c = cube(state[2] + constants[2]);
  const FeltSum ab = a + b;
  state[0] = (ab + c + a + a).reduce();
  state[1] = a + c + kLift - b;
  state[2] = ab + kLift - c - c;
}

// Elements `at` and `at` + 1 of the padded list.
void absorb_pair(std::array<Felt, 3>& state, std::span<const Felt> values, std::size_t at) {
  for (std::size_t k = 0; k < 2; ++k) {
    if (at + k < values.size()) state[k] += values[at + k];
    if (at + k == values.size()) state[k] += Felt::one();
  }
}

}  // namespace

HadesConstants::HadesConstants() {
  std::array<std::array<Felt, 3>, kRounds> round;
  for (std::size_t i = 0; i < 3 * kRounds; ++i) {
    round[i / 3][i % 3] = Felt::reduce_be(sha256(as_bytes("Hades" + std::to_string(i))));
  }
  for (std::size_t i = 0; i < kFullHalf; ++i) first[i] = round[i];
  std::array<Felt, 3> moved{};
  for (std::size_t i = 0; i < kPartial; ++i) {
    for (std::size_t k = 0; k < 3; ++k) moved[k] += round[kFullHalf + i][k];
    partial[i] = moved[2];
    moved[2] = Felt::zero();
    hades_mix(moved);
  }
  for (std::size_t i = 0; i < kPartial - 1; ++i) {
    sums[i] = -partial[i + 1].double_();
    if (i > 0) sums[i] -= partial[i].double_().double_();
    if (i + 2 < kPartial) sums[i] += partial[i + 2];
  }
  end = -partial[kPartial - 1].double_();
  for (std::size_t i = 0; i < kFullHalf; ++i) last[i] = round[kFullHalf + kPartial + i];
  for (std::size_t k = 0; k < 3; ++k) last[0][k] += moved[k];
}

const HadesConstants& HadesConstants::get() {
  static const HadesConstants constants;
  return constants;
}

// The partial rounds as one recurrence. Let a_i, b_i and x_i be the words before round i, x_i with its constant k_i,
// y_i the cube of x_i, and u_i = a_i + b_i. The linear layer says x_i+1 = u_i - 2 y_i + k_i+1, and for two rounds u_i+1
// = 2 (u_i + y_i + 2 u_i-1), where 2 u_-1 = a_0 - b_0. So one sum stands for two words, and nothing but x waits for the
// last cube. `sum` is u_i + k_i+1. Bounds: sum is near 3 p or more and below 4 p, twice below 8 p, x below 4 p, y
// below 1.4 p. So 2 y can be taken from sum, and the next sum comes from a number between 6 p and 28 p.
void partial_rounds(State& words) {
  const HadesConstants& constants = HadesConstants::get();
  const Felt a = words[0].reduce();
  const Felt b = words[1].reduce();
  FeltSum sum = kThree + (a + b + constants.partial[1]);
  FeltSum twice = a - b;  // the sum before, doubled
  FeltSum y = cube(words[2].reduce() + FeltSum(constants.partial[0]));
  for (const Felt& constant : constants.sums) {
    const FeltSum half = sum + y + twice;
    y = cube(sum - y - y);
    twice = sum + sum;
    sum = near_three(half + half + constant);
  }
  words[1] = (twice + y + constants.end).reduce();
  words[0] = (words[1] + sum + sum).reduce();
  words[2] = sum - y - y;
}

void hades(std::array<Felt, 3>& state) {
  const HadesConstants& constants = HadesConstants::get();
  State words{state[0], state[1], state[2]};
  for (const auto& round : constants.first) full_round(words, round);
  partial_rounds(words);
  for (const auto& round : constants.last) full_round(words, round);
  for (std::size_t k = 0; k < 3; ++k) state[k] = words[k].reduce();
}

void hades_batch(std::span<std::array<Felt, 3>> states) {
  constexpr std::size_t kFewestWide = 2;
  if (cpu().avx512ifma && states.size() >= kFewestWide && hades_wide(states)) return;
  for (auto& state : states) hades(state);
}

Felt poseidon(const Felt& a, const Felt& b) {
  std::array<Felt, 3> state{a, b, Felt(2)};
  hades(state);
  return state[0];
}

Felt poseidon_many(std::span<const Felt> values) {
  static const Felt kOfNothing = PoseidonHasher().finish();  // stands in most transactions twice
  return values.empty() ? kOfNothing : PoseidonHasher().add(values).finish();
}

void poseidon_batch(std::span<const std::pair<Felt, Felt>> in, std::span<Felt> out) {
  ASTERISM_CHECK(in.size() == out.size(), "one output for each pair");
  std::array<std::array<Felt, 3>, 64> states;
  for (std::size_t at = 0; at < in.size(); at += states.size()) {
    const std::size_t count = std::min(states.size(), in.size() - at);
    for (std::size_t i = 0; i < count; ++i) states[i] = {in[at + i].first, in[at + i].second, Felt(2)};
    hades_batch(std::span(states).first(count));
    for (std::size_t i = 0; i < count; ++i) out[at + i] = states[i][0];
  }
}

void poseidon_many_batch(std::span<const std::span<const Felt>> in, std::span<Felt> out) {
  ASTERISM_CHECK(in.size() == out.size(), "one output for each list");
  constexpr std::size_t kTogether = 256;
  for (std::size_t at = 0; at < in.size(); at += kTogether) {
    const std::size_t count = std::min(kTogether, in.size() - at);
    std::vector<std::array<Felt, 3>> states(count);
    std::vector<std::size_t> list(count);  // whose state each one is; the shortest lists last
    std::iota(list.begin(), list.end(), at);
    std::ranges::sort(list, std::greater<>(), [&](std::size_t i) { return in[i].size(); });
    for (std::size_t step = 0; !list.empty(); ++step) {
      for (std::size_t i = 0; i < list.size(); ++i) absorb_pair(states[i], in[list[i]], 2 * step);
      hades_batch(states);
      while (!list.empty() && in[list.back()].size() < 2 * (step + 1)) {
        out[list.back()] = states.back()[0];
        list.pop_back();
        states.pop_back();
      }
    }
  }
}

std::vector<Felt> PoseidonLists::hashes() const {
  std::vector<std::span<const Felt>> lists;
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    lists.push_back(std::span(values_).subspan(begin, end - begin));
    begin = end;
  }
  std::vector<Felt> out(lists.size());
  poseidon_many_batch(lists, out);
  return out;
}

PoseidonHasher& PoseidonHasher::add(const Felt& value) {
  state_[odd_ ? 1 : 0] += value;
  if (odd_) hades(state_);
  odd_ = !odd_;
  return *this;
}

Felt PoseidonHasher::finish() {
  state_[odd_ ? 1 : 0] += Felt::one();
  hades(state_);
  const Felt out = state_[0];
  *this = PoseidonHasher();
  return out;
}

}  // namespace asterism::core
