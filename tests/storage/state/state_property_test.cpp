// Random chains: the store, plain maps and the witness agree on every block; pruning leaves exactly what is reachable.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "tests/storage/state/store_chain.hpp"

namespace asterism::storage {
namespace {

using namespace core;
using namespace core::test;
using storage::test::StoreChain;

struct World {
  World() {
    for (std::uint64_t i = 0; i < 6; ++i) accounts.emplace_back(i + 1);
    funded.assign(accounts.begin(), accounts.begin() + 4);
    genesis = make_genesis(funded, strk(5));
  }
  std::vector<TestAccount> accounts, funded;
  Genesis genesis;
};

const World& world() {
  static const World value;
  return value;
}

TestCall random_call() {
  const auto& accounts = world().accounts;
  const Felt to = accounts[*rc::gen::inRange<std::size_t>(0, accounts.size())].address;
  const Felt from = accounts[*rc::gen::inRange<std::size_t>(0, accounts.size())].address;
  // Zero deletes cells, strk(10) is more than anyone has.
  const Uint128 amount = *rc::gen::elementOf(std::vector<Uint128>{0, 1, 1'000, strk(1), strk(10)});
  const Felt low = Felt::from_u128(amount);
  switch (*rc::gen::inRange(0, 7)) {
    case 0:
      return token_call("approve", {to, low, Felt()});
    case 1:
      return token_call("transfer_from", {from, to, low, Felt()});
    case 2:
      return token_call("initiate_token_withdraw", {Felt(0xabc), low, Felt()});
    case 3:
      return {to, selector("get_public_key"), {}};
    case 4:
      return {Felt(0xdead), selector("anything"), {low}};
    default:
      return transfer_call(to, amount);
  }
}

// Some of these are rejected: a wrong nonce, an account that is not deployed.
Transaction random_transaction(const MemoryChain& chain, std::map<Felt, std::uint64_t>& nonces, std::uint64_t& l1) {
  const auto& accounts = world().accounts;
  const TestAccount& from = accounts[*rc::gen::inRange<std::size_t>(0, accounts.size())];
  const int kind = *rc::gen::inRange(0, 10);
  if (kind == 0) {
    const Felt sender = *rc::gen::inRange(0, 3) == 0 ? Felt(1) : as_felt(chain.genesis.bridge);
    return deposit(l1++, sender, from.address, 1'000'000);
  }
  if (kind == 1) return signed_by(from, unsigned_deploy(from), chain.genesis.chain_id);
  if (!nonces.contains(from.address)) nonces[from.address] = chain.nonce(from.address).to_u64().value();
  const std::uint64_t nonce = nonces[from.address] + (*rc::gen::inRange(0, 12) == 0 ? 1 : 0);
  std::vector<TestCall> calls;
  const int count = *rc::gen::inRange(0, 3);
  for (int i = 0; i < count; ++i) calls.push_back(random_call());
  InvokeTransaction tx = unsigned_invoke(from, nonce, calls);
  tx.v3.bounds.l2_gas.max_amount = *rc::gen::elementOf(std::vector<std::uint64_t>{900'000, 3'000'000, 10'000'000});
  if (nonce == nonces[from.address]) ++nonces[from.address];
  return signed_by(from, tx, chain.genesis.chain_id);
}

U256 supply(const MemoryChain& chain) {
  return chain.storage(native::fee_token_address(), native::total_supply_key()).to_u256();
}
U256 sum_of_balances(const MemoryChain& chain) {
  U256 sum = chain.balance(chain.genesis.validators[0].fee_account);
  for (const TestAccount& account : world().accounts) sum = sum + chain.balance(account.address);
  return sum;
}

std::size_t stored_nodes(const MemoryStore& kv) {
  std::size_t count = 0;
  kv.scan("t/n", {}, [&](std::string_view, std::string_view) {
    ++count;
    return true;
  });
  return count;
}

void collect(const StateStore& state, const TrieOwner& owner, const Felt& hash, unsigned height,
             std::set<std::pair<Felt, Felt>>& out) {
  if (height == 0 || hash.is_zero()) return;
  const auto node = state.node(owner, hash);
  ASSERT_TRUE(node.has_value());
  out.emplace(owner.address, hash);
  if (const auto* binary = std::get_if<BinaryNode>(&*node)) {
    collect(state, owner, binary->left, height - 1, out);
    collect(state, owner, binary->right, height - 1, out);
  } else {
    const auto& edge = std::get<EdgeNode>(*node);
    collect(state, owner, edge.child, height - edge.length, out);
  }
}

void expect_same_result(const StoreChain& chain, std::uint64_t start, std::uint64_t end) {
  const Bytes bytes = encode_span_witness(chain.span(start, end));
  const auto decoded = decode_span_witness(bytes);
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(encode_span_witness(*decoded) == bytes);
  const auto result = execute_span(bytes, chain.genesis);
  if (!result) RC_FAIL(std::string(to_string(result.error().error)) + ": " + result.error().text);
  const BlockStore blocks(chain.kv);
  const auto first = blocks.info(BlockNumber(start));
  const auto last = blocks.info(BlockNumber(end));
  RC_ASSERT(result->header.start == (ChainPoint{BlockNumber(start), first->hash, first->header.state_root}));
  RC_ASSERT(result->header.end == (ChainPoint{BlockNumber(end), last->hash, last->header.state_root}));
  MessageSegment messages;
  for (std::uint64_t n = start + 1; n <= end; ++n) {
    const auto info = blocks.info(BlockNumber(n));
    messages.to_l1.insert(messages.to_l1.end(), info->messages.to_l1.begin(), info->messages.to_l1.end());
    messages.to_l2.insert(messages.to_l2.end(), info->messages.to_l2.begin(), info->messages.to_l2.end());
  }
  RC_ASSERT(result->messages == messages);
  RC_ASSERT(result->header.message_hash == message_segment_hash(messages));
}

// Of a block of one transaction that was reverted: its nonce and the two balances of the fee, nothing else.
void expect_only_the_fee(const ExecutedBlock& executed, const Transaction& transaction) {
  const auto* invoke = std::get_if<InvokeTransaction>(&transaction);
  if (invoke == nullptr || executed.receipts[0].status != ExecutionStatus::kReverted) return;
  RC_ASSERT(executed.difference.deployed.empty());
  RC_ASSERT(executed.difference.nonces.size() == 1U);
  RC_ASSERT(executed.difference.nonces.contains(invoke->sender));
  RC_ASSERT(executed.receipts[0].events.size() == 1U);
  const Felt payer = native::balance_key(invoke->sender);
  const Felt paid = native::balance_key(executed.header.sequencer);
  for (const auto& [address, cells] : executed.difference.storage) {
    if (address == native::kBlockHashContract) continue;
    RC_ASSERT(address == native::fee_token_address());
    for (const auto& [key, value] : cells) RC_ASSERT(key == payer || key == paid);
  }
}

RC_GTEST_PROP(StateProperty, StoreMapsAndWitnessAgreeOnRandomChains, ()) {
  MemoryChain maps(world().genesis);
  StateStoreOptions options{.history = 3, .cached_nodes = 16, .cached_cells = 4, .cached_contracts = 2};
  StoreChain store(world().genesis, options);
  std::uint64_t l1 = 0;
  const int length = *rc::gen::inRange(1, 14);
  for (int i = 0; i < length; ++i) {
    std::map<Felt, std::uint64_t> nonces;
    std::vector<Transaction> candidates;
    const int count = *rc::gen::inRange(0, 6);
    for (int k = 0; k < count; ++k) candidates.push_back(random_transaction(maps, nonces, l1));
    auto [block, built] = maps.build(candidates);
    const auto executed = store.commit(block);
    if (!executed) RC_FAIL(executed.error().text);
    RC_ASSERT(executed->header == built.header);
    RC_ASSERT(executed->receipts == built.receipts);
    RC_ASSERT(executed->difference == built.difference);
    maps.apply(built);
    if (block.transactions.size() == 1) expect_only_the_fee(*executed, block.transactions[0]);
    RC_ASSERT(sum_of_balances(maps) == supply(maps));
    l1 = maps.storage(native::fee_token_address(), native::next_l1_nonce_key()).to_u64().value();
    if (*rc::gen::inRange(0, 4) == 0) store.reopen();
    const auto number = built.header.number.value;
    expect_same_result(store, number - 1, number);
  }
  const auto end = store.state->head()->number.value;
  const auto start = *rc::gen::inRange<std::uint64_t>(0, end);
  expect_same_result(store, start, end);

  // Exactly the nodes of the versions that are kept are stored.
  std::set<std::pair<Felt, Felt>> reachable;
  for (std::uint64_t n = 0; n <= end; ++n) {
    const auto roots = store.state->roots_at(BlockNumber(n));
    RC_ASSERT(roots.has_value() == (n + options.history > end));
    if (roots) collect(*store.state, TrieOwner{}, roots->contracts, kStateTrieHeight, reachable);
  }
  std::size_t contract_nodes = 0;
  store.kv.scan("t/nc", {}, [&](std::string_view, std::string_view) {
    ++contract_nodes;
    return true;
  });
  RC_ASSERT(contract_nodes == reachable.size());
  RC_ASSERT(stored_nodes(store.kv) > contract_nodes);
  for (const auto& [address, leaf] : maps.map.contracts) {
    RC_ASSERT(store.state->contract(address) == leaf);
    collect(*store.state, {TrieOwner::Kind::kStorage, address}, leaf.storage_root, kStateTrieHeight, reachable);
  }
}

}  // namespace
}  // namespace asterism::storage
