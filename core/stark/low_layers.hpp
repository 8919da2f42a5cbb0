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

// Row i of the coset, which has 2^log_coset_rows of them, is cells[0][i], cells[1][i], ...; the tree has them in
// bit-reversed order and a leaf's depth is `depth`. A leaf is the hash of its row, or the cell if there is but one.
Layer low_layers(ThreadPool& pool, const Parameters& parameters, std::span<const Felt* const> cells,
                 unsigned log_coset_rows, unsigned depth);

}  // namespace asterism::core::stark
