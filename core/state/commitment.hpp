// The commitment to a whole state: contract leaves, the tries of contracts, storage and classes, and the global root.
//
// commit_state turns a difference into new roots and the nodes that were added and removed, per trie. All storage tries
// of a block are hashed together. What it reads comes through StateSource, so that a database and a witness are alike.
#pragma once
#include <compare>

#include "core/chain/block.hpp"
#include "core/state/trie.hpp"

namespace asterism::core {

// Who owns a trie node: the contracts trie, the classes trie, or the storage of one contract.
struct TrieOwner {
  enum class Kind : std::uint8_t { kContracts = 0, kClasses = 1, kStorage = 2 };
  Kind kind = Kind::kContracts;
  Felt address;  // kStorage only
  bool operator==(const TrieOwner&) const = default;
  friend std::strong_ordering operator<=>(const TrieOwner& a, const TrieOwner& b) {
    if (a.kind != b.kind) return a.kind <=> b.kind;
    return a.address <=> b.address;
  }
};

// What a leaf of the contracts trie commits to.
struct ContractLeaf {
  Felt class_hash, storage_root, nonce;
  bool operator==(const ContractLeaf&) const = default;
  bool is_empty() const { return class_hash.is_zero() && storage_root.is_zero() && nonce.is_zero(); }
};

// Zero for an empty one: no leaf.
Felt contract_leaf_hash(const ContractLeaf& leaf);
Felt class_leaf_hash(const Felt& compiled_class_hash);
// From protocol version 0.14.0 on; 0 when both are.
Felt global_root(const Felt& contracts_root, const Felt& classes_root);
// Before 0.14.0: the contracts root alone while there are no classes.
Felt global_root_before_0_14(const Felt& contracts_root, const Felt& classes_root);

struct StateRoots {
  Felt contracts, classes;
  bool operator==(const StateRoots&) const = default;
};

class StateSource {
 public:
  virtual ~StateSource() = default;
  virtual std::optional<TrieNode> node(const TrieOwner& owner, const Felt& hash) const = 0;
  // The leaf of a contract as it is now; empty when there is none. nullopt: not known here (an incomplete witness).
  virtual std::optional<ContractLeaf> contract(const Felt& address) const = 0;
};

// Nodes and leaves in memory.
class StateMap final : public StateSource {
 public:
  std::optional<TrieNode> node(const TrieOwner& owner, const Felt& hash) const override;
  std::optional<ContractLeaf> contract(const Felt& address) const override;
  std::map<TrieOwner, std::unordered_map<Felt, TrieNode>> nodes;
  std::map<Felt, ContractLeaf> contracts;
};

// Passes reads on and keeps what was found, absent contracts included: what a witness must hold.
class RecordingSource final : public StateSource {
 public:
  explicit RecordingSource(const StateSource& source) : source_(source) {}
  std::optional<TrieNode> node(const TrieOwner& owner, const Felt& hash) const override;
  std::optional<ContractLeaf> contract(const Felt& address) const override;
  const StateMap& recorded() const { return recorded_; }

 private:
  const StateSource& source_;
  mutable StateMap recorded_;
};

struct TrieDelta {
  TrieOwner owner;
  Felt root;  // after
  std::vector<HashedNode> added;
  std::vector<Felt> removed;
};

struct StateChange {
  StateRoots roots;
  std::vector<TrieDelta> tries;            // those that were written: storage by address, contracts, classes
  std::map<Felt, ContractLeaf> contracts;  // after, of every contract in the difference
};

enum class CommitError : std::uint8_t {
  kMissing = 0,    // a node or a leaf that the source does not have
  kMalformed = 1,  // a node that no honest trie has
  kBadKey = 2,     // an address or storage key of more than 251 bits
};

// `classes`: class hash -> compiled class hash, of classes with a leaf.
std::expected<StateChange, CommitError> commit_state(const StateSource& source, const StateRoots& roots,
                                                     const StateDiff& diff, const std::map<Felt, Felt>& classes = {});

}  // namespace asterism::core
