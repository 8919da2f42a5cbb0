#include <algorithm>

#include "core/base/check.hpp"
#include "storage/state_store.hpp"

namespace asterism::storage {

using core::Felt;
using core::TrieOwner;

namespace {

// The nodes of one owner, as the trie's functions read them.
class OwnedNodes final : public core::NodeReader {
 public:
  OwnedNodes(const core::StateSource& source, const TrieOwner& owner) : source_(source), owner_(owner) {}
  std::optional<core::TrieNode> node(const Felt& hash) const override { return source_.node(owner_, hash); }

 private:
  const core::StateSource& source_;
  const TrieOwner& owner_;
};

void walk(const core::StateSource& source, const TrieOwner& owner, const Felt& root, const Felt& key) {
  const auto value = core::get_from_trie(core::kStateTrieHeight, OwnedNodes(source, owner), root, key);
  ASTERISM_CHECK(value.has_value(), "the store has every node of its last version");
}

}  // namespace

std::optional<core::TrieNode> StateRecorder::node(const TrieOwner& owner, const Felt& hash) const {
  const NodeKey key{owner, hash};
  if (const auto found = nodes_.find(key); found != nodes_.end()) return found->second.node;
  const auto stored = store_.stored_node(key);
  if (!stored) return std::nullopt;
  nodes_.emplace(key, core::WitnessNode{stored->made_in, stored->node});
  return stored->node;
}

core::BlockWitness StateRecorder::witness(const core::ExecutedBlock& executed, core::Block block,
                                          const core::StateRoots& roots) const {
  core::BlockWitness out;
  out.contracts_root = roots.contracts;
  const TrieOwner contracts;
  for (const Felt& address : executed.touched.contracts) {
    const StoredContract stored = store_.stored_contract(address);
    if (!executed.change.contracts.contains(address)) walk(*this, contracts, roots.contracts, address);
    if (!stored.leaf.is_empty()) out.leaves.push_back({stored.made_in, stored.leaf});
  }
  for (const auto& [address, key] : executed.touched.cells) {
    const Felt root = store_.stored_contract(address).leaf.storage_root;
    if (root.is_zero()) continue;
    const auto written = executed.difference.storage.find(address);
    if (written != executed.difference.storage.end() && written->second.contains(key)) continue;
    walk(*this, {TrieOwner::Kind::kStorage, address}, root, key);
  }
  // Equal nodes of different tries stand once; the order depends on nothing but their hashes.
  std::vector<std::pair<Felt, const core::WitnessNode*>> nodes;
  nodes.reserve(nodes_.size());
  for (const auto& [key, node] : nodes_) nodes.emplace_back(key.hash, &node);
  std::sort(nodes.begin(), nodes.end(), [](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first.montgomery() < b.first.montgomery();
    return a.second->made_in < b.second->made_in;
  });
  const auto end =
      std::unique(nodes.begin(), nodes.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
  nodes.erase(end, nodes.end());
  out.nodes.reserve(nodes.size());
  for (const auto& [hash, node] : nodes) out.nodes.push_back(*node);
  out.block = std::move(block);
  return out;
}

}  // namespace asterism::storage
