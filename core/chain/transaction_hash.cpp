#include "core/chain/transaction_hash.hpp"

#include "core/base/check.hpp"
#include "core/hash/keccak.hpp"
#include "core/hash/pedersen.hpp"
#include "core/hash/poseidon.hpp"

namespace asterism::core {
namespace {

Felt version_of(std::uint64_t version, HashPurpose purpose) {
  if (purpose == HashPurpose::kTransaction) return Felt(version);
  return Felt::reduce(U256({version, 0, 1, 0}));
}

// 'name' * 2^192 + max_amount * 2^128 + max_price
Felt resource_word(std::string_view name, const ResourceBounds& bounds) {
  U256 word = U256::from_u128(bounds.max_price);
  word.limb[2] = bounds.max_amount;
  for (const char c : name) word.limb[3] = (word.limb[3] << 8) | static_cast<std::uint8_t>(c);
  return Felt::reduce(word);
}

// Sinks: a hasher of one, or lists that are hashed together.
template <class Sink>
void add_fee(Sink& sink, const V3Fields& v3) {
  sink.add(Felt(v3.tip)).add(resource_word("L1_GAS", v3.bounds.l1_gas));
  sink.add(resource_word("L2_GAS", v3.bounds.l2_gas));
  if (v3.bounds.l1_data_gas) sink.add(resource_word("L1_DATA", *v3.bounds.l1_data_gas));
}

Felt fee_word(const V3Fields& v3) {
  PoseidonHasher hasher;
  add_fee(hasher, v3);
  return hasher.finish();
}

// What all version 3 hashes begin with; version word and fee word come from the caller.
struct Beginning {
  Felt prefix, version, address, fee, chain_id;
};
template <class Sink>
void add_beginning(Sink& sink, const V3Fields& v3, const Beginning& of) {
  sink.add(of.prefix).add(of.version).add(of.address).add(of.fee);
  sink.add(poseidon_many(v3.paymaster_data)).add(of.chain_id).add(v3.nonce);
  const auto nonce_mode = static_cast<std::uint64_t>(v3.nonce_da_mode);
  sink.add(Felt((nonce_mode << 32) + static_cast<std::uint64_t>(v3.fee_da_mode)));
}

PoseidonHasher v3_hasher(const Felt& prefix, const V3Fields& v3, const Felt& address, const Felt& chain_id,
                         HashPurpose purpose) {
  PoseidonHasher hasher;
  add_beginning(hasher, v3, {prefix, version_of(3, purpose), address, fee_word(v3), chain_id});
  return hasher;
}

constexpr Felt kInvoke = short_string("invoke");

template <class Sink>
void add_invoke_end(Sink& sink, const InvokeTransaction& transaction, const Felt& calldata) {
  sink.add(poseidon_many(transaction.account_deployment_data)).add(calldata);
  if (!transaction.proof_facts.empty()) sink.add(poseidon_many(transaction.proof_facts));
}

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

class WordHasher {
 public:
  WordHasher& add(const Felt& value) { return add(value.to_be()); }
  WordHasher& add(const Word& word) {
    hasher_.update(word);
    return *this;
  }
  WordHasher& add(const std::vector<Felt>& payload) {
    add(Felt(payload.size()));
    for (const Felt& value : payload) add(value);
    return *this;
  }
  Word finish() { return hasher_.finish(); }

 private:
  Keccak256 hasher_;
};

}  // namespace

Felt transaction_hash(const InvokeTransaction& transaction, const Felt& chain_id, HashPurpose purpose) {
  auto hasher = v3_hasher(kInvoke, transaction.v3, transaction.sender, chain_id, purpose);
  add_invoke_end(hasher, transaction, poseidon_many(transaction.calldata));
  return hasher.finish();
}

Felt transaction_hash(const DeployAccountTransaction& transaction, const Felt& chain_id, HashPurpose purpose) {
  static constexpr Felt kPrefix = short_string("deploy_account");
  const Felt address =
      contract_address(Felt(), transaction.salt, transaction.class_hash, transaction.constructor_calldata);
  auto hasher = v3_hasher(kPrefix, transaction.v3, address, chain_id, purpose);
  hasher.add(poseidon_many(transaction.constructor_calldata)).add(transaction.class_hash).add(transaction.salt);
  return hasher.finish();
}

Felt transaction_hash(const DeclareTransaction& transaction, const Felt& chain_id, HashPurpose purpose) {
  static constexpr Felt kPrefix = short_string("declare");
  auto hasher = v3_hasher(kPrefix, transaction.v3, transaction.sender, chain_id, purpose);
  hasher.add(poseidon_many(transaction.account_deployment_data)).add(transaction.class_hash);
  return hasher.add(transaction.compiled_class_hash).finish();
}

Felt transaction_hash(const L1HandlerTransaction& transaction, const Felt& chain_id, HashPurpose purpose) {
  static constexpr Felt kPrefix = short_string("l1_handler");
  return pedersen_array(std::array{kPrefix, version_of(0, purpose), transaction.contract, transaction.selector,
                                   pedersen_array(transaction.calldata), Felt(), chain_id, transaction.nonce});
}

Felt transaction_hash(const Transaction& transaction, const Felt& chain_id, HashPurpose purpose) {
  return std::visit([&](const auto& one) { return transaction_hash(one, chain_id, purpose); }, transaction);
}

std::vector<Felt> transaction_hashes(std::span<const Transaction> transactions, const Felt& chain_id) {
  std::vector<Felt> out(transactions.size());
  std::vector<std::size_t> invokes;
  PoseidonLists parts;  // of each INVOKE fee, then calldata
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    const auto* invoke = std::get_if<InvokeTransaction>(&transactions[i]);
    if (invoke == nullptr) {
      out[i] = transaction_hash(transactions[i], chain_id);
      continue;
    }
    invokes.push_back(i);
    add_fee(parts, invoke->v3);
    parts.end();
    parts.add(invoke->calldata).end();
  }
  const std::vector<Felt> hashed = parts.hashes();
  const Felt version = version_of(3, HashPurpose::kTransaction);
  PoseidonLists wholes;
  for (std::size_t k = 0; k < invokes.size(); ++k) {
    const auto& invoke = std::get<InvokeTransaction>(transactions[invokes[k]]);
    add_beginning(wholes, invoke.v3, {kInvoke, version, invoke.sender, hashed[2 * k], chain_id});
    add_invoke_end(wholes, invoke, hashed[2 * k + 1]);
    wholes.end();
  }
  const std::vector<Felt> hashes = wholes.hashes();
  for (std::size_t k = 0; k < invokes.size(); ++k) out[invokes[k]] = hashes[k];
  return out;
}

std::span<const Felt> signature_of(const Transaction& transaction) {
  return std::visit(Overloaded{[](const L1HandlerTransaction&) { return std::span<const Felt>(); },
                               [](const auto& one) { return std::span<const Felt>(one.v3.signature); }},
                    transaction);
}

Felt reduce_address(const Felt& value) {
  static constexpr U256 kBound = (U256(1) << 251) - U256(256);
  U256 number = value.to_u256();
  if (number >= kBound) number.sub(kBound);
  return Felt::reduce(number);
}

Felt contract_address(const Felt& deployer, const Felt& salt, const Felt& class_hash,
                      std::span<const Felt> constructor_calldata) {
  static constexpr Felt kPrefix = short_string("STARKNET_CONTRACT_ADDRESS");
  return reduce_address(
      pedersen_array(std::array{kPrefix, deployer, salt, class_hash, pedersen_array(constructor_calldata)}));
}

Felt storage_address(std::string_view name, std::span<const Felt> keys) {
  Felt address = starknet_keccak(as_bytes(name));
  for (const Felt& key : keys) address = pedersen(address, key);
  return keys.empty() ? address : reduce_address(address);
}

Word l1_to_l2_message_hash(const L1ToL2Message& message) {
  WordHasher hasher;
  hasher.add(as_word(message.from)).add(message.to).add(message.nonce).add(message.selector).add(message.payload);
  return hasher.finish();
}

Word l2_to_l1_message_hash(const L2ToL1Message& message) {
  return WordHasher().add(message.from).add(message.to).add(message.payload).finish();
}

std::optional<L1ToL2Message> consumed_message(const L1HandlerTransaction& transaction) {
  if (transaction.calldata.empty()) return std::nullopt;
  const auto from = as_eth_address(transaction.calldata.front());
  if (!from) return std::nullopt;
  return L1ToL2Message{.from = *from,
                       .to = transaction.contract,
                       .nonce = transaction.nonce,
                       .selector = transaction.selector,
                       .payload = {transaction.calldata.begin() + 1, transaction.calldata.end()}};
}

L1HandlerTransaction handler_of(const L1ToL2Message& message) {
  L1HandlerTransaction out{.nonce = message.nonce,
                           .contract = message.to,
                           .selector = message.selector,
                           .calldata = {as_felt(message.from)}};
  out.calldata.insert(out.calldata.end(), message.payload.begin(), message.payload.end());
  return out;
}

Word as_word(const EthAddress& address) {
  Word out{};
  std::copy(address.bytes.begin(), address.bytes.end(), out.begin() + 12);
  return out;
}

Felt as_felt(const EthAddress& address) { return Felt::reduce_be(as_word(address)); }

std::optional<EthAddress> as_eth_address(const Felt& value) {
  const U256 number = value.to_u256();
  if (number.bit_length() > 160) return std::nullopt;
  const Word word = number.to_be();
  EthAddress out;
  std::copy(word.begin() + 12, word.end(), out.bytes.begin());
  return out;
}

}  // namespace asterism::core
