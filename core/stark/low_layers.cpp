#include "core/stark/low_layers.hpp"

#include <algorithm>
#include <array>

#include "core/stark/column.hpp"
#include "core/stark/domains.hpp"

namespace asterism::core::stark {
namespace {

// So many neighbours in the tree are rows that lie n/64 apart; and so many neighbours among the rows are read at once:
// lines of the cache that are a power of two apart would drive each other out if each were read twice.
constexpr unsigned kLogBlock = 6;
constexpr std::size_t kBlock = std::size_t{1} << kLogBlock;
constexpr unsigned kLogRun = 3;
constexpr std::size_t kRun = std::size_t{1} << kLogRun;
constexpr unsigned kLayers = 4;  // above the leaves

void hash_leaves(HashKind kind, const FeltRows& rows, std::span<Word> first, std::span<Word> second) {
  if (rows.cells.size() != 1) return hash_row_pairs(kind, rows, first, second);
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    store_felt(rows.cells[0][rows.rows[i]], first[i].data());
    store_felt(rows.cells[0][rows.rows[i] + 1], second[i].data());
  }
}

// Short cosets: row by row.
Layer leaves(const Parameters& parameters, const CosetRows& rows) {
  const auto& [cells, log_rows, depth] = rows;
  Layer out{depth, std::vector<Word>(std::size_t{1} << log_rows)};
  Bytes message(32 * cells.size());
  for (std::size_t row = 0; row < out.nodes.size(); ++row) {
    for (std::size_t c = 0; c < cells.size(); ++c) store_felt(cells[c][row], message.data() + 32 * c);
    Word& leaf = out.nodes[bit_reverse(row, log_rows)];
    if (cells.size() == 1) {
      std::ranges::copy(message, leaf.begin());
    } else {
      leaf = hash_bytes(parameters.layer_hash(depth), message);
    }
  }
  return out;
}

}  // namespace

Layer low_layers(ThreadPool& pool, const Parameters& parameters, const CosetRows& coset) {
  if (coset.log_rows < kLogBlock + kLogRun) return leaves(parameters, coset);
  const std::span<const Felt* const> cells = coset.cells;
  const unsigned log_rows = coset.log_rows;
  const unsigned depth = coset.depth;
  const std::size_t blocks = std::size_t{1} << (log_rows - kLogBlock);
  constexpr std::size_t kNodes = kBlock >> kLayers;  // what is left of a block
  Layer out{depth - kLayers, std::vector<Word>(blocks * kNodes)};
  pool.ranges(blocks / kRun, 1, [&](std::size_t begin, std::size_t end) {
    Column gathered(cells.size() * kBlock * kRun);
    std::vector<const Felt*> columns;
    for (std::size_t c = 0; c < cells.size(); ++c) columns.push_back(gathered.data() + c * kBlock * kRun);
    std::array<std::size_t, kBlock> rows;
    std::array<Word, 2 * kBlock> nodes;
    for (std::size_t run = begin; run < end; ++run) {
      for (std::size_t c = 0; c < cells.size(); ++c) {
        for (std::size_t i = 0; i < kBlock; ++i) {
          std::copy_n(cells[c] + run * kRun + bit_reverse(i, kLogBlock) * blocks, kRun,
                      gathered.data() + (c * kBlock + i) * kRun);
        }
      }
      for (std::size_t k = 0; k < kRun; k += 2) {
        for (std::size_t i = 0; i < kBlock; ++i) rows[i] = i * kRun + k;
        hash_leaves(parameters.layer_hash(depth), {columns, rows}, std::span(nodes).first(kBlock),
                    std::span(nodes).last(kBlock));
        std::span<Word> layer(nodes);
        for (unsigned up = 1; up <= kLayers; ++up) {
          hash_pairs(parameters.layer_hash(depth - up), layer, layer.first(layer.size() / 2));
          layer = layer.first(layer.size() / 2);
        }
        for (std::size_t next = 0; next < 2; ++next) {
          const std::size_t block = bit_reverse(run * kRun + k + next, log_rows - kLogBlock);
          std::ranges::copy(layer.subspan(next * kNodes, kNodes),
                            out.nodes.begin() + static_cast<std::ptrdiff_t>(block * kNodes));
        }
      }
    }
  });
  return out;
}

}  // namespace asterism::core::stark
