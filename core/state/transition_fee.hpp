// What a transaction costs and whether it may enter a block: the checks that reject, before anything runs.
#pragma once
#include "core/state/native.hpp"

namespace asterism::core {

// Saturating, so that no gas table can wrap.
GasVector add_gas(const GasVector& a, const GasVector& b);
GasVector scale_gas(const GasVector& gas, std::uint64_t count);
GasVector gas_of(const ExecutionRules& rules, std::string_view call);

// What a transaction costs before its calls: base, calldata and signature. The least that max_amount must allow.
GasVector least_gas(const ExecutionRules& rules, const Transaction& transaction);

// The account that a transaction is checked against.
struct Payer {
  Felt address;
  const V3Fields& fields;
};

// Fields, class and the form of the calldata: what neither state nor prices change.
std::optional<Rejection> check_form(const Transaction& transaction);

// Price, amount and balance, in this order. Account, nonce and signature differ by type: the executor's.
std::optional<Rejection> check_payment(StateOverlay& state, const Payer& payer, const GasVector& least,
                                       const GasPrices& prices);

// The first resource of which more was used than allowed.
std::optional<native::Revert> over_bounds(const GasVector& used, const ResourceBoundsSet& bounds);
// min(used, max_amount) of each resource.
GasVector within_bounds(const GasVector& used, const ResourceBoundsSet& bounds);

}  // namespace asterism::core
