#include "core/stark/table_prover.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/stark/domains.hpp"

namespace asterism::core::stark {
namespace {

constexpr unsigned kDroppedLayers = 6;

unsigned log2_of(std::size_t size) { return static_cast<unsigned>(std::countr_zero(size)); }

}  // namespace

TableProver::TableProver(ThreadPool& pool, const Parameters& parameters, TableSpec spec,
                         std::vector<Column> coefficients)
    : pool_(pool),
      parameters_(parameters),
      spec_(spec),
      log_size_(log2_of(coefficients.front().size())),
      coefficients_(std::move(coefficients)),
      tree_(parameters, log_size_ + spec.log_cosets - spec.log_width,
            std::min(kDroppedLayers, log_size_ - spec.log_width)) {}

void TableProver::evaluate_coset(std::uint64_t number, std::vector<Column>& out,
                                 std::vector<wide::Scratch>& scratch) const {
  const Felt g = root_of_unity(std::uint64_t{1} << log_domain());
  const Twiddles twiddles = Twiddles::forward(log_size_, spec_.offset * power(g, number));
  out.resize(coefficients_.size());
  scratch.resize(pool_.size());
  pool_.run(scratch.size(), [&](std::size_t part) {
    for (std::size_t i = part; i < out.size(); i += scratch.size()) {
      const std::size_t size = coefficients_[i].size();
      out[i].resize(size + kColumnPadding);
      evaluate(twiddles, coefficients_[i], std::span(out[i]).first(size), scratch[part]);
      for (std::size_t k = 0; k < kColumnPadding; ++k) out[i][size + k] = out[i][k % size];
    }
  });
}

std::vector<Column> TableProver::coset(std::uint64_t number) const {
  std::vector<Column> out;
  std::vector<wide::Scratch> scratch;
  evaluate_coset(number, out, scratch);
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
  return low_layers(pool_, parameters_, cells, log_rows_here, log_rows());
}

bool TableProver::keeps(std::uint64_t coset) const {
  const std::uint64_t half = std::uint64_t{1} << (spec_.log_cosets - 1);
  return spec_.keep == TableSpec::Keep::all || (spec_.keep == TableSpec::Keep::two && (coset == 0 || coset == half));
}

// Cosets that are not kept come first, so that their room is free before the others fill theirs.
void TableProver::commit(ProverChannel& channel, const std::function<void()>& coset_done) {
  const std::uint64_t n_cosets = std::uint64_t{1} << spec_.log_cosets;
  cosets_.resize(n_cosets);
  std::vector<Column> values;
  std::vector<wide::Scratch> scratch;
  for (const bool kept : {false, true}) {
    for (std::uint64_t block = 0; block < n_cosets; ++block) {
      const std::uint64_t number = bit_reverse(block, spec_.log_cosets);
      if (keeps(number) != kept) continue;
      evaluate_coset(number, values, scratch);
      Layer layer = hash_coset(values);
      tree_.add_block(pool_, block, layer.depth, layer.nodes);
      if (kept) cosets_[number] = std::exchange(values, {});
      coset_done();
    }
  }
  tree_.finish(pool_);
  channel.send_commitment(parameters_.layer_hash(0), tree_.root());
}

// The positions of a block are the points base * <w>, w of order 2^t: on them a polynomial is what is left of it modulo
// x^(2^t) - base^(2^t), whose coefficients are again in bit-reversed order.
std::vector<Felt> TableProver::block_cells(std::uint64_t block) const {
  const unsigned t = log_block() + spec_.log_width;
  const std::size_t size = std::size_t{1} << t;
  const std::size_t n_polynomials = coefficients_.size();
  std::vector<Felt> out(n_polynomials * size);
  const std::uint64_t exponent = bit_reverse(block, log_domain() - t);
  const Felt base = spec_.offset * power(root_of_unity(std::uint64_t{1} << log_domain()), exponent);
  const std::uint64_t number = exponent & ((std::uint64_t{1} << spec_.log_cosets) - 1);
  const auto* kept = kept_coset(number);
  const Felt base_power = power(base, size);
  const Twiddles twiddles = Twiddles::forward(t, base);
  for (std::size_t c = 0; c < n_polynomials; ++c) {
    Column values(size);
    if (kept != nullptr) {
      const std::size_t first = exponent >> spec_.log_cosets;
      for (std::size_t i = 0; i < size; ++i) values[i] = (*kept)[c][first + (i << (log_size_ - t))];
    } else {
      const std::span<const Felt> all(coefficients_[c]);
      for (std::size_t i = 0; i < size; ++i)
        values[i] = evaluate_reversed(all.subspan(i << (log_size_ - t), all.size() >> t), base_power);
      evaluate(twiddles, values, values);
    }
    const std::size_t width = std::size_t{1} << spec_.log_width;
    for (std::size_t position = 0; position < size; ++position) {
      const std::size_t row = position >> spec_.log_width;
      out[row * n_polynomials * width + c * width + position % width] = values[bit_reverse(position, t)];
    }
  }
  return out;
}

TableProver::Block TableProver::make_block(std::uint64_t block) const {
  Block out;
  out.cells = block_cells(block);
  std::vector<Word> leaves(std::size_t{1} << log_block());
  if (row_cells() == 1) {
    for (std::size_t i = 0; i < leaves.size(); ++i) leaves[i] = felt_bytes(out.cells[i]);
  } else {
    Bytes messages(32 * out.cells.size());
    for (std::size_t i = 0; i < out.cells.size(); ++i) store_felt(out.cells[i], messages.data() + 32 * i);
    hash_rows(parameters_.layer_hash(log_rows()), messages, 32 * row_cells(), leaves);
  }
  out.layers.push_back(std::move(leaves));
  for (unsigned depth = log_rows(); depth > tree_.kept_depth() + 1; --depth) {
    std::vector<Word> parents(out.layers.back().size() / 2);
    hash_pairs(parameters_.layer_hash(depth - 1), out.layers.back(), parents);
    out.layers.push_back(std::move(parents));
  }
  return out;
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
  std::map<std::uint64_t, Block> blocks;
  for (const std::uint64_t row : rows) blocks[row >> log_block()];
  std::vector<std::pair<const std::uint64_t, Block>*> wanted;
  for (auto& entry : blocks) wanted.push_back(&entry);
  pool_.run(wanted.size(), [&](std::size_t i) { wanted[i]->second = make_block(wanted[i]->first); });

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
