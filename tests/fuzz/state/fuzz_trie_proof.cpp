// Nodes that somebody lists as a proof, or that a witness brings: an honest hash over any node. Reading and updating a
// trie of them ends in a value or an error, and what a proof shows is what a lookup finds.
#include "core/base/check.hpp"
#include "core/state/trie_proof.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace asterism;
using namespace asterism::core;

struct Nodes {
  TrieHash hash;
  unsigned height;
  std::vector<HashedNode> listed;

  Felt child(fuzz::Input& input) const {
    const std::uint8_t which = input.byte();
    if (which < listed.size()) return listed[which].hash;
    return input.felt();
  }
  void add(fuzz::Input& input) {
    TrieNode node = BinaryNode{};
    if ((input.byte() & 1) == 0) {
      const Felt left = child(input);
      node = BinaryNode{left, child(input)};
    } else {
      const Felt below = child(input);
      node = EdgeNode{below, input.felt().to_u256(), input.byte()};
    }
    listed.push_back({hash_node(hash, node), node});
    if (input.byte() == 0xff) listed.back().hash = input.felt();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t shape = input.byte();
  Nodes nodes{(shape & 1) != 0 ? TrieHash::kPoseidon : TrieHash::kPedersen, 1U + input.byte(), {}};
  nodes.height = std::min(nodes.height, kStateTrieHeight);
  for (unsigned count = input.byte() % 24; count > 0; --count) nodes.add(input);
  const Felt root = nodes.child(input);
  NodeMap map;
  for (const HashedNode& node : nodes.listed) map.nodes.emplace(node.hash, node.node);
  std::vector<Felt> keys;
  while (!input.empty() && keys.size() < 8) keys.push_back(input.felt());
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());

  const auto proof = ProofNodes::check(nodes.hash, nodes.listed);
  for (const Felt& key : keys) {
    const auto found = get_from_trie(nodes.height, map, root, key);
    if (!proof) continue;
    const auto proven = proof->value(nodes.height, root, key);
    ASTERISM_CHECK(!proven || (found && *found == *proven), "a proof shows what is not there");
  }
  (void)prove_trie(nodes.height, map, root, keys);
  std::vector<TrieWrite> writes;
  for (const Felt& key : keys) writes.push_back({key, (shape & 2) != 0 ? Felt() : Felt(7)});
  const auto changed = update_trie(nodes.hash, nodes.height, map, root, writes);
  if (!changed) return 0;
  for (const HashedNode& node : changed->added) map.nodes.emplace(node.hash, node.node);
  for (const TrieWrite& write : writes) {
    const auto value = get_from_trie(nodes.height, map, changed->root, write.key);
    ASTERISM_CHECK(!value || *value == write.value, "an update did not write");
  }
  return 0;
}
