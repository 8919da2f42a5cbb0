// The sequencer through its messages: two replicas with stores in memory, effects performed here.
#include "actors/sequencer/sequencer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/state/witness.hpp"
#include "storage/memory_store.hpp"
#include "tests/core/state/transition_fixture.hpp"

namespace asterism::actors::sequencer {
namespace {

using namespace core;
using namespace core::test;
using Json = nlohmann::json;

// One replica's sequencer and what it has sent.
struct Replica {
  explicit Replica(const Genesis& g, SequencerSettings s = {}) : genesis(g), settings(std::move(s)) { restart(); }

  void restart() {
    machine.reset();
    machine.emplace(SequencerContext{genesis, ValidatorIndex(0), kv, signatures, settings});
    Effects effects;
    machine->start(now, effects);
    perform(effects);
  }
  template <class M>
  void tell(M message, PeerKind kind = PeerKind::kSelf) {
    Sender from;
    from.kind = kind;
    Effects effects;
    machine->receive({from, messages::make_message(std::move(message))}, now, effects);
    perform(effects);
  }
  void expire() {
    Effects effects;
    machine->expire(kCollectTimer, now, effects);
    perform(effects);
  }
  void perform(Effects& effects) {
    bool persisted = false;
    for (Effect& effect : effects.take()) {
      if (auto* persist = std::get_if<Persist>(&effect)) {
        EXPECT_EQ(persist->sync, Sync::kYes);
        ASSERT_TRUE(kv.write(persist->batch, true));
        persisted = true;
      } else if (auto* send = std::get_if<Send>(&effect)) {
        if (std::holds_alternative<messages::BlockCommitted>(*send->message)) committed_after_persist = persisted;
        sent.push_back(*send);
      } else if (auto* timer = std::get_if<StartTimer>(&effect)) {
        timers.push_back(timer->after);
      } else if (auto* halt = std::get_if<Halt>(&effect)) {
        halted = halt->reason;
      }
    }
  }
  // The last message of a kind, if any was sent since the last call.
  template <class M>
  std::optional<M> last() {
    for (std::size_t i = sent.size(); i-- > 0;) {
      if (const auto* found = std::get_if<M>(sent[i].message.get())) {
        const M out = *found;
        sent.erase(sent.begin() + static_cast<std::ptrdiff_t>(i));
        return out;
      }
    }
    return std::nullopt;
  }
  Json ask(std::string what, std::vector<std::string> arguments = {}) {
    Effects effects;
    return Json::parse(machine->inquire({std::move(what), std::move(arguments)}, now, effects));
  }

  Genesis genesis;
  SequencerSettings settings;
  storage::MemoryStore kv;
  std::shared_ptr<SignatureCache> signatures = std::make_shared<SignatureCache>();
  std::optional<Sequencer> machine;
  Now now{Millis(0), 1'700'000'100'000};
  std::vector<Send> sent;
  std::vector<Millis> timers;
  std::string halted;
  bool committed_after_persist = false;
};

class SequencerTest : public ::testing::Test {
 protected:
  SequencerTest() : alice(1), bob(2), genesis(make_genesis({alice, bob}, strk(100))), a(genesis), b(genesis) {
    a.sent.clear();
    b.sent.clear();
  }
  Transaction transfer(const TestAccount& from, std::uint64_t nonce, const Felt& to) const {
    return invoke(from, nonce, {transfer_call(to, 7)}, genesis.chain_id);
  }
  // Builds at `a` with these transactions, closing because the mempool has no more.
  messages::BlockBuilt build(const std::vector<Transaction>& transactions) {
    const std::uint64_t height = a.machine->head().number.value + 1;
    a.tell(messages::BuildBlock{height, 0, a.now.unix_ms, 1000});
    auto ask = a.last<messages::TakeTransactions>();
    EXPECT_TRUE(ask);
    a.tell(messages::TransactionsTaken{ask->request, transactions});
    for (int i = 0; i < 3; ++i) {
      if (auto built = a.last<messages::BlockBuilt>()) return *built;
      a.now.monotonic += Millis(400);
      a.expire();
      if (ask = a.last<messages::TakeTransactions>(); ask) a.tell(messages::TransactionsTaken{ask->request, {}});
    }
    auto built = a.last<messages::BlockBuilt>();
    EXPECT_TRUE(built);
    return built.value_or(messages::BlockBuilt{});
  }
  messages::BlockChecked check(Replica& at, const messages::BlockBuilt& built, bool fresh = true) {
    at.tell(messages::CheckBlock{built.hash, built.block, fresh, at.now.unix_ms});
    return at.last<messages::BlockChecked>().value();
  }
  static DecidedBlock decide(const messages::BlockBuilt& built) {
    Certificate certificate;
    certificate.height = built.block.header.number;
    certificate.value = built.hash;
    certificate.signatures.push_back({ValidatorIndex(0), {}});
    return {built.block, certificate};
  }
  void commit_everywhere(const messages::BlockBuilt& built) {
    for (Replica* replica : {&a, &b}) replica->tell(messages::CommitBlock{decide(built)});
  }

  TestAccount alice, bob;
  Genesis genesis;
  Replica a, b;
};

TEST_F(SequencerTest, BuildsChecksAndCommitsTheSameOnEveryReplica) {
  const auto built = build({transfer(alice, 0, bob.address), transfer(bob, 0, alice.address)});
  EXPECT_EQ(built.block.transactions.size(), 2U);
  const auto checked = check(b, built);
  EXPECT_TRUE(checked.valid) << checked.reason;
  EXPECT_EQ(checked.hash, built.hash);
  commit_everywhere(built);
  for (Replica* replica : {&a, &b}) {
    const auto committed = replica->last<messages::BlockCommitted>();
    ASSERT_TRUE(committed);
    EXPECT_EQ(committed->height, 1U);
    EXPECT_EQ(committed->hash, built.hash);
    EXPECT_EQ(committed->transactions.size(), 2U);
    ASSERT_EQ(committed->accounts.size(), 2U);
    EXPECT_EQ(committed->accounts[0].nonce, Felt(1));
    EXPECT_GT(committed->witness_bytes, 0U);
    EXPECT_TRUE(replica->committed_after_persist);
  }
  // Every byte on disk is the same.
  std::vector<std::pair<std::string, std::string>> first, second;
  const auto read = [](storage::MemoryStore& kv, auto& out) {
    kv.scan("", {}, [&](std::string_view key, std::string_view value) {
      out.emplace_back(key, value);
      return true;
    });
  };
  read(a.kv, first);
  read(b.kv, second);
  EXPECT_EQ(first, second);
}

TEST_F(SequencerTest, OpensAtTheLastDurableBlock) {
  commit_everywhere(build({transfer(alice, 0, bob.address)}));
  a.sent.clear();
  a.restart();
  EXPECT_EQ(a.machine->head().number, BlockNumber(1));
  EXPECT_EQ(a.last<messages::BlockCommitted>()->height, 1U);
  EXPECT_EQ(a.last<messages::BlockCommitted>(), std::nullopt);
  for (std::uint64_t i = 1; i < 13; ++i) {
    const auto built = build({transfer(alice, i, bob.address)});
    EXPECT_TRUE(check(b, built).valid);
    commit_everywhere(built);
    if (i % 4 == 0) a.restart();
  }
  EXPECT_EQ(a.machine->head().number, BlockNumber(13));
  EXPECT_EQ(a.machine->head().hash, b.machine->head().hash);
  // A power loss takes nothing: every commit was synced.
  b.kv.crash(0);
  b.restart();
  EXPECT_EQ(b.machine->head().number, BlockNumber(13));
}

TEST_F(SequencerTest, AnotherGenesisHaltsIt) {
  a.genesis.time += 1;
  a.restart();
  EXPECT_NE(a.halted.find("another genesis"), std::string::npos);
}

TEST_F(SequencerTest, RejectedTransactionsAreReportedAndLeftOut) {
  const Transaction bad = transfer(alice, 5, bob.address);
  const auto built = build({transfer(alice, 0, bob.address), bad});
  EXPECT_EQ(built.block.transactions.size(), 1U);
  const auto rejected = a.last<messages::TransactionsRejected>();
  ASSERT_TRUE(rejected);
  EXPECT_EQ(rejected->hashes, std::vector<Word>{transaction_hash(bad, genesis.chain_id).to_be()});
  EXPECT_EQ(rejected->reasons, std::vector<std::uint8_t>{static_cast<std::uint8_t>(Rejection::kWrongNonce)});
}

TEST_F(SequencerTest, BlocksCloseWhenFullAtTheDeadlineOrIdle) {
  // Full: answers at once.
  Genesis small = genesis;
  small.limits.block_transactions = 1;
  Replica full(small);
  full.sent.clear();
  full.tell(messages::BuildBlock{1, 0, full.now.unix_ms, 1000});
  auto ask = full.last<messages::TakeTransactions>();
  EXPECT_EQ(ask->max_count, 1U);
  EXPECT_EQ(ask->wait_ms, 1000U);
  full.tell(messages::TransactionsTaken{ask->request, {transfer(alice, 0, bob.address)}});
  EXPECT_TRUE(full.last<messages::BlockBuilt>());

  // Idle: one transaction, nothing in the next look.
  a.tell(messages::BuildBlock{1, 0, a.now.unix_ms, 1000});
  ask = a.last<messages::TakeTransactions>();
  a.tell(messages::TransactionsTaken{ask->request, {transfer(alice, 0, bob.address)}});
  EXPECT_FALSE(a.last<messages::BlockBuilt>());
  ASSERT_FALSE(a.timers.empty());
  a.now.monotonic += a.timers.back();
  a.expire();
  ask = a.last<messages::TakeTransactions>();
  EXPECT_EQ(ask->wait_ms, 40U);  // idle: nothing new for so long closes the block
  EXPECT_TRUE(ask->more);
  a.tell(messages::TransactionsTaken{ask->request, {}});
  EXPECT_EQ(a.last<messages::BlockBuilt>()->block.transactions.size(), 1U);

  // Deadline: there is always one more.
  b.tell(messages::BuildBlock{1, 0, b.now.unix_ms, 1000});
  std::uint64_t nonce = 0;
  std::optional<messages::BlockBuilt> built;
  while (!built && nonce < 100) {
    if (ask = b.last<messages::TakeTransactions>(); ask) {
      b.tell(messages::TransactionsTaken{ask->request, {transfer(alice, nonce++, bob.address)}});
    }
    b.now.monotonic += Millis(20);
    b.expire();
    built = b.last<messages::BlockBuilt>();
  }
  ASSERT_TRUE(built);
  EXPECT_GE(nonce, 9U);
  EXPECT_LE(nonce, 11U);

  // Empty: after the wait, without transactions.
  Replica empty(genesis);
  empty.tell(messages::BuildBlock{1, 0, empty.now.unix_ms, 50});
  empty.now.monotonic += Millis(50);
  empty.tell(messages::TransactionsTaken{empty.last<messages::TakeTransactions>()->request, {}});
  EXPECT_TRUE(empty.last<messages::BlockBuilt>()->block.transactions.empty());
}

TEST_F(SequencerTest, ALaterRoundGetsTheSameTransactions) {
  const auto first = build({transfer(alice, 0, bob.address)});
  a.tell(messages::BuildBlock{1, 3, a.now.unix_ms, 1000});
  const auto again = a.last<messages::BlockBuilt>();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->round, 3U);
  EXPECT_EQ(again->hash, first.hash);
  a.tell(messages::BuildBlock{7, 0, a.now.unix_ms, 1000});
  EXPECT_FALSE(a.last<messages::TakeTransactions>());
}

TEST_F(SequencerTest, FreshnessIsJudgedOnlyWhenAsked) {
  const std::uint64_t clock = a.now.unix_ms;
  a.now.unix_ms += 11'000;
  auto built = build({});
  EXPECT_FALSE(check(b, built, true).valid);
  EXPECT_TRUE(check(b, built, false).valid);
  b.now.unix_ms = clock + 1'000;
  EXPECT_TRUE(check(b, built, true).valid);

  // An L1 message that b has not seen deep enough.
  const L1ToL2Message message{genesis.bridge,
                              native::fee_token_address(),
                              Felt(0),
                              selector("handle_deposit"),
                              {alice.address, Felt(9), Felt()}};
  Replica c(genesis);
  c.tell(messages::L1Messages{{message}, false});
  EXPECT_TRUE(c.last<messages::WorkPending>()->pending);
  c.tell(messages::BuildBlock{1, 0, c.now.unix_ms, 1000});
  const auto ask = c.last<messages::TakeTransactions>();
  EXPECT_EQ(ask->wait_ms, 0U);
  c.tell(messages::TransactionsTaken{ask->request, {}});
  built = c.last<messages::BlockBuilt>().value();
  ASSERT_EQ(built.block.transactions.size(), 1U);
  EXPECT_FALSE(check(b, built, true).valid);
  EXPECT_TRUE(check(b, built, false).valid);
  b.tell(messages::L1Messages{{message}, true});
  EXPECT_FALSE(check(b, built, true).valid);
  b.tell(messages::L1Messages{{message}, false});
  EXPECT_TRUE(check(b, built, true).valid);
  b.tell(messages::CommitBlock{decide(built)});
  b.last<messages::WorkPending>();
  b.tell(messages::L1Messages{{message}, false});  // consumed already
  EXPECT_FALSE(b.last<messages::WorkPending>());
  EXPECT_EQ(b.ask("account", {alice.address.to_hex()})["balance"], "100000000000000000009");
}

TEST_F(SequencerTest, InvalidBlocksAreNamed) {
  auto built = build({transfer(alice, 0, bob.address)});
  auto wrong = built;
  wrong.hash[31] ^= 1;
  EXPECT_FALSE(check(b, wrong).valid);
  // The same header over another body.
  wrong = built;
  EXPECT_TRUE(check(b, built).valid);
  wrong.block.transactions[0] = transfer(alice, 0, alice.address);
  EXPECT_FALSE(check(b, wrong).valid);
  EXPECT_TRUE(check(b, built).valid);
  wrong = built;
  wrong.block.header.state_root += Felt(1);
  wrong.hash = block_hash(wrong.block.header).to_be();
  const auto checked = check(b, wrong);
  EXPECT_FALSE(checked.valid);
  EXPECT_NE(checked.reason.find("state root"), std::string::npos);
  commit_everywhere(built);
  EXPECT_TRUE(check(b, built).valid);
  EXPECT_FALSE(check(b, wrong).valid);
  // Decided, but not valid here: nothing safe is left to do.
  auto next = build({transfer(alice, 1, bob.address)});
  next.block.header.event_count += 1;
  next.hash = block_hash(next.block.header).to_be();
  b.tell(messages::CommitBlock{decide(next)});
  EXPECT_NE(b.halted.find("block=2"), std::string::npos);
}

TEST_F(SequencerTest, WitnessesOfSpansExecuteToTheirHeaders) {
  for (std::uint64_t i = 0; i < 3; ++i) commit_everywhere(build({transfer(alice, i, bob.address)}));
  a.tell(messages::WitnessRequest{1, 3});
  auto reply = a.last<messages::WitnessReply>();
  ASSERT_TRUE(reply);
  ASSERT_EQ(reply->outcome, static_cast<std::uint8_t>(messages::WitnessOutcome::kFound));
  EXPECT_EQ(reply->transactions, 2U);
  EXPECT_EQ(reply->certificate.height, BlockNumber(3));
  const auto result = execute_span(ByteView(reply->witness), genesis);
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->header, reply->header);
  EXPECT_EQ(result->messages, reply->messages);
  for (const auto& [start, end] : {std::pair{3, 3}, std::pair{2, 1}, std::pair{2, 4}}) {
    a.tell(messages::WitnessRequest{static_cast<std::uint64_t>(start), static_cast<std::uint64_t>(end)});
    EXPECT_EQ(a.last<messages::WitnessReply>()->outcome, static_cast<std::uint8_t>(messages::WitnessOutcome::kNotYet));
  }
  a.tell(messages::BlockSummariesRequest{1});
  const auto summaries = a.last<messages::BlockSummaries>();
  EXPECT_EQ(summaries->latest, 3U);
  ASSERT_EQ(summaries->blocks.size(), 3U);
  EXPECT_EQ(summaries->blocks[2].height, 3U);
}

TEST_F(SequencerTest, AWitnessAboveTheLimitIsSaidToBeTooLarge) {
  SequencerSettings settings;
  Replica c(genesis, settings);
  std::uint64_t largest = 0;
  for (std::uint64_t i = 0; i < 2; ++i) {
    const auto built = build({transfer(alice, i, bob.address)});
    commit_everywhere(built);
    c.tell(messages::CommitBlock{decide(built)});
    largest = std::max(largest, c.last<messages::BlockCommitted>()->witness_bytes);
  }
  settings.most_witness_bytes = largest;
  Replica d(genesis, settings);
  for (std::uint64_t n = 1; n <= 2; ++n)
    d.tell(messages::CommitBlock{*storage::BlockStore(c.kv).block(BlockNumber(n))});
  const auto outcome = [&](std::uint64_t start, std::uint64_t end) {
    d.tell(messages::WitnessRequest{start, end});
    return static_cast<messages::WitnessOutcome>(d.last<messages::WitnessReply>()->outcome);
  };
  EXPECT_EQ(outcome(0, 2), messages::WitnessOutcome::kTooLarge);
  EXPECT_EQ(outcome(0, 1), messages::WitnessOutcome::kFound);
  EXPECT_EQ(outcome(1, 2), messages::WitnessOutcome::kFound);
  EXPECT_EQ(outcome(0, 3), messages::WitnessOutcome::kNotYet);
}

TEST_F(SequencerTest, WitnessesAreKeptUntilTheirStateUpdateIsFinalized) {
  Replica c(genesis, {});
  for (std::uint64_t i = 0; i < 5; ++i) {
    const auto built = build({transfer(alice, i, bob.address)});
    commit_everywhere(built);
    if (i == 4) c.tell(messages::Heads{.latest = 4, .unsafe = 4, .safe = 4, .settled = 4, .finalized = 2});
    c.tell(messages::CommitBlock{decide(built)});
  }
  const storage::BlockStore blocks(c.kv);
  EXPECT_EQ(blocks.first_witness(), BlockNumber(3));
  c.tell(messages::WitnessRequest{0, 1});
  EXPECT_EQ(c.last<messages::WitnessReply>()->outcome, static_cast<std::uint8_t>(messages::WitnessOutcome::kNotYet));
}

TEST_F(SequencerTest, CatchUpIsBounded) {
  for (std::uint64_t i = 0; i < 20; ++i) commit_everywhere(build({}));
  a.tell(messages::CatchUpRequest{3, 100}, PeerKind::kValidator);
  EXPECT_TRUE(std::holds_alternative<ToProcess>(a.sent.back().to));
  auto reply = a.last<messages::CatchUpReply>();
  ASSERT_EQ(reply->blocks.size(), 16U);
  EXPECT_EQ(reply->blocks[0].block.header.number, BlockNumber(3));
  a.tell(messages::CatchUpRequest{19, 16});
  EXPECT_EQ(a.last<messages::CatchUpReply>()->blocks.size(), 2U);
  for (const std::uint64_t from : {std::uint64_t{0}, std::uint64_t{21}, ~std::uint64_t{0}}) {
    a.tell(messages::CatchUpRequest{from, 16});
    EXPECT_TRUE(a.last<messages::CatchUpReply>()->blocks.empty());
  }
}

TEST_F(SequencerTest, AnswersAboutTheChain) {
  const auto built = build({transfer(alice, 0, bob.address)});
  const std::string hash = transaction_hash(built.block.transactions[0], genesis.chain_id).to_hex();
  EXPECT_TRUE(b.ask("tx", {hash}).contains("error")) << "b has seen no proposal";
  ASSERT_TRUE(check(b, built).valid);
  for (Replica* replica : {&a, &b}) EXPECT_EQ(replica->ask("tx", {hash})["finality_status"], "PRE_CONFIRMED");
  EXPECT_TRUE(b.ask("receipt", {hash}).contains("error")) << "what it will execute to is not decided";
  commit_everywhere(built);
  Json tx = a.ask("tx", {hash});
  EXPECT_EQ(tx["block_number"], 1);
  EXPECT_EQ(tx["finality_status"], "ACCEPTED_ON_L2");
  EXPECT_EQ(tx["receipt"]["execution_status"], "SUCCEEDED");
  a.tell(messages::Heads{.latest = 1, .unsafe = 1, .safe = 0, .settled = 1, .settled_in = 44});
  tx = a.ask("tx", {hash});
  EXPECT_EQ(tx["finality_status"], "ACCEPTED_ON_L1");
  EXPECT_EQ(tx["safe"], false);
  EXPECT_EQ(tx["settled_by_l1_block"], 44);
  EXPECT_EQ(a.ask("tx", {"0x5"})["error"], "not in the chain");
  EXPECT_EQ(a.ask("block", {"1"})["block_hash"], a.ask("block", {"latest"})["block_hash"]);
  const std::string block_hash = a.ask("block")["block_hash"];
  EXPECT_EQ(a.ask("block", {block_hash})["block_number"], 1);
  for (const std::string wrong : {"2", "0x1", "zzz", "-1"}) EXPECT_TRUE(a.ask("block", {wrong}).contains("error"));
  EXPECT_EQ(a.ask("account", {alice.address.to_hex()})["nonce"], "1");
  EXPECT_EQ(a.ask("account", {"0x99"})["kind"], "none");
  EXPECT_EQ(a.ask("heads")["unsafe"], 1);
  EXPECT_EQ(a.ask("state")["height"], 1);
  EXPECT_TRUE(a.ask("nonsense").contains("error"));
  a.tell(messages::StateQuery{77, "receipt", {hash}});
  const auto reply = a.last<messages::StateQueryReply>();
  EXPECT_EQ(reply->request, 77U);
  EXPECT_EQ(Json::parse(reply->json)["actual_fee"]["unit"], "FRI");
  a.tell(messages::AccountRead{alice.address});
  const auto info = a.last<messages::AccountInfo>();
  EXPECT_EQ(info->nonce, Felt(1));
  EXPECT_EQ(info->public_key, alice.public_key);
  EXPECT_EQ(info->height, 1U);
  EXPECT_LT(info->balance, strk(100));
  a.tell(messages::AccountRead{-Felt::one()});
  EXPECT_TRUE(a.last<messages::AccountInfo>()->class_hash.is_zero());
}

}  // namespace
}  // namespace asterism::actors::sequencer
