// Genesis: one encoding, each fault by name; what attesters sign.
#include "core/chain/genesis.hpp"

#include <gtest/gtest.h>

#include "core/chain/span.hpp"
#include "core/chain/transaction_hash.hpp"
#include "core/hash/keccak.hpp"

namespace asterism::core {
namespace {

Genesis sample() {
  Genesis out;
  out.chain_id = short_string("TEST");
  out.l1_chain_id = 31337;
  out.core_contract.bytes.fill(1);
  out.bridge.bytes.fill(2);
  out.time = 1700000000;
  for (std::uint8_t i = 0; i < 2; ++i) {
    GenesisValidator validator{
        .name = "v" + std::to_string(i), .weight = 1, .consensus_key = {}, .fee_account = Felt(7), .processes = {}};
    validator.consensus_key.bytes.fill(static_cast<std::uint8_t>(10 + i));
    GenesisProcess process{
        .name = "node", .link_key = {}, .roles = {Role::kGateway, Role::kAdmin}, .addresses = {"127.0.0.1:1"}};
    process.link_key.bytes.fill(static_cast<std::uint8_t>(20 + i));
    validator.processes.push_back(process);
    out.validators.push_back(validator);
  }
  out.admins.resize(1);
  out.admins[0].bytes.fill(30);
  out.operator_address.bytes.fill(3);
  out.submitter_address.bytes.fill(4);
  out.accounts = {{.public_key = Felt(5), .salt = Felt(6), .balance = 1000}};
  out.gas_prices = {.l1 = {1, 2}, .l1_data = {3, 4}, .l2 = {5, 6}};
  out.gas_table = {{.call = "transfer", .gas = {.l1 = 0, .l1_data = 128, .l2 = 40000}}};
  return out;
}

std::string changed(std::string_view from, std::string_view to) {
  std::string json = encode_genesis(sample());
  const auto at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return json.replace(at, from.size(), to);
}

TEST(Genesis, HasOneEncoding) {
  const std::string json = encode_genesis(sample());
  EXPECT_TRUE(json.starts_with("{\"chain_id\":\"0x54455354\",\"l1_chain_id\":\"31337\",\"core_contract\":\"0x0101"));
  EXPECT_EQ(json.find(' '), std::string::npos);
  const auto decoded = decode_genesis(json);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().where;
  EXPECT_EQ(encode_genesis(*decoded), json);
  EXPECT_EQ(genesis_hash(*decoded), keccak256(as_bytes(json)));
}

TEST(Genesis, RefusesByName) {
  const auto error = [](const std::string& json) { return decode_genesis(json).error().error; };
  EXPECT_EQ(error("nonsense"), GenesisError::kNotJson);
  EXPECT_EQ(error(std::string((4 << 20) + 1, ' ')), GenesisError::kNotJson);
  EXPECT_EQ(error(changed("{\"chain_id\"", "{\"chain_id\":\"0x1\",\"chain_id\"")), GenesisError::kNotJson);
  EXPECT_EQ(error(changed("\"time\"", "\"tyme\"")), GenesisError::kWrongField);
  EXPECT_EQ(error(changed("\"1700000000\"", "1700000000")), GenesisError::kWrongField);
  EXPECT_EQ(error(changed("{\"chain_id\"", "{\"new\":\"1\",\"chain_id\"")), GenesisError::kWrongField);
  EXPECT_EQ(error(changed("\"31337\"", "\"18446744073709551616\"")), GenesisError::kOutOfRange);
  EXPECT_EQ(error(changed("\"31337\"", "\"031337\"")), GenesisError::kOutOfRange);
  EXPECT_EQ(error(changed("\"gateway\"", "\"gatekeeper\"")), GenesisError::kOutOfRange);
  EXPECT_EQ(error(changed("\"CALLDATA\"", "\"PIGEON\"")), GenesisError::kOutOfRange);
  EXPECT_EQ(error(changed("0x54455354", "0x054455354")), GenesisError::kNotCanonical);
  EXPECT_EQ(error(encode_genesis(sample()) + "\n"), GenesisError::kNotCanonical);
  EXPECT_EQ(error(changed("{\"chain_id\"", "{ \"chain_id\"")), GenesisError::kNotCanonical);
}

TEST(Genesis, RefusesWhatIsInconsistent) {
  const auto inconsistent = [](auto change) {
    Genesis genesis = sample();
    change(genesis);
    const auto decoded = decode_genesis(encode_genesis(genesis));
    return !decoded && decoded.error().error == GenesisError::kInconsistent;
  };
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.validators.clear(); }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.validators[0].weight = 0; }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.validators[0].weight = UINT64_MAX / 3; }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.validators[1].consensus_key = g.validators[0].consensus_key; }));
  EXPECT_TRUE(inconsistent(
      [](Genesis& g) { g.validators[1].consensus_key.bytes = g.validators[0].processes[0].link_key.bytes; }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.validators[1].name = g.validators[0].name; }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.validators[1].processes.clear(); }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.validators[0].processes[0].roles.push_back(Role::kWorker); }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.coordinator = 2; }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.settlement.attestation_threshold = 0; }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.settlement.kinds.clear(); }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.limits.block_transactions = 0; }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.accounts.push_back(g.accounts[0]); }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.bridge = g.core_contract; }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.gas_table.push_back(g.gas_table[0]); }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.operator_address = {}; }));
  EXPECT_TRUE(inconsistent([](Genesis& g) { g.chain_id = Felt(); }));
}

TEST(Genesis, ConfigurationHashCoversPolicyLimitsAndGasOnly) {
  const Word hash = configuration_hash(sample());
  Genesis other = sample();
  other.time += 1;
  EXPECT_EQ(configuration_hash(other), hash);
  other = sample();
  other.settlement.attestation_threshold += 1;
  EXPECT_NE(configuration_hash(other), hash);
  other = sample();
  other.limits.span_seconds += 1;
  EXPECT_NE(configuration_hash(other), hash);
  other = sample();
  other.gas_table[0].gas.l2 += 1;
  EXPECT_NE(configuration_hash(other), hash);
}

TEST(Span, DigestBindsEveryField) {
  AttestationDomain domain{.genesis_hash = {}, .l1_chain_id = 1, .core_contract = {}, .configuration_hash = {}};
  SpanHeader header{.start = {BlockNumber(1), Felt(2), Felt(3)},
                    .end = {BlockNumber(4), Felt(5), Felt(6)},
                    .message_hash = {},
                    .kind = {}};
  std::set<Word> digests{attestation_digest(domain, header)};
  const auto differs = [&] { return digests.insert(attestation_digest(domain, header)).second; };
  domain.genesis_hash[0] = 1;
  EXPECT_TRUE(differs());
  domain.l1_chain_id = 2;
  EXPECT_TRUE(differs());
  domain.core_contract.bytes[19] = 1;
  EXPECT_TRUE(differs());
  domain.configuration_hash[31] = 1;
  EXPECT_TRUE(differs());
  for (ChainPoint* point : {&header.start, &header.end}) {
    point->number = point->number.next();
    EXPECT_TRUE(differs());
    point->hash += Felt::one();
    EXPECT_TRUE(differs());
    point->root += Felt::one();
    EXPECT_TRUE(differs());
  }
  header.message_hash[0] = 1;
  EXPECT_TRUE(differs());
  header.kind = ProofKind::kStark;
  EXPECT_TRUE(differs());
}

TEST(Span, SegmentWordsBeginWithTheirLength) {
  MessageSegment messages;
  EXPECT_EQ(message_segment_words(messages).size(), 2U);
  messages.to_l1 = {{.from = Felt(1), .to = Felt(2), .payload = {Felt(3)}}};
  messages.to_l2 = {{.from = {}, .to = Felt(2), .nonce = Felt(9), .selector = Felt(4), .payload = {Felt(5), Felt(6)}}};
  const auto words = message_segment_words(messages);
  ASSERT_EQ(words.size(), 1U + 4 + 1 + 7);
  EXPECT_EQ(words[0][31], 4);
  EXPECT_EQ(words[3][31], 1);
  EXPECT_EQ(words[5][31], 7);
  EXPECT_EQ(words[8][31], 9);
}

}  // namespace
}  // namespace asterism::core
