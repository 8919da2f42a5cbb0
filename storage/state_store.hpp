// The state of the chain on disk: flat values for fast reads, trie nodes by hash for roots and witnesses.
//
// Keys (32-byte words big-endian):
//   "f/c" address             class hash, nonce, storage root, made_in u64: of contracts with a leaf
//   "f/s" address key         value: cells that are not zero
//   "t/n" 'c' hash            count u32, made_in u64, node: of the contracts trie
//   "t/n" 's' address hash    the same: of a contract's storage trie
//   "t/v" height u64          contracts root, classes root after the block: of the versions that are kept
//   "t/r" height u64          the nodes that this block removed (owner, hash), until the version before it is pruned
//   "m/state"                 height u64, block hash, timestamp u64, contracts root, classes root: the head
// Invariants: `count` is how often a node occurs in the versions that are kept, so pruning a version deletes exactly
// the nodes that no kept version has. A version is kept for `history` blocks. All of a block's changes are in one
// batch. A node that is kept has its children kept: so a node with a new child is new itself, and only the lowest nodes
// of an update are looked up. Ownership: reads go to a KeyValue that outlives the store; writes go into a batch of the
// caller's. After commit() the caches know the new state before the batch is written: nothing may be read until it was.
// Not for use from several threads.
#pragma once
#include <span>

#include "core/state/transition_block.hpp"
#include "core/state/witness.hpp"
#include "storage/generation_cache.hpp"
#include "storage/key_value.hpp"

namespace asterism::storage {

struct StateStoreOptions {
  std::uint64_t history = 128;         // versions that stay readable, at least 2
  std::size_t cached_nodes = 1 << 16;  // per generation, two of them
  std::size_t cached_cells = 1 << 15;
  std::size_t cached_contracts = 1 << 14;
};

struct StateHead {
  core::BlockNumber number;
  core::Felt hash;
  std::uint64_t timestamp = 0;
  core::StateRoots roots;
};

struct StoredNode {
  std::uint32_t count = 0;
  std::uint64_t made_in = 0;
  core::TrieNode node;
};
struct StoredContract {
  core::ContractLeaf leaf;
  std::uint64_t made_in = 0;  // the block that gave it this leaf
};

// A node's place: who owns it, and its hash.
struct NodeKey {
  core::TrieOwner owner;
  core::Felt hash;
  bool operator==(const NodeKey&) const = default;
};
struct NodeKeyHash {
  std::size_t operator()(const NodeKey& key) const noexcept {
    const std::hash<core::Felt> hash;
    return hash(key.hash) + 31 * hash(key.owner.address) + static_cast<std::size_t>(key.owner.kind);
  }
};

class StateStore final : public core::StateView, public core::StateSource {
 public:
  explicit StateStore(const KeyValue& store, const StateStoreOptions& options = {});

  // The last committed block; nullopt before genesis was written.
  const std::optional<StateHead>& head() const { return head_; }

  core::Felt nonce(const core::Felt& address) const override { return stored_contract(address).leaf.nonce; }
  core::Felt class_hash(const core::Felt& address) const override { return stored_contract(address).leaf.class_hash; }
  core::Felt storage(const core::Felt& address, const core::Felt& key) const override;

  std::optional<core::TrieNode> node(const core::TrieOwner& owner, const core::Felt& hash) const override;
  std::optional<core::ContractLeaf> contract(const core::Felt& address) const override {
    return stored_contract(address).leaf;
  }
  std::optional<StoredNode> stored_node(const NodeKey& key) const;
  StoredContract stored_contract(const core::Felt& address) const;

  // The roots after a block whose version is still kept.
  std::optional<core::StateRoots> roots_at(core::BlockNumber number) const;

  // Adds what the block changes to the batch, and the pruning of the version that falls out of history.
  void commit(const core::ExecutedBlock& block, WriteBatch& batch);

 private:
  struct CellKey {
    core::Felt address, key;
    bool operator==(const CellKey&) const = default;
  };
  struct CellKeyHash {
    std::size_t operator()(const CellKey& cell) const noexcept {
      return std::hash<core::Felt>{}(cell.address) * 31 + std::hash<core::Felt>{}(cell.key);
    }
  };
  // Nodes whose record changes in one batch.
  using Records = std::unordered_map<NodeKey, StoredNode, NodeKeyHash>;

  void commit_flat(const core::ExecutedBlock& block, WriteBatch& batch);
  void add_nodes(const core::TrieDelta& trie, std::uint64_t height, Records& records) const;
  void prune(std::uint64_t version, Records& records, WriteBatch& batch) const;
  StoredNode& record_of(const NodeKey& key, Records& records) const;

  const KeyValue& store_;
  StateStoreOptions options_;
  std::optional<StateHead> head_;
  std::uint64_t oldest_ = 0;  // the first version that is kept
  mutable GenerationCache<NodeKey, StoredNode, NodeKeyHash> nodes_;
  mutable GenerationCache<CellKey, core::Felt, CellKeyHash> cells_;
  mutable GenerationCache<core::Felt, StoredContract> contracts_;
};

// One block's reads of a store, kept for its witness. The store must not commit while the recorder reads.
class StateRecorder final : public core::StateView, public core::StateSource {
 public:
  explicit StateRecorder(const StateStore& store) : store_(store) {}

  core::Felt nonce(const core::Felt& address) const override { return store_.nonce(address); }
  core::Felt class_hash(const core::Felt& address) const override { return store_.class_hash(address); }
  core::Felt storage(const core::Felt& address, const core::Felt& key) const override {
    return store_.storage(address, key);
  }
  std::optional<core::TrieNode> node(const core::TrieOwner& owner, const core::Felt& hash) const override;
  std::optional<core::ContractLeaf> contract(const core::Felt& address) const override {
    return store_.contract(address);
  }

  // Walks to what was touched but not written, and puts the witness together. `roots`: before the block.
  core::BlockWitness witness(const core::ExecutedBlock& executed, core::Block block,
                             const core::StateRoots& roots) const;

 private:
  const StateStore& store_;
  mutable std::unordered_map<NodeKey, core::WitnessNode, NodeKeyHash> nodes_;
};

}  // namespace asterism::storage
