// The keccak builtin: keccak-f[1600] of sixteen invocations at a time.
//
// The 1600 bits of the sixteen states are cut across: a cell of the state holds one bit of each, as a diluted value,
// the first invocation's at the top. 32 rows of a column are one bit's history: its value before each of the 24 rounds,
// and in the row after them the output. Bit (i, j, k) is place k of lane 5i + j; entry(5i + j, k) is its first row.
//   parse     The words in memory, eight of 200 bits in and out each, become the first and the last of these states.
//             `sums` runs through the bits of an invocation from the highest down, as the number that they make so far,
//             on top of four bits for each invocation before it; a difference of two of its entries is a bit.
//   theta     A sum of diluted values has a carry; columns of their own hold it. The parity of a column j of five bits
//             is the low part of their sum; `rotated` is the parity one place on.
//   rho, pi   Only places where the bits go.
//   chi, iota 2a + (1 - b) + c has the new bit in the middle: a + (not b and c).
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "core/stark/air/evaluation.hpp"

namespace asterism::core::stark {

struct Keccak {
  static constexpr unsigned kInvocations = 16;
  static constexpr unsigned kWords = 8;  // in; and as many out
  static constexpr unsigned kWordBits = 200;
  static constexpr unsigned kLanes = 25, kPlaces = 64, kRounds = 24;
  static constexpr unsigned kEntries = 65536;       // of a column, for all invocations
  static constexpr unsigned kEntriesOfRounds = 32;  // 24 rounds, the output, and nothing
  static constexpr unsigned kSplitRounds = 8;       // of a part of those columns of theta that are in three parts
  static constexpr std::uint64_t kOnes = 0x1111111111111111ULL;
  static constexpr std::array<unsigned, 7> kKeyPlaces{0, 1, 3, 7, 15, 31, 63};
  static constexpr std::array<std::array<unsigned, 5>, 5> kRotations{
      {{0, 1, 62, 28, 27}, {36, 44, 6, 55, 20}, {3, 10, 43, 25, 39}, {41, 45, 15, 21, 8}, {18, 2, 61, 56, 14}}};

  static constexpr unsigned entry(unsigned lane, unsigned place) {
    return kEntriesOfRounds * (lane + kEntriesOfRounds * place);
  }
  // Where pi takes the bits of lane 5i + j.
  static constexpr std::pair<unsigned, unsigned> moved(unsigned i, unsigned j) { return {(3 * i + 2 * j) % 5, i}; }
  // Bit kKeyPlaces[index] of a round's key; the sequence goes on after the last round.
  static bool key_bit(unsigned index, unsigned round);

  MemoryCells words;
  VirtualColumn reshaped, reshaped_by_word, sums;
  VirtualColumn state, moved_bits, chi_low, chi_high;
  std::array<std::array<VirtualColumn, 5>, 3> parity;  // bit of the sum, column
  std::array<VirtualColumn, 5> rotated;
  std::array<std::array<std::vector<VirtualColumn>, 5>, 5> carry;  // of theta, where pi takes it; one part or three

  explicit Keccak(const Binder& binder);

  template <class E>
  void constrain(E& e) const {
    e.constrain({"keccak/", "init_input_output_addr"}, e.at(words.address, 0) - e.global(Global::keccak_begin), first);
    e.constrain({"keccak/", "addr_input_output_step"}, e.at(words.address, 1) - (e.at(words.address, 0) + e.number(1)),
                words_but_last);
    reshape(e);
    accumulate(e);
    extract(e, kPlaces - 1, extractions[1]);
    extract(e, 0, extractions[0]);
    sum_columns(e);
    for (const Move& move : moves) {
      const auto low = e.at(moved_bits, move.to), high = e.at(move.carry, move.carry_to);
      const auto parities =
          e.at(parity[0][(move.column + 4) % 5], move.parity) + e.at(rotated[(move.column + 1) % 5], move.parity);
      e.constrain({kScope, move.name}, parities + e.at(state, move.from) - (low + high + high), move.rows);
    }
    chi_iota(e);
  }

 private:
  static constexpr std::string_view kScope = "keccak/keccak/";
  static constexpr std::string_view kParse = "keccak/keccak/parse_to_diluted/";
  static constexpr Felt kWordShift = Felt::reduce(U256(1) << kWordBits);

  // Bits of one lane through theta, rho and pi; those that rho takes over the last place have an entry of their own.
  struct Move {
    std::string name;
    unsigned column;    // j
    unsigned parity;    // entry of the column's parities
    unsigned from, to;  // entries of the state
    VirtualColumn carry;
    unsigned carry_to;
    Domain rows;
  };
  // Where a bit of a word is extracted, for places with another one after them ("0") and the last place ("1").
  struct Extraction {
    std::array<std::string, 4> names;
    Domain first, others, done;
  };

  template <class E>
  void reshape(E& e) const {
    for (unsigned i = 0; i < 2 * kWords; ++i) {
      e.constrain({kParse, reshape_names[i]}, e.at(words.value, i) - e.at(reshaped, i), invocations);
    }
    for (unsigned i = 0; i < kInvocations; ++i) {
      e.constrain({kParse, reshape_final_names[i]},
                  e.at(reshaped, i * invocations.included[0].step) - e.at(reshaped_by_word, i * 2 * kWords), word_rows);
    }
    e.constrain({kParse, "start_accumulation"}, e.at(sums, entry(kLanes, 0)), sum_rows);
  }

  // The bits of word w and those above it, less those above it.
  template <class E>
  auto word_sum(E& e, unsigned w, unsigned offset) const {
    const auto start = [](unsigned bit) { return entry(bit / kPlaces, bit % kPlaces); };
    return e.at(sums, start(kWordBits * w) + offset) -
           e.constant(kWordShift) * e.at(sums, start(kWordBits * (w + 1)) + offset);
  }

  template <class E>
  void accumulate(E& e) const {
    for (unsigned w = 0; w < kWords; ++w) {
      const auto sum = word_sum(e, w, 0);
      e.constrain({kParse, accumulate_names[2 * w]}, e.at(reshaped_by_word, w) - sum, first_sums);
      e.constrain({kParse, accumulate_names[2 * w + 1]},
                  e.at(reshaped_by_word, w + 2 * kWords) + sum * e.number(kInvocations) - word_sum(e, w, 2),
                  other_sums);
    }
  }

  template <class E>
  void extract(E& e, unsigned place, const Extraction& extraction) const {
    const unsigned here = entry(0, place);
    const unsigned above = place == 0 ? entry(0, 1) : entry(1, 0);
    const auto bits = [&](unsigned offset) {
      const auto next = e.at(sums, above + offset);
      return e.at(sums, here + offset) - (next + next);
    };
    const auto all = bits(0);
    e.constrain({kParse, extraction.names[0]}, all * all - all, extraction.first);
    const auto own = bits(2) - e.number(kInvocations) * all;
    e.constrain({kParse, extraction.names[1]}, own * own - own, extraction.others);
    constexpr unsigned kLast = 2 * (kInvocations - 1);
    e.constrain({kParse, extraction.names[2]}, bits(kLast) - e.at(state, here), extraction.done);
    e.constrain({kParse, extraction.names[3]}, bits(kLast + 1) - e.at(state, here + kRounds), extraction.done);
  }

  template <class E>
  void sum_columns(E& e) const {
    for (unsigned j = 0; j < 5; ++j) {
      typename E::Value sum = e.at(state, entry(j, 0));
      for (unsigned i = 1; i < 5; ++i) sum = sum + e.at(state, entry(5 * i + j, 0));
      const auto middle = e.at(parity[1][j], 0);
      e.constrain({kScope, parity_names[j]},
                  sum - (e.at(parity[0][j], 0) + middle + middle + e.at(parity[2][j], 0) * e.number(4)), rounds);
    }
    for (unsigned j = 0; j < 5; ++j) {
      e.constrain({kScope, rotate_names[2 * j]}, e.at(rotated[j], 0) - e.at(parity[0][j], entry(0, kPlaces - 1)),
                  first_place);
      e.constrain({kScope, rotate_names[2 * j + 1]}, e.at(rotated[j], entry(0, 1)) - e.at(parity[0][j], 0),
                  rounds_but_last_place);
    }
  }

  // The new bit at `place` of lane `at`, from those of the lanes b and c after it.
  template <class E>
  auto chi(E& e, unsigned place, unsigned at, unsigned b, unsigned c) const {
    const unsigned a = entry(at, place);
    const auto bit = e.at(moved_bits, a), next = e.at(state, a + 1);
    const auto not_b = e.constant(Felt(kOnes)) - e.at(moved_bits, entry(b, place));
    return bit + bit + not_b + e.at(moved_bits, entry(c, place)) -
           (e.at(chi_low, a) + next + next + e.at(chi_high, a) * e.number(4));
  }

  template <class E>
  void chi_iota(E& e) const {
    for (unsigned i = 0; i < kKeyPlaces.size(); ++i) {
      e.constrain({kScope, iota_names[i]}, e.periodic(keys[i]) + chi(e, kKeyPlaces[i], 0, 1, 2), first_place);
    }
    e.constrain({kScope, "chi0"}, chi(e, 0, 0, 1, 2), first_three_columns);
    e.constrain({kScope, "chi1"}, chi(e, 0, 4, 0, 1), one_column);
    e.constrain({kScope, "chi2"}, chi(e, 0, 3, 4, 0), one_column);
  }

  void name_constraints();
  void place_parsing(std::uint64_t entry_rows, std::uint64_t place_rows, std::uint64_t batch_rows);
  void add_moves(std::uint64_t entry_rows, std::uint64_t place_rows, std::uint64_t batch_rows);

  Domain first, words_but_last, invocations, word_rows, sum_rows, first_sums, other_sums;
  Domain rounds, first_place, rounds_but_last_place, first_three_columns, one_column;
  std::array<Extraction, 2> extractions;
  std::vector<Move> moves;
  std::array<PeriodicId, kKeyPlaces.size()> keys{};
  std::vector<std::string> reshape_names, reshape_final_names, accumulate_names, parity_names, rotate_names, iota_names;
};

}  // namespace asterism::core::stark
