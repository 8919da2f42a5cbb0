// State commitments against the real and generated sequences of vectors/starknet-chain.
#include "core/state/commitment.hpp"

#include "tests/core/vectors.hpp"

namespace asterism::core {
namespace {

using nlohmann::json;
using tests::felt;


// A whole state in memory: what is not there is empty.
class Ledger final : public StateSource {
 public:
  std::optional<TrieNode> node(const TrieOwner& owner, const Felt& hash) const override {
    return map.node(owner, hash);
  }
  std::optional<ContractLeaf> contract(const Felt& address) const override {
    return map.contract(address).value_or(ContractLeaf{});
  }
  void apply(const StateChange& change) {
    for (const auto& trie : change.tries) {
      for (const auto& node : trie.added) {
        map.nodes[trie.owner].insert_or_assign(node.hash, node.node);
        ++count[trie.owner][node.hash];
      }
      for (const Felt& gone : trie.removed) {
        if (--count[trie.owner][gone] == 0) map.nodes[trie.owner].erase(gone);
      }
    }
    for (const auto& [address, leaf] : change.contracts) map.contracts[address] = leaf;
    roots = change.roots;
  }
  StateMap map;
  std::map<TrieOwner, std::unordered_map<Felt, int>> count;
  StateRoots roots;
};

StateDiff diff_of(const json& from, std::map<Felt, Felt>& classes) {
  StateDiff diff;
  for (const auto& [address, cells] : from["storage_diffs"].items()) {
    for (const auto& cell : cells) diff.storage[felt(address)][felt(cell["key"])] = felt(cell["value"]);
  }
  for (const auto& [address, nonce] : from["nonces"].items()) diff.nonces[felt(address)] = felt(nonce);
  for (const char* list : {"deployed_contracts", "replaced_classes"}) {
    for (const auto& entry : from[list]) diff.deployed[felt(entry["address"])] = felt(entry["class_hash"]);
  }
  for (const char* list : {"declared_classes", "migrated_compiled_classes"}) {
    if (!from.contains(list)) continue;
    for (const auto& entry : from[list]) classes[felt(entry["class_hash"])] = felt(entry["compiled_class_hash"]);
  }
  return diff;
}

TEST(CommitmentVectors, EveryStateUpdateReachesItsRoot) {
  const auto file = tests::load_vectors("starknet-chain/state-updates.json");
  if (!file) GTEST_SKIP();
  int updates = 0, leaves = 0;
  for (const auto& sequence : (*file)["sequences"]) {
    Ledger ledger;
    const bool old_rule = sequence["root_rule"] == "before 0.14.0";
    for (const auto& update : sequence["updates"]) {
      std::map<Felt, Felt> classes;
      const StateDiff diff = diff_of(update["state_diff"], classes);
      RecordingSource recorder(ledger);
      const StateRoots before = ledger.roots;
      const auto change = commit_state(recorder, before, diff, classes);
      ASSERT_TRUE(change.has_value()) << sequence["name"] << update["block_number"];
      // What was recorded is a sufficient witness.
      const auto again = commit_state(recorder.recorded(), before, diff, classes);
      ASSERT_TRUE(again.has_value());
      EXPECT_EQ(again->roots, change->roots);
      ledger.apply(*change);
      const auto& roots = ledger.roots;
      const Felt root = old_rule ? global_root_before_0_14(roots.contracts, roots.classes)
                                 : global_root(roots.contracts, roots.classes);
      EXPECT_EQ(root, felt(update["new_root"])) << sequence["name"] << update["block_number"];
      const auto& expected = update["expected"];
      if (expected.contains("contracts_root")) {
        EXPECT_EQ(roots.contracts, felt(expected["contracts_root"]));
      }
      if (expected.contains("classes_root")) {
        EXPECT_EQ(roots.classes, felt(expected["classes_root"]));
      }
      if (expected.contains("contracts")) {
        for (const auto& [address, leaf] : expected["contracts"].items()) {
          const ContractLeaf found = *ledger.contract(felt(address));
          EXPECT_EQ(found.class_hash, felt(leaf["class_hash"]));
          EXPECT_EQ(found.storage_root, felt(leaf["storage_root"]));
          EXPECT_EQ(found.nonce, felt(leaf["nonce"]));
          if (leaf.contains("leaf")) {
            EXPECT_EQ(contract_leaf_hash(found), felt(leaf["leaf"]));
          }
          ++leaves;
        }
      }
      ++updates;
    }
  }
  std::printf("state updates: %d, contract leaves: %d\n", updates, leaves);
  EXPECT_EQ(updates, 25);
  EXPECT_EQ(leaves, 115);
}

TEST(Commitment, ErrorsByName) {
  StateDiff diff;
  diff.nonces[Felt(5)] = Felt(1);
  EXPECT_EQ(commit_state(StateMap(), {}, diff).error(), CommitError::kMissing);
  Ledger ledger;
  EXPECT_EQ(commit_state(ledger, {Felt(1), Felt()}, diff).error(), CommitError::kMissing);
  diff.storage[Felt(5)][-Felt(1)] = Felt(1);
  EXPECT_EQ(commit_state(ledger, {}, diff).error(), CommitError::kBadKey);
  diff.storage.clear();
  ledger.map.nodes[TrieOwner{}].emplace(Felt(9), BinaryNode{Felt(1), Felt()});
  EXPECT_EQ(commit_state(ledger, {Felt(9), Felt()}, diff).error(), CommitError::kMalformed);
}

TEST(Commitment, AnEmptyContractHasNoLeaf) {
  Ledger ledger;
  StateDiff diff;
  diff.nonces[Felt(5)] = Felt(1);
  diff.storage[Felt(6)][Felt(1)] = Felt(2);
  ledger.apply(*commit_state(ledger, {}, diff));
  EXPECT_FALSE(ledger.roots.contracts.is_zero());
  diff.nonces[Felt(5)] = Felt();
  diff.storage[Felt(6)][Felt(1)] = Felt();
  ledger.apply(*commit_state(ledger, ledger.roots, diff));
  EXPECT_EQ(ledger.roots, StateRoots{});
  for (const auto& [owner, nodes] : ledger.map.nodes) EXPECT_TRUE(nodes.empty());
}

}  // namespace
}  // namespace asterism::core
