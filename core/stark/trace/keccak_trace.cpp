#include <algorithm>

#include "core/stark/air/keccak.hpp"
#include "core/stark/trace/components.hpp"

namespace asterism::core::stark {
namespace {

constexpr unsigned kInvocations = Keccak::kInvocations, kWords = Keccak::kWords, kWordBits = Keccak::kWordBits;
constexpr unsigned kLanes = Keccak::kLanes, kPlaces = Keccak::kPlaces, kRounds = Keccak::kRounds;
constexpr std::uint64_t kOnes = Keccak::kOnes;

// Bits across the invocations of a batch: that of invocation n is at 4 * (15 - n).
using Lane = std::array<std::uint64_t, kPlaces>;
using State = std::array<Lane, kLanes>;
using Words = std::array<U256, kWords>;

unsigned bit_of(unsigned invocation) { return DilutedPool::kSpacing * (kInvocations - 1 - invocation); }

void add_words(State& state, unsigned invocation, const Words& words) {
  for (unsigned bit = 0; bit < kLanes * kPlaces; ++bit) {
    if (words[bit / kWordBits].bit(bit % kWordBits)) {
      state[bit / kPlaces][bit % kPlaces] |= std::uint64_t{1} << bit_of(invocation);
    }
  }
}

Words words_of(const State& state, unsigned invocation) {
  Words out{};
  for (unsigned bit = 0; bit < kLanes * kPlaces; ++bit) {
    const std::uint64_t value = (state[bit / kPlaces][bit % kPlaces] >> bit_of(invocation)) & 1;
    const unsigned place = bit % kWordBits;
    out[bit / kWordBits].limb[place / 64] |= value << place % 64;
  }
  return out;
}

// Writes the rounds of one batch while computing them.
class Permutation {
 public:
  Permutation(Trace& trace, const Keccak& air, std::uint64_t batch)
      : trace_(trace), air_(air), base_(batch * Keccak::kEntries) {}

  State run(State state) {
    for (round_ = 0; round_ < kRounds; ++round_) {
      write_state(state);
      state = chi_iota(theta_rho_pi(state, parities(state)));
    }
    write_state(state);
    return state;
  }

 private:
  void set(const VirtualColumn& cells, unsigned lane, unsigned place, std::uint64_t value) {
    trace_.set_diluted(cells, base_ + Keccak::entry(lane, place) + round_, value & kOnes);
  }

  void write_state(const State& state) {
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      for (unsigned k = 0; k < kPlaces; ++k) set(air_.state, lane, k, state[lane][k]);
    }
  }

  std::array<Lane, 5> parities(const State& state) {
    std::array<Lane, 5> out{};
    for (unsigned j = 0; j < 5; ++j) {
      for (unsigned k = 0; k < kPlaces; ++k) {
        std::uint64_t sum = 0;
        for (unsigned i = 0; i < 5; ++i) sum += state[5 * i + j][k];
        out[j][k] = sum & kOnes;
        for (unsigned bit = 0; bit < 3; ++bit) set(air_.parity[bit][j], 0, k, sum >> bit);
        trace_.set(air_.rotated[j], base_ + Keccak::entry(0, (k + 1) % kPlaces) + round_, Felt(sum & kOnes));
      }
    }
    return out;
  }

  State theta_rho_pi(const State& state, const std::array<Lane, 5>& parity) {
    State out{};
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      const unsigned i = lane / 5, j = lane % 5;
      const auto [to_i, to_j] = Keccak::moved(i, j);
      const unsigned to = 5 * to_i + to_j;
      const auto& parts = air_.carry[to_i][to_j];
      const unsigned part = parts.size() == 1 ? 0 : round_ / Keccak::kSplitRounds;
      for (unsigned k = 0; k < kPlaces; ++k) {
        const std::uint64_t sum =
            state[lane][k] + parity[(j + 4) % 5][k] + parity[(j + 1) % 5][(k + kPlaces - 1) % kPlaces];
        const unsigned place = (k + Keccak::kRotations[i][j]) % kPlaces;
        out[to][place] = sum & kOnes;
        set(air_.moved_bits, to, place, sum);
        trace_.set_diluted(parts[part], base_ + Keccak::entry(0, place) + round_ - Keccak::kSplitRounds * part,
                           (sum >> 1) & kOnes);
      }
    }
    return out;
  }

  State chi_iota(const State& moved) {
    State out{};
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      const unsigned row = lane - lane % 5;
      const Lane& b = moved[row + (lane + 1) % 5];
      const Lane& c = moved[row + (lane + 2) % 5];
      for (unsigned k = 0; k < kPlaces; ++k) {
        std::uint64_t sum = 2 * moved[lane][k] + (kOnes - b[k]) + c[k];
        const auto* key = std::ranges::find(Keccak::kKeyPlaces, k);
        if (lane == 0 && key != Keccak::kKeyPlaces.end() &&
            Keccak::key_bit(static_cast<unsigned>(key - Keccak::kKeyPlaces.begin()), round_)) {
          sum += 2 * kOnes;
        }
        set(air_.chi_low, lane, k, sum);
        set(air_.chi_high, lane, k, sum >> 2);
        out[lane][k] = (sum >> 1) & kOnes;
      }
    }
    return out;
  }

  Trace& trace_;
  const Keccak& air_;
  std::uint64_t base_;
  unsigned round_ = 0;
};

// The words of one invocation of a batch, in (which 0) or out (1), reshaped twice.
void write_words(Trace& trace, const Keccak& air, std::uint64_t batch, unsigned invocation, unsigned which,
                 const Words& words) {
  constexpr std::uint64_t kPlaceEntries = Keccak::kEntries / Keccak::kEntriesOfRounds;
  for (unsigned w = 0; w < kWords; ++w) {
    const std::uint64_t slow = which + 2 * kPlaceEntries * (invocation + kInvocations * batch);
    const std::uint64_t fast = which + 2 * (invocation + kInvocations * kPlaceEntries * batch);
    trace.set(air.reshaped, w + kWords * slow, Felt::reduce(words[w]));
    trace.set(air.reshaped_by_word, w + kWords * fast, Felt::reduce(words[w]));
  }
}

// Running sums of the bits, from the highest down, each invocation's on top of sixteen times that before it.
void write_sums(Trace& trace, const Keccak& air, std::uint64_t batch, const std::array<State, 2>& in_and_out) {
  const Felt spacing(1 << DilutedPool::kSpacing);
  for (unsigned which = 0; which < 2; ++which) {
    std::array<Felt, kInvocations> own{};
    for (unsigned bit = kLanes * kPlaces; bit-- > 0;) {
      const unsigned lane = bit / kPlaces, place = bit % kPlaces;
      const std::uint64_t bits = in_and_out[which][lane][place];
      Felt sum;
      for (unsigned n = 0; n < kInvocations; ++n) {
        own[n] = own[n].double_() + Felt((bits >> bit_of(n)) & 1);
        sum = own[n] + spacing * sum;
        trace.set(air.sums, batch * Keccak::kEntries + Keccak::entry(lane, place) + 2 * n + which, sum);
      }
    }
  }
}

}  // namespace

Expected<void> write_keccak(Trace& trace, std::uint64_t begin, std::span<const Instance<8>> inputs) {
  std::vector<PeriodicColumn> periodic;
  const Layout& layout = trace.layout();
  const Keccak air({layout, {trace.rows()}, periodic});
  const std::uint64_t batches = trace.rows() / layout.batch_rows("keccak");
  std::vector<std::array<State, 2>> states(batches);
  for (const Instance<8>& instance : inputs) {
    const std::uint64_t batch = instance.index / kInvocations;
    if (batch >= batches) return fail(Error::no_room, "for keccak instance " + std::to_string(instance.index));
    Words words;
    for (unsigned w = 0; w < kWords; ++w) {
      words[w] = instance.input[w].to_u256();
      if (words[w].bit_length() > kWordBits) return fail(Error::bad_trace, "a keccak word of more than 200 bits");
    }
    add_words(states[batch][0], instance.index % kInvocations, words);
  }
  for (std::uint64_t batch = 0; batch < batches; ++batch) {
    auto& [in, out] = states[batch];
    out = Permutation(trace, air, batch).run(in);
    write_sums(trace, air, batch, states[batch]);
    for (unsigned n = 0; n < kInvocations; ++n) {
      for (unsigned which = 0; which < 2; ++which) {
        const Words words = words_of(states[batch][which], n);
        write_words(trace, air, batch, n, which, words);
        for (unsigned w = 0; w < kWords; ++w) {
          const std::uint64_t cell = w + kWords * (which + 2 * (n + kInvocations * batch));
          trace.set_memory(air.words, cell, begin + cell, Felt::reduce(words[w]));
        }
      }
    }
  }
  return {};
}

}  // namespace asterism::core::stark
