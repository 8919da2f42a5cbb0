#include "core/stark/air/keccak.hpp"

namespace asterism::core::stark {
namespace {

using std::to_string;

// The columns that did not fit are in three parts, of eight rounds each.
std::vector<VirtualColumn> carry_columns(const Layout& layout, unsigned i, unsigned j) {
  const std::string name = "keccak/keccak/theta_aux_i" + to_string(i) + "_j" + to_string(j);
  if (const auto whole = layout.find(name)) return {*whole};
  return {layout.at(name + "_start0_stop8"), layout.at(name + "_start8_stop16"), layout.at(name + "_start16_stop24")};
}

}  // namespace

// FIPS 202, algorithm 5: a linear feedback shift register, seven bits a round.
bool Keccak::key_bit(unsigned index, unsigned round) {
  unsigned state = 1;
  for (unsigned i = 0; i < index + kKeyPlaces.size() * round; ++i) {
    state <<= 1;
    if (state >> 8 != 0) state ^= 0x171;
  }
  return (state & 1) != 0;
}

Keccak::Keccak(const Binder& b)
    : words(b.layout.memory_at("keccak/input_output")),
      reshaped(b.layout.at("keccak/keccak/parse_to_diluted/reshaped_intermediate")),
      reshaped_by_word(b.layout.at("keccak/keccak/parse_to_diluted/final_reshaped_input")),
      sums(b.layout.at("keccak/keccak/parse_to_diluted/cumulative_sum")),
      state(b.layout.at("keccak/keccak/diluted_column0")),
      moved_bits(b.layout.at("keccak/keccak/diluted_column3")),
      chi_low(b.layout.at("keccak/keccak/diluted_column1")),
      chi_high(b.layout.at("keccak/keccak/diluted_column2")) {
  for (unsigned j = 0; j < 5; ++j) {
    for (unsigned bit = 0; bit < 3; ++bit) {
      parity[bit][j] = b.layout.at("keccak/keccak/parity" + to_string(bit) + "_" + to_string(j));
    }
    rotated[j] = b.layout.at("keccak/keccak/rotated_parity" + to_string(j));
    for (unsigned i = 0; i < 5; ++i) carry[i][j] = carry_columns(b.layout, i, j);
  }
  for (unsigned i = 0; i < kKeyPlaces.size(); ++i) {
    std::vector<Felt> column;
    for (unsigned round = 0; round < kEntriesOfRounds; ++round) {
      column.push_back(key_bit(i, round) ? Felt(2 * kOnes) : Felt());
    }
    keys[i] = b.add_periodic(state.step, std::move(column));
  }

  const std::uint64_t entry_rows = state.step;
  const std::uint64_t lane_rows = kEntriesOfRounds * entry_rows;
  const std::uint64_t place_rows = entry(0, 1) * entry_rows;
  const std::uint64_t batch_rows = kEntries * entry_rows;
  first = b.rows.first();
  words_but_last = b.rows.every_but_last(words.address.step);
  invocations = b.rows.every(2 * kWords * words.address.step);
  place_parsing(entry_rows, place_rows, batch_rows);
  const Repeat each_round{kRounds, entry_rows};
  rounds = {{{place_rows, 0, each_round}}, {}};
  first_place = {{{batch_rows, 0, each_round}}, {}};
  rounds_but_last_place = rounds.but({batch_rows, (kPlaces - 1) * place_rows, each_round});
  for (unsigned i = 0; i < 5; ++i) {
    first_three_columns.included.push_back({place_rows, 5 * i * lane_rows, each_round, {3, lane_rows}});
  }
  for (const unsigned place : kKeyPlaces) {
    first_three_columns.excluded.push_back({batch_rows, place * place_rows, each_round});
  }
  one_column = {{{place_rows, 0, each_round, {5, 5 * lane_rows}}}, {}};
  add_moves(entry_rows, place_rows, batch_rows);
  name_constraints();
}

void Keccak::place_parsing(std::uint64_t entry_rows, std::uint64_t place_rows, std::uint64_t batch_rows) {
  const std::uint64_t lane_rows = kEntriesOfRounds * entry_rows;
  const Repeat input_output{2, entry_rows};
  const Repeat all{2 * kInvocations, entry_rows};
  const Repeat all_but_one{2 * (kInvocations - 1), entry_rows};
  word_rows = {{{batch_rows, 0, {2 * kWords, reshaped.step}}}, {}};
  sum_rows = {{{batch_rows, 0, all}}, {}};
  first_sums = {{{batch_rows, 0, input_output}}, {}};
  other_sums = {{{batch_rows, 0, all_but_one}}, {}};

  const std::uint64_t last = (kPlaces - 1) * place_rows;
  const Repeat lanes{kLanes, lane_rows};
  extractions[1].first = {{{batch_rows, 0, input_output, lanes}}, {}};
  extractions[1].others = {{{batch_rows, 0, all_but_one, lanes}}, {}};
  extractions[1].done = {{{batch_rows, 0, lanes}}, {}};
  // Sums start from the entry above the last lane, so bits are extracted up to there.
  const Repeat lanes_and_start{kLanes + 1, lane_rows};
  const std::uint64_t beyond = lanes_and_start.count * lane_rows;
  const Repeat unused{kEntriesOfRounds - lanes_and_start.count, lane_rows};
  extractions[0].first = Domain{{{lane_rows, 0, input_output}}, {}}
                             .but({place_rows, beyond, input_output, unused})
                             .but({batch_rows, last, input_output, lanes_and_start});
  extractions[0].others = Domain{{{entry_rows, 0}}, {}}
                              .but({lane_rows, all_but_one.count * entry_rows, input_output})
                              .but({place_rows, beyond, all_but_one, unused})
                              .but({batch_rows, last, all_but_one, lanes_and_start});
  extractions[0].done = Domain{{{lane_rows, 0}}, {}}
                            .but({place_rows, kLanes * lane_rows, {kEntriesOfRounds - kLanes, lane_rows}})
                            .but({batch_rows, last, lanes});
}

void Keccak::add_moves(std::uint64_t entry_rows, std::uint64_t place_rows, std::uint64_t batch_rows) {
  // The first `count` places, in as few row sets as possible.
  const auto places = [&](std::uint64_t count, unsigned n_rounds) {
    const Repeat each_round{n_rounds, entry_rows};
    const auto repeat = [&](std::uint64_t n) { return n == 1 ? Repeat{} : Repeat{n, place_rows}; };
    if (count <= kPlaces / 2) return Domain{{{batch_rows, 0, each_round, repeat(count)}}, {}};
    const Domain all{{{place_rows, 0, each_round}}, {}};
    if (count == kPlaces) return all;
    return all.but({batch_rows, count * place_rows, each_round, repeat(kPlaces - count)});
  };
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    const unsigned i = lane / 5, j = lane % 5, shift = kRotations[i][j];
    const auto [to_i, to_j] = moved(i, j);
    const auto& columns = carry[to_i][to_j];
    const unsigned n_rounds = columns.size() == 1 ? kRounds : kSplitRounds;
    const std::string name = "theta_rho_pi_i" + to_string(i) + "_j" + to_string(j);
    const auto add = [&](unsigned from, unsigned to, std::uint64_t count, unsigned number) {
      for (unsigned part = 0; part < columns.size(); ++part) {
        const unsigned round = kSplitRounds * part;
        moves.push_back({shift == 0 ? name : name + "/n" + to_string(number + part), j, entry(0, from) + round,
                         entry(lane, from) + round, entry(5 * to_i + to_j, to) + round, columns[part], entry(0, to),
                         places(count, n_rounds)});
      }
    };
    add(0, shift, kPlaces - shift, 0);
    if (shift != 0) add(kPlaces - shift, 0, shift, static_cast<unsigned>(columns.size()));
  }
}

void Keccak::name_constraints() {
  for (unsigned i = 0; i < 2 * kWords; ++i) {
    reshape_names.push_back("reshape_intermediate" + to_string(i / kWords) + "_w" + to_string(i % kWords));
  }
  for (unsigned i = 0; i < kInvocations; ++i) reshape_final_names.push_back("reshape_final" + to_string(i));
  for (unsigned w = 0; w < kWords; ++w) {
    accumulate_names.push_back("init_first_invocation" + to_string(w));
    accumulate_names.push_back("init_other_invocations" + to_string(w));
  }
  for (unsigned which = 0; which < 2; ++which) {
    const std::string n = to_string(which);
    extractions[which].names = {"extract_bit_first_invocation" + n, "extract_bit_other_invocations" + n,
                                "to_diluted0_p" + n, "to_diluted1_p" + n};
  }
  for (unsigned j = 0; j < 5; ++j) {
    parity_names.push_back("parity" + to_string(j));
    rotate_names.push_back("rotate_parity" + to_string(j) + "/n0");
    rotate_names.push_back("rotate_parity" + to_string(j) + "/n1");
  }
  for (const unsigned place : kKeyPlaces) iota_names.push_back("chi_iota" + to_string(place));
}

}  // namespace asterism::core::stark
