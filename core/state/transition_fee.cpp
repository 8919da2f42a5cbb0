#include "core/state/transition_fee.hpp"

#include <algorithm>
#include <limits>

#include "core/chain/transaction_hash.hpp"

namespace asterism::core {

namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
constexpr Uint128 kMost128 = ~static_cast<Uint128>(0);

std::uint64_t add(std::uint64_t a, std::uint64_t b) { return a > kMost - b ? kMost : a + b; }
std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
  const Uint128 product = static_cast<Uint128>(a) * b;
  return product > kMost ? kMost : static_cast<std::uint64_t>(product);
}

// amount * (price + tip): below 2^193.
U256 cost(std::uint64_t amount, Uint128 price, std::uint64_t tip) {
  const U256 unit = U256::from_u128(price) + U256(tip);
  U256 out;
  std::uint64_t high = 0;
  for (std::size_t i = 0; i < 4; ++i) out.limb[i] = mul_add(unit.limb[i], amount, high, 0, high);
  return out;
}

ResourceBounds data_bounds(const ResourceBoundsSet& bounds) { return bounds.l1_data_gas.value_or(ResourceBounds{}); }

std::optional<Rejection> check_fields(const V3Fields& fields) {
  const bool l1_only =
      fields.nonce_da_mode == DataAvailabilityMode::kL1 && fields.fee_da_mode == DataAvailabilityMode::kL1;
  if (!l1_only || !fields.paymaster_data.empty()) return Rejection::kUnsupportedField;
  return std::nullopt;
}

std::optional<Rejection> check_prices(const ResourceBoundsSet& bounds, const GasPrices& prices) {
  const bool enough = bounds.l1_gas.max_price >= prices.l1.fri && bounds.l2_gas.max_price >= prices.l2.fri &&
                      data_bounds(bounds).max_price >= prices.l1_data.fri;
  return enough ? std::nullopt : std::optional(Rejection::kMaxPriceTooLow);
}

std::optional<Rejection> check_static(const V3Fields& fields, const GasVector& least, const GasPrices& prices) {
  if (const auto wrong = check_prices(fields.bounds, prices)) return wrong;
  if (over_bounds(least, fields.bounds)) return Rejection::kMaxAmountTooLow;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Rejection rejection) {
  switch (rejection) {
    case Rejection::kUnsupportedType:
      return "unsupported transaction type";
    case Rejection::kUnsupportedField:
      return "unsupported field";
    case Rejection::kWrongNonce:
      return "wrong nonce";
    case Rejection::kUnknownAccount:
      return "unknown account";
    case Rejection::kAccountExists:
      return "account exists";
    case Rejection::kInvalidSignature:
      return "invalid signature";
    case Rejection::kMaxPriceTooLow:
      return "max price below the block's gas price";
    case Rejection::kMaxAmountTooLow:
      return "max amount below the least gas of the transaction";
    case Rejection::kInsufficientBalance:
      return "balance below the greatest fee";
    case Rejection::kUnknownClass:
      return "unknown class";
    case Rejection::kInvalidCalldata:
      return "invalid calldata";
    case Rejection::kWrongL1Nonce:
      return "wrong L1 nonce";
    case Rejection::kBlockFull:
      return "block full";
  }
  return "unknown";
}

// L2 gas in the order of size that such transactions have on Starknet; data gas is 32 per word that the call changes
// in the state (a nonce or a cell: two words); L1 gas is that of the messages.
std::vector<GasTableEntry> default_gas_table() {
  return {
      {"invoke", {0, 128, 560'000}},                        // nonce, the sender's balance, validation, the fee
      {"deploy_account", {0, 224, 1'000'000}},              // class, nonce, key, balance
      {"calldata_felt", {0, 0, 5'120}},                     // each, of calldata and constructor calldata
      {"signature_felt", {0, 0, 5'120}},                    // each
      {"transfer", {0, 96, 400'000}},                       //
      {"approve", {0, 96, 300'000}},                        //
      {"transfer_from", {0, 192, 600'000}},                 //
      {"balance_of", {0, 0, 100'000}},                      //
      {"total_supply", {0, 0, 100'000}},                    //
      {"initiate_token_withdraw", {23'036, 128, 700'000}},  // 20000 + 1500 + 256 * (2 + 4)
      {"handle_deposit", {8'411, 224, 0}},                  // 5000 + 1875 + 256 * (3 + 3); paid on L1
      {"get_public_key", {0, 0, 50'000}},                   //
      {"is_valid_signature", {0, 0, 500'000}},              //
      {"unknown_call", {0, 0, 100'000}},                    // to a contract or an entry point that is not there
  };
}

ExecutionRules::ExecutionRules(const Genesis& genesis)
    : chain_id(genesis.chain_id), bridge(genesis.bridge), gas_prices(genesis.gas_prices), limits(genesis.limits) {
  for (const GasTableEntry& entry : default_gas_table()) gas[entry.call] = entry.gas;
  for (const GasTableEntry& entry : genesis.gas_table) gas[entry.call] = entry.gas;
}

GasVector add_gas(const GasVector& a, const GasVector& b) {
  return {add(a.l1, b.l1), add(a.l1_data, b.l1_data), add(a.l2, b.l2)};
}
GasVector scale_gas(const GasVector& gas, std::uint64_t count) {
  return {multiply(gas.l1, count), multiply(gas.l1_data, count), multiply(gas.l2, count)};
}
GasVector gas_of(const ExecutionRules& rules, std::string_view call) {
  const auto found = rules.gas.find(call);
  return found == rules.gas.end() ? GasVector{} : found->second;
}

GasVector least_gas(const ExecutionRules& rules, const Transaction& transaction) {
  const auto sized = [&](std::string_view base, std::size_t calldata, std::size_t signature) {
    const GasVector data = add_gas(scale_gas(gas_of(rules, "calldata_felt"), calldata),
                                   scale_gas(gas_of(rules, "signature_felt"), signature));
    return add_gas(gas_of(rules, base), data);
  };
  if (const auto* invoke = std::get_if<InvokeTransaction>(&transaction)) {
    return sized("invoke", invoke->calldata.size(), invoke->v3.signature.size());
  }
  if (const auto* deploy = std::get_if<DeployAccountTransaction>(&transaction)) {
    return sized("deploy_account", deploy->constructor_calldata.size(), deploy->v3.signature.size());
  }
  const auto& handler = std::get<L1HandlerTransaction>(transaction);
  return sized(native::handler_gas_name(handler), handler.calldata.size(), 0);
}

std::uint64_t transaction_bytes(const Transaction& transaction) {
  constexpr std::uint64_t kFelt = 34;
  constexpr std::uint64_t kFixed = 320;
  const auto v3 = [](const V3Fields& fields) { return fields.signature.size() + fields.paymaster_data.size(); };
  std::size_t felts = 0;
  if (const auto* invoke = std::get_if<InvokeTransaction>(&transaction)) {
    felts =
        v3(invoke->v3) + invoke->calldata.size() + invoke->account_deployment_data.size() + invoke->proof_facts.size();
  } else if (const auto* deploy = std::get_if<DeployAccountTransaction>(&transaction)) {
    felts = v3(deploy->v3) + deploy->constructor_calldata.size();
  } else {
    felts = std::get<L1HandlerTransaction>(transaction).calldata.size();
  }
  return kFixed + kFelt * felts;
}

Uint128 fee_of(const GasVector& gas, const GasPrices& prices, std::uint64_t tip) {
  const U256 sum =
      cost(gas.l1, prices.l1.fri, 0) + cost(gas.l1_data, prices.l1_data.fri, 0) + cost(gas.l2, prices.l2.fri, tip);
  if ((sum.limb[2] | sum.limb[3]) != 0) return kMost128;
  return (static_cast<Uint128>(sum.limb[1]) << 64) | sum.limb[0];
}

U256 greatest_fee(const V3Fields& fields) {
  const ResourceBounds data = data_bounds(fields.bounds);
  return cost(fields.bounds.l1_gas.max_amount, fields.bounds.l1_gas.max_price, 0) +
         cost(data.max_amount, data.max_price, 0) +
         cost(fields.bounds.l2_gas.max_amount, fields.bounds.l2_gas.max_price, fields.tip);
}

std::optional<Rejection> check_form(const Transaction& transaction) {
  if (const auto* invoke = std::get_if<InvokeTransaction>(&transaction)) {
    if (const auto wrong = check_fields(invoke->v3)) return wrong;
    if (!invoke->account_deployment_data.empty() || !invoke->proof_facts.empty()) return Rejection::kUnsupportedField;
    if (!native::is_contract_address(invoke->sender)) return Rejection::kUnknownAccount;
    if (!native::decode_calls(invoke->calldata)) return Rejection::kInvalidCalldata;
  } else if (const auto* deploy = std::get_if<DeployAccountTransaction>(&transaction)) {
    if (const auto wrong = check_fields(deploy->v3)) return wrong;
    if (deploy->class_hash != native::account_class()) return Rejection::kUnknownClass;
    if (deploy->constructor_calldata.size() != 1) return Rejection::kInvalidCalldata;
    if (!deploy->v3.nonce.is_zero()) return Rejection::kWrongNonce;
  } else {
    if (!consumed_message(std::get<L1HandlerTransaction>(transaction))) return Rejection::kInvalidCalldata;
  }
  return std::nullopt;
}

std::optional<Rejection> check_submission(const Transaction& transaction, const ExecutionRules& rules) {
  if (std::holds_alternative<L1HandlerTransaction>(transaction)) return Rejection::kUnsupportedType;
  if (const auto wrong = check_form(transaction)) return wrong;
  const auto* invoke = std::get_if<InvokeTransaction>(&transaction);
  const V3Fields& fields = invoke != nullptr ? invoke->v3 : std::get<DeployAccountTransaction>(transaction).v3;
  return check_static(fields, least_gas(rules, transaction), rules.gas_prices);
}

std::optional<Rejection> check_payment(StateOverlay& state, const Payer& payer, const GasVector& least,
                                       const GasPrices& prices) {
  if (const auto wrong = check_static(payer.fields, least, prices)) return wrong;
  if (native::balance_of(state, payer.address) < greatest_fee(payer.fields)) return Rejection::kInsufficientBalance;
  return std::nullopt;
}

std::optional<native::Revert> over_bounds(const GasVector& used, const ResourceBoundsSet& bounds) {
  if (used.l1 > bounds.l1_gas.max_amount) return native::Revert::kMaxL1Gas;
  if (used.l1_data > data_bounds(bounds).max_amount) return native::Revert::kMaxL1DataGas;
  if (used.l2 > bounds.l2_gas.max_amount) return native::Revert::kMaxL2Gas;
  return std::nullopt;
}

GasVector within_bounds(const GasVector& used, const ResourceBoundsSet& bounds) {
  return {std::min(used.l1, bounds.l1_gas.max_amount), std::min(used.l1_data, data_bounds(bounds).max_amount),
          std::min(used.l2, bounds.l2_gas.max_amount)};
}

}  // namespace asterism::core
