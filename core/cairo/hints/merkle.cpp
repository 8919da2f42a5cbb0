// starkware.cairo.common: merkle_multi_update, merkle_update, small_merkle_tree, patricia and patricia_with_sponge.
//
// An update tree is what starkware.python.merkle_tree.build_update_tree makes: the subtree that the modified leaves
// span.
#include "core/cairo/hints/merkle.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/cairo/hints/dict.hpp"
#include "core/hash/pedersen.hpp"

namespace asterism::core::cairo::hints {

NodePointer build_update_tree(std::uint64_t height, const std::vector<std::pair<BigInt, Value>>& modifications) {
  if (modifications.empty()) return nullptr;
  if (height > kMaxTreeHeight) raise("OverflowError: tree height");
  std::map<BigInt, NodePointer> layer;
  for (const auto& [index, value] : modifications) {
    auto leaf = std::make_shared<UpdateNode>();
    leaf->is_leaf = true;
    leaf->value = value;
    layer[index] = std::move(leaf);
  }
  for (std::uint64_t i = 0; i < height; ++i) {
    std::map<BigInt, NodePointer> parents;
    for (const auto& [index, node] : layer) {
      NodePointer& parent = parents[index >> 1];
      if (!parent) parent = std::make_shared<UpdateNode>();
      parent->child[index.is_odd() ? 1 : 0] = node;
    }
    layer = std::move(parents);
  }
  require(layer.size() == 1);
  if (!layer.begin()->first.is_zero()) raise("KeyError: 0");
  return layer.begin()->second;
}

namespace {

using Path = std::vector<Felt>;  // the next sibling last

Preimage& preimage(Hint& h) { return h.object<Preimage>("preimage"); }

const std::vector<Felt>& lookup(Preimage& known, const Felt& node) {
  const auto found = known.find(node);
  if (found == known.end()) raise("KeyError: " + node.to_decimal());
  return found->second;
}
std::pair<Felt, Felt> children(Preimage& known, const Felt& node) {
  const auto& entry = lookup(known, node);
  if (entry.size() != 2) raise("ValueError: too many values to unpack (expected 2)");
  return {entry[0], entry[1]};
}

std::vector<std::pair<BigInt, Value>> read_modifications(Hint& h) {
  std::vector<std::pair<BigInt, Value>> out;
  const std::uint64_t count = h.small("n_updates", std::uint64_t{1} << 32);
  const auto size = static_cast<std::int64_t>(h.small("DictAccess.SIZE", 1U << 20));
  require(size > 0);  // the struct is the program's own
  const auto key = static_cast<std::int64_t>(h.small("DictAccess.key", 1U << 20));
  const auto value = static_cast<std::int64_t>(h.small("DictAccess.new_value", 1U << 20));
  const Value start = h.address("update_ptr");
  for (std::uint64_t i = 0; i < count; ++i) {
    const Value at = advance(start, static_cast<std::int64_t>(i) * size);
    out.emplace_back(h.read_integer(advance(at, key)), h.read(advance(at, value)));
  }
  return out;
}

NodePointer build_tree(Hint& h) {
  return build_update_tree(h.small("height", kMaxTreeHeight + 1), read_modifications(h));
}

NodePointer node_variable(Hint& h, std::string_view name) {
  if (std::holds_alternative<std::monostate>(h.raw(name))) return nullptr;
  return h.object<NodePointer>(name);
}
void let_node(Scope& scope, const NodePointer& node) {
  if (node) {
    scope.set("node", std::shared_ptr<HintObject>(std::make_shared<Boxed<NodePointer>>(node)));
  } else {
    scope.set("node", std::monostate{});
  }
}
void let_node(Hint& h, std::string_view name, const NodePointer& node) {
  if (node) {
    h.let_object(name, node);
  } else {
    h.define(name);
  }
}

// decode_node(node), into the variables left_child, right_child and case (0 left, 1 right, 2 both, 3 leaf).
enum Case { kLeft = 0, kRight = 1, kBoth = 2, kLeaf = 3 };
Case decode(Hint& h) {
  const NodePointer node = node_variable(h, "node");
  if (!node || node->is_leaf) raise("TypeError: cannot unpack non-iterable object");
  let_node(h, "left_child", node->child[0]);
  let_node(h, "right_child", node->child[1]);
  if (!node->child[0] && !node->child[1]) raise("AssertionError: No updates in tree");
  const Case which = !node->child[0] ? kRight : (!node->child[1] ? kLeft : kBoth);
  h.let("case", BigInt(which));
  return which;
}
bool case_is(Hint& h, Case which) { return h.variable("case") == BigInt(which); }

}  // namespace

// --- merkle_multi_update

namespace {
void enter_child(Hint& h, const char* child) {
  Scope scope;
  let_node(scope, node_variable(h, child));
  scope.set("preimage", h.raw("preimage"));
  scope.set("__merkle_multi_update_skip_validation_runner", std::monostate{});
  h.enter_scope(std::move(scope));
}
}  // namespace

void merkle_multi_update_enter(Hint& h) {
  let_node(h, "node", build_tree(h));
  enter_child(h, "node");
}
void merkle_multi_update_inner(Hint& h) {
  Case which = kLeaf;
  if (h.value("height").is_zero()) {
    const NodePointer node = node_variable(h, "node");
    const Value root = h.value("new_root");
    const bool same = node && node->is_leaf && node->value == root;
    require(same, [&] { return "Expected node " + to_string(root) + "."; });
    h.let("case", BigInt(kLeaf));
  } else {
    const auto previous = children(preimage(h), h.felt("prev_root"));
    const auto next = children(preimage(h), h.felt("new_root"));
    which = decode(h);
    const Value hash = h.address("hash_ptr");
    const auto size = static_cast<std::int64_t>(h.small("HashBuiltin.SIZE", 1024));
    const auto x = static_cast<std::int64_t>(h.small("HashBuiltin.x", 1024));
    const auto y = static_cast<std::int64_t>(h.small("HashBuiltin.y", 1024));
    h.set_memory(advance(hash, x), Value(previous.first));
    h.set_memory(advance(hash, y), Value(previous.second));
    h.set_memory(advance(hash, size + x), Value(next.first));
    h.set_memory(advance(hash, size + y), Value(next.second));
  }
  h.set_ap(which != kRight);
}
void merkle_enter_left(Hint& h) { enter_child(h, "left_child"); }
void merkle_enter_right(Hint& h) { enter_child(h, "right_child"); }
void merkle_case_is_leaf(Hint& h) { require(case_is(h, kLeaf)); }
void merkle_case_is_both(Hint& h) { require(case_is(h, kBoth)); }
void merkle_case_is_right(Hint& h) { require(case_is(h, kRight)); }
void merkle_case_not_left(Hint& h) { h.set_ap(!case_is(h, kLeft)); }

// --- merkle_update

void merkle_update_end(Hint& h) { require(h.object<Path>("auth_path").empty(), "Got too many values in auth_path."); }
void merkle_update_bit(Hint& h) { h.set_ap(h.integer("index").is_odd()); }
namespace {
void set_sibling(Hint& h, const std::string& side) {
  Path& path = h.object<Path>("auth_path");
  if (path.empty()) raise("IndexError: pop from empty list");
  const Felt sibling = path.back();
  path.pop_back();
  h.let("sibling", Value(sibling));
  h.set("prev_node_hash." + side, Value(sibling));
  h.set("new_node_hash." + side, Value(sibling));
}
}  // namespace
void merkle_update_right_sibling(Hint& h) { set_sibling(h, "y"); }
void merkle_update_left_sibling(Hint& h) { set_sibling(h, "x"); }

// --- small_merkle_tree

namespace {

// Computes roots of a Pedersen tree whose leaves are 0 unless set, and the children of every node on the way.
class SmallTree {
 public:
  SmallTree(std::uint64_t height, Preimage& preimage) : height_(height), preimage_(preimage) {
    Felt empty;
    for (std::uint64_t i = 0; i < height; ++i) empty = pedersen(empty, empty);
    nodes_[BigInt(1)] = empty;
  }
  Felt root(const std::vector<std::pair<BigInt, Felt>>& leaves) {
    Felt default_node;
    std::set<BigInt> indices;
    const BigInt first_leaf = BigInt::power_of_two(static_cast<unsigned>(height_));
    for (const auto& [index, value] : leaves) {
      nodes_[first_leaf + index] = value;
      indices.insert((first_leaf + index) >> 1);
    }
    if (leaves.empty()) return nodes_[BigInt(1)];
    for (std::uint64_t level = 0; level < height_; ++level) {
      std::set<BigInt> parents;
      for (const BigInt& index : indices) {
        const Felt left = node(index << 1, default_node);
        const Felt right = node((index << 1) + BigInt(1), default_node);
        const Felt hash = pedersen(left, right);
        nodes_[index] = hash;
        preimage_[hash] = {left, right};
        parents.insert(index >> 1);
      }
      default_node = pedersen(default_node, default_node);
      indices = std::move(parents);
    }
    require(indices.size() == 1 && indices.begin()->is_zero());
    return nodes_[BigInt(1)];
  }

 private:
  Felt node(const BigInt& index, const Felt& otherwise) const {
    const auto found = nodes_.find(index);
    return found == nodes_.end() ? otherwise : found->second;
  }
  std::uint64_t height_;
  Preimage& preimage_;
  std::map<BigInt, Felt> nodes_;
};

Felt as_felt(const Value& value) {
  if (!value.is_felt()) raise("TypeError: expected an integer");
  return value.felt();
}

}  // namespace

void small_merkle_tree_update(Hint& h) {
  Dict& leaves = h.object<DictManager>("__dict_manager").tracker(h.address("squashed_dict_end")).data;
  const auto size = static_cast<std::int64_t>(h.small("DictAccess.SIZE", 1U << 20));
  require(size > 0);  // the struct is the program's own
  const auto member = [&](const char* name) { return static_cast<std::int64_t>(h.small(name, 1U << 20)); };
  const Value start = h.address("squashed_dict_start");
  const Value distance = subtract(h.address("squashed_dict_end"), start);
  std::int64_t length = 0;
  require(distance.is_felt() && as_small(distance.felt(), length) && length >= 0 && length % size == 0, [&] {
    return "squashed_dict size must be non-negative and divisible by DictAccess.SIZE. Found: " + to_string(distance) +
           ".";
  });
  std::vector<std::pair<BigInt, Felt>> modifications;
  for (std::int64_t at = 0; at < length; at += size) {
    const Value key = h.read(advance(start, at + member("DictAccess.key")));
    const Value previous = h.read(advance(start, at + member("DictAccess.prev_value")));
    const Value value = h.read(advance(start, at + member("DictAccess.new_value")));
    const Value expected = leaves.get(key);
    require(expected == value, [&] {
      return "Inconsistent dictionary values. Expected new value: " + to_string(expected) +
             ", found: " + to_string(value);
    });
    modifications.emplace_back(BigInt::from_felt(as_felt(key)), as_felt(previous));
  }
  Preimage known;
  SmallTree tree(h.small("height", kMaxTreeHeight + 1), known);
  std::vector<std::pair<BigInt, Felt>> initial;
  for (std::size_t i = 0; i < leaves.keys().size(); ++i) {
    initial.emplace_back(BigInt::from_felt(as_felt(leaves.keys()[i])), as_felt(leaves.values()[i]));
  }
  h.set("new_root", Value(tree.root(initial)));
  h.set("prev_root", Value(tree.root(modifications)));
  h.let_object("preimage", std::move(known));
}

// --- patricia

namespace {

using Descents = std::map<std::pair<std::uint64_t, BigInt>, std::pair<std::uint64_t, BigInt>>;

// (length, path, bottom): an edge; length 0 is the node itself, all zeros is empty.
struct Triplet {
  std::uint64_t length = 0;
  BigInt path;
  Felt bottom;
  bool is_empty() const { return length == 0 && path.is_zero() && bottom.is_zero(); }
};

Triplet canonic(Preimage& known, const Felt& hash) {
  const auto found = known.find(hash);
  if (found == known.end() || found->second.size() != 3) return {0, BigInt(0), hash};
  const auto length = found->second[0].to_u64();
  if (!length || *length > kMaxTreeHeight) raise("ValueError: edge length");
  return {*length, BigInt::from_felt(found->second[1]), found->second[2]};
}

// The children of a node in one of the trees that are walked together.
class Walker {
 public:
  Walker(NodePointer update) : update_(std::move(update)), from_update_(true) {}
  Walker(Preimage& known, Triplet node) : known_(&known), node_(std::move(node)) {}
  bool absent() const { return from_update_ ? update_ == nullptr : node_.is_empty(); }
  Walker child(bool right) const {
    if (from_update_) return Walker(update_ ? update_->child[right ? 1 : 0] : nullptr);
    if (absent()) return Walker(*known_, {});
    if (node_.length == 0) {
      const auto [l, r] = children(*known_, node_.bottom);
      return Walker(*known_, canonic(*known_, right ? r : l));
    }
    const bool turns_right = node_.path.bit(static_cast<unsigned>(node_.length - 1));
    if (turns_right != right) return Walker(*known_, {});
    BigInt rest = node_.path;
    if (turns_right) rest = rest - BigInt::power_of_two(static_cast<unsigned>(node_.length - 1));
    return Walker(*known_, {node_.length - 1, rest, node_.bottom});
  }

 private:
  NodePointer update_;
  bool from_update_ = false;
  Preimage* known_ = nullptr;
  Triplet node_;
};

// Maximal subpaths longer than one on which all trees go the same way.
void find_descents(std::uint64_t height, BigInt path, std::array<Walker, 3> nodes, Descents& out) {
  if (nodes[0].absent()) return;
  const std::uint64_t start_height = height;
  const BigInt start_path = path;
  while (height > 0) {
    const auto all_absent = [&](bool right) {
      return std::all_of(nodes.begin(), nodes.end(), [&](const Walker& node) { return node.child(right).absent(); });
    };
    const bool no_left = all_absent(false);
    if (!no_left && !all_absent(true)) break;
    for (Walker& node : nodes) node = node.child(no_left);
    path = path + path + BigInt(no_left ? 1 : 0);
    --height;
  }
  const std::uint64_t length = start_height - height;
  if (length > 1)
    out[{start_height, start_path}] = {length,
                                       path & (BigInt::power_of_two(static_cast<unsigned>(length)) - BigInt(1))};
  if (height == 0) return;
  for (const bool right : {false, true}) {
    find_descents(height - 1, path + path + BigInt(right ? 1 : 0),
                  {nodes[0].child(right), nodes[1].child(right), nodes[2].child(right)}, out);
  }
}

// dict(node=..., **common_args): what every inner scope starts with.
void enter_with(Hint& h, const NodePointer& node) {
  h.raw("common_args");
  Scope scope;
  let_node(scope, node);
  for (const char* name : {"preimage", "descent_map", "common_args"}) scope.set(name, h.raw(name));
  scope.set("__patricia_skip_validation_runner", std::monostate{});
  h.enter_scope(std::move(scope));
}
// `descend`: (length, word) or None.
using Descend = std::pair<std::uint64_t, BigInt>;

}  // namespace

void patricia_build(Hint& h) {
  const NodePointer node = build_tree(h);
  const std::uint64_t height = h.small("height", kMaxTreeHeight + 1);
  Preimage& known = preimage(h);
  Descents descents;
  find_descents(height, BigInt(0),
                {Walker(node), Walker(known, canonic(known, h.felt("prev_root"))),
                 Walker(known, canonic(known, h.felt("new_root")))},
                descents);
  let_node(h, "node", node);
  h.let_object("descent_map", std::move(descents));
  h.define("common_args");
}
void patricia_enter_node(Hint& h) { enter_with(h, node_variable(h, "node")); }
void patricia_enter_left(Hint& h) { enter_with(h, node_variable(h, "left_child")); }
void patricia_enter_right(Hint& h) { enter_with(h, node_variable(h, "right_child")); }
void patricia_open_edge(Hint& h) {
  h.set("edge", h.memory().add_segment());
  const auto& entry = lookup(preimage(h), h.felt("node"));
  if (entry.size() != 3) raise("ValueError: not enough values to unpack (expected 3, got 2)");
  h.set("edge.length", Value(entry[0]));
  h.set("edge.path", Value(entry[1]));
  h.set("edge.bottom", Value(entry[2]));
  h.set("hash_ptr.result", Value(h.felt("node") - h.felt("edge.length")));
}
void patricia_traverse_binary(Hint& h) {
  const Case which = decode(h);
  const auto [left, right] = children(preimage(h), h.felt("node"));
  const Value hash = h.address("current_hash");
  h.set_memory(advance(hash, static_cast<std::int64_t>(h.small("HashBuiltin.x", 1024))), Value(left));
  h.set_memory(advance(hash, static_cast<std::int64_t>(h.small("HashBuiltin.y", 1024))), Value(right));
  h.set_ap(which != kBoth);
}
void patricia_has_descent(Hint& h) {
  const auto& descents = h.object<Descents>("descent_map");
  const BigInt height = h.integer("height");
  const auto found = descents.find({height.fits_u64() ? height.low64() : UINT64_MAX, h.integer("path")});
  if (found == descents.end()) {
    h.define("descend");
    h.set_ap(false);
  } else {
    h.let_object("descend", Descend(found->second));
    h.set_ap(true);
  }
}
void patricia_follow_word(Hint& h) {
  NodePointer node = node_variable(h, "node");
  const BigInt word = h.integer("word");
  for (std::uint64_t i = h.small("length", kMaxTreeHeight + 1); i-- > 0;) {
    if (!node || node->is_leaf) raise("TypeError: 'NoneType' object is not subscriptable");
    node = node->child[word.bit(static_cast<unsigned>(i)) ? 1 : 0];
  }
  enter_with(h, node);
}
void patricia_edge_bit(Hint& h) {
  const BigInt length = h.integer("new_length");
  const BigInt path = h.integer("edge.path");
  h.set("bit", length < BigInt(4096) && path.bit(static_cast<unsigned>(length.low64())) ? 1 : 0);
}
void patricia_decode_not_both(Hint& h) { h.set_ap(decode(h) != kBoth); }
void patricia_right_xor_bit(Hint& h) {
  const BigInt bit = h.integer("bit");
  const int right = case_is(h, kRight) ? 1 : 0;
  h.set_ap(bit.is_odd() == (right == 1) ? bit - BigInt(right) : bit + BigInt(right));
}
void patricia_enter_on_bit(Hint& h) {
  enter_with(h, node_variable(h, h.integer("bit").is_zero() ? "left_child" : "right_child"));
}
void patricia_enter_off_bit(Hint& h) {
  enter_with(h, node_variable(h, h.integer("bit") == BigInt(1) ? "left_child" : "right_child"));
}
void patricia_edge_preimage(Hint& h) {
  const auto [x, y] = children(preimage(h), h.felt("edge.bottom"));
  h.set("hash_ptr.x", Value(x));
  h.set("hash_ptr.y", Value(y));
}
void patricia_descend(Hint& h) {
  const auto [length, word] = h.object<Descend>("descend");
  h.set("length", BigInt::from_u64(length));
  h.set("word", word);
}
void patricia_descend_siblings(Hint& h) {
  const auto [length, word] = h.object<Descend>("descend");
  h.set_memory(h.value("siblings"), Value::integer(length));
  h.set("word", word);
}
void patricia_empty_child(Hint& h) {
  const bool left = case_is(h, kLeft);
  h.set("child_bit", left ? 0 : 1);
  enter_with(h, node_variable(h, left ? "left_child" : "right_child"));
}
void patricia_is_binary_or_leaf(Hint& h) {
  h.set_ap(h.value("height").is_zero() || lookup(preimage(h), h.felt("node")).size() == 2);
}

}  // namespace asterism::core::cairo::hints
