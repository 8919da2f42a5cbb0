// Tries against vectors/starknet-chain: updates, proofs, refused proofs, lists and a real storage proof.
#include "core/state/trie.hpp"
#include "core/state/trie_proof.hpp"
#include "tests/core/vectors.hpp"

namespace asterism::core {
namespace {

using nlohmann::json;
using tests::felt;
using tests::load_vectors;

TrieHash hash_of(const json& entry) { return entry["hash"] == "pedersen" ? TrieHash::kPedersen : TrieHash::kPoseidon; }

TrieNode node_of(const json& node) {
  if (node.contains("left")) return BinaryNode{felt(node["left"]), felt(node["right"])};
  return EdgeNode{felt(node["child"]), U256::from_hex(node["path"].get<std::string>()).value(),
                  node["length"].get<unsigned>()};
}

std::vector<HashedNode> nodes_of(const json& list) {
  std::vector<HashedNode> out;
  for (const auto& entry : list) out.push_back({felt(entry["node_hash"]), node_of(entry["node"])});
  return out;
}

TEST(TrieVectors, UpdatesReachTheRootAfterEveryBatch) {
  const auto file = load_vectors("starknet-chain/trie-updates.json");
  if (!file) GTEST_SKIP();
  int batches = 0;
  for (const auto& entry : (*file)["cases"]) {
    NodeMap store;
    std::unordered_map<Felt, int> count;
    Felt root;
    for (const auto& batch : entry["batches"]) {
      std::map<Felt, Felt> sorted;
      for (const auto& update : batch["updates"]) sorted[felt(update[0])] = felt(update[1]);
      std::vector<TrieWrite> writes;
      for (const auto& [key, value] : sorted) writes.push_back({key, value});
      const auto change = update_trie(hash_of(entry), entry["height"].get<unsigned>(), store, root, writes);
      ASSERT_TRUE(change.has_value()) << entry["name"];
      EXPECT_EQ(change->root.to_hex(), batch["root"].get<std::string>()) << entry["name"];
      root = change->root;
      for (const auto& node : change->added) {
        store.nodes.insert_or_assign(node.hash, node.node);
        ++count[node.hash];
      }
      for (const Felt& gone : change->removed) {
        if (--count[gone] == 0) store.nodes.erase(gone);
        EXPECT_GE(count[gone], 0);
      }
      ++batches;
    }
  }
  std::printf("trie update batches: %d\n", batches);
  EXPECT_EQ(batches, 115);
}

TEST(TrieVectors, ProofsGiveTheValueOrAbsence) {
  const auto file = load_vectors("starknet-chain/trie-proofs.json");
  if (!file) GTEST_SKIP();
  int keys = 0;
  for (const auto& entry : (*file)["proofs"]) {
    const auto height = entry["height"].get<unsigned>();
    const Felt root = felt(entry["root"]);
    const auto listed = nodes_of(entry["nodes"]);
    const auto nodes = ProofNodes::check(hash_of(entry), listed);
    ASSERT_TRUE(nodes.has_value()) << entry["tree"];
    std::map<Felt, Felt> leaves;
    for (const auto& leaf : entry["leaves"]) leaves[felt(leaf[0])] = felt(leaf[1]);
    std::vector<TrieWrite> writes;
    for (const auto& [key, value] : leaves) writes.push_back({key, value});
    const auto built = update_trie(hash_of(entry), height, NodeMap(), Felt(), writes);
    ASSERT_TRUE(built.has_value());
    EXPECT_EQ(built->root, root) << entry["tree"];
    NodeMap store;
    for (const auto& node : built->added) store.nodes.emplace(node.hash, node.node);
    std::vector<Felt> wanted;
    for (const auto& key : entry["keys"]) {
      const auto value = nodes->value(height, root, felt(key["key"]));
      ASSERT_TRUE(value.has_value()) << entry["tree"] << key["key"];
      EXPECT_EQ(value->to_hex(), key["value"].get<std::string>());
      const auto path = prove_trie(height, store, root, std::array{felt(key["key"])});
      ASSERT_TRUE(path.has_value());
      std::vector<std::string> hashes;
      for (const auto& node : *path) hashes.push_back(node.hash.to_hex());
      EXPECT_EQ(json(hashes), key["path"]) << entry["tree"];
      wanted.push_back(felt(key["key"]));
      ++keys;
    }
    const auto all = prove_trie(height, store, root, wanted);
    ASSERT_TRUE(all.has_value());
    EXPECT_EQ(all->size(), listed.size());
  }
  std::printf("proof keys: %d\n", keys);
  EXPECT_EQ(keys, 78);
}

TEST(TrieVectors, EveryBadProofIsRefused) {
  const auto file = load_vectors("starknet-chain/trie-bad-proofs.json");
  if (!file) GTEST_SKIP();
  int cases = 0;
  for (const auto& entry : (*file)["cases"]) {
    ++cases;
    const auto key = Felt::from_hex(entry["key"].get<std::string>());
    if (!key) continue;
    const auto nodes = ProofNodes::check(hash_of(entry), nodes_of(entry["nodes"]));
    if (!nodes) continue;
    const auto value = nodes->value(entry["height"].get<unsigned>(), felt(entry["root"]), *key);
    if (!value) continue;
    EXPECT_NE(value->to_hex(), entry["claimed_value"].get<std::string>()) << entry["why"];
  }
  std::printf("bad proofs: %d\n", cases);
  EXPECT_EQ(cases, 10);
}

TEST(TrieVectors, Lists) {
  const auto file = load_vectors("starknet-chain/trie-lists.json");
  if (!file) GTEST_SKIP();
  int cases = 0;
  for (const auto& entry : (*file)["lists"]) {
    std::vector<Felt> leaves;
    std::vector<TrieWrite> writes;
    for (const auto& value : entry["values"]) {
      writes.push_back({Felt(leaves.size()), felt(value)});
      leaves.push_back(felt(value));
    }
    EXPECT_EQ(list_commitment(hash_of(entry), leaves).to_hex(), entry["root"].get<std::string>()) << leaves.size();
    EXPECT_EQ(update_trie(hash_of(entry), kListTrieHeight, NodeMap(), Felt(), writes)->root, felt(entry["root"]));
    ++cases;
  }
  EXPECT_EQ(cases, 14);
}

TEST(TrieVectors, ARealStorageProof) {
  const auto file = load_vectors("starknet-chain/storage-proof-sepolia.json");
  if (!file) GTEST_SKIP();
  const auto& request = (*file)["request"];
  const auto& response = (*file)["response"];
  const auto& expected = (*file)["expected"];
  const auto classes = ProofNodes::check(TrieHash::kPoseidon, nodes_of(response["classes_proof"]));
  ASSERT_TRUE(classes.has_value());
  const Felt classes_root = felt(response["global_roots"]["classes_tree_root"]);
  for (std::size_t i = 0; i < request["class_hashes"].size(); ++i) {
    EXPECT_EQ(classes->value(kStateTrieHeight, classes_root, felt(request["class_hashes"][i])),
              felt(expected["class_leaves"][i]));
  }
  const auto contracts = ProofNodes::check(TrieHash::kPedersen, nodes_of(response["contracts_proof"]["nodes"]));
  ASSERT_TRUE(contracts.has_value());
  const Felt contracts_root = felt(response["global_roots"]["contracts_tree_root"]);
  std::map<std::string, Felt> storage_roots;
  for (std::size_t i = 0; i < request["contract_addresses"].size(); ++i) {
    const auto leaf = contracts->value(kStateTrieHeight, contracts_root, felt(request["contract_addresses"][i]));
    EXPECT_EQ(leaf, felt(expected["contract_leaves"][i]));
    storage_roots[expected["contracts"][i]["address"]] = felt(expected["contracts"][i]["storage_root"]);
  }
  int values = 0;
  for (std::size_t i = 0; i < expected["storage"].size(); ++i) {
    const auto& wanted = expected["storage"][i];
    const auto nodes = ProofNodes::check(TrieHash::kPedersen, nodes_of(response["contracts_storage_proofs"][i]));
    ASSERT_TRUE(nodes.has_value());
    const Felt root = storage_roots.at(wanted["contract_address"]);
    const auto& keys = request["contracts_storage_keys"][i]["storage_keys"];
    for (std::size_t k = 0; k < keys.size(); ++k, ++values) {
      EXPECT_EQ(nodes->value(kStateTrieHeight, root, felt(keys[k])), felt(wanted["values"][k]));
    }
  }
  EXPECT_EQ(values, 4);
}

}  // namespace
}  // namespace asterism::core
