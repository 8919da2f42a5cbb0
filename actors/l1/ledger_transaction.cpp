#include "actors/l1/ledger_transaction.hpp"

#include "core/hash/keccak.hpp"

namespace asterism::actors {

core::Word ledger_digest(std::uint64_t l1_chain_id, const messages::LedgerTransaction& transaction) {
  core::ByteWriter out;
  out.text("asterism/ledger/1").u64(l1_chain_id).u8(transaction.action).u64(transaction.nonce);
  return core::keccak256(out.raw(core::keccak256(transaction.payload)).bytes());
}

core::Word ledger_transaction_hash(std::uint64_t l1_chain_id, const messages::LedgerTransaction& transaction) {
  core::ByteWriter out;
  return core::keccak256(out.raw(ledger_digest(l1_chain_id, transaction)).raw(transaction.signature).bytes());
}

std::optional<core::EthAddress> ledger_sender(std::uint64_t l1_chain_id,
                                              const messages::LedgerTransaction& transaction) {
  return core::recover_address(ledger_digest(l1_chain_id, transaction), transaction.signature);
}

}  // namespace asterism::actors
