// Witnesses that were tampered with, spans over many blocks, deletions, and what the block store finds again.
#include <gtest/gtest.h>

#include "tests/storage/state/store_chain.hpp"

namespace asterism::storage {
namespace {

using namespace core;
using namespace core::test;
using storage::test::StoreChain;

class StateStoreTest : public ::testing::Test {
 protected:
  StateStoreTest() {
    for (std::uint64_t i = 0; i < 20; ++i) accounts.emplace_back(i + 1);
    genesis = make_genesis(accounts, strk(10));
    maps = std::make_unique<MemoryChain>(genesis);
    store = std::make_unique<StoreChain>(genesis);
  }
  void transfer_block(std::uint64_t nonce) {
    std::vector<Transaction> transactions;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      const Felt& to = accounts[(i * 7 + nonce + 1) % accounts.size()].address;
      transactions.push_back(invoke(accounts[i], nonce, {transfer_call(to, 5 + i)}, genesis.chain_id));
    }
    commit(transactions);
  }
  void commit(const std::vector<Transaction>& transactions) {
    auto [block, executed] = maps->build(transactions);
    ASSERT_EQ(block.transactions.size(), transactions.size());
    ASSERT_TRUE(store->commit(block));
    maps->apply(executed);
  }
  WitnessError error_of(const SpanWitness& witness) const {
    const auto result = execute_span(witness, genesis);
    return result ? WitnessError{} : result.error().error;
  }

  std::vector<TestAccount> accounts;
  Genesis genesis;
  std::unique_ptr<MemoryChain> maps;
  std::unique_ptr<StoreChain> store;
};

TEST_F(StateStoreTest, SpansOfManyBlocksExecuteAndShareNodes) {
  for (std::uint64_t i = 0; i < 12; ++i) transfer_block(i);
  std::size_t single = 0;
  for (std::uint64_t i = 0; i < 12; ++i) single += encode_span_witness(store->span(i, i + 1)).size();
  const Bytes whole = encode_span_witness(store->span(0, 12));
  EXPECT_LT(whole.size(), single);
  const auto result = execute_span(whole, genesis);
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->header.end.hash, store->state->head()->hash);
  EXPECT_EQ(result->header.end.number, BlockNumber(12));
  ASSERT_TRUE(execute_span(store->span(11, 12), genesis));
}

TEST_F(StateStoreTest, EveryNodeAndLeafOfAWitnessIsNeeded) {
  transfer_block(0);
  const SpanWitness good = store->span(0, 1);
  ASSERT_TRUE(execute_span(good, genesis));
  for (std::size_t i = 0; i < good.nodes.size(); i += 7) {
    SpanWitness bad = good;
    bad.nodes.erase(bad.nodes.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(error_of(bad), WitnessError::kMissing) << i;
    bad = good;
    if (auto* binary = std::get_if<BinaryNode>(&bad.nodes[i])) {
      binary->left += Felt(1);
    } else {
      std::get<EdgeNode>(bad.nodes[i]).child += Felt(1);
    }
    EXPECT_EQ(error_of(bad), WitnessError::kMissing) << i;
  }
  for (std::size_t i = 0; i < good.leaves.size(); ++i) {
    SpanWitness bad = good;
    bad.leaves[i].nonce += Felt(1);
    EXPECT_EQ(error_of(bad), WitnessError::kMissing);
  }
}

TEST_F(StateStoreTest, WitnessFaultsAreTyped) {
  for (std::uint64_t i = 0; i < 12; ++i) transfer_block(i);
  const SpanWitness good = store->span(11, 12);
  SpanWitness bad = good;
  bad.blocks.clear();
  EXPECT_EQ(error_of(bad), WitnessError::kNoBlocks);
  bad = good;
  bad.ancestors.erase(bad.ancestors.begin());
  EXPECT_EQ(error_of(bad), WitnessError::kAncestors);
  bad = good;
  bad.ancestors[3].timestamp += 1;
  EXPECT_EQ(error_of(bad), WitnessError::kAncestors);
  bad = good;
  bad.ancestors.clear();
  EXPECT_EQ(error_of(bad), WitnessError::kAncestors);
  bad = good;
  bad.contracts_root += Felt(1);
  EXPECT_EQ(error_of(bad), WitnessError::kStartRoot);
  bad = good;
  bad.blocks[0].header.state_root += Felt(1);
  EXPECT_EQ(error_of(bad), WitnessError::kBlock);
  bad = good;
  bad.blocks[0].transactions.pop_back();
  EXPECT_EQ(error_of(bad), WitnessError::kBlock);
  // Another oldest ancestor changes the hash that block 12 writes, and the chain of parents.
  bad = good;
  bad.ancestors[0].timestamp += 1;
  EXPECT_EQ(error_of(bad), WitnessError::kAncestors);
}

TEST_F(StateStoreTest, TheCodecIsStrict) {
  transfer_block(0);
  const Bytes good = encode_span_witness(store->span(0, 1));
  ASSERT_TRUE(decode_span_witness(good));
  for (std::size_t size = 0; size < good.size(); size += 997) {
    EXPECT_FALSE(decode_span_witness(ByteView(good).first(size)));
  }
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_EQ(decode_span_witness(longer).error().error, WitnessError::kMalformed);
  EXPECT_EQ(decode_span_witness(Bytes(kMaxWitnessBytes + 1)).error().error, WitnessError::kTooLarge);
  // A count beyond what is there allocates nothing.
  Bytes counted(good.begin(), good.begin() + 4);
  counted.insert(counted.end(), 4, 0xff);
  EXPECT_EQ(decode_span_witness(counted).error().error, WitnessError::kMalformed);
  // Whatever a flipped byte decodes to encodes back to itself.
  for (std::size_t i = 0; i < good.size(); i += 331) {
    Bytes flipped = good;
    flipped[i] ^= 0x81;
    const auto decoded = decode_span_witness(flipped);
    EXPECT_TRUE(!decoded || encode_span_witness(*decoded) == flipped) << i;
  }
}

TEST_F(StateStoreTest, DeletedCellsNeedTheirSiblings) {
  const Felt spender = accounts[1].address;
  const auto approve = [&](std::uint64_t nonce, std::uint64_t amount) {
    std::vector<Transaction> transactions;
    for (std::size_t i = 2; i < 8; ++i) {
      const auto call = token_call("approve", {spender, Felt(amount), Felt()});
      transactions.push_back(invoke(accounts[i], nonce, {call}, genesis.chain_id));
    }
    commit(transactions);
  };
  approve(0, 100);
  approve(1, 0);
  approve(2, 7);
  for (std::uint64_t start = 0; start < 3; ++start) {
    const auto result = execute_span(store->span(start, start + 1), genesis);
    ASSERT_TRUE(result) << result.error().text;
  }
  ASSERT_TRUE(execute_span(store->span(0, 3), genesis));
}

TEST_F(StateStoreTest, BlocksAreFoundAgain) {
  transfer_block(0);
  transfer_block(1);
  const BlockStore blocks(store->kv);
  EXPECT_EQ(blocks.latest(), BlockNumber(2));
  const auto info = blocks.info(BlockNumber(2));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->hash, maps->parent.hash);
  EXPECT_EQ(blocks.height_of(info->hash), BlockNumber(2));
  EXPECT_EQ(blocks.height_of(Felt(5)), std::nullopt);
  const auto receipts = blocks.receipts(BlockNumber(2));
  ASSERT_EQ(receipts.size(), accounts.size());
  const auto place = blocks.find_transaction(receipts[3].transaction_hash);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->height, BlockNumber(2));
  EXPECT_EQ(place->index, 3U);
  EXPECT_EQ(blocks.block(BlockNumber(2))->block.header, info->header);
  EXPECT_EQ(blocks.first_witness(), BlockNumber(1));
  WriteBatch batch;
  BlockStore::erase_witness(BlockNumber(1), batch);
  ASSERT_TRUE(store->kv.write(batch, true));
  EXPECT_EQ(blocks.first_witness(), BlockNumber(2));
  EXPECT_FALSE(blocks.witness(BlockNumber(1)));
}

}  // namespace
}  // namespace asterism::storage
