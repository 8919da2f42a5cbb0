// The lowest layers of a Merkle tree over the rows of one coset, made while the rows are in cache and not kept.
#pragma once
#include <span>
#include <vector>

#include "core/stark/parameters.hpp"
#include "core/stark/thread_pool.hpp"

namespace asterism::core::stark {

// Nodes of one depth, in the order of the tree.
struct Layer {
  unsigned depth = 0;
  std::vector<Word> nodes;
};

// Row i of a coset, which has 2^log_rows of them, is cells[0][i], cells[1][i], ...; the tree has them in bit-reversed
// order, its leaves at `depth`. A leaf is the hash of its row, or the cell if there is but one.
struct CosetRows {
  std::span<const Felt* const> cells;
  unsigned log_rows = 0;
  unsigned depth = 0;
};
Layer low_layers(ThreadPool& pool, const Parameters& parameters, const CosetRows& rows);

}  // namespace asterism::core::stark
