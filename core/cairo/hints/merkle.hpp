// The trees that the Merkle and Patricia hints keep in variables.
#pragma once
#include <array>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/cairo/hint.hpp"

namespace asterism::core::cairo::hints {

inline constexpr std::uint64_t kMaxTreeHeight = 256;

// A node's hash to its children (two) or its edge (length, path, bottom).
using Preimage = std::unordered_map<Felt, std::vector<Felt>>;

struct UpdateNode;
using NodePointer = std::shared_ptr<UpdateNode>;
struct UpdateNode {
  bool is_leaf = false;
  Value value;  // of a leaf
  std::array<NodePointer, 2> child;
};

NodePointer build_update_tree(std::uint64_t height, const std::vector<std::pair<BigInt, Value>>& modifications);

}  // namespace asterism::core::cairo::hints
