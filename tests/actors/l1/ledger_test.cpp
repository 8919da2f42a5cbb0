// The ledger as a chain: nonces count once, failed transactions, reorganisations, restarts.
#include "tests/actors/l1/world.hpp"

namespace asterism::actors {
namespace {

using messages::LedgerAction;

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() { world_.settle = false; }
  messages::LedgerSubmitReply submit(const messages::LedgerTransaction& transaction) {
    world_.replies.clear();
    world_.tell_ledger(messages::LedgerSubmit{.request = 3, .transaction = transaction});
    return std::get<messages::LedgerSubmitReply>(*world_.replies.at(0));
  }
  messages::LedgerStateReply state(const core::EthAddress& account) {
    world_.replies.clear();
    world_.tell_ledger(messages::LedgerStateRequest{.request = 4, .account = account});
    return std::get<messages::LedgerStateReply>(*world_.replies.at(0));
  }
  messages::LedgerTransaction deposit(std::uint64_t nonce, std::uint64_t amount) {
    return sign_ledger_transaction(user_, 31337, nonce, LedgerAction::kDeposit,
                                   messages::DepositPayload{.recipient = core::Felt(9), .amount = amount, .fee = 1});
  }
  std::vector<messages::LedgerBlock> blocks(std::uint64_t from, std::uint32_t count = 256) {
    world_.replies.clear();
    world_.tell_ledger(messages::LedgerBlocksRequest{.request = 5, .from = from, .max_blocks = count});
    return std::get<messages::LedgerBlocksReply>(*world_.replies.at(0)).blocks;
  }
  void wait_for_contract() {
    ASSERT_TRUE(
        world_.run_until([&] { return world_.ledger().contract().initialised() && world_.ledger().head() > 14; }));
  }

  World world_{11};
  core::Secp256k1Secret user_ = key_of(80);
};

TEST_F(LedgerTest, WhatIsSentTwiceCountsOnce) {
  wait_for_contract();
  const auto first = deposit(0, 100);
  EXPECT_TRUE(submit(first).accepted);
  EXPECT_TRUE(submit(first).accepted);
  EXPECT_FALSE(submit(deposit(0, 101)).accepted);  // another one with that nonce waits
  world_.run_for(Millis(2000));
  EXPECT_TRUE(submit(first).accepted);             // already in a block
  EXPECT_FALSE(submit(deposit(0, 101)).accepted);  // the nonce is used
  world_.run_for(Millis(2000));
  EXPECT_EQ(state(user_.address()).account_balance, core::Uint128{900});
  EXPECT_EQ(state(user_.address()).account_nonce, 1U);
}

TEST_F(LedgerTest, NoncesRunInOrderAndNotTooFarAhead) {
  wait_for_contract();
  EXPECT_TRUE(submit(deposit(1, 10)).accepted);
  world_.run_for(Millis(2000));
  EXPECT_EQ(state(user_.address()).account_nonce, 0U);
  EXPECT_TRUE(submit(deposit(0, 10)).accepted);
  world_.run_for(Millis(2000));
  EXPECT_EQ(state(user_.address()).account_nonce, 2U);
  EXPECT_FALSE(submit(deposit(67, 10)).accepted);
}

TEST_F(LedgerTest, AFailedTransactionChangesOnlyTheNonce) {
  wait_for_contract();
  const auto reply = submit(deposit(0, 5000));
  EXPECT_TRUE(reply.accepted);
  world_.run_for(Millis(2000));
  EXPECT_EQ(state(user_.address()).account_balance, core::Uint128{1000});
  EXPECT_EQ(state(user_.address()).account_nonce, 1U);
  bool seen = false;
  for (const auto& block : blocks(0)) {
    for (const auto& event : block.events) {
      if (event.hash != reply.hash) continue;
      EXPECT_TRUE(event.failed);
      EXPECT_EQ(event.text, to_string(Refusal::kInsufficientBalance));
      seen = true;
    }
  }
  EXPECT_TRUE(seen);
}

TEST_F(LedgerTest, RefusesAForeignOrMalformedSignature) {
  wait_for_contract();
  auto bad = deposit(0, 1);
  bad.signature[64] = 1;
  EXPECT_FALSE(submit(bad).accepted);
  auto other_chain = sign_ledger_transaction(
      user_, 1, 0, LedgerAction::kDeposit, messages::DepositPayload{.recipient = core::Felt(9), .amount = 1, .fee = 1});
  submit(other_chain);  // recovers to somebody else, who may pay for it
  world_.run_for(Millis(2000));
  EXPECT_EQ(state(user_.address()).account_nonce, 0U);
}

TEST_F(LedgerTest, AReorganisationRollsBackAndQueuesAgainOrDrops) {
  wait_for_contract();
  for (const bool drop : {false, true}) {
    world_.run_for(Millis(6000));
    const auto nonce = state(user_.address()).account_nonce;
    const auto balance = state(user_.address()).account_balance;
    ASSERT_TRUE(submit(deposit(nonce, 100)).accepted);
    world_.run_for(Millis(1000));
    ASSERT_EQ(state(user_.address()).account_balance, balance - 100);
    const auto before = blocks(world_.ledger().head() - 3);
    world_.replies.clear();
    world_.reorganise(4, drop);
    EXPECT_TRUE(std::get<messages::LedgerReorgReply>(*world_.replies.at(0)).done);
    const auto after = blocks(before.front().number);
    ASSERT_EQ(after.size(), before.size());
    EXPECT_EQ(after.front().parent_hash, before.front().parent_hash);
    for (std::size_t i = 0; i < after.size(); ++i) EXPECT_NE(after[i].hash, before[i].hash);
    EXPECT_EQ(state(user_.address()).account_balance, balance);
    world_.run_for(Millis(2000));
    EXPECT_EQ(state(user_.address()).account_balance, drop ? balance : balance - 100);
  }
}

TEST_F(LedgerTest, FinalizedBlocksAreNotReorganised) {
  ASSERT_TRUE(world_.run_until([&] { return world_.ledger().head() > 20; }));
  world_.replies.clear();
  world_.reorganise(9, false);
  EXPECT_FALSE(std::get<messages::LedgerReorgReply>(*world_.replies.at(0)).done);
  world_.replies.clear();
  world_.reorganise(0, false);
  EXPECT_FALSE(std::get<messages::LedgerReorgReply>(*world_.replies.at(0)).done);
}

TEST_F(LedgerTest, ARestartContinuesTheSameChain) {
  wait_for_contract();
  submit(deposit(0, 100));
  world_.run_for(Millis(3000));
  const auto before = blocks(0);
  world_.stop(World::Who::kLedger);
  world_.start(World::Who::kLedger);
  EXPECT_EQ(blocks(0).back().hash, before.back().hash);
  EXPECT_EQ(state(user_.address()).account_balance, core::Uint128{900});
  EXPECT_TRUE(submit(deposit(0, 100)).accepted);
  world_.reorganise(5, true);  // the journal of blocks from before the restart
  EXPECT_EQ(state(user_.address()).account_balance, core::Uint128{1000});
}

}  // namespace
}  // namespace asterism::actors
