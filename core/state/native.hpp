// The two native classes of version 1: what a call to them does to the state (protocol.md, "Transactions and
// execution"). The account is OpenZeppelin's as wallets use it, the fee token an ERC-20 in the form of STRK, with the
// bridge's deposit and withdrawal in it.
// Invariants: a call that returns a Revert may have written already; its caller takes the writes back. The sum of all
// balances is the total supply.
#pragma once
#include <expected>
#include <span>
#include <string_view>
#include <vector>

#include "core/state/state_view_overlay.hpp"

namespace asterism::core::native {

// Why a transaction was reverted. The texts are hashed into receipts: frozen.
enum class Revert : std::uint8_t {
  kNotDeployed = 1,
  kNoEntryPoint = 2,
  kArguments = 3,
  kBalance = 4,
  kAllowance = 5,
  kZeroAddress = 6,
  kOverflow = 7,
  kZeroWithdrawal = 8,
  kL1Recipient = 9,
  kNotBridge = 10,
  kMaxL1Gas = 11,
  kMaxL1DataGas = 12,
  kMaxL2Gas = 13,
  kFeeBalance = 14,
};
std::string_view to_string(Revert reason);

using Returned = std::expected<std::vector<Felt>, Revert>;

// What a call acts on.
struct Frame {
  StateOverlay& state;
  const ExecutionRules& rules;
  std::vector<Event>& events;
  std::vector<L2ToL1Message>& messages;
};

struct Call {
  Felt to, selector;
  std::span<const Felt> calldata;
};

// [n, (to, selector, length, calldata..)..] with nothing behind it; nullopt for anything else.
std::optional<std::vector<Call>> decode_calls(std::span<const Felt> calldata);

// The gas table's name of what a call would run; "unknown_call" for what no native class has.
std::string_view gas_name(StateOverlay& state, const Call& call);

// Runs one call of `caller`. The answer of is_valid_signature is computed only when `wanted`: inside __execute__ no
// one sees it.
Returned run_call(Frame& frame, const Felt& caller, const Call& call, bool wanted);

// The handler of a message from L1; `from` is the sender on L1.
Returned run_l1_handler(Frame& frame, const L1HandlerTransaction& handler);
// As for gas_name.
std::string_view handler_gas_name(const L1HandlerTransaction& handler);

// Moves tokens and emits Transfer; false when `from` has too little.
bool move_tokens(Frame& frame, const Felt& from, const Felt& to, const U256& amount);
U256 balance_of(StateOverlay& state, const Felt& account);

// Whether `signature` is [r, s] of the STARK key over the hash.
bool signature_fits(const Felt& public_key, const Felt& hash, std::span<const Felt> signature);

// Below 2^251: what can be a key of the contracts trie.
inline bool is_contract_address(const Felt& value) { return value.to_u256().bit_length() <= 251; }

inline constexpr Felt kBlockHashContract = Felt::literal("0x1");

}  // namespace asterism::core::native
