// Every reason to reject, every reason to revert, every native call.
#include "core/state/transition.hpp"

#include <gtest/gtest.h>

#include "core/state/signature_cache.hpp"
#include "tests/core/state/transition_fixture.hpp"

namespace asterism::core {
namespace {

using namespace test;

class TransitionTest : public ::testing::Test {
 protected:
  TransitionTest() : alice(1), bob(2), carol(3), genesis(make_genesis({alice, bob}, strk(1000))), chain(genesis) {}

  Transaction send(const TestAccount& from, std::uint64_t nonce, const std::vector<TestCall>& calls) const {
    return invoke(from, nonce, calls, genesis.chain_id);
  }
  template <class Change>
  Rejection rejected(Change change) {
    InvokeTransaction tx = unsigned_invoke(alice, 0, {transfer_call(bob.address, 5)});
    change(tx);
    return rejection(signed_by(alice, tx, genesis.chain_id));
  }
  Rejection rejection(const Transaction& tx) {
    BlockExecutor executor = chain.executor();
    const auto done = executor.execute(tx);
    EXPECT_FALSE(done.has_value());
    EXPECT_TRUE(executor.receipts().empty());
    EXPECT_EQ(executor.state_diff(), StateDiff{});
    EXPECT_TRUE(executor.touched().cells.empty());
    return done ? Rejection{} : done.error();
  }
  Receipt run(const Transaction& tx) {
    auto [block, executed] = chain.build({tx});
    EXPECT_EQ(block.transactions.size(), 1U);
    chain.apply(executed);
    return executed.receipts.empty() ? Receipt{} : executed.receipts[0];
  }
  U256 amount(Uint128 value) const { return U256::from_u128(value); }

  TestAccount alice, bob, carol;
  Genesis genesis;
  MemoryChain chain;
};

TEST_F(TransitionTest, TransferMovesTokensChargesTheFeeLastAndBumpsTheNonce) {
  const Receipt receipt = run(send(alice, 0, {transfer_call(bob.address, 5)}));
  EXPECT_EQ(receipt.status, ExecutionStatus::kSucceeded);
  // invoke + 7 calldata felts + 2 signature felts + transfer, at 8e9 fri and 224 data gas at 1000.
  const GasVector gas{0, 224, 560'000 + 7 * 5'120 + 2 * 5'120 + 400'000};
  EXPECT_EQ(receipt.gas, gas);
  const Uint128 fee = static_cast<Uint128>(gas.l2) * 8'000'000'000ULL + 224 * 1'000;
  EXPECT_EQ(receipt.actual_fee, fee);
  EXPECT_EQ(chain.nonce(alice.address), Felt(1));
  EXPECT_EQ(chain.balance(alice.address), amount(strk(1000) - 5 - fee));
  EXPECT_EQ(chain.balance(bob.address), amount(strk(1000) + 5));
  EXPECT_EQ(chain.balance(genesis.validators[0].fee_account), amount(fee));
  ASSERT_EQ(receipt.events.size(), 2U);
  EXPECT_EQ(receipt.events[0].data, (std::vector<Felt>{alice.address, bob.address, Felt(5), Felt()}));
  const Felt sequencer = genesis.validators[0].fee_account;
  EXPECT_EQ(receipt.events[1].data, (std::vector<Felt>{alice.address, sequencer, Felt::from_u128(fee), Felt()}));
  EXPECT_EQ(receipt.events[1].keys,
            std::vector<Felt>{Felt::literal("0x99cd8bde557814842a3121e8ddfd433a539b8c9f14bf31ebf108d12e6196e9")});
}

TEST_F(TransitionTest, RejectsWrongNonce) { EXPECT_EQ(rejection(send(alice, 1, {})), Rejection::kWrongNonce); }
TEST_F(TransitionTest, RejectsUnknownAccount) {
  EXPECT_EQ(rejection(send(carol, 0, {})), Rejection::kUnknownAccount);
  InvokeTransaction tx = unsigned_invoke(alice, 0, {});
  tx.sender = native::fee_token_address();
  EXPECT_EQ(rejection(signed_by(alice, tx, genesis.chain_id)), Rejection::kUnknownAccount);
  tx.sender = -Felt::one();
  EXPECT_EQ(rejection(signed_by(alice, tx, genesis.chain_id)), Rejection::kUnknownAccount);
}
TEST_F(TransitionTest, RejectsUnsupportedFields) {
  EXPECT_EQ(rejected([](auto& tx) { tx.v3.paymaster_data = {Felt(1)}; }), Rejection::kUnsupportedField);
  EXPECT_EQ(rejected([](auto& tx) { tx.account_deployment_data = {Felt(1)}; }), Rejection::kUnsupportedField);
  EXPECT_EQ(rejected([](auto& tx) { tx.proof_facts = {Felt(1)}; }), Rejection::kUnsupportedField);
  EXPECT_EQ(rejected([](auto& tx) { tx.v3.nonce_da_mode = DataAvailabilityMode::kL2; }), Rejection::kUnsupportedField);
  EXPECT_EQ(rejected([](auto& tx) { tx.v3.fee_da_mode = DataAvailabilityMode::kL2; }), Rejection::kUnsupportedField);
}
TEST_F(TransitionTest, RejectsPricesBelowTheBlocks) {
  EXPECT_EQ(rejected([](auto& tx) { tx.v3.bounds.l1_gas.max_price = 999'999'999; }), Rejection::kMaxPriceTooLow);
  EXPECT_EQ(rejected([](auto& tx) { tx.v3.bounds.l2_gas.max_price = 7'999'999'999; }), Rejection::kMaxPriceTooLow);
  EXPECT_EQ(rejected([](auto& tx) { tx.v3.bounds.l1_data_gas->max_price = 999; }), Rejection::kMaxPriceTooLow);
  EXPECT_EQ(rejected([](auto& tx) { tx.v3.bounds.l1_data_gas.reset(); }), Rejection::kMaxPriceTooLow);
}
TEST_F(TransitionTest, RejectsAmountsBelowTheLeast) {
  const std::uint64_t least = 560'000 + 9 * 5'120;
  EXPECT_EQ(rejected([&](auto& tx) { tx.v3.bounds.l2_gas.max_amount = least - 1; }), Rejection::kMaxAmountTooLow);
  EXPECT_EQ(rejected([](auto& tx) { tx.v3.bounds.l1_data_gas->max_amount = 127; }), Rejection::kMaxAmountTooLow);
}
TEST_F(TransitionTest, RejectsABalanceBelowTheGreatestFee) {
  EXPECT_EQ(rejected([](auto& tx) { tx.v3.bounds.l2_gas.max_amount = 1ULL << 60; }), Rejection::kInsufficientBalance);
  EXPECT_EQ(rejected([](auto& tx) { tx.v3.tip = 1ULL << 63; }), Rejection::kInsufficientBalance);
  EXPECT_EQ(rejected([](auto& tx) {
              tx.v3.bounds.l2_gas = {~0ULL, ~static_cast<Uint128>(0)};
              tx.v3.tip = ~0ULL;
            }),
            Rejection::kInsufficientBalance);
}
TEST_F(TransitionTest, RejectsWrongSignatures) {
  InvokeTransaction tx = unsigned_invoke(alice, 0, {});
  EXPECT_EQ(rejection(signed_by(bob, tx, genesis.chain_id)), Rejection::kInvalidSignature);
  EXPECT_EQ(rejection(tx), Rejection::kInvalidSignature);
  tx.v3.signature = {Felt(1), Felt(2), Felt(3)};
  EXPECT_EQ(rejection(tx), Rejection::kInvalidSignature);
}
TEST_F(TransitionTest, RejectsMalformedCallArrays) {
  const auto with = [&](std::vector<Felt> calldata) { return rejected([&](auto& tx) { tx.calldata = calldata; }); };
  EXPECT_EQ(with({}), Rejection::kInvalidCalldata);
  EXPECT_EQ(with({Felt(1)}), Rejection::kInvalidCalldata);
  EXPECT_EQ(with({Felt(1), Felt(2), Felt(3), Felt(1)}), Rejection::kInvalidCalldata);
  EXPECT_EQ(with({Felt(0), Felt(0)}), Rejection::kInvalidCalldata);
  EXPECT_EQ(with({Felt(~0ULL), Felt(2), Felt(3), Felt(0)}), Rejection::kInvalidCalldata);
  EXPECT_EQ(with({Felt(1), -Felt::one(), Felt(3), Felt(0)}), Rejection::kInvalidCalldata);
}
TEST_F(TransitionTest, RejectsFullBlocks) {
  Genesis small = genesis;
  small.limits.block_transactions = 1;
  const MemoryChain by_count(small);
  BlockExecutor executor = by_count.executor();
  EXPECT_TRUE(executor.execute(send(alice, 0, {})));
  EXPECT_EQ(executor.execute(send(alice, 1, {})).error(), Rejection::kBlockFull);
  small.limits = Limits{};
  small.limits.block_bytes = transaction_bytes(send(alice, 0, {})) + 1;
  const MemoryChain by_size(small);
  BlockExecutor sized = by_size.executor();
  EXPECT_TRUE(sized.execute(send(alice, 0, {})));
  EXPECT_EQ(sized.execute(send(alice, 1, {})).error(), Rejection::kBlockFull);
}

TEST_F(TransitionTest, DeployAccount) {
  EXPECT_EQ(rejection(signed_by(carol, unsigned_deploy(carol), genesis.chain_id)), Rejection::kInsufficientBalance);
  run(send(alice, 0, {transfer_call(carol.address, strk(2))}));
  auto tx = unsigned_deploy(carol);
  tx.class_hash = Felt(77);
  EXPECT_EQ(rejection(signed_by(carol, tx, genesis.chain_id)), Rejection::kUnknownClass);
  tx = unsigned_deploy(carol);
  tx.constructor_calldata.push_back(Felt());
  EXPECT_EQ(rejection(signed_by(carol, tx, genesis.chain_id)), Rejection::kInvalidCalldata);
  tx = unsigned_deploy(carol);
  tx.v3.nonce = Felt(1);
  EXPECT_EQ(rejection(signed_by(carol, tx, genesis.chain_id)), Rejection::kWrongNonce);
  tx = unsigned_deploy(carol);
  EXPECT_EQ(rejection(signed_by(alice, tx, genesis.chain_id)), Rejection::kInvalidSignature);

  const Receipt receipt = run(signed_by(carol, tx, genesis.chain_id));
  EXPECT_EQ(receipt.contract_address, carol.address);
  EXPECT_EQ(receipt.status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(chain.nonce(carol.address), Felt(1));
  EXPECT_EQ(chain.class_hash(carol.address), native::account_class());
  EXPECT_EQ(chain.balance(carol.address), amount(strk(2) - receipt.actual_fee));
  EXPECT_EQ(rejection(signed_by(carol, tx, genesis.chain_id)), Rejection::kAccountExists);
  EXPECT_EQ(run(send(carol, 1, {transfer_call(alice.address, 1)})).status, ExecutionStatus::kSucceeded);
}

TEST_F(TransitionTest, DepositsComeInOrderAndFromTheBridgeOnly) {
  const Felt bridge = as_felt(genesis.bridge);
  EXPECT_EQ(rejection(deposit(1, bridge, carol.address, 5)), Rejection::kWrongL1Nonce);
  L1HandlerTransaction empty = deposit(0, bridge, carol.address, 5);
  empty.calldata.clear();
  EXPECT_EQ(rejection(empty), Rejection::kInvalidCalldata);
  const Transaction good = deposit(0, bridge, carol.address, 5);
  auto [block, executed] = chain.build({good});
  ASSERT_EQ(executed.receipts.size(), 1U);
  EXPECT_EQ(executed.receipts[0].actual_fee, 0U);
  EXPECT_EQ(executed.receipts[0].gas.l1, 8'411U);
  EXPECT_EQ(executed.messages.to_l2.size(), 1U);
  EXPECT_EQ(executed.receipts[0].l1_message_hash, l1_to_l2_message_hash(executed.messages.to_l2[0]));
  chain.apply(executed);
  EXPECT_EQ(chain.balance(carol.address), amount(5));
  EXPECT_EQ(chain.storage(native::fee_token_address(), native::total_supply_key()), Felt::from_u128(strk(2000) + 5));

  // A reverted handler advances the nonce and is not in the message segment.
  const auto reverted = [&](L1HandlerTransaction tx, native::Revert why) {
    auto [_, next] = chain.build({tx});
    ASSERT_EQ(next.receipts.size(), 1U);
    EXPECT_EQ(next.receipts[0].revert_reason, native::to_string(why));
    EXPECT_TRUE(next.receipts[0].events.empty());
    EXPECT_TRUE(next.messages.to_l2.empty());
    EXPECT_EQ(next.difference.storage.size(), 1U);
    EXPECT_EQ(next.difference.storage.at(native::fee_token_address()).size(), 1U);
    chain.apply(next);
  };
  reverted(deposit(1, Felt(5), carol.address, 5), native::Revert::kNotBridge);
  reverted(deposit(2, bridge, Felt(), 5), native::Revert::kZeroAddress);
  L1HandlerTransaction tx = deposit(3, bridge, carol.address, 5);
  tx.contract = -Felt::one();
  reverted(tx, native::Revert::kNotDeployed);
  tx = deposit(4, bridge, carol.address, 5);
  tx.selector = selector("transfer");
  reverted(tx, native::Revert::kNoEntryPoint);
  tx = deposit(5, bridge, carol.address, 5);
  tx.calldata.pop_back();
  reverted(tx, native::Revert::kArguments);
  tx = deposit(6, bridge, carol.address, 5);
  tx.calldata[3] = Felt::from_u128(~static_cast<Uint128>(0));
  tx.calldata[2] = tx.calldata[3];
  reverted(tx, native::Revert::kOverflow);
  EXPECT_EQ(chain.storage(native::fee_token_address(), native::next_l1_nonce_key()), Felt(7));
}

TEST_F(TransitionTest, RevertedTransactionsPayBumpTheNonceAndChangeNothingElse) {
  const auto reverted = [&](std::vector<TestCall> calls, native::Revert why) {
    const std::uint64_t nonce = *chain.nonce(alice.address).to_u64();
    const U256 before = chain.balance(alice.address);
    auto [_, executed] = chain.build({send(alice, nonce, calls)});
    ASSERT_EQ(executed.receipts.size(), 1U);
    const Receipt& receipt = executed.receipts[0];
    EXPECT_EQ(receipt.status, ExecutionStatus::kReverted);
    EXPECT_NE(receipt.revert_reason.find(native::to_string(why)), std::string::npos) << receipt.revert_reason;
    EXPECT_EQ(receipt.events.size(), 1U);
    EXPECT_TRUE(receipt.messages.empty());
    chain.apply(executed);
    EXPECT_EQ(chain.balance(alice.address), before - amount(receipt.actual_fee));
    EXPECT_EQ(chain.nonce(alice.address), Felt(nonce + 1));
    const auto& cells = executed.difference.storage.at(native::fee_token_address());
    EXPECT_EQ(cells.size(), 2U);  // alice's balance and the sequencer's
  };
  const TestCall good = transfer_call(bob.address, 5);
  reverted({good, {Felt(0x1234), Felt(1), {}}}, native::Revert::kNotDeployed);
  reverted({good, token_call("mint", {})}, native::Revert::kNoEntryPoint);
  reverted({good, token_call("handle_deposit", {Felt(), alice.address, Felt(5), Felt()})},
           native::Revert::kNoEntryPoint);
  reverted({good, {bob.address, selector("__execute__"), {Felt(0)}}}, native::Revert::kNoEntryPoint);
  reverted({good, token_call("transfer", {bob.address, Felt(5)})}, native::Revert::kArguments);
  reverted({good, token_call("transfer", {bob.address, -Felt::one(), Felt()})}, native::Revert::kArguments);
  reverted({good, token_call("transfer", {-Felt::one(), Felt(1), Felt()})}, native::Revert::kArguments);
  reverted({good, transfer_call(bob.address, strk(100'000))}, native::Revert::kBalance);
  reverted({good, transfer_call(Felt(), 1)}, native::Revert::kZeroAddress);
  reverted({good, token_call("approve", {Felt(), Felt(1), Felt()})}, native::Revert::kZeroAddress);
  reverted({good, token_call("transfer_from", {bob.address, alice.address, Felt(1), Felt()})},
           native::Revert::kAllowance);
  reverted({good, token_call("initiate_token_withdraw", {Felt(9), Felt(), Felt()})}, native::Revert::kZeroWithdrawal);
  reverted({good, token_call("initiate_token_withdraw", {Felt(), Felt(1), Felt()})}, native::Revert::kL1Recipient);
  reverted({good, token_call("initiate_token_withdraw", {-Felt::one(), Felt(1), Felt()})},
           native::Revert::kL1Recipient);
  reverted({good, token_call("initiate_token_withdraw", {Felt(9), Felt(), Felt(1)})}, native::Revert::kBalance);
  EXPECT_EQ(chain.balance(bob.address), amount(strk(1000)));
}

TEST_F(TransitionTest, OverdraftsRevertAndPayWithinTheBounds) {
  InvokeTransaction tx = unsigned_invoke(alice, 0, {transfer_call(bob.address, 5)});
  const std::uint64_t least = 560'000 + 9 * 5'120;
  tx.v3.bounds.l2_gas.max_amount = least + 1;
  const Receipt capped = run(signed_by(alice, tx, genesis.chain_id));
  EXPECT_EQ(capped.revert_reason, native::to_string(native::Revert::kMaxL2Gas));
  EXPECT_EQ(capped.gas.l2, least + 400'000);
  EXPECT_EQ(capped.actual_fee, static_cast<Uint128>(least + 1) * 8'000'000'000ULL + 224 * 1'000);
  EXPECT_EQ(chain.balance(bob.address), amount(strk(1000)));

  tx = unsigned_invoke(alice, 1, {transfer_call(bob.address, 5)});
  tx.v3.bounds.l1_data_gas->max_amount = 200;
  EXPECT_EQ(run(signed_by(alice, tx, genesis.chain_id)).revert_reason,
            native::to_string(native::Revert::kMaxL1DataGas));
  tx = unsigned_invoke(alice, 2, {token_call("initiate_token_withdraw", {Felt(9), Felt(1), Felt()})});
  tx.v3.bounds.l1_gas.max_amount = 23'035;
  EXPECT_EQ(run(signed_by(alice, tx, genesis.chain_id)).revert_reason, native::to_string(native::Revert::kMaxL1Gas));

  // Everything sent away: nothing is left for the fee.
  const U256 all = chain.balance(alice.address);
  const TestCall whole = token_call("transfer", {bob.address, Felt::reduce(all), Felt()});
  const Receipt receipt = run(send(alice, 3, {whole}));
  EXPECT_EQ(receipt.revert_reason, native::to_string(native::Revert::kFeeBalance));
  EXPECT_EQ(chain.balance(alice.address), all - amount(receipt.actual_fee));
}

TEST_F(TransitionTest, AllowancesAreSpent) {
  Receipt receipt = run(send(alice, 0, {token_call("approve", {bob.address, Felt(10), Felt()})}));
  EXPECT_EQ(receipt.events[0].keys, std::vector<Felt>{selector("Approval")});
  receipt = run(send(bob, 0, {token_call("transferFrom", {alice.address, carol.address, Felt(4), Felt()})}));
  EXPECT_EQ(receipt.status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(receipt.events.size(), 3U);  // Approval of the rest, Transfer, fee
  EXPECT_EQ(chain.balance(carol.address), amount(4));
  receipt = run(send(bob, 1, {token_call("transfer_from", {alice.address, carol.address, Felt(7), Felt()})}));
  EXPECT_EQ(receipt.status, ExecutionStatus::kReverted);
  receipt = run(send(bob, 2, {token_call("transfer_from", {alice.address, carol.address, Felt(6), Felt()})}));
  EXPECT_EQ(receipt.status, ExecutionStatus::kSucceeded);
  // An unlimited allowance stays.
  const Felt most = Felt::from_u128(~static_cast<Uint128>(0));
  run(send(alice, 1, {token_call("approve", {bob.address, most, most})}));
  receipt = run(send(bob, 3, {token_call("transfer_from", {alice.address, carol.address, Felt(6), Felt()})}));
  EXPECT_EQ(receipt.events.size(), 2U);
}

TEST_F(TransitionTest, WithdrawalsBurnAndSendToTheBridge) {
  const Receipt receipt = run(send(alice, 0, {token_call("initiate_token_withdraw", {Felt(0xabc), Felt(7), Felt()})}));
  ASSERT_EQ(receipt.messages.size(), 1U);
  EXPECT_EQ(receipt.messages[0].from, native::fee_token_address());
  EXPECT_EQ(receipt.messages[0].to, as_felt(genesis.bridge));
  EXPECT_EQ(receipt.messages[0].payload, (std::vector<Felt>{Felt(), Felt(0xabc), Felt(7), Felt()}));
  EXPECT_EQ(chain.storage(native::fee_token_address(), native::total_supply_key()), Felt::from_u128(strk(2000) - 7));
}

TEST_F(TransitionTest, ViewsOfTokenAndAccountAnswer) {
  StateOverlay state(chain);
  std::vector<Event> events;
  std::vector<L2ToL1Message> messages;
  native::Frame frame{state, chain.rules.execution, events, messages};
  const auto ask = [&](const Felt& to, std::string_view name, std::vector<Felt> calldata) {
    return native::run_call(frame, Felt(), {to, selector(name), calldata}, true).value();
  };
  const Felt token = native::fee_token_address();
  EXPECT_EQ(ask(token, "balance_of", {alice.address}), (std::vector<Felt>{Felt::from_u128(strk(1000)), Felt()}));
  EXPECT_EQ(ask(token, "balanceOf", {carol.address}), (std::vector<Felt>{Felt(), Felt()}));
  EXPECT_EQ(ask(token, "total_supply", {}), (std::vector<Felt>{Felt::from_u128(strk(2000)), Felt()}));
  EXPECT_EQ(ask(alice.address, "get_public_key", {}), std::vector<Felt>{alice.public_key});
  const Signature good = sign(alice.private_key, Felt(99));
  EXPECT_EQ(ask(alice.address, "is_valid_signature", {Felt(99), Felt(2), good.r, good.s}),
            std::vector<Felt>{short_string("VALID")});
  EXPECT_EQ(ask(alice.address, "is_valid_signature", {Felt(98), Felt(2), good.r, good.s}), std::vector<Felt>{Felt()});
}

TEST_F(TransitionTest, TheHashOfTheTenthBlockBeforeIsWritten) {
  for (int i = 1; i <= 12; ++i) {
    auto [block, executed] = chain.build({});
    const auto& storage = executed.difference.storage;
    if (i < 10) {
      EXPECT_TRUE(storage.empty());
    } else {
      const auto number = static_cast<std::uint64_t>(i - 10);
      EXPECT_EQ(storage.at(Felt(1)).at(Felt(number)), chain.headers[number].second);
      EXPECT_EQ(executed.header.state_diff_length, 1U);
    }
    chain.apply(executed);
  }
}

TEST_F(TransitionTest, KnownSignaturesAreNotVerifiedAgainButBelongToOneStatement) {
  SignatureCache cache(4);
  InvokeTransaction tx = unsigned_invoke(alice, 0, {});
  tx.v3.signature = {Felt(1), Felt(2)};
  const Felt hash = transaction_hash(tx, genesis.chain_id);
  cache.insert(hash, alice.public_key, tx.v3.signature);
  const auto known = [&](const Felt& h, const Felt& key, std::span<const Felt> signature) {
    return cache.contains(h, key, signature);
  };
  EXPECT_TRUE(chain.executor(known).execute(tx));
  tx.v3.signature[1] = Felt(3);  // the hash does not cover it
  EXPECT_EQ(chain.executor(known).execute(tx).error(), Rejection::kInvalidSignature);
  for (std::uint64_t i = 0; i < 9; ++i) cache.insert(Felt(i), Felt(), tx.v3.signature);
  EXPECT_LE(cache.size(), 8U);
}

TEST_F(TransitionTest, SubmissionsAreCheckedWithoutState) {
  const ExecutionRules& rules = chain.rules.execution;
  EXPECT_EQ(check_submission(send(alice, 9, {}), rules), std::nullopt);
  EXPECT_EQ(check_submission(deposit(0, Felt(1), alice.address, 1), rules), Rejection::kUnsupportedType);
  InvokeTransaction tx = unsigned_invoke(alice, 0, {});
  tx.v3.bounds.l2_gas.max_price = 1;
  EXPECT_EQ(check_submission(tx, rules), Rejection::kMaxPriceTooLow);
  tx = unsigned_invoke(alice, 0, {});
  tx.calldata.clear();
  EXPECT_EQ(check_submission(tx, rules), Rejection::kInvalidCalldata);
}

TEST_F(TransitionTest, HeadersAreHeldToTheRules) {
  const auto [block, executed] = chain.build({send(alice, 0, {transfer_call(bob.address, 1)})}, genesis.time + 5);
  ASSERT_TRUE(execute_block(chain.input(), block));
  const auto fault = [&](auto change) {
    Block changed = block;
    change(changed.header);
    const auto done = execute_block(chain.input(), changed);
    return done ? BlockFault{} : done.error().fault;
  };
  EXPECT_EQ(fault([](auto& h) { h.number = BlockNumber(7); }), BlockFault::kNumber);
  EXPECT_EQ(fault([](auto& h) { h.parent_hash = Felt(7); }), BlockFault::kParentHash);
  EXPECT_EQ(fault([&](auto& h) { h.timestamp = genesis.time - 1; }), BlockFault::kTimestamp);
  EXPECT_EQ(fault([](auto& h) { h.sequencer = Felt(7); }), BlockFault::kSequencer);
  EXPECT_EQ(fault([](auto& h) { h.gas_prices.l2.fri += 1; }), BlockFault::kGasPrices);
  EXPECT_EQ(fault([](auto& h) { h.l1_da_mode = L1DaMode::kBlob; }), BlockFault::kL1DaMode);
  EXPECT_EQ(fault([](auto& h) { h.protocol_version = "0.14.1"; }), BlockFault::kVersion);
  EXPECT_EQ(fault([](auto& h) { h.transaction_count += 1; }), BlockFault::kCounts);
  EXPECT_EQ(fault([](auto& h) { h.event_count += 1; }), BlockFault::kCounts);
  EXPECT_EQ(fault([](auto& h) { h.state_diff_length += 1; }), BlockFault::kCounts);
  EXPECT_EQ(fault([](auto& h) { h.state_diff_commitment += Felt(1); }), BlockFault::kCommitments);
  EXPECT_EQ(fault([](auto& h) { h.transaction_commitment += Felt(1); }), BlockFault::kCommitments);
  EXPECT_EQ(fault([](auto& h) { h.event_commitment += Felt(1); }), BlockFault::kCommitments);
  EXPECT_EQ(fault([](auto& h) { h.receipt_commitment += Felt(1); }), BlockFault::kCommitments);
  EXPECT_EQ(fault([](auto& h) { h.state_root += Felt(1); }), BlockFault::kRoot);
  Block twice = block;
  twice.transactions.push_back(block.transactions[0]);
  EXPECT_EQ(execute_block(chain.input(), twice).error().fault, BlockFault::kTransaction);
}

}  // namespace
}  // namespace asterism::core
