#include "core/state/commitment.hpp"

#include "core/hash/pedersen.hpp"
#include "core/hash/poseidon.hpp"

namespace asterism::core {
namespace {

class OwnedReader final : public NodeReader {
 public:
  OwnedReader(const StateSource& source, TrieOwner owner) : source_(source), owner_(owner) {}
  std::optional<TrieNode> node(const Felt& hash) const override { return source_.node(owner_, hash); }

 private:
  const StateSource& source_;
  TrieOwner owner_;
};

CommitError as_commit_error(TrieError error) {
  switch (error) {
    case TrieError::kMissingNode:
      return CommitError::kMissing;
    case TrieError::kKeyTooLarge:
      return CommitError::kBadKey;
    case TrieError::kMalformedNode:
    case TrieError::kNotAscending:
      break;
  }
  return CommitError::kMalformed;
}

std::vector<TrieWrite> as_writes(const std::map<Felt, Felt>& values) {
  std::vector<TrieWrite> out;
  out.reserve(values.size());
  for (const auto& [key, value] : values) out.push_back({key, value});
  return out;
}

// The leaves of many contracts, each step of the chain of three hashes in one batch.
std::vector<Felt> leaf_hashes(const std::map<Felt, ContractLeaf>& leaves) {
  std::vector<std::pair<Felt, Felt>> in;
  std::vector<Felt> out(leaves.size());
  in.reserve(leaves.size());
  for (const auto& [address, leaf] : leaves) in.emplace_back(leaf.class_hash, leaf.storage_root);
  pedersen_batch(in, out);
  std::size_t i = 0;
  for (const auto& [address, leaf] : leaves) {
    in[i] = {out[i], leaf.nonce};
    ++i;
  }
  pedersen_batch(in, out);
  for (i = 0; i < in.size(); ++i) in[i] = {out[i], Felt()};
  pedersen_batch(in, out);
  i = 0;
  for (const auto& [address, leaf] : leaves) {
    if (leaf.is_empty()) out[i] = Felt();
    ++i;
  }
  return out;
}

struct Commit {
  const StateSource& source;
  StateChange out;

  std::expected<void, CommitError> read_leaves(const StateDiff& diff) {
    const auto want = [&](const Felt& address) {
      if (out.contracts.contains(address)) return true;
      const auto leaf = source.contract(address);
      if (leaf) out.contracts.emplace(address, *leaf);
      return leaf.has_value();
    };
    for (const auto& [address, class_hash] : diff.deployed) {
      if (!want(address)) return std::unexpected(CommitError::kMissing);
      out.contracts[address].class_hash = class_hash;
    }
    for (const auto& [address, nonce] : diff.nonces) {
      if (!want(address)) return std::unexpected(CommitError::kMissing);
      out.contracts[address].nonce = nonce;
    }
    for (const auto& [address, cells] : diff.storage) {
      if (!want(address)) return std::unexpected(CommitError::kMissing);
    }
    return {};
  }

  std::expected<void, CommitError> storage(const StateDiff& diff) {
    TrieBatch batch(TrieHash::kPedersen);
    std::vector<TrieOwner> owners;
    for (const auto& [address, cells] : diff.storage) {
      if (cells.empty()) continue;
      const TrieOwner owner{TrieOwner::Kind::kStorage, address};
      const auto added = batch.add(OwnedReader(source, owner), out.contracts[address].storage_root, kStateTrieHeight,
                                   as_writes(cells));
      if (!added) return std::unexpected(as_commit_error(added.error()));
      owners.push_back(owner);
    }
    auto changes = batch.finish();
    for (std::size_t i = 0; i < owners.size(); ++i) {
      out.contracts[owners[i].address].storage_root = changes[i].root;
      keep(owners[i], std::move(changes[i]));
    }
    return {};
  }

  std::expected<void, CommitError> trie(TrieHash hash, TrieOwner::Kind kind, Felt& root,
                                        std::span<const TrieWrite> writes) {
    if (writes.empty()) return {};
    const TrieOwner owner{kind, Felt()};
    auto change = update_trie(hash, kStateTrieHeight, OwnedReader(source, owner), root, writes);
    if (!change) return std::unexpected(as_commit_error(change.error()));
    root = change->root;
    keep(owner, std::move(*change));
    return {};
  }

  void keep(const TrieOwner& owner, TrieChange change) {
    out.tries.push_back({owner, change.root, std::move(change.added), std::move(change.removed)});
  }
};

}  // namespace

Felt contract_leaf_hash(const ContractLeaf& leaf) {
  if (leaf.is_empty()) return Felt();
  return pedersen(pedersen(pedersen(leaf.class_hash, leaf.storage_root), leaf.nonce), Felt());
}

Felt class_leaf_hash(const Felt& compiled_class_hash) {
  static constexpr Felt kPrefix = short_string("CONTRACT_CLASS_LEAF_V0");
  return poseidon(kPrefix, compiled_class_hash);
}

Felt global_root(const Felt& contracts_root, const Felt& classes_root) {
  static constexpr Felt kPrefix = short_string("STARKNET_STATE_V0");
  if (contracts_root.is_zero() && classes_root.is_zero()) return Felt();
  return poseidon_many(std::array{kPrefix, contracts_root, classes_root});
}

Felt global_root_before_0_14(const Felt& contracts_root, const Felt& classes_root) {
  return classes_root.is_zero() ? contracts_root : global_root(contracts_root, classes_root);
}

std::optional<TrieNode> StateMap::node(const TrieOwner& owner, const Felt& hash) const {
  const auto trie = nodes.find(owner);
  if (trie == nodes.end()) return std::nullopt;
  const auto found = trie->second.find(hash);
  return found == trie->second.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ContractLeaf> StateMap::contract(const Felt& address) const {
  const auto found = contracts.find(address);
  return found == contracts.end() ? std::nullopt : std::optional(found->second);
}

std::optional<TrieNode> RecordingSource::node(const TrieOwner& owner, const Felt& hash) const {
  auto read = source_.node(owner, hash);
  if (read) recorded_.nodes[owner].emplace(hash, *read);
  return read;
}

std::optional<ContractLeaf> RecordingSource::contract(const Felt& address) const {
  auto read = source_.contract(address);
  if (read) recorded_.contracts.emplace(address, *read);
  return read;
}

std::expected<StateChange, CommitError> commit_state(const StateSource& source, const StateRoots& roots,
                                                     const StateDiff& diff, const std::map<Felt, Felt>& classes) {
  Commit commit{source, {}};
  commit.out.roots = roots;
  if (auto done = commit.read_leaves(diff); !done) return std::unexpected(done.error());
  if (auto done = commit.storage(diff); !done) return std::unexpected(done.error());
  const auto hashes = leaf_hashes(commit.out.contracts);
  std::vector<TrieWrite> writes;
  std::size_t i = 0;
  for (const auto& [address, leaf] : commit.out.contracts) writes.push_back({address, hashes[i++]});
  auto done = commit.trie(TrieHash::kPedersen, TrieOwner::Kind::kContracts, commit.out.roots.contracts, writes);
  if (!done) return std::unexpected(done.error());
  writes.clear();
  for (const auto& [class_hash, compiled] : classes) writes.push_back({class_hash, class_leaf_hash(compiled)});
  done = commit.trie(TrieHash::kPoseidon, TrieOwner::Kind::kClasses, commit.out.roots.classes, writes);
  if (!done) return std::unexpected(done.error());
  return std::move(commit.out);
}

}  // namespace asterism::core
