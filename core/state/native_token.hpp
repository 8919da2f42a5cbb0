// The fee token's entry points.
#pragma once
#include "core/state/native.hpp"

namespace asterism::core::native {

struct EntryPoint {
  Felt selector;
  std::string_view gas;  // name in the gas table
  Returned (*run)(Frame&, const Felt& caller, std::span<const Felt> calldata);
};

// nullptr for a selector that the token does not have.
const EntryPoint* token_entry_point(const Felt& selector);

// handle_deposit: `calldata` is [from, recipient, low, high].
Returned handle_deposit(Frame& frame, std::span<const Felt> calldata);
Felt handle_deposit_selector();

Felt allowance_key(const Felt& owner, const Felt& spender);

}  // namespace asterism::core::native
