#include "core/stark/table_prover.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/stark/domains.hpp"
#include "core/stark/fft.hpp"
#include "core/stark/residues.hpp"

namespace asterism::core::stark {
namespace {

constexpr unsigned kDroppedLayers = 6;

unsigned log2_of(std::size_t size) { return static_cast<unsigned>(std::countr_zero(size)); }

}  // namespace

TableProver::TableProver(Backend& backend, const Parameters& parameters, TableSpec spec,
                         std::vector<Column> coefficients)
    : backend_(backend),
      parameters_(parameters),
      spec_(spec),
      log_size_(log2_of(coefficients.front().size())),
      coefficients_(std::move(coefficients)),
      tree_(parameters, log_size_ + spec.log_cosets - spec.log_width,
            std::min(kDroppedLayers, log_size_ - spec.log_width)) {}

void TableProver::evaluate_coset(std::uint64_t number, std::span<const Column> coefficients,
                                 std::vector<Column>& out) const {
  const Felt g = root_of_unity(std::uint64_t{1} << log_domain());
  backend_.evaluate(coefficients, spec_.offset * power(g, number), out);
}

std::vector<Column> TableProver::coset(std::uint64_t number, std::size_t first, std::size_t count) const {
  std::vector<Column> out;
  evaluate_coset(number, std::span(coefficients_).subspan(first, count), out);
  return out;
}

const std::vector<Column>* TableProver::kept_coset(std::uint64_t number) const {
  return number < cosets_.size() && !cosets_[number].empty() ? &cosets_[number] : nullptr;
}

Layer TableProver::hash_coset(const std::vector<Column>& values) const {
  const unsigned log_rows_here = log_size_ - spec_.log_width;
  std::vector<const Felt*> cells;  // of row 0; row i is at +i
  for (const Column& column : values) {
    for (std::uint64_t k = 0; k < std::uint64_t{1} << spec_.log_width; ++k) {
      cells.push_back(column.data() + (bit_reverse(k, spec_.log_width) << log_rows_here));
    }
  }
  return backend_.hash_rows(parameters_, {cells, log_rows_here, log_rows()});
}

bool TableProver::keeps(std::uint64_t coset) const {
  const std::uint64_t half = std::uint64_t{1} << (spec_.log_cosets - 1);
  switch (spec_.keep) {
    case TableSpec::Keep::none:
      return false;
    case TableSpec::Keep::half:
      return coset == half;
    case TableSpec::Keep::two:
      return coset == 0 || coset == half;
    case TableSpec::Keep::all:
      return true;
  }
  return false;
}

// Cosets that are not kept come first, so that their room is free before the others fill theirs.
void TableProver::commit(ProverChannel& channel, const std::function<void()>& coset_done) {
  const std::uint64_t n_cosets = std::uint64_t{1} << spec_.log_cosets;
  cosets_.resize(n_cosets);
  std::vector<Column> values;
  for (const bool kept : {false, true}) {
    for (std::uint64_t block = 0; block < n_cosets; ++block) {
      const std::uint64_t number = bit_reverse(block, spec_.log_cosets);
      if (keeps(number) != kept) continue;
      evaluate_coset(number, coefficients_, values);
      Layer layer = hash_coset(values);
      tree_.add_block(backend_.pool(), block, layer.depth, layer.nodes);
      if (kept) cosets_[number] = std::exchange(values, {});
      coset_done();
    }
  }
  tree_.finish(backend_.pool());
  channel.send_commitment(parameters_.layer_hash(0), tree_.root());
}

// The positions of a block are the points base * <w>, w of order 2^t: on them a polynomial is what is left of it modulo
// x^(2^t) - base^(2^t), whose coefficients are again in bit-reversed order.
void TableProver::fill_cells(const Group& group, std::size_t column) const {
  const unsigned t = log_block() + spec_.log_width;
  const std::size_t size = std::size_t{1} << t;
  const Felt g = root_of_unity(std::uint64_t{1} << log_domain());
  const std::size_t count = group.wanted.size();
  std::vector<Column> values(count, Column(size));
  std::vector<std::span<Felt>> places(values.begin(), values.end());
  std::vector<Felt> bases, powers;
  std::vector<std::size_t> parts;
  for (const Wanted& want : group.wanted) {
    const std::uint64_t exponent = bit_reverse(want.block, log_domain() - t);
    bases.push_back(spec_.offset * power(g, exponent));
    powers.push_back(power(bases.back(), size));
    parts.push_back((exponent >> spec_.log_cosets) & 7);
  }
  const std::uint64_t coset = coset_of(group.wanted.front().block);
  const Column& coefficients = coefficients_[column];
  switch (group.how) {
    case Group::How::kept:
      for (std::size_t j = 0; j < count; ++j) {
        const std::size_t first = bit_reverse(group.wanted[j].block, log_domain() - t) >> spec_.log_cosets;
        const Column& from = (*kept_coset(coset))[column];
        for (std::size_t i = 0; i < size; ++i) values[j][i] = from[first + (i << (log_size_ - t))];
      }
      break;
    case Group::How::one_coset:
      residues_of_parts(coefficients, power(spec_.offset * power(g, coset), coefficients.size() / 8), parts, powers,
                        size, places);
      break;
    case Group::How::mixed:
      residues(coefficients, powers, size, places);
      break;
  }
  const std::size_t width = std::size_t{1} << spec_.log_width;
  for (std::size_t j = 0; j < count; ++j) {
    if (group.how != Group::How::kept) evaluate(Twiddles::forward(t, bases[j]), values[j], values[j]);
    for (std::size_t position = 0; position < size; ++position) {
      const std::size_t row = position >> spec_.log_width;
      Felt* cells = group.wanted[j].cells + row * row_cells() + column * width;
      cells[position % width] = values[j][bit_reverse(position, t)];
    }
  }
}

// Blocks of one coset share halvings of the polynomials if they are enough to be worth it; others share that the
// coefficients are loaded.
std::vector<TableProver::Group> TableProver::groups_of(
    const std::map<std::uint64_t, std::vector<Wanted>>& by_coset) const {
  constexpr std::size_t kLeastShared = 5;
  constexpr std::size_t kMostMixed = 12;  // tables of powers that stay in cache
  std::vector<Group> out;
  Group mixed{Group::How::mixed, {}};
  for (const auto& [coset, wanted] : by_coset) {
    if (kept_coset(coset) != nullptr) {
      out.push_back({Group::How::kept, wanted});
    } else if (wanted.size() >= kLeastShared && log_size_ >= log_block() + spec_.log_width + 3) {
      out.push_back({Group::How::one_coset, wanted});
    } else {
      for (const Wanted& want : wanted) {
        mixed.wanted.push_back(want);
        if (mixed.wanted.size() == kMostMixed) out.push_back(std::exchange(mixed, {Group::How::mixed, {}}));
      }
    }
  }
  if (!mixed.wanted.empty()) out.push_back(std::move(mixed));
  return out;
}

std::uint64_t TableProver::coset_of(std::uint64_t block) const {
  const std::uint64_t exponent = bit_reverse(block, log_domain() - log_block() - spec_.log_width);
  return exponent & ((std::uint64_t{1} << spec_.log_cosets) - 1);
}

void TableProver::hash_block(Block& block) const {
  std::vector<Word> leaves(std::size_t{1} << log_block());
  if (row_cells() == 1) {
    for (std::size_t i = 0; i < leaves.size(); ++i) leaves[i] = felt_bytes(block.cells[i]);
  } else {
    Bytes messages(32 * block.cells.size());
    for (std::size_t i = 0; i < block.cells.size(); ++i) store_felt(block.cells[i], messages.data() + 32 * i);
    stark::hash_rows(parameters_.layer_hash(log_rows()), messages, 32 * row_cells(), leaves);
  }
  block.layers.push_back(std::move(leaves));
  for (unsigned depth = log_rows(); depth > tree_.kept_depth() + 1; --depth) {
    std::vector<Word> parents(block.layers.back().size() / 2);
    hash_pairs(parameters_.layer_hash(depth - 1), block.layers.back(), parents);
    block.layers.push_back(std::move(parents));
  }
}

std::map<std::uint64_t, TableProver::Block> TableProver::make_blocks(std::span<const std::uint64_t> rows) const {
  std::map<std::uint64_t, Block> blocks;
  for (const std::uint64_t row : rows) blocks[row >> log_block()];
  std::map<std::uint64_t, std::vector<Wanted>> by_coset;
  std::vector<Block*> all;
  for (auto& [number, block] : blocks) {
    block.cells.resize(row_cells() << log_block());
    by_coset[coset_of(number)].push_back({number, block.cells.data()});
    all.push_back(&block);
  }
  const std::vector<Group> groups = groups_of(by_coset);
  const std::size_t n_columns = coefficients_.size();
  backend_.pool().run(groups.size() * n_columns,
                      [&](std::size_t i) { fill_cells(groups[i / n_columns], i % n_columns); });
  backend_.pool().run(all.size(), [&](std::size_t i) { hash_block(*all[i]); });
  return blocks;
}

const Word& TableProver::node(const std::map<std::uint64_t, Block>& blocks, unsigned depth, std::uint64_t index) const {
  if (depth <= tree_.kept_depth()) return tree_.node(depth, index);
  const Block& block = blocks.at(index >> (depth - tree_.kept_depth()));
  const auto& layer = block.layers[log_rows() - depth];
  return layer[index & (layer.size() - 1)];
}

void TableProver::open(ProverChannel& channel, std::span<const std::uint64_t> rows,
                       std::span<const std::uint64_t> known) const {
  const std::uint32_t width = row_cells();
  const auto blocks = make_blocks(rows);

  std::size_t next = 0;
  for (const std::uint64_t row : rows) {
    const Block& block = blocks.at(row >> log_block());
    const Felt* cells = block.cells.data() + width * (row & ((std::uint64_t{1} << log_block()) - 1));
    for (std::uint32_t c = 0; c < width; ++c) {
      if (next < known.size() && known[next] == row * width + c) {
        ++next;
      } else {
        channel.send_felt(cells[c], cell_label(row, c));
      }
    }
  }
  std::vector<std::uint64_t> layer(rows.begin(), rows.end());
  for (unsigned depth = log_rows(); depth > 0; --depth) {
    for (const std::uint64_t index : missing_siblings(layer)) {
      const Word& sibling = node(blocks, depth, index);
      if (width == 1 && depth == log_rows()) {
        channel.send_sibling_cell(sibling, sibling_cell_label(index));
      } else {
        channel.send_node(parameters_.layer_hash(depth), sibling, node_label(depth, index));
      }
    }
    for (std::uint64_t& index : layer) index >>= 1;
    layer.erase(std::unique(layer.begin(), layer.end()), layer.end());
  }
}

}  // namespace asterism::core::stark
