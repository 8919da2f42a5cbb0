#include "core/state/transition.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/chain/transaction_hash.hpp"
#include "core/state/native_token.hpp"
#include "core/state/transition_fee.hpp"

namespace asterism::core {

namespace {

// What one transaction has done so far, beside the state.
struct Outcome {
  std::vector<Event> events;
  std::vector<L2ToL1Message> messages;
  GasVector gas;
  std::string revert_reason;
};

std::string call_failed(std::size_t index, native::Revert reason) {
  return "Error in call " + std::to_string(index) + ": " + std::string(native::to_string(reason));
}

}  // namespace

struct BlockExecutor::State {
  State(const StateView& view, const ExecutionRules& r, const BlockContext& c, SignatureKnownGood k)
      : overlay(view), rules(r), context(c), known_good(std::move(k)) {}

  std::expected<Receipt, Rejection> run(const InvokeTransaction& invoke, const Transaction& whole, const Felt& hash);
  std::expected<Receipt, Rejection> run(const DeployAccountTransaction& deploy, const Transaction& whole,
                                        const Felt& hash);
  std::expected<Receipt, Rejection> run(const L1HandlerTransaction& handler, const Transaction& whole,
                                        const Felt& hash);

  void run_calls(const InvokeTransaction& invoke, Outcome& outcome);
  void judge_cost(const InvokeTransaction& invoke, Outcome& outcome);
  void charge(const Felt& sender, Uint128 fee, Outcome& outcome);
  bool signed_well(const Felt& public_key, const Felt& hash, const V3Fields& fields) const {
    return (known_good && known_good(hash, public_key, fields.signature)) ||
           native::signature_fits(public_key, hash, fields.signature);
  }

  StateOverlay overlay;
  const ExecutionRules& rules;
  BlockContext context;
  SignatureKnownGood known_good;
  std::vector<Receipt> receipts;
  std::vector<L1ToL2Message> consumed;
  std::uint64_t bytes = 0;
};

BlockExecutor::BlockExecutor(const StateView& view, const ExecutionRules& rules, const BlockContext& context,
                             SignatureKnownGood known_good)
    : state_(std::make_unique<State>(view, rules, context, std::move(known_good))) {
  constexpr std::uint64_t kBlockHashDistance = 10;
  const std::uint64_t number = context.number.value;
  if (number < kBlockHashDistance) return;
  state_->overlay.set_storage(native::kBlockHashContract, Felt(number - kBlockHashDistance),
                              context.hash_of_tenth_before);
}

BlockExecutor::~BlockExecutor() = default;

std::expected<ExecutedTransaction, Rejection> BlockExecutor::execute(const Transaction& transaction) {
  return execute(transaction, transaction_hash(transaction, state_->rules.chain_id));
}

std::expected<ExecutedTransaction, Rejection> BlockExecutor::execute(const Transaction& transaction, const Felt& hash) {
  State& state = *state_;
  const std::uint64_t size = transaction_bytes(transaction);
  if (state.receipts.size() >= state.rules.limits.block_transactions ||
      size > state.rules.limits.block_bytes - std::min(state.bytes, state.rules.limits.block_bytes)) {
    return std::unexpected(Rejection::kBlockFull);
  }
  if (const auto wrong = check_form(transaction)) return std::unexpected(*wrong);
  const StateOverlay::Mark mark = state.overlay.mark();
  auto receipt = std::visit([&](const auto& kind) { return state.run(kind, transaction, hash); }, transaction);
  if (!receipt) {
    state.overlay.forget(mark);
    return std::unexpected(receipt.error());
  }
  state.bytes += size;
  state.receipts.push_back(*receipt);
  return ExecutedTransaction{hash, std::move(*receipt)};
}

std::expected<Receipt, Rejection> BlockExecutor::State::run(const InvokeTransaction& invoke, const Transaction& whole,
                                                            const Felt& hash) {
  if (overlay.class_hash(invoke.sender) != native::account_class()) return std::unexpected(Rejection::kUnknownAccount);
  const Felt nonce = overlay.nonce(invoke.sender);
  if (nonce != invoke.v3.nonce) return std::unexpected(Rejection::kWrongNonce);
  Outcome outcome;
  outcome.gas = least_gas(rules, whole);
  if (const auto wrong = check_payment(overlay, {invoke.sender, invoke.v3}, outcome.gas, context.gas_prices)) {
    return std::unexpected(*wrong);
  }
  // The key is read even when the signature is known to be good: what a block touches must not depend on who knew.
  const Felt public_key = overlay.storage(invoke.sender, native::public_key_key());
  if (!signed_well(public_key, hash, invoke.v3)) return std::unexpected(Rejection::kInvalidSignature);

  overlay.set_nonce(invoke.sender, nonce + Felt::one());
  const StateOverlay::Mark validated = overlay.mark();
  run_calls(invoke, outcome);
  if (outcome.revert_reason.empty()) judge_cost(invoke, outcome);
  const bool reverted = !outcome.revert_reason.empty();
  if (reverted) {
    overlay.undo(validated);
    outcome.events.clear();
    outcome.messages.clear();
  }
  const Uint128 fee = fee_of(within_bounds(outcome.gas, invoke.v3.bounds), context.gas_prices, invoke.v3.tip);
  charge(invoke.sender, fee, outcome);
  return Receipt{.transaction_hash = hash,
                 .actual_fee = fee,
                 .status = reverted ? ExecutionStatus::kReverted : ExecutionStatus::kSucceeded,
                 .revert_reason = std::move(outcome.revert_reason),
                 .events = std::move(outcome.events),
                 .messages = std::move(outcome.messages),
                 .gas = outcome.gas,
                 .l1_message_hash = {},
                 .contract_address = Felt()};
}

void BlockExecutor::State::run_calls(const InvokeTransaction& invoke, Outcome& outcome) {
  const auto calls = native::decode_calls(invoke.calldata);
  ASTERISM_CHECK(calls.has_value(), "the form was checked");
  native::Frame frame{overlay, rules, outcome.events, outcome.messages};
  for (std::size_t i = 0; i < calls->size(); ++i) {
    const native::Call& call = (*calls)[i];
    outcome.gas = add_gas(outcome.gas, gas_of(rules, native::gas_name(overlay, call)));
    const auto returned = native::run_call(frame, invoke.sender, call, false);
    if (!returned) {
      outcome.revert_reason = call_failed(i, returned.error());
      return;
    }
  }
}

// The two checks after __execute__: what was used against the bounds, and the fee against what is left.
void BlockExecutor::State::judge_cost(const InvokeTransaction& invoke, Outcome& outcome) {
  if (const auto over = over_bounds(outcome.gas, invoke.v3.bounds)) {
    outcome.revert_reason = native::to_string(*over);
    return;
  }
  const Uint128 fee = fee_of(outcome.gas, context.gas_prices, invoke.v3.tip);
  if (native::balance_of(overlay, invoke.sender) < U256::from_u128(fee)) {
    outcome.revert_reason = native::to_string(native::Revert::kFeeBalance);
  }
}

void BlockExecutor::State::charge(const Felt& sender, Uint128 fee, Outcome& outcome) {
  native::Frame frame{overlay, rules, outcome.events, outcome.messages};
  ASTERISM_CHECK(native::move_tokens(frame, sender, context.sequencer, U256::from_u128(fee)),
                 "the balance was held against the greatest fee");
}

std::expected<Receipt, Rejection> BlockExecutor::State::run(const DeployAccountTransaction& deploy,
                                                            const Transaction& whole, const Felt& hash) {
  const Felt address = contract_address(Felt(), deploy.salt, deploy.class_hash, deploy.constructor_calldata);
  if (!overlay.class_hash(address).is_zero()) return std::unexpected(Rejection::kAccountExists);
  Outcome outcome;
  outcome.gas = least_gas(rules, whole);
  if (const auto wrong = check_payment(overlay, {address, deploy.v3}, outcome.gas, context.gas_prices)) {
    return std::unexpected(*wrong);
  }
  const Felt& public_key = deploy.constructor_calldata[0];
  if (!signed_well(public_key, hash, deploy.v3)) return std::unexpected(Rejection::kInvalidSignature);
  overlay.set_class_hash(address, deploy.class_hash);
  overlay.set_nonce(address, Felt::one());
  overlay.set_storage(address, native::public_key_key(), public_key);
  const Uint128 fee = fee_of(outcome.gas, context.gas_prices, deploy.v3.tip);
  charge(address, fee, outcome);
  return Receipt{.transaction_hash = hash,
                 .actual_fee = fee,
                 .status = ExecutionStatus::kSucceeded,
                 .revert_reason = {},
                 .events = std::move(outcome.events),
                 .messages = {},
                 .gas = outcome.gas,
                 .l1_message_hash = {},
                 .contract_address = address};
}

std::expected<Receipt, Rejection> BlockExecutor::State::run(const L1HandlerTransaction& handler,
                                                            const Transaction& whole, const Felt& hash) {
  const Felt token = native::fee_token_address();
  const Felt next = overlay.storage(token, native::next_l1_nonce_key());
  if (handler.nonce != next) return std::unexpected(Rejection::kWrongL1Nonce);
  overlay.set_storage(token, native::next_l1_nonce_key(), next + Felt::one());
  const StateOverlay::Mark advanced = overlay.mark();
  Outcome outcome;
  outcome.gas = least_gas(rules, whole);
  native::Frame frame{overlay, rules, outcome.events, outcome.messages};
  const auto message = consumed_message(handler);
  ASTERISM_CHECK(message.has_value(), "the form was checked");
  const auto returned = native::run_l1_handler(frame, handler);
  if (returned) {
    consumed.push_back(*message);
  } else {
    overlay.undo(advanced);
    outcome.events.clear();
    outcome.revert_reason = native::to_string(returned.error());
  }
  return Receipt{.transaction_hash = hash,
                 .actual_fee = 0,
                 .status = returned ? ExecutionStatus::kSucceeded : ExecutionStatus::kReverted,
                 .revert_reason = std::move(outcome.revert_reason),
                 .events = std::move(outcome.events),
                 .messages = {},
                 .gas = outcome.gas,
                 .l1_message_hash = l1_to_l2_message_hash(*message),
                 .contract_address = Felt()};
}

const std::vector<Receipt>& BlockExecutor::receipts() const { return state_->receipts; }
StateDiff BlockExecutor::state_diff() const { return state_->overlay.difference(); }
TouchedState BlockExecutor::touched() const { return state_->overlay.touched(); }

MessageSegment BlockExecutor::messages() const {
  MessageSegment out;
  for (const Receipt& receipt : state_->receipts) {
    out.to_l1.insert(out.to_l1.end(), receipt.messages.begin(), receipt.messages.end());
  }
  out.to_l2 = state_->consumed;
  return out;
}

StateDiff genesis_state(const Genesis& genesis) {
  StateDiff out;
  const Felt token = native::fee_token_address();
  out.deployed[token] = native::fee_token_class();
  auto& ledger = out.storage[token];
  Uint128 supply = 0;
  for (const GenesisAccount& account : genesis.accounts) {
    const Felt address = native::account_address(account.public_key, account.salt);
    out.deployed[address] = native::account_class();
    if (!account.public_key.is_zero()) out.storage[address][native::public_key_key()] = account.public_key;
    if (account.balance == 0) continue;
    ledger[native::balance_key(address)] = Felt::from_u128(account.balance);
    supply += account.balance;
    ASTERISM_CHECK(supply >= account.balance, "genesis balances sum to less than 2^128");
  }
  if (supply != 0) ledger[native::total_supply_key()] = Felt::from_u128(supply);
  if (ledger.empty()) out.storage.erase(token);
  return out;
}

}  // namespace asterism::core
