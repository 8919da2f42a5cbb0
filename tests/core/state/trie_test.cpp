// Tries against their recursive definition, and the books of added and removed nodes.
#include "core/state/trie.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "core/hash/pedersen.hpp"
#include "core/hash/poseidon.hpp"
#include "core/state/trie_proof.hpp"

namespace asterism::core {
namespace {

using Leaves = std::map<Felt, Felt>;

// The definition: the subtree of `leaves` whose keys agree above `height`; nothing shared with the implementation.
struct Defined {
  Felt child;  // what the edge points to
  U256 path;
  unsigned length;  // 0: no edge
  bool empty;
};
Defined define(const std::vector<std::pair<U256, Felt>>& leaves, unsigned height) {
  if (leaves.empty()) return {{}, {}, 0, true};
  if (height == 0) return {leaves.front().second, {}, 0, false};
  std::vector<std::pair<U256, Felt>> left, right;
  for (const auto& leaf : leaves) (leaf.first.bit(height - 1) ? right : left).push_back(leaf);
  const Defined l = define(left, height - 1);
  const Defined r = define(right, height - 1);
  if (!l.empty && !r.empty) {
    const auto hash = [](const Defined& d) {
      return d.length == 0 ? d.child : poseidon(d.child, Felt::reduce(d.path)) + Felt(d.length);
    };
    return {poseidon(hash(l), hash(r)), {}, 0, false};
  }
  Defined out = l.empty ? r : l;
  if (l.empty) {
    U256 bit = U256(1) << out.length;
    out.path.add(bit);
  }
  out.length += 1;
  return out;
}
Felt defined_root(const Leaves& leaves, unsigned height) {
  std::vector<std::pair<U256, Felt>> list;
  for (const auto& [key, value] : leaves) list.emplace_back(key.to_u256(), value);
  const Defined d = define(list, height);
  if (d.empty) return Felt();
  return d.length == 0 ? d.child : poseidon(d.child, Felt::reduce(d.path)) + Felt(d.length);
}

std::vector<TrieWrite> writes_of(const Leaves& leaves) {
  std::vector<TrieWrite> out;
  for (const auto& [key, value] : leaves) out.push_back({key, value});
  return out;
}

// All nodes reachable from a root, with how often.
void count_reachable(const NodeReader& reader, const Felt& at, unsigned height, std::map<Felt, int>& count) {
  if (height == 0 || at.is_zero()) return;
  const auto node = reader.node(at);
  ASSERT_TRUE(node.has_value());
  ++count[at];
  if (const auto* binary = std::get_if<BinaryNode>(&*node)) {
    count_reachable(reader, binary->left, height - 1, count);
    count_reachable(reader, binary->right, height - 1, count);
  } else {
    const auto& edge = std::get<EdgeNode>(*node);
    count_reachable(reader, edge.child, height - edge.length, count);
  }
}

Felt random_key(unsigned height, std::uint64_t seed) {
  // Few distinct values in the upper bits, so that keys share prefixes of every length.
  const U256 value = poseidon(Felt(seed), Felt(7)).to_u256();
  U256 key;
  for (unsigned i = 0; i < height; ++i) {
    if (value.bit(i) && value.bit((i * 7 + 3) % 250)) key.add(U256(1) << i);
  }
  if (value.bit(200)) key = key >> (height - std::min(height, 5U));
  return Felt::reduce(key);
}

RC_GTEST_PROP(Trie, AnyUpdatesReachTheDefinedRootAndKeepTheBooks, ()) {
  const unsigned height = *rc::gen::element(1U, 2U, 5U, 64U, 251U);
  Leaves leaves;
  NodeMap store;
  std::map<Felt, int> kept;
  Felt root;
  for (int batch = 0; batch < 4; ++batch) {
    Leaves change;
    const auto seeds = *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(0, 40));
    for (const std::uint64_t seed : seeds) change[random_key(height, seed)] = Felt(*rc::gen::inRange(0, 3));
    RecordingReader recorder(store);
    const auto out = update_trie(TrieHash::kPoseidon, height, recorder, root, writes_of(change));
    RC_ASSERT(out.has_value());
    // The recorded nodes alone are enough to do the same again.
    NodeMap witness;
    witness.nodes = recorder.nodes();
    const auto again = update_trie(TrieHash::kPoseidon, height, witness, root, writes_of(change));
    RC_ASSERT(again.has_value() && again->root == out->root);
    for (const auto& [key, value] : change) {
      if (value.is_zero()) {
        leaves.erase(key);
      } else {
        leaves[key] = value;
      }
    }
    root = out->root;
    RC_ASSERT(root == defined_root(leaves, height));
    for (const auto& node : out->added) {
      RC_ASSERT(hash_node(TrieHash::kPoseidon, node.node) == node.hash);
      store.nodes.insert_or_assign(node.hash, node.node);
      ++kept[node.hash];
    }
    for (const Felt& gone : out->removed) {
      if (--kept[gone] == 0) {
        kept.erase(gone);
        store.nodes.erase(gone);
      }
    }
    std::map<Felt, int> reachable;
    count_reachable(store, root, height, reachable);
    RC_ASSERT(reachable == kept);
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      const Felt key = random_key(height, seed);
      const auto value = get_from_trie(height, store, root, key);
      RC_ASSERT(value.has_value());
      RC_ASSERT(*value == (leaves.contains(key) ? leaves[key] : Felt()));
      const auto proof = prove_trie(height, store, root, std::array{key});
      RC_ASSERT(ProofNodes::check(TrieHash::kPoseidon, *proof)->value(height, root, key).value() == *value);
    }
  }
}

RC_GTEST_PROP(Trie, AListIsATrieOfItsIndices, ()) {
  const auto count = *rc::gen::inRange<std::uint64_t>(0, 70);
  std::vector<Felt> list;
  Leaves leaves;
  for (std::uint64_t i = 0; i < count; ++i) {
    list.push_back(Felt(i * i + 1));
    leaves[Felt(i)] = list.back();
  }
  RC_ASSERT(list_commitment(TrieHash::kPoseidon, list) == defined_root(leaves, kListTrieHeight));
}

TEST(Trie, SeveralTriesInOneBatchEqualSingleUpdates) {
  TrieBatch batch(TrieHash::kPedersen);
  std::vector<Felt> roots;
  for (std::uint64_t trie = 0; trie < 5; ++trie) {
    Leaves leaves;
    for (std::uint64_t i = 0; i < 3 * trie; ++i) leaves[random_key(251, 100 * trie + i)] = Felt(i + 1);
    const auto writes = writes_of(leaves);
    ASSERT_EQ(batch.add(NodeMap(), Felt(), 251, writes), trie);
    roots.push_back(update_trie(TrieHash::kPedersen, 251, NodeMap(), Felt(), writes)->root);
  }
  const auto changes = batch.finish();
  ASSERT_EQ(changes.size(), roots.size());
  for (std::size_t i = 0; i < roots.size(); ++i) EXPECT_EQ(changes[i].root, roots[i]);
}

TEST(Trie, ErrorsByName) {
  const auto run = [](const NodeReader& reader, const Felt& root, unsigned height, std::vector<TrieWrite> writes) {
    return update_trie(TrieHash::kPoseidon, height, reader, root, writes).error();
  };
  NodeMap none;
  EXPECT_EQ(run(none, Felt(5), 8, {{Felt(1), Felt(1)}}), TrieError::kMissingNode);
  EXPECT_EQ(run(none, Felt(), 8, {{Felt(2), Felt(1)}, {Felt(2), Felt(1)}}), TrieError::kNotAscending);
  EXPECT_EQ(run(none, Felt(), 8, {{Felt(256), Felt(1)}}), TrieError::kKeyTooLarge);
  const auto malformed = [&](const TrieNode& node) {
    NodeMap map;
    map.nodes.emplace(Felt(5), node);
    map.nodes.emplace(Felt(6), EdgeNode{Felt(1), U256(0), 2});
    return run(map, Felt(5), 8, {{Felt(1), Felt(1)}});
  };
  EXPECT_EQ(malformed(EdgeNode{Felt(1), U256(0), 9}), TrieError::kMalformedNode);
  EXPECT_EQ(malformed(EdgeNode{Felt(1), U256(0), 0}), TrieError::kMalformedNode);
  EXPECT_EQ(malformed(EdgeNode{Felt(1), U256(4), 2}), TrieError::kMalformedNode);
  EXPECT_EQ(malformed(EdgeNode{Felt(0), U256(0), 2}), TrieError::kMalformedNode);
  EXPECT_EQ(malformed(EdgeNode{Felt(6), U256(0), 6}), TrieError::kMalformedNode);
  EXPECT_EQ(malformed(BinaryNode{Felt(1), Felt(0)}), TrieError::kMalformedNode);
}

TEST(Trie, ProofErrorsByName) {
  const std::vector<TrieWrite> writes{{Felt(1), Felt(10)}, {Felt(200), Felt(11)}};
  const auto change = update_trie(TrieHash::kPedersen, 8, NodeMap(), Felt(), writes);
  auto nodes = change->added;
  ASSERT_EQ(nodes.size(), 3U);
  const auto check = [](const std::vector<HashedNode>& list) { return ProofNodes::check(TrieHash::kPedersen, list); };
  EXPECT_EQ(check(nodes)->value(8, change->root, Felt(1)), Felt(10));
  EXPECT_EQ(check(nodes)->value(8, change->root, Felt(2)), Felt(0));
  EXPECT_EQ(check(nodes)->value(8, Felt(), Felt(2)), Felt(0));
  EXPECT_EQ(check(nodes)->value(8, change->root, Felt(256)).error(), ProofError::kKeyTooLarge);
  EXPECT_EQ(check({})->value(8, change->root, Felt(2)).error(), ProofError::kMissingNode);
  auto altered = nodes;
  altered[0].hash += Felt(1);
  EXPECT_EQ(check(altered).error(), ProofError::kWrongHash);
  altered[0].node = EdgeNode{Felt(1), U256(2), 1};
  EXPECT_EQ(check(altered).error(), ProofError::kMalformedNode);
}

}  // namespace
}  // namespace asterism::core
