#include <array>

#include "core/curve/ecdsa.hpp"
#include "core/hash/keccak.hpp"
#include "core/state/native_token.hpp"

namespace asterism::core::native {

namespace {

enum class AccountFunction : std::uint8_t { kGetPublicKey, kIsValidSignature };

// __validate__, __execute__ and the constructor are entry points of transactions only: a call from a contract to them
// finds none.
std::optional<AccountFunction> account_function(const Felt& wanted) {
  static const std::array<std::pair<Felt, AccountFunction>, 4> entries{{
      {selector("get_public_key"), AccountFunction::kGetPublicKey},
      {selector("getPublicKey"), AccountFunction::kGetPublicKey},
      {selector("is_valid_signature"), AccountFunction::kIsValidSignature},
      {selector("isValidSignature"), AccountFunction::kIsValidSignature},
  }};
  for (const auto& [name, function] : entries) {
    if (name == wanted) return function;
  }
  return std::nullopt;
}

Returned run_account(Frame& frame, const Call& call, AccountFunction function, bool wanted) {
  const Felt key = frame.state.storage(call.to, public_key_key());
  if (function == AccountFunction::kGetPublicKey) {
    if (!call.calldata.empty()) return std::unexpected(Revert::kArguments);
    return std::vector<Felt>{key};
  }
  // hash, length, signature..
  if (call.calldata.size() < 2 || call.calldata[1] != Felt(call.calldata.size() - 2)) {
    return std::unexpected(Revert::kArguments);
  }
  if (!wanted) return std::vector<Felt>{};
  const bool fits = signature_fits(key, call.calldata[0], call.calldata.subspan(2));
  return std::vector<Felt>{fits ? short_string("VALID") : Felt()};
}

}  // namespace

std::optional<std::vector<Call>> decode_calls(std::span<const Felt> calldata) {
  constexpr std::size_t kHead = 3;  // to, selector, length
  if (calldata.empty()) return std::nullopt;
  const auto count = calldata[0].to_u64();
  if (!count || *count > (calldata.size() - 1) / kHead) return std::nullopt;
  std::vector<Call> calls;
  calls.reserve(*count);
  std::span<const Felt> rest = calldata.subspan(1);
  for (std::uint64_t i = 0; i < *count; ++i) {
    if (rest.size() < kHead) return std::nullopt;
    const auto length = rest[2].to_u64();
    if (!length || *length > rest.size() - kHead || !is_contract_address(rest[0])) return std::nullopt;
    calls.push_back({rest[0], rest[1], rest.subspan(kHead, *length)});
    rest = rest.subspan(kHead + *length);
  }
  if (!rest.empty()) return std::nullopt;
  return calls;
}

std::string_view gas_name(StateOverlay& state, const Call& call) {
  constexpr std::string_view kUnknown = "unknown_call";
  const Felt class_hash = state.class_hash(call.to);
  if (class_hash == fee_token_class()) {
    const EntryPoint* entry = token_entry_point(call.selector);
    return entry != nullptr ? entry->gas : kUnknown;
  }
  if (class_hash != account_class()) return kUnknown;
  const auto function = account_function(call.selector);
  if (!function) return kUnknown;
  return *function == AccountFunction::kGetPublicKey ? "get_public_key" : "is_valid_signature";
}

Returned run_call(Frame& frame, const Felt& caller, const Call& call, bool wanted) {
  const Felt class_hash = frame.state.class_hash(call.to);
  if (class_hash.is_zero()) return std::unexpected(Revert::kNotDeployed);
  if (class_hash == fee_token_class()) {
    const EntryPoint* entry = token_entry_point(call.selector);
    return entry != nullptr ? entry->run(frame, caller, call.calldata) : std::unexpected(Revert::kNoEntryPoint);
  }
  if (class_hash != account_class()) return std::unexpected(Revert::kNoEntryPoint);
  const auto function = account_function(call.selector);
  return function ? run_account(frame, call, *function, wanted) : std::unexpected(Revert::kNoEntryPoint);
}

std::string_view handler_gas_name(const L1HandlerTransaction& handler) {
  const bool deposit = handler.contract == fee_token_address() && handler.selector == handle_deposit_selector();
  return deposit ? "handle_deposit" : "unknown_call";
}

Returned run_l1_handler(Frame& frame, const L1HandlerTransaction& handler) {
  // What is no address has no place in the state, not even an empty one.
  if (!is_contract_address(handler.contract)) return std::unexpected(Revert::kNotDeployed);
  const Felt class_hash = frame.state.class_hash(handler.contract);
  if (class_hash.is_zero()) return std::unexpected(Revert::kNotDeployed);
  if (class_hash != fee_token_class() || handler.selector != handle_deposit_selector()) {
    return std::unexpected(Revert::kNoEntryPoint);
  }
  return handle_deposit(frame, handler.calldata);
}

bool signature_fits(const Felt& public_key, const Felt& hash, std::span<const Felt> signature) {
  return signature.size() == 2 && verify(public_key, hash, Signature{signature[0], signature[1]});
}

}  // namespace asterism::core::native
