#include "actors/gateway/gateway.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/actors/machine_probe.hpp"

namespace asterism::actors {
namespace {

using messages::SubmitCode;
using test::client;
using test::sent;
using testing::HasSubstr;

constexpr TimerId kTick = 1;

test::Probe<Gateway> make(GatewayOptions options = {}) { return {Gateway(options)}; }

SubmitCode code(const messages::SubmitReply& reply) { return static_cast<SubmitCode>(reply.code); }

// The one answer to a query that was sent to the sequencer or the mempool.
template <class Probe>
std::string ask(Probe& probe, const messages::Query& query, const std::vector<std::string>& answers) {
  auto effects = probe.give(client(1), query);
  for (const auto& answer : answers) {
    if (const auto state = sent<messages::StateQuery>(effects); !state.empty()) {
      effects = probe.give(Sender{}, messages::StateQueryReply{state[0].request, answer});
    } else if (const auto pool = sent<messages::PoolQuery>(effects); !pool.empty()) {
      effects = probe.give(Sender{}, messages::PoolQueryReply{pool[0].request, answer});
    } else {
      return "nobody was asked";
    }
  }
  const auto replies = sent<messages::QueryReply>(effects);
  if (replies.size() != 1 || replies[0].request != query.request) return "no answer";
  return replies[0].json;
}

TEST(Gateway, ATransactionGoesToTheMempoolAndItsAnswerToTheClientWithItsOwnNumber) {
  auto probe = make();
  auto first = probe.give(client(1), messages::SubmitTransaction{77, {}});
  auto second = probe.give(client(2), messages::SubmitTransaction{77, {}});
  const auto to_mempool = sent<messages::AdmitTransaction>(first);
  ASSERT_EQ(to_mempool.size(), 1U);
  const auto other = sent<messages::AdmitTransaction>(second);
  ASSERT_NE(to_mempool[0].request, other[0].request);
  core::Word hash{};
  hash[0] = 9;
  auto answered = probe.give(
      Sender{},
      messages::AdmitReply{other[0].request, hash, static_cast<std::uint8_t>(SubmitCode::kUnderpriced), "why"});
  const auto replies = test::sent_to<ToProcess, messages::SubmitReply>(answered);
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].request, 77U);
  EXPECT_EQ(replies[0].hash, hash);
  EXPECT_EQ(code(replies[0]), SubmitCode::kUnderpriced);
  EXPECT_EQ(replies[0].text, "why");
  EXPECT_EQ(std::get<ToProcess>(std::get<Send>(answered.all()[0]).to).key, client(2).process);
  EXPECT_EQ(probe.machine.in_flight(), 1U);
  // A second answer finds nobody.
  EXPECT_TRUE(
      sent<messages::SubmitReply>(probe.give(Sender{}, messages::AdmitReply{other[0].request, hash, 0, ""})).empty());
}

TEST(Gateway, WhatIsNotAnsweredInTimeIsAnsweredUnavailable) {
  auto probe = make({.timeout = Millis(500)});
  auto submitted = probe.give(client(1), messages::SubmitTransaction{1, {}});
  probe.give(client(1), messages::Query{2, "block", {"1"}});
  probe.wait(Millis(499));
  EXPECT_TRUE(sent<messages::SubmitReply>(probe.expire(kTick)).empty());
  probe.wait(Millis(1));
  auto late = probe.expire(kTick);
  ASSERT_EQ(sent<messages::SubmitReply>(late).size(), 1U);
  EXPECT_EQ(code(sent<messages::SubmitReply>(late)[0]), SubmitCode::kUnavailable);
  ASSERT_EQ(sent<messages::QueryReply>(late).size(), 1U);
  EXPECT_THAT(sent<messages::QueryReply>(late)[0].json, HasSubstr("unavailable"));
  EXPECT_EQ(probe.machine.in_flight(), 0U);
  const auto number = sent<messages::AdmitTransaction>(submitted)[0].request;
  EXPECT_TRUE(sent<messages::SubmitReply>(probe.give(Sender{}, messages::AdmitReply{number, {}, 0, ""})).empty());
}

TEST(Gateway, AFullTableTellsTheClientToTryAgain) {
  auto probe = make({.max_in_flight = 3, .max_in_flight_per_client = 2});
  for (std::uint64_t i = 0; i < 2; ++i) probe.give(client(1), messages::SubmitTransaction{i, {}});
  auto own = probe.give(client(1), messages::SubmitTransaction{2, {}});
  ASSERT_EQ(sent<messages::SubmitReply>(own).size(), 1U);
  EXPECT_EQ(code(sent<messages::SubmitReply>(own)[0]), SubmitCode::kTryAgain);
  EXPECT_TRUE(sent<messages::AdmitTransaction>(own).empty());
  probe.give(client(2), messages::SubmitTransaction{3, {}});
  auto all = probe.give(client(3), messages::SubmitTransaction{4, {}});
  EXPECT_EQ(code(sent<messages::SubmitReply>(all).at(0)), SubmitCode::kTryAgain);
  auto query = probe.give(client(3), messages::Query{5, "heads", {}});
  EXPECT_THAT(sent<messages::QueryReply>(query).at(0).json, HasSubstr("try again"));
}

TEST(Gateway, QueriesGoWhereTheAnswerIs) {
  auto probe = make();
  EXPECT_EQ(ask(probe, {1, "block", {"3"}}, {R"({"number":3})"}), R"({"number":3})");
  EXPECT_EQ(ask(probe, {2, "mempool", {}}, {R"({"transactions":0})"}), R"({"transactions":0})");
  EXPECT_EQ(ask(probe, {3, "transaction", {"0x1"}}, {R"({"block":7})"}), R"({"block":7})");
  EXPECT_EQ(ask(probe, {4, "transaction", {"0x1"}}, {R"({"error":"unknown"})", R"({"status":"RECEIVED"})"}),
            R"({"status":"RECEIVED"})");
  EXPECT_EQ(ask(probe, {5, "receipt", {"0x1"}}, {R"({"error":"unknown"})", R"({"status":"UNKNOWN"})"}),
            R"({"error":"unknown"})");
  EXPECT_EQ(ask(probe, {6, "status", {"0x1"}},
                {R"({"status":"UNKNOWN"})", R"({"status":"COMMITTED"})", R"({"status":"ACCEPTED_ON_L2"})"}),
            R"({"status":"ACCEPTED_ON_L2"})");
  EXPECT_EQ(ask(probe, {7, "account", {"0x1"}}, {R"({"nonce":2})", R"({"queued":3,"next_nonce":5})"}),
            R"({"nonce":2,"queued":3,"next_nonce":5})");
  EXPECT_EQ(ask(probe, {8, "account", {"zz"}}, {R"({"error":"no address"})"}), R"({"error":"no address"})");
  EXPECT_EQ(ask(probe, {9, "transaction", {"0x1"}}, {"not json", "not json either"}), "not json");
  EXPECT_THAT(ask(probe, {10, std::string(5000, 'x'), {}}, {}), HasSubstr("too large"));
  EXPECT_EQ(probe.machine.in_flight(), 0U);
}

TEST(Gateway, HalfAnAnswerIsGivenWhenTheMempoolIsSilent) {
  auto probe = make({.timeout = Millis(500)});
  auto asked = probe.give(client(1), messages::Query{1, "account", {"0x1"}});
  probe.give(Sender{}, messages::StateQueryReply{sent<messages::StateQuery>(asked)[0].request, R"({"nonce":2})"});
  probe.wait(Millis(500));
  EXPECT_EQ(sent<messages::QueryReply>(probe.expire(kTick)).at(0).json, R"({"nonce":2})");
}

TEST(Gateway, HeadsAreAnsweredAtOnceWhenTheyAreKnown) {
  auto probe = make();
  EXPECT_EQ(ask(probe, {1, "heads", {}}, {"from the sequencer"}), "from the sequencer");
  probe.give(Sender{}, messages::Heads{.latest = 5, .unsafe = 5, .safe = 2, .settled = 3});
  probe.give(Sender{}, messages::BlockCommitted{.height = 6});
  EXPECT_THAT(ask(probe, {2, "heads", {}}, {}),
              testing::AllOf(HasSubstr("\"latest\":6"), HasSubstr("\"safe\":2"), HasSubstr("\"settled\":3")));
  Effects effects;
  EXPECT_THAT(probe.machine.inquire({"gateway", {}}, probe.now, effects), HasSubstr("\"requests\":2"));
  EXPECT_THAT(probe.machine.inquire({"nonsense", {}}, probe.now, effects), HasSubstr("\"error\""));
}

}  // namespace
}  // namespace asterism::actors
