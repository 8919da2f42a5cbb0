// Transactions of any content in one block, those of a known account signed: whatever they do, the block that a
// proposer closes is a block that replicas accept, and no token appears or vanishes.
#include "core/base/check.hpp"
#include "messages/codec.hpp"
#include "tests/core/state/transition_fixture.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace asterism;
using namespace asterism::core;

const std::vector<test::TestAccount>& accounts() {
  static const std::vector<test::TestAccount> all{test::TestAccount(1), test::TestAccount(2), test::TestAccount(3)};
  return all;
}

U256 total(const test::MemoryChain& chain) {
  U256 out;
  for (const auto& account : accounts()) out = out + chain.balance(account.address);
  return out + chain.balance(chain.genesis.validators[0].fee_account);
}

// Signs with the key of the account that it speaks of; another sender is left as it is.
Transaction sign_if_known(Transaction transaction, const Felt& chain_id) {
  if (const auto* invoke = std::get_if<InvokeTransaction>(&transaction)) {
    for (const auto& account : accounts()) {
      if (account.address == invoke->sender) return test::signed_by(account, *invoke, chain_id);
    }
  }
  return transaction;
}

// Calls from a few bytes: the token's entry points by name, any other selector by number.
test::TestCall call(fuzz::Input& input) {
  constexpr std::array<std::string_view, 6> kNames{
      "transfer", "transferFrom", "approve", "initiate_token_withdraw", "balanceOf", "is_valid_signature"};
  const std::uint8_t which = input.byte();
  const Felt name = which < kNames.size() ? selector(kNames[which]) : input.felt();
  const std::uint8_t target = input.byte();
  Felt to = native::fee_token_address();
  if (target < accounts().size()) to = accounts()[target].address;
  if (target == 0xff) to = input.felt();
  std::vector<Felt> data;
  for (unsigned count = input.byte() % 8; count > 0; --count) {
    const std::uint8_t known = input.byte();
    data.push_back(known < accounts().size() ? accounts()[known].address : input.felt());
  }
  return {to, name, std::move(data)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const test::MemoryChain chain(test::make_genesis(accounts(), test::strk(1000)));
  fuzz::Input input(data, size);
  std::vector<Transaction> transactions;
  std::array<std::uint64_t, 3> nonces{};
  while (!input.empty() && transactions.size() < 4) {
    const std::uint8_t how = input.byte();
    if (how >= accounts().size()) {
      const auto decoded = messages::decode_value<Transaction>(input.counted(), 1 << 16);
      if (decoded) transactions.push_back(sign_if_known(*decoded, chain.genesis.chain_id));
      continue;
    }
    std::vector<test::TestCall> calls;
    for (unsigned count = input.byte() % 4; count > 0; --count) calls.push_back(call(input));
    transactions.push_back(test::invoke(accounts()[how], nonces[how]++, calls, chain.genesis.chain_id));
  }
  const auto [block, executed] = chain.build(transactions, chain.parent.timestamp);
  const auto checked = execute_block(chain.input(), block);
  ASTERISM_CHECK(checked, "a replica refuses what a proposer built");
  ASTERISM_CHECK(checked->hash == executed.hash, "a replica computes another block");
  const bool closed = std::ranges::none_of(block.transactions, [](const Transaction& transaction) {
    return std::holds_alternative<L1HandlerTransaction>(transaction);
  });
  if (!closed) return 0;
  test::MemoryChain after = chain;
  after.apply(executed);
  // Tokens may go to an account that total() does not count, or be withdrawn; they never come from nowhere.
  ASTERISM_CHECK(!(total(chain) < total(after)), "tokens came from nowhere");
  return 0;
}
