// Real blocks from 0.13.2 to 0.14.2: every transaction hash, leaf, commitment and block hash.
#include "core/curve/ecdsa.hpp"
#include "tests/core/chain/feeder.hpp"

namespace asterism::core {
namespace {

struct Totals {
  int transactions = 0, leaves = 0, diffs = 0;
};

void compare_leaves(const std::vector<Felt>& found, const json& expected, Totals& totals) {
  for (std::size_t i = 0; i < expected.size(); ++i, ++totals.leaves) {
    ASSERT_LT(i, found.size());
    EXPECT_EQ(found[i].to_hex(), expected[i].get<std::string>()) << i;
  }
}

void check_block(const json& file, Totals& totals) {
  const json& b = file["block"];
  const json& expected = file["expected"];
  const Felt chain_id = short_string(file["chain_id"].get<std::string>());
  BlockHeader header = header_of(b);
  std::vector<Felt> transactions, events, receipts;
  std::vector<std::vector<Felt>> signatures;
  std::vector<Receipt> whole;
  for (std::size_t i = 0; i < b["transactions"].size(); ++i, ++totals.transactions) {
    const json& transaction = b["transactions"][i];
    const Felt hash = hash_of(transaction, chain_id);
    EXPECT_EQ(hash, felt(transaction["transaction_hash"])) << transaction["transaction_hash"];
    signatures.push_back(felts(transaction.value("signature", json::array())));
    transactions.push_back(transaction_leaf(hash, signatures.back(), header.protocol_version));
    const Receipt receipt = receipt_of(b["transaction_receipts"][i]);
    receipts.push_back(receipt_leaf(receipt));
    for (const Event& event : receipt.events) events.push_back(event_leaf(event, hash));
    whole.push_back(receipt);
  }
  const std::vector<std::span<const Felt>> signed_by(signatures.begin(), signatures.end());
  const BlockLeaves together = block_leaves(signed_by, whole, header.protocol_version);
  EXPECT_EQ(together.transactions, transactions);
  EXPECT_EQ(together.events, events);
  EXPECT_EQ(together.receipts, receipts);
  compare_leaves(transactions, expected["transaction_leaves"], totals);
  compare_leaves(events, expected["event_leaves"], totals);
  compare_leaves(receipts, expected["receipt_leaves"], totals);
  header.transaction_count = transactions.size();
  header.event_count = events.size();
  header.transaction_commitment = leaves_commitment(transactions);
  header.event_commitment = leaves_commitment(events);
  header.receipt_commitment = leaves_commitment(receipts);
  if (!file["state_diff"].is_null()) {
    ClassChanges classes;
    const StateDiff diff = diff_of(file["state_diff"], classes);
    header.state_diff_commitment = state_diff_commitment(diff, classes);
    header.state_diff_length = state_diff_length(diff, classes);
    ++totals.diffs;
  }
  EXPECT_EQ(header.transaction_commitment, felt(expected["transaction_commitment"]));
  EXPECT_EQ(header.event_commitment, felt(expected["event_commitment"]));
  EXPECT_EQ(header.receipt_commitment, felt(expected["receipt_commitment"]));
  EXPECT_EQ(header.state_diff_commitment, felt(expected["state_diff_commitment"]));
  EXPECT_EQ(header.state_diff_length, expected["state_diff_length"].get<std::uint64_t>());
  EXPECT_EQ(header.event_count, expected["event_count"].get<std::uint64_t>());
  EXPECT_EQ(packed_counts(header), felt(expected["packed_counts"]));
  if (!expected["gas_prices_hash"].is_null()) {
    EXPECT_EQ(gas_prices_hash(header.gas_prices), felt(expected["gas_prices_hash"]));
  }
  EXPECT_EQ(block_hash(header), felt(expected["block_hash"]));
}

TEST(BlockVectors, RealBlocks) {
  const auto folder = tests::vectors_path("starknet-chain");
  if (!folder) GTEST_SKIP();
  Totals totals;
  int blocks = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("block-0.")) continue;
    SCOPED_TRACE(name);
    check_block(*tests::load_vectors("starknet-chain/" + name), totals);
    ++blocks;
  }
  std::printf("blocks: %d, transactions: %d, leaves: %d, state diffs: %d\n", blocks, totals.transactions, totals.leaves,
              totals.diffs);
  EXPECT_EQ(blocks, 8);
  EXPECT_EQ(totals.transactions, 248);
}

TEST(BlockVectors, Headers) {
  const auto file = tests::load_vectors("starknet-chain/headers.json");
  if (!file) GTEST_SKIP();
  for (const auto& header : (*file)["headers"]) {
    EXPECT_EQ(block_hash(header_of(header)), felt(header["block_hash"])) << header["what"];
  }
  EXPECT_EQ((*file)["headers"].size(), 5U);
}

TEST(BlockVectors, TheSequencerSignsTheBlockHash) {
  const auto file = tests::load_vectors("starknet-chain/block-signature.json");
  if (!file) GTEST_SKIP();
  const Signature signature{felt((*file)["signature"][0]), felt((*file)["signature"][1])};
  const Felt key = felt((*file)["public_key"]);
  EXPECT_TRUE(verify(key, felt((*file)["block_hash"]), signature));
  EXPECT_FALSE(verify(key, felt((*file)["block_hash"]) + Felt::one(), signature));
}

TEST(BlockVectors, Leaves) {
  const auto file = tests::load_vectors("starknet-chain/leaves.json");
  if (!file) GTEST_SKIP();
  int cases = 0;
  for (const auto& entry : (*file)["transaction_leaf"]) {
    const auto signature = felts(entry["signature"]);
    EXPECT_EQ(transaction_leaf(felt(entry["hash"]), signature, entry["version"].get<std::string>()),
              felt(entry["leaf"]));
    ++cases;
  }
  for (const auto& entry : (*file)["transaction_commitment"]) {
    EXPECT_EQ(leaves_commitment(felts(entry["leaves"])), felt(entry["root"]));
    ++cases;
  }
  for (const auto& entry : (*file)["event_leaf"]) {
    EXPECT_EQ(event_leaf(event_of(entry["event"]), felt(entry["transaction_hash"])), felt(entry["leaf"]));
    ++cases;
  }
  for (const auto& entry : (*file)["event_commitment"]) {
    std::vector<Felt> leaves;
    for (const auto& event : entry["events"]) {
      leaves.push_back(event_leaf(event_of(event), felt(entry["transaction_hash"])));
    }
    EXPECT_EQ(leaves_commitment(leaves), felt(entry["root"]));
    ++cases;
  }
  for (const auto& entry : (*file)["messages_hash"]) {
    std::vector<L2ToL1Message> messages;
    for (const auto& message : entry["messages"]) messages.push_back(message_of(message));
    EXPECT_EQ(messages_hash(messages), felt(entry["hash"]));
    ++cases;
  }
  for (const auto& entry : (*file)["receipt_leaf"]) {
    EXPECT_EQ(receipt_leaf(receipt_of(entry["receipt"])), felt(entry["leaf"]));
    ++cases;
  }
  for (const auto& entry : (*file)["state_diff"]) {
    ClassChanges classes;
    const StateDiff diff = diff_of(entry["state_diff"], classes);
    EXPECT_EQ(state_diff_commitment(diff, classes), felt(entry["commitment"]));
    EXPECT_EQ(state_diff_length(diff, classes), entry["length"].get<std::uint64_t>());
    ++cases;
  }
  std::printf("leaves: %d\n", cases);
  EXPECT_EQ(cases, 12);
}

TEST(BlockHash, VersionsCompareByParts) {
  EXPECT_TRUE(version_at_least("0.13.4", {0, 13, 4, 0}));
  EXPECT_TRUE(version_at_least("0.14", {0, 13, 4, 0}));
  EXPECT_FALSE(version_at_least("0.13.2.1", {0, 13, 4, 0}));
  EXPECT_FALSE(version_at_least("", {0, 13, 4, 0}));
  EXPECT_FALSE(version_at_least("1.x", {0, 13, 4, 0}));
  EXPECT_FALSE(version_at_least("1.2.3.4.5", {0, 13, 4, 0}));
}

}  // namespace
}  // namespace asterism::core
