// Merkle-Patricia tries of Starknet: height 251 for state, 64 for lists; Pedersen or Poseidon.
//
// A trie is its root hash; nodes are read through NodeReader by hash and never changed. An update is built in two
// steps: the structure first, with hashes left open, then all open hashes level by level, each level in one batch call,
// over all tries of the update at once (TrieBatch). The result depends on the final leaves only. Leaves are values, not
// nodes: they stand in their parent. Zero is the empty subtree and deletes when written.
//
// `added` and `removed` are counted by occurrence: two equal subtrees at different places have the same hash, so a hash
// may stand more than once in either. A store that keeps a count per (owner, hash), raises it by `added` when it
// commits and lowers it by `removed` when it prunes that version has exactly the nodes of the versions it keeps.
#pragma once
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/felt/felt.hpp"

namespace asterism::core {

enum class TrieHash : std::uint8_t { kPedersen = 0, kPoseidon = 1 };

inline constexpr unsigned kStateTrieHeight = 251;
inline constexpr unsigned kListTrieHeight = 64;

struct BinaryNode {
  Felt left, right;
  bool operator==(const BinaryNode&) const = default;
};
// The lowest `length` bits of `path` are walked, top bit first, to the child: a binary node or a leaf.
struct EdgeNode {
  Felt child;
  U256 path;
  unsigned length = 0;
  bool operator==(const EdgeNode&) const = default;
};
using TrieNode = std::variant<BinaryNode, EdgeNode>;

Felt hash_node(TrieHash hash, const TrieNode& node);

struct HashedNode {
  Felt hash;
  TrieNode node;
  bool operator==(const HashedNode&) const = default;
};

// Nodes of one trie by hash.
class NodeReader {
 public:
  virtual ~NodeReader() = default;
  virtual std::optional<TrieNode> node(const Felt& hash) const = 0;
};

class NodeMap final : public NodeReader {
 public:
  std::optional<TrieNode> node(const Felt& hash) const override {
    const auto found = nodes.find(hash);
    return found == nodes.end() ? std::nullopt : std::optional(found->second);
  }
  std::unordered_map<Felt, TrieNode> nodes;
};

// Passes reads on and keeps every node that was found: a witness of what was read, siblings that a deletion had to see
// included. Not for use from several threads.
class RecordingReader final : public NodeReader {
 public:
  explicit RecordingReader(const NodeReader& source) : source_(source) {}
  std::optional<TrieNode> node(const Felt& hash) const override;
  const std::unordered_map<Felt, TrieNode>& nodes() const { return nodes_; }

 private:
  const NodeReader& source_;
  mutable std::unordered_map<Felt, TrieNode> nodes_;
};

enum class TrieError : std::uint8_t {
  kMissingNode = 0,    // the reader does not have a node that the path needs
  kMalformedNode = 1,  // an edge longer than the height left, an edge below an edge, an empty child
  kNotAscending = 2,   // keys of an update are not strictly ascending
  kKeyTooLarge = 3,    // a key of more bits than the height
};

struct TrieWrite {
  Felt key, value;
};

struct TrieChange {
  Felt root;
  std::vector<HashedNode> added;
  std::vector<Felt> removed;
};

// Updates of any number of tries with one hash function, hashed together.
class TrieBatch {
 public:
  explicit TrieBatch(TrieHash hash);
  ~TrieBatch();
  // Adds the update of one trie; `writes` strictly ascending by key. The reader is used only during this call. The
  // index of the result among those of finish(). After an error the batch may only be destroyed.
  std::expected<std::size_t, TrieError> add(const NodeReader& reader, const Felt& root, unsigned height,
                                            std::span<const TrieWrite> writes);
  std::vector<TrieChange> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::expected<TrieChange, TrieError> update_trie(TrieHash hash, unsigned height, const NodeReader& reader,
                                                 const Felt& root, std::span<const TrieWrite> writes);

// The value at a key; zero when absent.
std::expected<Felt, TrieError> get_from_trie(unsigned height, const NodeReader& reader, const Felt& root,
                                             const Felt& key);

// The commitment of a list: leaf i at key i of a trie of height 64; zero for none. A leaf counts even if it is zero.
Felt list_commitment(TrieHash hash, std::span<const Felt> leaves);

}  // namespace asterism::core
