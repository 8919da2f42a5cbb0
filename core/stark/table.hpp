// A table committed by a Merkle tree over its rows: its shape, and how opened cells are checked against the root.
//
// A leaf is the hash of a row; with a single column the leaves are the cells themselves. The node at depth d and index
// i is number 2^d + i. Which hash makes a node depends on its depth (verifier-friendly layers). An opening is: the
// cells of the rows, except those that the verifier knows, by row and column; then, from the leaves up and by index,
// the siblings that do not follow from what is known.
#pragma once
#include <span>
#include <vector>

#include "core/stark/channel.hpp"
#include "core/stark/parameters.hpp"

namespace asterism::core::stark {

struct TableShape {
  unsigned log_rows = 0;
  std::uint32_t columns = 1;
  std::uint64_t rows() const { return std::uint64_t{1} << log_rows; }
};

std::string cell_label(std::uint64_t row, std::uint32_t column);
std::string node_label(unsigned depth, std::uint64_t index);
std::string sibling_cell_label(std::uint64_t index);

// The indices of the nodes of one layer that must be sent, given the sorted known ones.
std::vector<std::uint64_t> missing_siblings(std::span<const std::uint64_t> known);

// Reads the siblings and checks that `cells`, whole rows in the order of `rows` (sorted, distinct), belong to `root`.
bool check_opening(VerifierChannel& channel, const Parameters& parameters, const Word& root, const TableShape& shape,
                   std::span<const std::uint64_t> rows, std::span<const Felt> cells);

}  // namespace asterism::core::stark
