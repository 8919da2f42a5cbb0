#include "core/state/native_token.hpp"

#include <array>

#include "core/base/check.hpp"
#include "core/chain/transaction_hash.hpp"
#include "core/hash/keccak.hpp"

namespace asterism::core::native {

namespace {

std::optional<U256> amount_of(const Felt& low, const Felt& high) {
  const U256 l = low.to_u256();
  const U256 h = high.to_u256();
  if ((l.limb[2] | l.limb[3] | h.limb[2] | h.limb[3]) != 0) return std::nullopt;
  return U256({l.limb[0], l.limb[1], h.limb[0], h.limb[1]});
}
Felt low_of(const U256& amount) { return Felt::reduce(U256({amount.limb[0], amount.limb[1], 0, 0})); }
Felt high_of(const U256& amount) { return Felt::reduce(U256({amount.limb[2], amount.limb[3], 0, 0})); }

U256 read_amount(StateOverlay& state, const Felt& key) {
  const auto amount =
      amount_of(state.storage(fee_token_address(), key), state.storage(fee_token_address(), key + Felt::one()));
  ASTERISM_CHECK(amount.has_value(), "a stored amount has halves of 128 bits");
  return *amount;
}
void write_amount(StateOverlay& state, const Felt& key, const U256& amount) {
  state.set_storage(fee_token_address(), key, low_of(amount));
  state.set_storage(fee_token_address(), key + Felt::one(), high_of(amount));
}

void emit(Frame& frame, const Felt& name, const Felt& from, const Felt& to, const U256& amount) {
  frame.events.push_back({fee_token_address(), {name}, {from, to, low_of(amount), high_of(amount)}});
}
void emit_transfer(Frame& frame, const Felt& from, const Felt& to, const U256& amount) {
  static const Felt name = selector("Transfer");
  emit(frame, name, from, to, amount);
}

Returned nothing() { return std::vector<Felt>{}; }
Returned yes() { return std::vector<Felt>{Felt::one()}; }

// [address, low, high] as most entry points take them.
struct AddressAndAmount {
  Felt address;
  U256 amount;
};
std::expected<AddressAndAmount, Revert> address_and_amount(std::span<const Felt> calldata) {
  if (calldata.size() != 3 || !is_contract_address(calldata[0])) return std::unexpected(Revert::kArguments);
  const auto amount = amount_of(calldata[1], calldata[2]);
  if (!amount) return std::unexpected(Revert::kArguments);
  return AddressAndAmount{calldata[0], *amount};
}

Returned transfer(Frame& frame, const Felt& caller, std::span<const Felt> calldata) {
  const auto to = address_and_amount(calldata);
  if (!to) return std::unexpected(to.error());
  if (to->address.is_zero()) return std::unexpected(Revert::kZeroAddress);
  if (!move_tokens(frame, caller, to->address, to->amount)) return std::unexpected(Revert::kBalance);
  return yes();
}

void set_allowance(Frame& frame, const Felt& owner, const Felt& spender, const U256& amount) {
  static const Felt name = selector("Approval");
  write_amount(frame.state, allowance_key(owner, spender), amount);
  emit(frame, name, owner, spender, amount);
}

Returned approve(Frame& frame, const Felt& caller, std::span<const Felt> calldata) {
  const auto spender = address_and_amount(calldata);
  if (!spender) return std::unexpected(spender.error());
  if (spender->address.is_zero()) return std::unexpected(Revert::kZeroAddress);
  set_allowance(frame, caller, spender->address, spender->amount);
  return yes();
}

Returned transfer_from(Frame& frame, const Felt& caller, std::span<const Felt> calldata) {
  if (calldata.size() != 4 || !is_contract_address(calldata[0])) return std::unexpected(Revert::kArguments);
  const Felt& owner = calldata[0];
  const auto to = address_and_amount(calldata.subspan(1));
  if (!to) return std::unexpected(to.error());
  if (owner.is_zero() || to->address.is_zero()) return std::unexpected(Revert::kZeroAddress);
  U256 allowance = read_amount(frame.state, allowance_key(owner, caller));
  constexpr U256 kUnlimited({~0ULL, ~0ULL, ~0ULL, ~0ULL});
  if (allowance < to->amount) return std::unexpected(Revert::kAllowance);
  if (allowance != kUnlimited) set_allowance(frame, owner, caller, allowance - to->amount);
  if (!move_tokens(frame, owner, to->address, to->amount)) return std::unexpected(Revert::kBalance);
  return yes();
}

Returned balance(Frame& frame, const Felt&, std::span<const Felt> calldata) {
  if (calldata.size() != 1 || !is_contract_address(calldata[0])) return std::unexpected(Revert::kArguments);
  const U256 amount = balance_of(frame.state, calldata[0]);
  return std::vector<Felt>{low_of(amount), high_of(amount)};
}

Returned total_supply(Frame& frame, const Felt&, std::span<const Felt> calldata) {
  if (!calldata.empty()) return std::unexpected(Revert::kArguments);
  const U256 amount = read_amount(frame.state, total_supply_key());
  return std::vector<Felt>{low_of(amount), high_of(amount)};
}

Returned initiate_token_withdraw(Frame& frame, const Felt& caller, std::span<const Felt> calldata) {
  if (calldata.size() != 3) return std::unexpected(Revert::kArguments);
  const auto amount = amount_of(calldata[1], calldata[2]);
  if (!amount) return std::unexpected(Revert::kArguments);
  if (calldata[0].is_zero() || !as_eth_address(calldata[0])) return std::unexpected(Revert::kL1Recipient);
  if (amount->is_zero()) return std::unexpected(Revert::kZeroWithdrawal);
  const U256 had = balance_of(frame.state, caller);
  if (had < *amount) return std::unexpected(Revert::kBalance);
  write_amount(frame.state, balance_key(caller), had - *amount);
  write_amount(frame.state, total_supply_key(), read_amount(frame.state, total_supply_key()) - *amount);
  emit_transfer(frame, caller, Felt(), *amount);
  frame.messages.push_back(
      {fee_token_address(), as_felt(frame.rules.bridge), {Felt(), calldata[0], calldata[1], calldata[2]}});
  return nothing();
}

}  // namespace

const EntryPoint* token_entry_point(const Felt& wanted) {
  static const std::array<EntryPoint, 9> entries{{
      {selector("transfer"), "transfer", transfer},
      {selector("approve"), "approve", approve},
      {selector("transfer_from"), "transfer_from", transfer_from},
      {selector("transferFrom"), "transfer_from", transfer_from},
      {selector("balance_of"), "balance_of", balance},
      {selector("balanceOf"), "balance_of", balance},
      {selector("total_supply"), "total_supply", total_supply},
      {selector("totalSupply"), "total_supply", total_supply},
      {selector("initiate_token_withdraw"), "initiate_token_withdraw", initiate_token_withdraw},
  }};
  for (const EntryPoint& entry : entries) {
    if (entry.selector == wanted) return &entry;
  }
  return nullptr;
}

U256 balance_of(StateOverlay& state, const Felt& account) { return read_amount(state, balance_key(account)); }

bool move_tokens(Frame& frame, const Felt& from, const Felt& to, const U256& amount) {
  const U256 had = balance_of(frame.state, from);
  if (had < amount) return false;
  write_amount(frame.state, balance_key(from), had - amount);
  U256 has = balance_of(frame.state, to);
  ASTERISM_CHECK(has.add(amount) == 0, "the total supply bounds every balance");
  write_amount(frame.state, balance_key(to), has);
  emit_transfer(frame, from, to, amount);
  return true;
}

Felt handle_deposit_selector() {
  static const Felt value = selector("handle_deposit");
  return value;
}

Returned handle_deposit(Frame& frame, std::span<const Felt> calldata) {
  if (calldata.size() != 4) return std::unexpected(Revert::kArguments);
  if (calldata[0] != as_felt(frame.rules.bridge)) return std::unexpected(Revert::kNotBridge);
  const auto to = address_and_amount(calldata.subspan(1));
  if (!to) return std::unexpected(to.error());
  if (to->address.is_zero()) return std::unexpected(Revert::kZeroAddress);
  U256 supply = read_amount(frame.state, total_supply_key());
  if (supply.add(to->amount) != 0) return std::unexpected(Revert::kOverflow);
  write_amount(frame.state, total_supply_key(), supply);
  U256 has = balance_of(frame.state, to->address);
  ASTERISM_CHECK(has.add(to->amount) == 0, "the total supply bounds every balance");
  write_amount(frame.state, balance_key(to->address), has);
  emit_transfer(frame, Felt(), to->address, to->amount);
  return nothing();
}

}  // namespace asterism::core::native
