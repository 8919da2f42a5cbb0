#include "core/stark/table.hpp"

#include <algorithm>

namespace asterism::core::stark {

std::string cell_label(std::uint64_t row, std::uint32_t column) {
  return "Row " + std::to_string(row) + ", Column " + std::to_string(column);
}
std::string node_label(unsigned depth, std::uint64_t index) {
  return "For node " + std::to_string((std::uint64_t{1} << depth) + index);
}
std::string sibling_cell_label(std::uint64_t index) {
  return "To complete packages, element #" + std::to_string(index);
}

std::vector<std::uint64_t> missing_siblings(std::span<const std::uint64_t> known) {
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const std::uint64_t sibling = known[i] ^ 1;
    const bool before = i > 0 && known[i - 1] == sibling;
    const bool after = i + 1 < known.size() && known[i + 1] == sibling;
    if (!before && !after) out.push_back(sibling);
  }
  return out;
}

bool check_opening(VerifierChannel& channel, const Parameters& parameters, const Word& root, const TableShape& shape,
                   std::span<const std::uint64_t> rows, std::span<const Felt> cells) {
  std::vector<std::uint64_t> known(rows.begin(), rows.end());
  std::vector<Word> nodes;
  Bytes row(32 * shape.columns);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (shape.columns == 1) {
      nodes.push_back(felt_bytes(cells[i]));
      continue;
    }
    for (std::uint32_t c = 0; c < shape.columns; ++c) store_felt(cells[i * shape.columns + c], row.data() + 32 * c);
    nodes.push_back(hash_bytes(parameters.layer_hash(shape.log_rows), row));
  }
  for (unsigned depth = shape.log_rows; depth > 0; --depth) {
    const bool cell_layer = shape.columns == 1 && depth == shape.log_rows;
    std::vector<std::uint64_t> parents;
    std::vector<Word> parent_nodes;
    for (std::size_t i = 0; i < known.size(); ++i) {
      const std::uint64_t index = known[i];
      Word left = nodes[i];
      Word right;
      if (i + 1 < known.size() && known[i + 1] == (index ^ 1)) {
        right = nodes[++i];
      } else {
        right = cell_layer ? channel.receive_sibling_cell(sibling_cell_label(index ^ 1))
                           : channel.receive_node(parameters.layer_hash(depth), node_label(depth, index ^ 1));
        if ((index & 1) != 0) std::swap(left, right);
      }
      if (channel.failure()) return false;
      parents.push_back(index >> 1);
      parent_nodes.push_back(hash_pair(parameters.layer_hash(depth - 1), left, right));
    }
    known = std::move(parents);
    nodes = std::move(parent_nodes);
  }
  return nodes.front() == root;
}

}  // namespace asterism::core::stark
