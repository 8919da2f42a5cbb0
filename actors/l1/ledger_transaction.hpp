// Transactions of the embedded ledger: what their senders sign, and their hash.
#pragma once
#include <optional>

#include "core/crypto/secp256k1.hpp"
#include "messages/codec.hpp"
#include "messages/settlement.hpp"

namespace asterism::actors {

inline constexpr std::size_t kMaxLedgerPayload = 8U << 20;

core::Word ledger_digest(std::uint64_t l1_chain_id, const messages::LedgerTransaction& transaction);
core::Word ledger_transaction_hash(std::uint64_t l1_chain_id, const messages::LedgerTransaction& transaction);
// nullopt: the signature is malformed or not canonical.
std::optional<core::EthAddress> ledger_sender(std::uint64_t l1_chain_id,
                                              const messages::LedgerTransaction& transaction);

template <class Payload>
messages::LedgerTransaction sign_ledger_transaction(const core::Secp256k1Secret& secret, std::uint64_t l1_chain_id,
                                                    std::uint64_t nonce, messages::LedgerAction action,
                                                    const Payload& payload) {
  messages::LedgerTransaction out{.action = static_cast<std::uint8_t>(action),
                                  .nonce = nonce,
                                  .payload = messages::encode_value(payload),
                                  .signature = {}};
  out.signature = secret.sign(ledger_digest(l1_chain_id, out));
  return out;
}

}  // namespace asterism::actors
