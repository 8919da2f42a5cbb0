#include "core/state/trie.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/hash/pedersen.hpp"
#include "core/hash/poseidon.hpp"
#include "core/state/trie_path.hpp"

namespace asterism::core {
namespace {

Felt hash_pair(TrieHash hash, const Felt& a, const Felt& b) {
  return hash == TrieHash::kPedersen ? pedersen(a, b) : poseidon(a, b);
}

void hash_pairs(TrieHash hash, std::span<const std::pair<Felt, Felt>> in, std::span<Felt> out) {
  if (hash == TrieHash::kPedersen) {
    pedersen_batch(in, out);
  } else {
    poseidon_batch(in, out);
  }
}

std::pair<Felt, Felt> hash_input(const TrieNode& node) {
  if (const auto* binary = std::get_if<BinaryNode>(&node)) return {binary->left, binary->right};
  const auto& edge = std::get<EdgeNode>(node);
  return {edge.child, Felt::reduce(edge.path)};
}

struct Write {
  U256 key;
  Felt value;
};
using Writes = std::span<const Write>;

constexpr std::uint32_t kKnown = UINT32_MAX;

// A leaf or a node: its value or hash, or the index of a new node whose hash is still open.
struct Ref {
  Felt hash;
  std::uint32_t open = kKnown;
};

// A subtree before or after the update.
struct Subtree {
  enum class Shape : std::uint8_t {
    kEmpty,
    kUnread,  // an existing node, which may be an edge
    kSolid,   // a leaf or a binary node
    kEdge,    // not a node yet: may still grow or shrink at its top
  };
  Shape shape = Shape::kEmpty;
  Ref ref;  // kEdge: the child
  U256 path;
  unsigned length = 0;
};
using Shape = Subtree::Shape;

struct OpenNode {
  bool binary = false;
  std::uint32_t level = 0;
  Ref first, second;  // binary: the children; edge: the child
  U256 path;
  unsigned length = 0;
  Felt hash;
};

bool well_formed(const TrieNode& node, unsigned height, bool below_edge) {
  if (const auto* binary = std::get_if<BinaryNode>(&node)) return !binary->left.is_zero() && !binary->right.is_zero();
  const auto& edge = std::get<EdgeNode>(node);
  return !below_edge && edge.length >= 1 && edge.length <= height && edge.path.bit_length() <= edge.length &&
         !edge.child.is_zero();
}

// The structural half of one trie's update; appends nodes with open hashes, children before parents.
class Builder {
 public:
  Builder(const NodeReader& reader, std::vector<OpenNode>& nodes, std::vector<Felt>& removed)
      : reader_(reader), nodes_(nodes), removed_(removed) {}

  std::expected<Ref, TrieError> run(const Felt& root, unsigned height, Writes writes) {
    const Subtree before =
        root.is_zero() ? Subtree{} : Subtree{.shape = Shape::kUnread, .ref = {root}, .path = {}, .length = 0};
    const Subtree after = build(before, height, writes);
    if (error_) return std::unexpected(*error_);
    return seal(after);
  }

 private:
  Subtree build(const Subtree& node, unsigned height, Writes writes) {
    if (writes.empty() || error_) return node;
    if (height == 0) return solid({writes.front().value});
    if (node.shape == Shape::kEmpty || node.shape == Shape::kEdge) return descend(node, height, writes);
    const auto read = take(node.ref.hash, height, node.shape == Shape::kSolid);
    if (!read) return {};
    if (const auto* edge = std::get_if<EdgeNode>(&*read)) {
      return descend({Shape::kEdge, {edge->child}, edge->path, edge->length}, height, writes);
    }
    const auto& binary = std::get<BinaryNode>(*read);
    const Shape below = height == 1 ? Shape::kSolid : Shape::kUnread;
    return split({below, {binary.left}, {}, 0}, {below, {binary.right}, {}, 0}, height, writes);
  }

  // Through the bits that all writes and the edge have in common, in one stride.
  Subtree descend(const Subtree& node, unsigned height, Writes writes) {
    const U256& key = writes.front().key;
    unsigned common = common_prefix(key, writes.back().key, height);
    if (node.shape == Shape::kEdge) {
      common = std::min(common, common_prefix(leading_bits(key, height, node.length), node.path, node.length));
    }
    if (common > 0) {
      const Subtree below = build(advance(node, common), height - common, writes);
      return prepend(below, leading_bits(key, height, common), common, height - common);
    }
    if (node.shape == Shape::kEmpty) return split({}, {}, height, writes);
    const bool right = node.path.bit(node.length - 1);
    const Subtree below = advance(node, 1);
    return right ? split({}, below, height, writes) : split(below, {}, height, writes);
  }

  Subtree split(const Subtree& left, const Subtree& right, unsigned height, Writes writes) {
    const auto middle = std::partition_point(writes.begin(), writes.end(),
                                             [&](const Write& write) { return !write.key.bit(height - 1); });
    const Subtree l = build(left, height - 1, Writes(writes.begin(), middle));
    const Subtree r = build(right, height - 1, Writes(middle, writes.end()));
    if (error_) return {};
    if (r.shape == Shape::kEmpty) return prepend(l, U256(0), 1, height - 1);
    if (l.shape == Shape::kEmpty) return prepend(r, U256(1), 1, height - 1);
    OpenNode node;
    node.binary = true;
    node.first = seal(l);
    node.second = seal(r);
    node.level = std::max(level_above(node.first), level_above(node.second));
    return solid(open(node));
  }

  static Subtree advance(const Subtree& node, unsigned count) {
    if (node.shape == Shape::kEmpty) return {};
    if (count == node.length) return {Shape::kSolid, node.ref, {}, 0};
    return {Shape::kEdge, node.ref, low_bits(node.path, node.length - count), node.length - count};
  }

  // The same subtree below `count` more bits. An existing node must be read for this: edges merge.
  Subtree prepend(const Subtree& node, const U256& bits, unsigned count, unsigned height) {
    Subtree out = node;
    if (error_ || out.shape == Shape::kEmpty) return {};
    if (out.shape == Shape::kUnread) {
      const auto read = peek(out.ref.hash, height, false);
      if (!read) return {};
      out.shape = Shape::kSolid;
      if (const auto* edge = std::get_if<EdgeNode>(&*read)) {
        removed_.push_back(out.ref.hash);
        out = {Shape::kEdge, {edge->child}, edge->path, edge->length};
      }
    }
    if (out.shape == Shape::kSolid) return {Shape::kEdge, out.ref, bits, count};
    out.path = either(out.path, bits << out.length);
    out.length += count;
    return out;
  }

  Ref seal(const Subtree& node) {
    if (node.shape != Shape::kEdge) return node.ref;
    OpenNode edge;
    edge.first = node.ref;
    edge.path = node.path;
    edge.length = node.length;
    edge.level = level_above(node.ref);
    return open(edge);
  }

  std::uint32_t level_above(const Ref& ref) const { return ref.open == kKnown ? 0 : nodes_[ref.open].level + 1; }
  Ref open(const OpenNode& node) {
    nodes_.push_back(node);
    return {{}, static_cast<std::uint32_t>(nodes_.size() - 1)};
  }
  static Subtree solid(const Ref& ref) {
    if (ref.open == kKnown && ref.hash.is_zero()) return {};
    return {Shape::kSolid, ref, {}, 0};
  }

  std::optional<TrieNode> peek(const Felt& hash, unsigned height, bool below_edge) {
    auto read = reader_.node(hash);
    if (!read) {
      error_ = TrieError::kMissingNode;
    } else if (!well_formed(*read, height, below_edge)) {
      error_ = TrieError::kMalformedNode;
      read.reset();
    }
    return read;
  }
  std::optional<TrieNode> take(const Felt& hash, unsigned height, bool below_edge) {
    auto read = peek(hash, height, below_edge);
    if (read) removed_.push_back(hash);
    return read;
  }

  const NodeReader& reader_;
  std::vector<OpenNode>& nodes_;
  std::vector<Felt>& removed_;
  std::optional<TrieError> error_;
};

}  // namespace

Felt hash_node(TrieHash hash, const TrieNode& node) {
  const auto [a, b] = hash_input(node);
  const Felt hashed = hash_pair(hash, a, b);
  const auto* edge = std::get_if<EdgeNode>(&node);
  return edge == nullptr ? hashed : hashed + Felt(edge->length);
}

std::optional<TrieNode> RecordingReader::node(const Felt& hash) const {
  auto read = source_.node(hash);
  if (read) nodes_.emplace(hash, *read);
  return read;
}

struct TrieBatch::State {
  struct Trie {
    Ref root;
    std::size_t first_node = 0, end_node = 0;
    std::vector<Felt> removed;
  };
  TrieHash hash;
  std::vector<OpenNode> nodes;
  std::vector<Trie> tries;

  Felt resolve(const Ref& ref) const { return ref.open == kKnown ? ref.hash : nodes[ref.open].hash; }
  TrieNode value(const OpenNode& node) const {
    if (node.binary) return BinaryNode{resolve(node.first), resolve(node.second)};
    return EdgeNode{resolve(node.first), node.path, node.length};
  }

  void hash_levels() {
    std::vector<std::vector<std::uint32_t>> levels;
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i].level >= levels.size()) levels.resize(nodes[i].level + 1);
      levels[nodes[i].level].push_back(i);
    }
    std::vector<std::pair<Felt, Felt>> in;
    std::vector<Felt> out;
    for (const auto& level : levels) {
      in.clear();
      for (const std::uint32_t i : level) in.push_back(hash_input(value(nodes[i])));
      out.resize(in.size());
      hash_pairs(hash, in, out);
      for (std::size_t k = 0; k < level.size(); ++k) {
        OpenNode& node = nodes[level[k]];
        node.hash = node.binary ? out[k] : out[k] + Felt(node.length);
      }
    }
  }

  // What was read and written again unchanged is neither added nor removed.
  TrieChange change(const Trie& trie) const {
    std::unordered_map<Felt, std::size_t> gone;
    for (const Felt& felt : trie.removed) ++gone[felt];
    TrieChange out;
    out.root = resolve(trie.root);
    for (std::size_t i = trie.first_node; i < trie.end_node; ++i) {
      const auto kept = gone.find(nodes[i].hash);
      if (kept != gone.end() && kept->second > 0) {
        --kept->second;
      } else {
        out.added.push_back({nodes[i].hash, value(nodes[i])});
      }
    }
    for (const Felt& felt : trie.removed) {
      auto& left = gone[felt];
      if (left == 0) continue;
      --left;
      out.removed.push_back(felt);
    }
    return out;
  }
};

TrieBatch::TrieBatch(TrieHash hash) : state_(std::make_unique<State>()) { state_->hash = hash; }
TrieBatch::~TrieBatch() = default;

std::expected<std::size_t, TrieError> TrieBatch::add(const NodeReader& reader, const Felt& root, unsigned height,
                                                     std::span<const TrieWrite> writes) {
  ASTERISM_CHECK(height >= 1 && height <= kStateTrieHeight, "trie height");
  std::vector<Write> numbers;
  numbers.reserve(writes.size());
  for (const auto& [key, value] : writes) {
    numbers.push_back({key.to_u256(), value});
    if (numbers.back().key.bit_length() > height) return std::unexpected(TrieError::kKeyTooLarge);
    if (numbers.size() > 1 && numbers[numbers.size() - 2].key >= numbers.back().key) {
      return std::unexpected(TrieError::kNotAscending);
    }
  }
  State::Trie trie;
  trie.first_node = state_->nodes.size();
  Builder builder(reader, state_->nodes, trie.removed);
  const auto sealed = builder.run(root, height, numbers);
  if (!sealed) return std::unexpected(sealed.error());
  trie.root = *sealed;
  trie.end_node = state_->nodes.size();
  // An untouched root was not taken apart: Ref of the old hash stays.
  state_->tries.push_back(std::move(trie));
  return state_->tries.size() - 1;
}

std::vector<TrieChange> TrieBatch::finish() {
  state_->hash_levels();
  std::vector<TrieChange> out;
  out.reserve(state_->tries.size());
  for (const auto& trie : state_->tries) out.push_back(state_->change(trie));
  state_->nodes.clear();
  state_->tries.clear();
  return out;
}

std::expected<TrieChange, TrieError> update_trie(TrieHash hash, unsigned height, const NodeReader& reader,
                                                 const Felt& root, std::span<const TrieWrite> writes) {
  TrieBatch batch(hash);
  const auto added = batch.add(reader, root, height, writes);
  if (!added) return std::unexpected(added.error());
  return std::move(batch.finish().front());
}

std::expected<Felt, TrieError> get_from_trie(unsigned height, const NodeReader& reader, const Felt& root,
                                             const Felt& key) {
  const U256 bits = key.to_u256();
  if (bits.bit_length() > height) return std::unexpected(TrieError::kKeyTooLarge);
  if (root.is_zero()) return Felt();
  Felt at = root;
  bool below_edge = false;
  while (height > 0) {
    const auto node = reader.node(at);
    if (!node) return std::unexpected(TrieError::kMissingNode);
    if (!well_formed(*node, height, below_edge)) return std::unexpected(TrieError::kMalformedNode);
    if (const auto* binary = std::get_if<BinaryNode>(&*node)) {
      at = bits.bit(height - 1) ? binary->right : binary->left;
      height -= 1;
      below_edge = false;
    } else {
      const auto& edge = std::get<EdgeNode>(*node);
      if (leading_bits(bits, height, edge.length) != edge.path) return Felt();
      at = edge.child;
      height -= edge.length;
      below_edge = true;
    }
  }
  return at;
}

Felt list_commitment(TrieHash hash, std::span<const Felt> leaves) {
  if (leaves.empty()) return Felt();
  std::vector<Felt> level(leaves.begin(), leaves.end());
  unsigned tail = 0;  // the last node stands at the end of that many left turns: an edge not yet hashed
  unsigned height = 0;
  std::vector<std::pair<Felt, Felt>> pairs;
  std::vector<Felt> hashed;
  for (; level.size() > 1; ++height) {
    const bool odd = level.size() % 2 != 0;
    if (!odd && tail > 0) {
      level.back() = hash_node(hash, EdgeNode{level.back(), U256(0), tail});
      tail = 0;
    }
    pairs.clear();
    for (std::size_t i = 0; i + 1 < level.size(); i += 2) pairs.emplace_back(level[i], level[i + 1]);
    hashed.resize(pairs.size());
    hash_pairs(hash, pairs, hashed);
    if (odd) {
      hashed.push_back(level.back());
      tail += 1;
    }
    std::swap(level, hashed);
  }
  const unsigned rest = kListTrieHeight - height;
  return rest == 0 ? level.front() : hash_node(hash, EdgeNode{level.front(), U256(0), rest});
}

}  // namespace asterism::core
