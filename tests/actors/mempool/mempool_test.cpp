// The machine: each answer that a client can get, what it asks of the state and when, gossip, and the sequencer's
// needs.
#include "actors/mempool/mempool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/actors/machine_probe.hpp"
#include "tests/core/state/transition_fixture.hpp"

namespace asterism::actors {
namespace {

using core::Felt;
using core::Transaction;
using core::test::TestAccount;
using messages::SubmitCode;
using testing::HasSubstr;

constexpr TimerId kTick = 1, kGossip = 2, kTake = 3;

class MempoolTest : public testing::Test {
 protected:
  MempoolTest() { remake({}); }

  void remake(mempool::PoolLimits limits, std::size_t max_waiting = 100) {
    MempoolOptions options{.rules = core::ExecutionRules(genesis_)};
    options.limits = limits;
    options.max_waiting = max_waiting;
    options.signature_good = [this](const Felt& hash, const Felt&, std::span<const Felt>) { good_.push_back(hash); };
    probe_ = std::make_unique<test::Probe<Mempool>>(Mempool(std::move(options)));
  }

  Transaction transfer(const TestAccount& from, std::uint64_t nonce, std::uint64_t tip = 0) {
    auto unsigned_one = core::test::unsigned_invoke(from, nonce, {core::test::transfer_call(Felt(5), 1)});
    unsigned_one.v3.tip = tip;
    return core::test::signed_by(from, unsigned_one, genesis_.chain_id);
  }
  core::Word hash_of(const Transaction& transaction) {
    return core::transaction_hash(transaction, genesis_.chain_id).to_be();
  }
  messages::AccountInfo info(const TestAccount& account, std::uint64_t nonce,
                             core::Uint128 balance = core::test::strk(100), std::uint64_t height = 0) {
    return {account.address, Felt(nonce), core::native::account_class(), account.public_key, balance, height};
  }
  // Admits with the state at hand, and returns the one answer.
  messages::AdmitReply admit(const Transaction& transaction) {
    const auto replies =
        test::sent<messages::AdmitReply>(probe_->give(Sender{}, messages::AdmitTransaction{++request_, transaction}));
    EXPECT_EQ(replies.size(), 1U);
    if (replies.empty()) return {};
    EXPECT_EQ(replies[0].request, request_);
    return replies[0];
  }
  void know(const TestAccount& account, std::uint64_t nonce = 0, core::Uint128 balance = core::test::strk(100)) {
    probe_->give(Sender{}, info(account, nonce, balance));
  }
  static SubmitCode code(const messages::AdmitReply& reply) { return static_cast<SubmitCode>(reply.code); }
  std::string fate(const Transaction& transaction) {
    const auto replies = test::sent<messages::PoolQueryReply>(
        probe_->give(Sender{}, messages::PoolQuery{1, "transaction", {"0x" + core::to_hex(hash_of(transaction))}}));
    return replies.at(0).json;
  }
  std::vector<Transaction> take(std::uint64_t count = 100) {
    const auto taken = test::sent<messages::TransactionsTaken>(
        probe_->give(Sender{}, messages::TakeTransactions{7, count, 1 << 20, 0}));
    EXPECT_EQ(taken.size(), 1U);
    return taken.at(0).transactions;
  }

  TestAccount alice_{1}, bob_{2};
  core::Genesis genesis_ = core::test::make_genesis({alice_, bob_}, core::test::strk(100));
  std::vector<Felt> good_;
  std::unique_ptr<test::Probe<Mempool>> probe_;
  std::uint64_t request_ = 0;
};

TEST_F(MempoolTest, AsksForAnUnknownAccountOnceAndAnswersAllThatWaitedForIt) {
  auto first = probe_->give(Sender{}, messages::AdmitTransaction{1, transfer(alice_, 0)});
  EXPECT_EQ((test::sent_to<ToOwn, messages::AccountRead>(first).size()), 1U);
  EXPECT_TRUE(test::sent<messages::AdmitReply>(first).empty());
  auto second = probe_->give(Sender{}, messages::AdmitTransaction{2, transfer(alice_, 1)});
  EXPECT_TRUE(test::sent<messages::AccountRead>(second).empty());
  auto answered = probe_->give(Sender{}, info(alice_, 0));
  const auto replies = test::sent<messages::AdmitReply>(answered);
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(code(replies[0]), SubmitCode::kReceived);
  EXPECT_EQ(code(replies[1]), SubmitCode::kReceived);
  EXPECT_EQ(replies[0].hash, hash_of(transfer(alice_, 0)));
  const auto pending = test::sent<messages::WorkPending>(answered);
  ASSERT_EQ(pending.size(), 1U);
  EXPECT_TRUE(pending[0].pending);
  EXPECT_EQ(good_.size(), 2U);
}

TEST_F(MempoolTest, SaysKTryAgainWhenTooManyWaitAndKUnavailableWhenTheStateIsSilent) {
  remake({}, 1);
  probe_->give(Sender{}, messages::AdmitTransaction{1, transfer(alice_, 0)});
  EXPECT_EQ(code(admit(transfer(bob_, 0))), SubmitCode::kTryAgain);
  std::vector<messages::AdmitReply> replies;
  std::size_t reads = 0;
  for (int i = 0; i < 10 && replies.empty(); ++i) {
    probe_->wait(Millis(1'000));
    const auto effects = probe_->expire(kTick);
    reads += test::sent<messages::AccountRead>(effects).size();
    replies = test::sent<messages::AdmitReply>(effects);
  }
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(code(replies[0]), SubmitCode::kUnavailable);
  EXPECT_EQ(reads, 4U);
  probe_->give(Sender{}, info(alice_, 0));
  EXPECT_EQ(code(admit(transfer(alice_, 0))), SubmitCode::kReceived);
}

TEST_F(MempoolTest, RefusesEachWithItsOwnCode) {
  remake({.max_transactions = 3, .max_per_account = 3});
  know(alice_, 5);
  know(bob_, 0);
  EXPECT_EQ(code(admit(transfer(alice_, 4))), SubmitCode::kOldNonce);
  EXPECT_EQ(code(admit(transfer(alice_, 206))), SubmitCode::kNonceTooFar);
  EXPECT_EQ(code(admit(transfer(alice_, 5, 10))), SubmitCode::kReceived);
  EXPECT_EQ(code(admit(transfer(alice_, 5, 10))), SubmitCode::kDuplicate);
  EXPECT_EQ(code(admit(transfer(alice_, 5, 10'000))), SubmitCode::kUnderpriced);  // the price is the same
  EXPECT_EQ(code(admit(transfer(alice_, 6, 10))), SubmitCode::kReceived);
  EXPECT_EQ(code(admit(transfer(alice_, 7, 10))), SubmitCode::kReceived);
  EXPECT_EQ(code(admit(transfer(alice_, 8, 10))), SubmitCode::kPoolFull);
  EXPECT_EQ(code(admit(transfer(bob_, 0, 10))), SubmitCode::kPoolFull);
  EXPECT_EQ(code(admit(transfer(bob_, 0, 11))), SubmitCode::kReceived);
  auto large = core::test::unsigned_invoke(bob_, 1, {});
  std::vector<core::test::TestCall> calls(1300, {core::native::fee_token_address(), Felt(1), {}});
  large.calldata = core::test::encode_calls(calls);
  large.v3.bounds.l2_gas.max_amount = 1ULL << 50;
  MempoolOptions options{.rules = core::ExecutionRules(genesis_)};
  options.max_transaction_bytes = 50'000;
  probe_ = std::make_unique<test::Probe<Mempool>>(Mempool(std::move(options)));
  EXPECT_EQ(code(admit(core::test::signed_by(bob_, large, genesis_.chain_id))), SubmitCode::kTooLarge);
}

TEST_F(MempoolTest, RefusesWhatIsInvalidWithTheReason) {
  know(alice_, 0);
  auto wrong = transfer(alice_, 0);
  std::get<core::InvokeTransaction>(wrong).v3.signature[0] += Felt::one();
  auto reply = admit(wrong);
  EXPECT_EQ(code(reply), SubmitCode::kInvalid);
  EXPECT_THAT(reply.text, HasSubstr("signature"));
  EXPECT_TRUE(good_.empty());
  reply = admit(Transaction(core::test::deposit(0, Felt(1), alice_.address, 1)));
  EXPECT_EQ(code(reply), SubmitCode::kInvalid);
  EXPECT_THAT(reply.text, HasSubstr("type"));
  know(bob_, 0, 1);
  reply = admit(transfer(bob_, 0));
  EXPECT_EQ(code(reply), SubmitCode::kInvalid);
  EXPECT_THAT(reply.text, HasSubstr("balance"));
  const TestAccount nobody(9);
  auto unknown = info(nobody, 0);
  unknown.class_hash = Felt();
  probe_->give(Sender{}, unknown);
  reply = admit(transfer(nobody, 0));
  EXPECT_EQ(code(reply), SubmitCode::kInvalid);
  EXPECT_THAT(reply.text, HasSubstr("unknown account"));
  EXPECT_EQ(probe_->machine.pool().size(), 0U);
}

TEST_F(MempoolTest, AnAccountThatWasPoorIsAskedForAgainAfterABlock) {
  know(bob_, 0, 1);
  EXPECT_EQ(code(admit(transfer(bob_, 0))), SubmitCode::kInvalid);
  probe_->give(Sender{}, messages::BlockCommitted{.height = 1});
  auto asked = probe_->give(Sender{}, messages::AdmitTransaction{1, transfer(bob_, 0)});
  EXPECT_EQ(test::sent<messages::AccountRead>(asked).size(), 1U);
  auto answered = probe_->give(Sender{}, info(bob_, 0, core::test::strk(100), 1));
  EXPECT_EQ(code(test::sent<messages::AdmitReply>(answered).at(0)), SubmitCode::kReceived);
}

TEST_F(MempoolTest, AnAccountCanBeDeployedAndUsedBeforeTheBlock) {
  const TestAccount carol(3);
  auto unknown = info(carol, 0);
  unknown.class_hash = Felt();
  unknown.public_key = Felt();
  probe_->give(Sender{}, unknown);
  const auto deploy = core::test::signed_by(carol, core::test::unsigned_deploy(carol), genesis_.chain_id);
  EXPECT_EQ(code(admit(deploy)), SubmitCode::kReceived);
  EXPECT_EQ(code(admit(transfer(carol, 1))), SubmitCode::kReceived);
  EXPECT_EQ(take().size(), 2U);
  know(alice_, 0);
  auto reply = admit(core::test::signed_by(alice_, core::test::unsigned_deploy(alice_), genesis_.chain_id));
  EXPECT_EQ(code(reply), SubmitCode::kInvalid);
  EXPECT_THAT(reply.text, HasSubstr("exists"));
}

TEST_F(MempoolTest, TransactionsStayUntilABlockHasUsedTheirNonces) {
  know(alice_, 0);
  const auto first = transfer(alice_, 0), second = transfer(alice_, 1);
  admit(first);
  admit(second);
  EXPECT_EQ(take().size(), 2U);
  EXPECT_EQ(take().size(), 2U);  // the first block was not decided
  messages::BlockCommitted block{.height = 1};
  block.transactions = {hash_of(first)};
  block.accounts = {{alice_.address, Felt(1)}};
  auto effects = probe_->give(Sender{}, block);
  EXPECT_TRUE(test::sent<messages::WorkPending>(effects).empty());
  EXPECT_EQ(take(), std::vector<Transaction>{second});
  block.height = 2;
  block.transactions = {};  // another transaction took the nonce
  block.accounts = {{alice_.address, Felt(2)}};
  effects = probe_->give(Sender{}, block);
  ASSERT_EQ(test::sent<messages::WorkPending>(effects).size(), 1U);
  EXPECT_FALSE(test::sent<messages::WorkPending>(effects)[0].pending);
  EXPECT_TRUE(take().empty());
  EXPECT_THAT(fate(first), HasSubstr("COMMITTED"));
  EXPECT_THAT(fate(second), HasSubstr("REPLACED"));
}

TEST_F(MempoolTest, TheSequencerWaitsUntilThereIsSomethingOrItsTimeIsUp) {
  auto asked = probe_->give(Sender{}, messages::TakeTransactions{11, 10, 1 << 20, 500});
  EXPECT_TRUE(test::sent<messages::TransactionsTaken>(asked).empty());
  EXPECT_TRUE(test::starts_timer(asked, kTake));
  auto up = probe_->expire(kTake);
  ASSERT_EQ(test::sent<messages::TransactionsTaken>(up).size(), 1U);
  EXPECT_TRUE(test::sent<messages::TransactionsTaken>(up)[0].transactions.empty());
  know(alice_, 0);
  probe_->give(Sender{}, messages::TakeTransactions{12, 10, 1 << 20, 500});
  auto arrived = probe_->give(Sender{}, messages::AdmitTransaction{1, transfer(alice_, 0)});
  const auto taken = test::sent<messages::TransactionsTaken>(arrived);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].request, 12U);
  EXPECT_EQ(taken[0].transactions.size(), 1U);
}

TEST_F(MempoolTest, ABlockIsGivenEachTransactionOnceAndTheNextBlockAllOfThemAgain) {
  const auto ask = [&](bool more) {
    const auto taken = test::sent<messages::TransactionsTaken>(
        probe_->give(Sender{}, messages::TakeTransactions{7, 10, 1 << 20, 0, more}));
    return taken.at(0).transactions.size();
  };
  know(alice_, 0);
  probe_->give(Sender{}, messages::AdmitTransaction{1, transfer(alice_, 0)});
  EXPECT_EQ(ask(false), 1U);
  EXPECT_EQ(ask(true), 0U);
  probe_->give(Sender{}, messages::AdmitTransaction{2, transfer(alice_, 1)});  // follows one that was given
  EXPECT_EQ(ask(true), 1U);
  EXPECT_EQ(ask(false), 2U);  // the block before was not decided
}

TEST_F(MempoolTest, RejectedOnesLeaveWithTheirReasonAndWrongNoncesAreLookedUp) {
  know(alice_, 0);
  know(bob_, 0);
  const auto poor = transfer(alice_, 0), strange = transfer(bob_, 0);
  admit(poor);
  admit(strange);
  const auto reject = [&](const Transaction& transaction, core::Rejection why) {
    return probe_->give(Sender{},
                        messages::TransactionsRejected{{hash_of(transaction)}, {static_cast<std::uint8_t>(why)}});
  };
  reject(strange, core::Rejection::kBlockFull);
  EXPECT_EQ(take().size(), 2U);
  reject(poor, core::Rejection::kInsufficientBalance);
  EXPECT_THAT(fate(poor), HasSubstr("balance below"));
  EXPECT_EQ(test::sent<messages::AccountRead>(reject(strange, core::Rejection::kWrongNonce)).size(), 1U);
  EXPECT_THAT(fate(strange), HasSubstr("RECEIVED"));
  reject(strange, core::Rejection::kWrongNonce);
  reject(strange, core::Rejection::kWrongNonce);
  EXPECT_THAT(fate(strange), HasSubstr("REJECTED"));
  EXPECT_TRUE(take().empty());
}

TEST_F(MempoolTest, NewOnesGoToTheOtherReplicasOnceAndAreVerifiedThereToo) {
  know(alice_, 0);
  auto admitted = probe_->give(Sender{}, messages::AdmitTransaction{1, transfer(alice_, 0)});
  EXPECT_TRUE(test::starts_timer(admitted, kGossip));
  probe_->give(Sender{}, messages::AdmitTransaction{2, transfer(alice_, 1)});
  auto passed = probe_->expire(kGossip);
  const auto batch = test::sent_to<ToOthers, messages::TransactionGossip>(passed);
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch[0].transactions.size(), 2U);
  EXPECT_TRUE((test::sent<messages::TransactionGossip>(probe_->expire(kGossip))).empty());

  remake({});
  know(alice_, 0);
  auto forged = batch[0];
  std::get<core::InvokeTransaction>(forged.transactions[1]).v3.signature[1] += Felt::one();
  Sender peer;
  peer.kind = PeerKind::kValidator;
  auto effects = probe_->give(peer, forged);
  EXPECT_TRUE(test::sent<messages::AdmitReply>(effects).empty());
  EXPECT_EQ(probe_->machine.pool().size(), 1U);
  EXPECT_TRUE(test::sent<messages::TransactionGossip>(probe_->expire(kGossip)).empty());  // not passed on again
}

TEST_F(MempoolTest, OldOnesExpireAndReplacedOnesSayByWhich) {
  know(alice_, 0);
  know(bob_, 0);
  const auto old = transfer(alice_, 0);
  admit(old);
  auto better = core::test::unsigned_invoke(alice_, 0, {core::test::transfer_call(Felt(6), 1)});
  better.v3.bounds.l2_gas.max_price = 9'900'000'000;
  const auto replacement = core::test::signed_by(alice_, better, genesis_.chain_id);
  EXPECT_EQ(code(admit(replacement)), SubmitCode::kReceived);
  EXPECT_THAT(fate(old), HasSubstr(core::to_hex(hash_of(replacement))));
  probe_->wait(Millis(200'000));
  admit(transfer(bob_, 0));
  probe_->wait(Millis(150'000));
  probe_->expire(kTick);
  EXPECT_THAT(fate(replacement), HasSubstr("EXPIRED"));
  EXPECT_THAT(fate(transfer(bob_, 0)), HasSubstr("RECEIVED"));
  EXPECT_THAT(fate(transfer(bob_, 77)), HasSubstr("UNKNOWN"));
}

TEST_F(MempoolTest, AfterMissedBlocksEveryPooledAccountIsReadAgain) {
  know(alice_, 0);
  admit(transfer(alice_, 0));
  probe_->give(Sender{}, messages::BlockCommitted{.height = 1});
  auto effects = probe_->give(Sender{}, messages::BlockCommitted{.height = 3});
  EXPECT_EQ(test::sent<messages::AccountRead>(effects).size(), 1U);
  probe_->give(Sender{}, info(alice_, 1, core::test::strk(100), 3));
  EXPECT_TRUE(take().empty());
}

TEST_F(MempoolTest, TheShellSeesThePoolAndAnswersUnknownCommandsWithAnError) {
  know(alice_, 0);
  admit(transfer(alice_, 0));
  admit(transfer(alice_, 3));
  Effects effects;
  EXPECT_THAT(probe_->machine.inquire({"mempool", {}}, probe_->now, effects),
              testing::AllOf(HasSubstr("\"transactions\":2"), HasSubstr("\"gapped_accounts\":1")));
  EXPECT_THAT(probe_->machine.inquire({"mempool", {alice_.address.to_hex()}}, probe_->now, effects),
              testing::AllOf(HasSubstr("\"queued\":2"), HasSubstr("\"next_nonce\":1")));
  const std::string hash = core::transaction_hash(transfer(alice_, 3), genesis_.chain_id).to_hex();
  EXPECT_THAT(probe_->machine.inquire({"mempool", {hash}}, probe_->now, effects), HasSubstr("RECEIVED"));
  EXPECT_THAT(probe_->machine.inquire({"nonsense", {}}, probe_->now, effects), HasSubstr("\"error\""));
  EXPECT_THAT(probe_->machine.inquire({"tx", {"zz"}}, probe_->now, effects), HasSubstr("\"error\""));
}

}  // namespace
}  // namespace asterism::actors
