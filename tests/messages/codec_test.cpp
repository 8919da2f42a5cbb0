// Every kind there and back, one encoding only, and no bytes from outside that do harm.
#include "messages/codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "tests/paths.hpp"

namespace asterism::messages {
namespace {

using core::Bytes;

// Mutations of real encodings reach deeper than random bytes.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}
  Bytes mutate(Bytes bytes) {
    const std::size_t times = 1 + random_() % 4;
    for (std::size_t i = 0; i < times && !bytes.empty(); ++i) {
      const std::size_t at = random_() % bytes.size();
      switch (random_() % 4) {
        case 0:
          bytes[at] = static_cast<std::uint8_t>(random_());
          break;
        case 1:
          bytes[at] ^= static_cast<std::uint8_t>(1U << (random_() % 8));
          break;
        case 2:
          bytes.resize(at);
          break;
        default:
          bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::uint8_t>(random_()));
      }
    }
    return bytes;
  }
  Bytes random_bytes(std::size_t most) {
    Bytes out(random_() % (most + 1));
    for (auto& byte : out) byte = static_cast<std::uint8_t>(random_());
    return out;
  }

 private:
  std::mt19937_64 random_;
};

core::Transaction invoke() {
  core::InvokeTransaction out;
  out.v3.nonce = core::Felt(3);
  out.v3.tip = 1ULL << 40;
  out.v3.bounds.l1_data_gas = core::ResourceBounds{7, ~core::Uint128{0}};
  out.v3.signature = {core::Felt(1), -core::Felt(1)};
  out.calldata = {core::Felt(9), core::Felt(8)};
  return out;
}

core::Block block() {
  core::Block out;
  out.header.number = core::BlockNumber(300);
  out.header.gas_prices.l2.fri = ~core::Uint128{0};
  out.transactions = {invoke(), core::DeployAccountTransaction{}, core::L1HandlerTransaction{}};
  return out;
}

// Each kind at its defaults, and the ones with depth filled.
std::vector<Message> samples() {
  std::vector<Message> out;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (out.emplace_back(std::in_place_index<I>), ...);
  }(std::make_index_sequence<std::variant_size_v<Message>>{});
  core::Certificate certificate{core::BlockNumber(300), core::Round(2), {}, {}};
  for (std::uint16_t i = 0; i < 3; ++i) certificate.signatures.push_back({core::ValidatorIndex(i), {}});
  out.emplace_back(Proposal{{core::BlockNumber(300), core::Round(2), 1, {}, core::ValidatorIndex(3), {}}, block()});
  out.emplace_back(CatchUpReply{{{block(), certificate}, {block(), certificate}}});
  out.emplace_back(SubmitTransaction{1, invoke()});
  core::AttestedSpan span;
  span.messages.to_l2 = {{{}, core::Felt(1), core::Felt(2), core::Felt(3), {core::Felt(4)}}};
  span.signatures.resize(2);
  out.emplace_back(SettleSpans{{span, span}});
  out.emplace_back(LedgerBlocksReply{1, 2, 3, {{4, {}, {}, 5, {LedgerEvent{}, LedgerEvent{}}}}});
  out.emplace_back(BlockCommitted{7, {}, {}, 1, 2, {core::Word{}, core::Word{}}, {{core::Felt(1), core::Felt(2)}}});
  return out;
}

TEST(Codec, EveryKindRoundTripsWithinItsCap) {
  for (const auto& message : samples()) {
    const auto bytes = encode_with_kind(message);
    EXPECT_LE(bytes.size() - 1, kind_of(message).cap) << kind_of(message).name;
    const auto back = decode_with_kind(bytes);
    ASSERT_TRUE(back.has_value()) << kind_of(message).name << ": " << to_string(back.error());
    EXPECT_EQ((*back)->index(), message.index());
    EXPECT_EQ(encode_with_kind(**back), bytes);
  }
}

TEST(Codec, WhateverIsAcceptedEncodesBackToTheSameBytes) {
  const std::uint64_t seed = 20261121;
  Mutator mutator(seed);
  const auto all = samples();
  std::size_t accepted = 0, refused = 0;
  for (int round = 0; round < 300; ++round) {
    for (const auto& message : all) {
      const auto bytes = mutator.mutate(encode_with_kind(message));
      const auto decoded = decode_with_kind(bytes);
      (decoded ? accepted : refused) += 1;
      if (decoded) {
        ASSERT_EQ(encode_with_kind(**decoded), bytes) << "seed " << seed;
      }
    }
    for (const auto& kind : all_kinds()) {
      const auto bytes = mutator.random_bytes(64);
      const auto decoded = decode(kind.number, bytes);
      if (decoded) {
        ASSERT_EQ(encode(**decoded), bytes) << "seed " << seed;
      }
    }
  }
  EXPECT_GT(accepted, 100U);
  EXPECT_GT(refused, 1000U);
}

TEST(Codec, EachErrorHasItsCause) {
  const auto error = [](std::uint8_t kind, const Bytes& bytes) {
    const auto decoded = decode(kind, bytes);
    return decoded ? CodecError{} : decoded.error();
  };
  const std::uint8_t ping = kind_of_type<Ping>().number, query = kind_of_type<Query>().number;
  EXPECT_EQ(error(255, {0x91, 0x01}), CodecError::kUnknownKind);
  EXPECT_EQ(error(0, {}), CodecError::kUnknownKind);
  EXPECT_EQ(error(ping, Bytes(17, 0)), CodecError::kTooLarge);
  EXPECT_EQ(error(ping, {}), CodecError::kMalformed);
  EXPECT_EQ(error(ping, {0x91, 0x01, 0x01}), CodecError::kMalformed);               // something after it
  EXPECT_EQ(error(ping, {0x91}), CodecError::kMalformed);                           // cut
  EXPECT_EQ(error(ping, {0x91, 0xca, 0, 0, 0, 0}), CodecError::kMalformed);         // a float
  EXPECT_EQ(error(query, {0xdd, 0xff, 0xff, 0xff, 0xff}), CodecError::kMalformed);  // 4 billion fields announced
  EXPECT_EQ(error(query, {0xc6, 0xff, 0xff, 0xff, 0xff}), CodecError::kMalformed);
  EXPECT_EQ(error(query, Bytes(1000, 0x91)), CodecError::kMalformed);  // deep nesting
  EXPECT_EQ(error(ping, {0xa1, 'x'}), CodecError::kWrongShape);
  EXPECT_EQ(error(ping, {0x91, 0xff}), CodecError::kWrongShape);          // -1
  EXPECT_EQ(error(ping, {0x91, 0xcc, 0x01}), CodecError::kNotCanonical);  // 1 in two bytes
  EXPECT_EQ(error(ping, {0x90}), CodecError::kNotCanonical);              // a field short
  EXPECT_EQ(error(ping, {0x92, 0x01, 0x02}), CodecError::kNotCanonical);  // a field too many
  EXPECT_EQ(error(ping, {0xdc, 0x00, 0x01, 0x01}), CodecError::kNotCanonical);
}

TEST(Codec, TextsOfMessagesAreUtf8) {
  const auto decoded = [](std::string text) { return decode_with_kind(encode_with_kind(Query{1, "tx", {text}})); };
  EXPECT_TRUE(decoded("gr\xc3\xbc\xc3\x9f dich"));
  EXPECT_TRUE(decoded(std::string(300, 'a')));
  for (const std::string broken : {"\xff", "\xc3", "\xed\xa0\x80"}) {
    EXPECT_EQ(decoded(broken).error(), CodecError::kWrongShape);
    EXPECT_EQ(decoded(std::string(400, 'a') + broken).error(), CodecError::kWrongShape);
    // A stored value may hold bytes in a string: the ledger's undo data does.
    EXPECT_TRUE(decode_value<Query>(encode_value(Query{1, "tx", {broken}}), 1024));
  }
}

TEST(Codec, ValuesOutOfRangeAreRefused) {
  const auto refused = [](const auto& value, auto change) {
    Bytes bytes = encode_value(value);
    change(bytes);
    return !decode_value<std::decay_t<decltype(value)>>(bytes, 1 << 20).has_value();
  };
  EXPECT_TRUE(refused(core::Felt(1), [](Bytes& b) { b[2] = 0xff; }));  // not below p
  EXPECT_TRUE(refused(core::Felt(1), [](Bytes& b) { b[1] = 31, b.pop_back(); }));
  EXPECT_TRUE(refused(core::Uint128{1}, [](Bytes& b) { b[1] = 15, b.pop_back(); }));
  EXPECT_TRUE(refused(core::Word{}, [](Bytes& b) { b = {0xa1, 'x'}; }));  // a short STR for a fixed BIN
  EXPECT_TRUE(refused(core::ProofKind::kStark, [](Bytes& b) { b[0] = 2; }));
  EXPECT_TRUE(refused(invoke(), [](Bytes& b) { b[1] = 3; }));  // no such type
  core::Vote vote;
  vote.type = core::VoteType::kProposal;
  EXPECT_TRUE(refused(vote, [](Bytes&) {}));
  vote.type = core::VoteType::kPrevote;
  EXPECT_FALSE(refused(vote, [](Bytes&) {}));
  vote.round = core::Round(1U << 31);
  EXPECT_TRUE(refused(vote, [](Bytes&) {}));
  core::ProposalHeader header;
  header.valid_round = 0;  // not below the round
  EXPECT_TRUE(refused(header, [](Bytes&) {}));
  core::Certificate certificate;
  certificate.signatures = {{core::ValidatorIndex(1), {}}, {core::ValidatorIndex(1), {}}};
  EXPECT_TRUE(refused(certificate, [](Bytes&) {}));
  core::InvokeTransaction large;
  large.calldata.resize(core::kMaxCalldata + 1);
  EXPECT_TRUE(refused(core::Transaction(large), [](Bytes&) {}));
  large.calldata.resize(core::kMaxCalldata);
  EXPECT_FALSE(refused(core::Transaction(large), [](Bytes&) {}));
}

TEST(Table, NumbersAreFrozen) {
  EXPECT_EQ(kind_of_type<VoteMessage>().number, 1);
  EXPECT_EQ(kind_of_type<SubmitTransaction>().number, 20);
  EXPECT_EQ(kind_of_type<WitnessRequest>().number, 40);
  EXPECT_EQ(kind_of_type<LedgerSubmit>().number, 60);
  EXPECT_EQ(kind_of_type<SignedCommand>().number, 80);
  EXPECT_EQ(kind_of_type<Ping>().number, 100);
  EXPECT_TRUE(kind_of_type<BlockCommitted>().goes_to(core::Role::kMempool));
  EXPECT_FALSE(kind_of_type<VoteMessage>().may_come_from(kFromWorker));
  EXPECT_EQ(find_kind(0), nullptr);
  for (const auto& kind : all_kinds()) {
    EXPECT_NE(kind.receivers, 0) << kind.name;
    EXPECT_NE(kind.senders, 0) << kind.name;
    EXPECT_THAT(table_markdown(), testing::HasSubstr("| " + std::string(kind.name) + " |"));
  }
}

TEST(Table, ReadmeShowsItAsItIs) {
  std::ifstream in(tests::source_folder() / "README.md");
  const std::string readme{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(readme.find("\n" + table_markdown() + "\n"), std::string::npos)
      << "put the output of `asterism version --messages` into README:\n"
      << table_markdown();
}

}  // namespace
}  // namespace asterism::messages
