// Transaction hashes, addresses, selectors, messages and fees of the vectors, and the refusals of the wallet JSON.
#include "core/curve/ecdsa.hpp"
#include "core/hash/keccak.hpp"
#include "core/hash/pedersen.hpp"
#include "core/hash/poseidon.hpp"
#include "tests/core/chain/feeder.hpp"

namespace asterism::core {
namespace {

TEST(TransactionVectors, EveryTypeAndVersion) {
  const auto file = tests::load_vectors("starknet-chain/transaction-hashes.json");
  if (!file) GTEST_SKIP();
  int cases = 0;
  for (const auto& entry : (*file)["transactions"]) {
    const Felt chain_id = short_string(entry["chain_id"].get<std::string>());
    json transaction = entry["transaction"];
    EXPECT_EQ(hash_of(transaction, chain_id), felt(entry["hash"])) << entry["origin"];
    if (entry.contains("query_hash")) {
      EXPECT_EQ(hash_of(transaction, chain_id, HashPurpose::kQuery), felt(entry["query_hash"])) << entry["origin"];
    }
    ++cases;
  }
  EXPECT_EQ(cases, 11);
}

ResourceBoundsSet bounds_of(const json& b) {
  const auto one = [](const json& r) {
    return ResourceBounds{felt(r["max_amount"]).to_u64().value(), u128(r["max_price_per_unit"])};
  };
  return {one(b["l1_gas"]), one(b["l2_gas"]), one(b["l1_data_gas"])};
}

TEST(TransactionVectors, StarknetJs) {
  const auto file = tests::load_vectors("starknet-js/vectors.json");
  if (!file) GTEST_SKIP();
  int cases = 0;
  for (const auto& entry : (*file)["invoke_v3"]) {
    InvokeTransaction transaction;
    transaction.v3.nonce = felt(entry["nonce"]);
    transaction.v3.tip = felt(entry["tip"]).to_u64().value();
    transaction.v3.bounds = bounds_of(entry["resource_bounds"]);
    transaction.sender = felt(entry["sender_address"]);
    transaction.calldata = felts(entry["calldata"]);
    const Felt hash = transaction_hash(transaction, felt(entry["chain_id"]));
    EXPECT_EQ(hash, felt(entry["transaction_hash"]));
    EXPECT_TRUE(verify(felt(entry["public_key_x"]), hash, {felt(entry["signature"][0]), felt(entry["signature"][1])}));
    const auto reread =
        parse_transaction(transaction_to_json(transaction, felt(entry["chain_id"])), felt(entry["chain_id"]));
    ASSERT_TRUE(reread.has_value());
    EXPECT_EQ(std::get<InvokeTransaction>(reread->transaction), transaction);
    ++cases;
  }
  for (const auto& entry : (*file)["deploy_account_v3"]) {
    DeployAccountTransaction transaction;
    transaction.v3.nonce = felt(entry["nonce"]);
    transaction.v3.tip = felt(entry["tip"]).to_u64().value();
    transaction.v3.bounds = bounds_of(entry["resource_bounds"]);
    transaction.class_hash = felt(entry["class_hash"]);
    transaction.salt = felt(entry["salt"]);
    transaction.constructor_calldata = felts(entry["constructor_calldata"]);
    EXPECT_EQ(transaction_hash(transaction, felt(entry["chain_id"])), felt(entry["transaction_hash"]));
    EXPECT_EQ(contract_address(Felt(), transaction.salt, transaction.class_hash, transaction.constructor_calldata),
              felt(entry["contract_address"]));
    const auto reread =
        parse_transaction(transaction_to_json(transaction, felt(entry["chain_id"])), felt(entry["chain_id"]));
    ASSERT_TRUE(reread.has_value());
    EXPECT_EQ(std::get<DeployAccountTransaction>(reread->transaction), transaction);
    ++cases;
  }
  for (const auto& entry : (*file)["account_address"]) {
    EXPECT_EQ(contract_address(felt(entry["deployer"]), felt(entry["salt"]), felt(entry["class_hash"]),
                               felts(entry["constructor_calldata"])),
              felt(entry["address"]));
    ++cases;
  }
  for (const auto& entry : (*file)["selectors"]) {
    EXPECT_EQ(selector(entry["name"].get<std::string>()), felt(entry["selector"]));
    ++cases;
  }
  std::printf("starknet-js: %d\n", cases);
  EXPECT_EQ(cases, 69);
}

TEST(TransactionVectors, AddressesAndSelectors) {
  const auto file = tests::load_vectors("starknet-chain/addresses.json");
  if (!file) GTEST_SKIP();
  int cases = 0;
  for (const auto& entry : (*file)["storage_variables"]) {
    EXPECT_EQ(storage_address(entry["name"].get<std::string>(), felts(entry["keys"])), felt(entry["address"]));
    ++cases;
  }
  for (const auto& entry : (*file)["contract_addresses"]) {
    EXPECT_EQ(contract_address(felt(entry["deployer"]), felt(entry["salt"]), felt(entry["class_hash"]),
                               felts(entry["constructor_calldata"])),
              felt(entry["address"]));
    ++cases;
  }
  for (const auto& entry : (*file)["selectors"]) {
    EXPECT_EQ(selector(entry["name"].get<std::string>()), felt(entry["selector"]));
    ++cases;
  }
  EXPECT_EQ(cases, 17);
}

TEST(TransactionVectors, Messages) {
  const auto file = tests::load_vectors("starknet-chain/messages.json");
  if (!file) GTEST_SKIP();
  int cases = 0;
  for (const auto& entry : (*file)["l1_to_l2"]) {
    const Felt chain_id = short_string(entry["chain_id"].get<std::string>());
    const auto parsed = parse_transaction(entry["transaction"].dump(), chain_id);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().where;
    EXPECT_EQ(transaction_hash(*parsed, chain_id), felt(entry["transaction_hash"]));
    const auto& handler = std::get<L1HandlerTransaction>(parsed->transaction);
    const auto message = consumed_message(handler);
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(U256::from_be(l1_to_l2_message_hash(*message)).to_hex(), entry["message_hash"].get<std::string>());
    EXPECT_EQ(handler_of(*message), handler);
    ++cases;
  }
  for (const auto& entry : (*file)["l2_to_l1"]) {
    const Word hash = l2_to_l1_message_hash(message_of(entry["message"]));
    EXPECT_EQ(U256::from_be(hash).to_hex(), entry["message_hash"].get<std::string>());
    ++cases;
  }
  EXPECT_EQ(cases, 8);
}

TEST(TransactionHash, TogetherAsOneByOne) {
  const Felt chain = short_string("SN_SEPOLIA");
  std::vector<Transaction> all;
  for (std::uint64_t i = 0; i < 40; ++i) {
    InvokeTransaction invoke{.v3 = {.nonce = Felt(i), .tip = i},
                             .sender = Felt(7 * i + 1),
                             .calldata = std::vector<Felt>(i % 13, Felt(i)),
                             .account_deployment_data = std::vector<Felt>(i % 3, Felt(1)),
                             .proof_facts = std::vector<Felt>(i % 2, Felt(2))};
    if (i % 4 != 0) invoke.v3.bounds.l1_data_gas = ResourceBounds{i, i};
    if (i % 5 == 0) invoke.v3.paymaster_data = {Felt(9)};
    all.push_back(std::move(invoke));
    if (i % 8 == 0) all.push_back(L1HandlerTransaction{Felt(i), Felt(3), Felt(4), {Felt(5)}});
    if (i % 9 == 0) all.push_back(DeployAccountTransaction{.v3 = {.nonce = Felt(i)}, .salt = Felt(i)});
  }
  std::vector<Felt> singly;
  for (const Transaction& one : all) singly.push_back(transaction_hash(one, chain));
  EXPECT_EQ(transaction_hashes(all, chain), singly);
  EXPECT_TRUE(transaction_hashes({}, chain).empty());
}

TEST(TransactionJson, RefusesByName) {
  const Felt chain = short_string("TEST");
  const json good = json::parse(transaction_to_json(
      InvokeTransaction{
          .v3 = {}, .sender = Felt(5), .calldata = {Felt(1)}, .account_deployment_data = {}, .proof_facts = {}},
      chain));
  ASSERT_TRUE(parse_transaction(good.dump(), chain));
  const auto error = [&](const json& value) { return parse_transaction(value.dump(), chain).error().error; };
  using Error = TransactionJsonError;
  EXPECT_EQ(parse_transaction("{", chain).error().error, Error::kNotJson);
  EXPECT_EQ(parse_transaction("{\"type\":\"INVOKE\",\"type\":\"INVOKE\"}", chain).error().error, Error::kNotJson);
  EXPECT_EQ(parse_transaction(std::string(100000, '['), chain).error().error, Error::kNotJson);
  EXPECT_EQ(parse_transaction(std::string(2 << 20, ' ') + good.dump(), chain).error().error, Error::kNotJson);
  EXPECT_EQ(error(json::array()), Error::kWrongField);
  const auto with = [&](const char* key, const json& value) {
    json out = good;
    out[key] = value;
    return out;
  };
  EXPECT_EQ(error(with("version", "0x1")), Error::kUnsupportedVersion);
  EXPECT_EQ(error(with("version", "0x200000000000000000000000000000003")), Error::kUnsupportedVersion);
  EXPECT_EQ(error(with("type", "DEPLOY")), Error::kUnknownType);
  EXPECT_EQ(error(with("surprise", 1)), Error::kWrongField);
  EXPECT_EQ(error(with("calldata", "0x1")), Error::kWrongField);
  EXPECT_EQ(error(with("calldata", json::array({1}))), Error::kOutOfRange);
  EXPECT_EQ(error(with("tip", "0x10000000000000000")), Error::kOutOfRange);
  EXPECT_EQ(error(with("nonce", "0x800000000000011000000000000000000000000000000000000000000000001")),
            Error::kOutOfRange);
  EXPECT_EQ(error(with("nonce_data_availability_mode", 2)), Error::kOutOfRange);
  EXPECT_EQ(error(with("transaction_hash", "0x1")), Error::kHashMismatch);
  EXPECT_EQ(error(with("calldata", json(std::vector<std::string>(kMaxCalldata + 1, "0x1")))), Error::kWrongField);
  json missing = good;
  missing.erase("nonce");
  EXPECT_EQ(error(missing), Error::kWrongField);
}

TEST(TransactionJson, ChainIds) {
  EXPECT_EQ(parse_chain_id("SN_MAIN"), short_string("SN_MAIN"));
  EXPECT_EQ(parse_chain_id("0x534e5f4d41494e"), short_string("SN_MAIN"));
  EXPECT_FALSE(parse_chain_id(""));
  EXPECT_FALSE(parse_chain_id("a b"));
  EXPECT_FALSE(parse_chain_id(std::string(32, 'a')));
  EXPECT_FALSE(parse_chain_id("0x"));
}

}  // namespace
}  // namespace asterism::core
