// A small chain in memory for tests of execution: accounts with known keys, a state that applies blocks, and ways to
// make signed transactions.
#pragma once
#include <array>

#include "core/chain/block_hash.hpp"
#include "core/chain/transaction_hash.hpp"
#include "core/curve/ecdsa.hpp"
#include "core/hash/keccak.hpp"
#include "core/state/native.hpp"
#include "core/state/transition_block.hpp"

namespace asterism::core::test {

struct TestAccount {
  Felt private_key, public_key, address;
  explicit TestAccount(std::uint64_t seed)
      : private_key(seed + 1000),
        public_key(core::public_key(private_key).x),
        address(native::account_address(public_key, Felt(seed))),
        salt(seed) {}
  Felt salt;
};

inline Uint128 strk(std::uint64_t amount) { return static_cast<Uint128>(amount) * 1'000'000'000'000'000'000ULL; }

inline Genesis make_genesis(const std::vector<TestAccount>& accounts, Uint128 balance) {
  Genesis genesis;
  genesis.chain_id = short_string("ASTERISM_TEST");
  genesis.l1_chain_id = 31337;
  genesis.bridge.bytes.fill(0xb1);
  genesis.core_contract.bytes.fill(0xc0);
  genesis.time = 1'700'000'000;
  GenesisValidator validator;
  validator.name = "v0";
  validator.fee_account = Felt(0x5e9);
  genesis.validators.push_back(validator);
  for (const TestAccount& account : accounts) genesis.accounts.push_back({account.public_key, account.salt, balance});
  genesis.gas_prices = {{1, 1'000'000'000}, {1, 1'000}, {1, 8'000'000'000}};
  genesis.gas_table = default_gas_table();
  return genesis;
}

inline V3Fields fields_of(std::uint64_t nonce) {
  V3Fields v3;
  v3.nonce = Felt(nonce);
  v3.bounds.l1_gas = {30'000, 2'000'000'000};
  v3.bounds.l2_gas = {10'000'000, 9'000'000'000};
  v3.bounds.l1_data_gas = ResourceBounds{4'000, 2'000};
  return v3;
}

struct TestCall {
  Felt to, selector;
  std::vector<Felt> calldata;
};

inline std::vector<Felt> encode_calls(const std::vector<TestCall>& calls) {
  std::vector<Felt> out{Felt(calls.size())};
  for (const TestCall& call : calls) {
    out.insert(out.end(), {call.to, call.selector, Felt(call.calldata.size())});
    out.insert(out.end(), call.calldata.begin(), call.calldata.end());
  }
  return out;
}

inline TestCall token_call(std::string_view name, std::vector<Felt> calldata) {
  return {native::fee_token_address(), selector(name), std::move(calldata)};
}
inline TestCall transfer_call(const Felt& to, Uint128 amount) {
  return token_call("transfer", {to, Felt::from_u128(amount), Felt()});
}

template <class Tx>
Transaction signed_by(const TestAccount& account, Tx transaction, const Felt& chain_id) {
  const Signature signature = sign(account.private_key, transaction_hash(transaction, chain_id));
  transaction.v3.signature = {signature.r, signature.s};
  return transaction;
}

inline InvokeTransaction unsigned_invoke(const TestAccount& account, std::uint64_t nonce,
                                         const std::vector<TestCall>& calls) {
  InvokeTransaction out;
  out.v3 = fields_of(nonce);
  out.sender = account.address;
  out.calldata = encode_calls(calls);
  return out;
}

inline Transaction invoke(const TestAccount& account, std::uint64_t nonce, const std::vector<TestCall>& calls,
                          const Felt& chain_id) {
  return signed_by(account, unsigned_invoke(account, nonce, calls), chain_id);
}

inline DeployAccountTransaction unsigned_deploy(const TestAccount& account) {
  DeployAccountTransaction out;
  out.v3 = fields_of(0);
  out.class_hash = native::account_class();
  out.salt = account.salt;
  out.constructor_calldata = {account.public_key};
  return out;
}

inline L1HandlerTransaction deposit(std::uint64_t nonce, const Felt& from, const Felt& to, Uint128 amount) {
  return {Felt(nonce),
          native::fee_token_address(),
          selector("handle_deposit"),
          {from, to, Felt::from_u128(amount), Felt()}};
}

// State and chain in memory.
class MemoryChain final : public StateView, public StateSource {
 public:
  explicit MemoryChain(const Genesis& g) : genesis(g), rules(g) { apply(genesis_block(g)); }

  Felt nonce(const Felt& address) const override { return leaf(address).nonce; }
  Felt class_hash(const Felt& address) const override { return leaf(address).class_hash; }
  Felt storage(const Felt& address, const Felt& key) const override {
    const auto found = cells.find(address);
    if (found == cells.end()) return Felt();
    const auto cell = found->second.find(key);
    return cell == found->second.end() ? Felt() : cell->second;
  }
  std::optional<TrieNode> node(const TrieOwner& owner, const Felt& hash) const override {
    return map.node(owner, hash);
  }
  std::optional<ContractLeaf> contract(const Felt& address) const override { return leaf(address); }

  U256 balance(const Felt& account) const {
    const Felt key = native::balance_key(account);
    U256 out = storage(native::fee_token_address(), key).to_u256();
    const U256 high = storage(native::fee_token_address(), key + Felt::one()).to_u256();
    out.limb[2] = high.limb[0];
    out.limb[3] = high.limb[1];
    return out;
  }

  Felt tenth() const {
    const std::uint64_t next = parent.number.value + 1;
    return next < 10 ? Felt() : headers[next - 10].second;
  }
  BlockHeader open(std::uint64_t timestamp = 0) const {
    return open_header(rules, parent, genesis.validators[0].fee_account, timestamp);
  }
  BlockExecutor executor(SignatureKnownGood known_good = {}) const {
    return BlockExecutor(*this, rules.execution, context_of(rules, open(), tenth()), std::move(known_good));
  }
  // What a proposer does: takes what is not rejected.
  std::pair<Block, ExecutedBlock> build(const std::vector<Transaction>& candidates, std::uint64_t timestamp = 0) const {
    BlockExecutor executing = executor();
    Block block;
    for (const Transaction& candidate : candidates) {
      if (executing.execute(candidate)) block.transactions.push_back(candidate);
    }
    auto closed = close_block(open(timestamp), block.transactions, executing, *this, parent.roots);
    block.header = closed.value().header;
    return {std::move(block), std::move(*closed)};
  }
  BlockInput input() const { return {*this, *this, rules, parent, tenth(), {}}; }

  void apply(const ExecutedBlock& executed) {
    for (const TrieDelta& trie : executed.change.tries) {
      for (const HashedNode& added : trie.added) map.nodes[trie.owner][added.hash] = added.node;
    }
    for (const auto& [address, after] : executed.change.contracts) map.contracts[address] = after;
    for (const auto& [address, changed] : executed.difference.storage) {
      for (const auto& [key, value] : changed) cells[address][key] = value;
    }
    headers.emplace_back(executed.header, executed.hash);
    parent = {executed.header.number, executed.hash, executed.header.timestamp, executed.change.roots};
  }

  Genesis genesis;
  ChainRules rules;
  ParentBlock parent;
  StateMap map;
  std::map<Felt, std::map<Felt, Felt>> cells;
  std::vector<std::pair<BlockHeader, Felt>> headers;

 private:
  ContractLeaf leaf(const Felt& address) const { return map.contract(address).value_or(ContractLeaf{}); }
};

}  // namespace asterism::core::test
