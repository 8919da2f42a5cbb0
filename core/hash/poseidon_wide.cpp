#include "core/hash/poseidon_wide.hpp"

#include <algorithm>

#include "core/felt/felt8.hpp"
#include "core/hash/poseidon_constants.hpp"

namespace asterism::core {

#ifdef ASTERISM_HAVE_WIDE
namespace {

using ifma::Factor;

// HadesConstants as ifma::Felt8 wants them, R = 2^260.
struct WideConstants {
  std::array<std::array<Factor, 3>, HadesConstants::kFullHalf> first;
  std::array<std::array<Factor, 3>, HadesConstants::kFullHalf> last;
  std::array<Factor, HadesConstants::kPartial> partial;

  WideConstants() {
    const HadesConstants& constants = HadesConstants::get();
    for (std::size_t i = 0; i < first.size(); ++i) {
      for (std::size_t k = 0; k < 3; ++k) {
        first[i][k] = Factor(constants.first[i][k]);
        last[i][k] = Factor(constants.last[i][k]);
      }
    }
    for (std::size_t i = 0; i < partial.size(); ++i) partial[i] = Factor(constants.partial[i]);
  }
  static const WideConstants& get() {
    static const WideConstants constants;
    return constants;
  }
};

ASTERISM_IFMA_BEGIN
using ifma::Felt8;
using ifma::Sum8;

struct State8 {
  Sum8 a;
  Sum8 b;
  Sum8 c;
};

ASTERISM_WIDE_INLINE Felt8 cube(const Sum8& value, const Factor& constant) {
  const Felt8 base = reduce(value + Sum8(Felt8::broadcast(constant)));
  return base.square() * base;
}

// Sums are not reduced here: the coefficients grow at most fivefold.
ASTERISM_WIDE_INLINE void mix(State8& s) {
  const Sum8 ab = s.a + s.b;
  const Sum8 sum = ab + s.c;
  s.a = sum + (s.a + s.a);
  s.b = sum - (s.b + s.b);
  s.c = ab - (s.c + s.c);
}

ASTERISM_WIDE_INLINE void full_round(State8& s, const std::array<Factor, 3>& constants) {
  s.a = cube(s.a, constants[0]);
  s.b = cube(s.b, constants[1]);
  s.c = cube(s.c, constants[2]);
  mix(s);
}

// Two vectors of states, so that one computes while the other waits for its products.
void permute(State8& x, State8& y) {
  const WideConstants& constants = WideConstants::get();
  for (const auto& round : constants.first) {
    full_round(x, round);
    full_round(y, round);
  }
  constexpr std::size_t kUnreduced = 3;  // rounds: coefficients stay below 1,000
  for (std::size_t i = 0; i < constants.partial.size(); ++i) {
    x.c = cube(x.c, constants.partial[i]);
    mix(x);
    y.c = cube(y.c, constants.partial[i]);
    mix(y);
    if (i % kUnreduced != kUnreduced - 1) continue;
    x.a = reduce(x.a);
    x.b = reduce(x.b);
    y.a = reduce(y.a);
    y.b = reduce(y.b);
  }
  for (const auto& round : constants.last) {
    full_round(x, round);
    full_round(y, round);
  }
}

ASTERISM_WIDE_INLINE State8 load(std::span<const std::array<Felt, 3>> states) {
  std::array<std::array<Felt, 8>, 3> words;
  for (std::size_t i = 0; i < 8; ++i) {
    for (std::size_t k = 0; k < 3; ++k) words[k][i] = states[std::min(i, states.size() - 1)][k];
  }
  return {Felt8::load_sum(words[0].data()), Felt8::load_sum(words[1].data()), Felt8::load_sum(words[2].data())};
}

ASTERISM_WIDE_INLINE void store(const State8& s, std::span<std::array<Felt, 3>> states) {
  std::array<std::array<Felt, 8>, 3> words;
  reduce(s.a).store(words[0].data());
  reduce(s.b).store(words[1].data());
  reduce(s.c).store(words[2].data());
  for (std::size_t i = 0; i < std::min<std::size_t>(8, states.size()); ++i) {
    for (std::size_t k = 0; k < 3; ++k) states[i][k] = words[k][i];
  }
}

void permute_all(std::span<std::array<Felt, 3>> states) {
  while (!states.empty()) {
    const std::size_t count = std::min<std::size_t>(16, states.size());
    const auto first = states.first(std::min<std::size_t>(8, count));
    const auto second = count > 8 ? states.subspan(8, count - 8) : first;
    State8 x = load(first);
    State8 y = load(second);
    permute(x, y);
    store(x, first);
    if (count > 8) store(y, second);
    states = states.subspan(count);
  }
}
ASTERISM_IFMA_END

}  // namespace

bool hades_wide(std::span<std::array<Felt, 3>> states) {
  permute_all(states);
  return true;
}

#else
bool hades_wide(std::span<std::array<Felt, 3>>) { return false; }
#endif

}  // namespace asterism::core
