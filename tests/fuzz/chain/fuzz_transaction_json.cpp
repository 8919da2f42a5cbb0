// A wallet's JSON: what is accepted hashes, and what is written back reads as the same transaction. And the texts of
// chain ids and numbers that stand beside it on a command line.
#include "core/base/check.hpp"
#include "core/chain/transaction_hash.hpp"
#include "core/chain/transaction_json.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace asterism;

void check_round_trip(const core::Transaction& transaction, const core::Felt& hash, const core::Felt& chain) {
  const auto again = core::parse_transaction(core::transaction_to_json(transaction, chain), chain);
  ASTERISM_CHECK(again && core::transaction_hash(*again, chain) == hash, "our own JSON reads as something else");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  (void)core::parse_chain_id(text);
  (void)core::Felt::from_hex(text);
  (void)core::U256::from_hex(text);
  static const core::Felt chain = core::parse_chain_id("SN_SEPOLIA").value();
  const auto parsed = core::parse_transaction(text, chain);
  if (!parsed) return 0;
  const core::Felt hash = core::transaction_hash(*parsed, chain);
  if (parsed->purpose != core::HashPurpose::kTransaction) return 0;
  std::visit(
      [&]<class T>(const T& transaction) {
        if constexpr (std::is_constructible_v<core::Transaction, T>) check_round_trip(transaction, hash, chain);
      },
      parsed->transaction);
  return 0;
}
