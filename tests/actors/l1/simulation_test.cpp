// The ledger and the L1 role in virtual time: initialisation, settlement, heads, reorganisations, crashes, freezes.
#include "tests/actors/l1/world.hpp"

namespace asterism::actors {
namespace {

using messages::LedgerAction;

TEST(L1Simulation, InitialisesRegistersSettlesAndBecomesSafe) {
  World world(1);
  ASSERT_TRUE(world.run_until([&] { return world.view && world.view->attesters.size() == 2; }));
  EXPECT_EQ(world.view->threshold, 2U);
  EXPECT_EQ(world.view->core, point_of(0));
  world.latest = 20;
  ASSERT_TRUE(world.run_until([&] { return world.heads && world.heads->settled == 20; }));
  EXPECT_LT(world.heads->safe, 20U);  // seen, but not deep enough yet
  ASSERT_TRUE(world.run_until([&] { return world.heads->safe == 20; }));
  const auto depth = world.heads->l1_head - world.heads->settled_in;
  EXPECT_GE(depth, 3U);
  EXPECT_LE(depth, 5U);
  ASSERT_TRUE(world.run_until([&] { return world.view->finalized_block == 20; }));
  ASSERT_TRUE(world.run_until([&] {
    return std::all_of(world.replica().submitter().accounts().begin(), world.replica().submitter().accounts().end(),
                       [](const auto& account) { return account.second.outbox.empty(); });
  }));
  EXPECT_TRUE(world.past_alarms.empty());
}

// One seeded life: growth, crashes at persists, reorganisations with and without dropped transactions.
struct Life {
  std::uint64_t reorganisations = 0, crashes = 0, settled = 0;
};

void check_never_twice(World& world) {
  std::uint64_t updates = 0;
  std::set<std::uint64_t> ends;
  Effects unused;
  for (std::uint64_t from = 0; from <= world.ledger().head(); from += 100) {
    world.replies.clear();
    world.tell_ledger(messages::LedgerBlocksRequest{.request = 5, .from = from, .max_blocks = 100});
    const auto& reply = std::get<messages::LedgerBlocksReply>(*world.replies.back());
    for (const auto& block : reply.blocks) {
      for (const auto& event : block.events) {
        if (event.kind == static_cast<std::uint8_t>(messages::LedgerEventKind::kTransaction)) {
          // A reorganisation that drops a registration may let a settlement on its way fail; it is made anew.
          const bool raced = event.text == to_string(Refusal::kUnregisteredAttester) ||
                             event.text == to_string(Refusal::kWrongStart) ||
                             event.text == to_string(Refusal::kNotInitialised);
          EXPECT_TRUE(!event.failed || raced) << event.text;
          EXPECT_TRUE(world.submitted.contains(event.hash));
        }
        if (event.kind == static_cast<std::uint8_t>(messages::LedgerEventKind::kStateUpdate)) {
          EXPECT_TRUE(ends.insert(event.point.number.value).second);
          ++updates;
        }
      }
    }
  }
  EXPECT_GT(updates, 3U);
}

Life live(std::uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed * 7919);
  World world(seed);
  Life out;
  world.crash_in_thousand = 15;
  std::uint64_t finalized = 0;
  for (int step = 0; step < 60; ++step) {
    world.latest += random() % 4;
    if (random() % 5 == 0) {
      world.reorganise(1 + random() % 6, random() % 2 == 0);
      ++out.reorganisations;
    }
    if (random() % 12 == 0) world.crash(World::Who::kReplica);
    if (random() % 20 == 0) world.crash(World::Who::kLedger);
    world.run_for(Millis(200 + random() % 2500));
    if (world.heads && world.view) {
      finalized = std::max(finalized, world.view->finalized_block);
      EXPECT_GE(world.heads->safe, finalized);  // never below what was finalized
      EXPECT_LE(world.heads->safe, world.latest);
      EXPECT_LE(world.heads->safe, world.heads->settled);
    }
  }
  world.crash_in_thousand = 0;
  ++world.latest;
  EXPECT_TRUE(world.run_until([&] { return world.heads && world.heads->safe == world.latest; }, Millis(120'000)));
  EXPECT_FALSE(world.heads->frozen) << world.inquire("l1");
  world.run_for(Millis(3000));
  check_never_twice(world);
  out.crashes = world.crashes;
  out.settled = world.heads->safe;
  return out;
}

TEST(L1Simulation, SurvivesCrashesAndReorganisationsWithoutSettlingTwice) {
  Life total;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Life life = live(seed);
    total.crashes += life.crashes;
    total.reorganisations += life.reorganisations;
    total.settled += life.settled;
    if (::testing::Test::HasFailure()) {
      std::printf("failed at seed %llu\n", static_cast<unsigned long long>(seed));
      return;
    }
  }
  std::printf("40 seeds: %llu crashes, %llu reorganisations, %llu blocks settled\n",
              static_cast<unsigned long long>(total.crashes), static_cast<unsigned long long>(total.reorganisations),
              static_cast<unsigned long long>(total.settled));
  EXPECT_GT(total.crashes, 300U);
  EXPECT_GT(total.reorganisations, 300U);
}

TEST(L1Simulation, AMismatchFreezesUntilTheChainsAgree) {
  World world(3);
  ASSERT_TRUE(world.run_until([&] { return world.view && world.view->attesters.size() == 2; }));
  world.fork = 1;  // this replica has another block 5 than the one that settles
  world.latest = 5;
  ASSERT_TRUE(world.run_until([&] { return world.alarms.contains("l1_state_mismatch"); }));
  const auto settled = world.heads->settled;
  world.run_for(Millis(20'000));
  EXPECT_TRUE(world.heads->frozen);
  EXPECT_TRUE(world.view->frozen);
  EXPECT_EQ(world.heads->safe, 0U);
  world.latest = 9;
  world.run_for(Millis(5'000));
  EXPECT_EQ(world.heads->settled, settled);  // the submitter stands still too
  world.inquire("l1 resume");                // compares again, overrides nothing
  world.run_for(Millis(3'000));
  EXPECT_TRUE(world.heads->frozen);
  world.crash(World::Who::kReplica);
  ASSERT_TRUE(world.run_until([&] { return world.heads && world.heads->frozen; }));
  world.run_for(Millis(5'000));
  EXPECT_TRUE(world.heads->frozen);
  world.fork = 0;
  world.inquire("l1 resume");
  ASSERT_TRUE(world.run_until([&] { return !world.heads->frozen && world.heads->safe == 9; }));
  EXPECT_TRUE(world.alarms.empty());
}

TEST(L1Simulation, AReorganisationTakesSafeBackOnlyAboveTheFinalizedBlock) {
  World world(4);
  world.latest = 10;
  ASSERT_TRUE(world.run_until([&] { return world.heads && world.heads->safe == 10; }));
  world.settle = false;
  world.run_for(Millis(2000));
  world.reorganise(7, true);  // the update disappears, and nobody asks for it again but the outbox
  ASSERT_TRUE(world.run_until([&] { return world.heads->safe < 10; }));
  ASSERT_TRUE(world.run_until([&] { return world.heads->safe == 10; })) << world.inquire("l1");
  ASSERT_TRUE(world.run_until([&] { return world.view->finalized_block == 10; }));
  world.run_for(Millis(2000));
  world.reorganise(8, true);
  world.run_for(Millis(10'000));
  EXPECT_EQ(world.heads->safe, 10U);
}

TEST(L1Simulation, AnotherL1BelowTheFinalizedBlockFreezes) {
  World world(5);
  world.latest = 10;
  ASSERT_TRUE(world.run_until([&] { return world.view && world.view->finalized_block == 10; }));
  world.run_for(Millis(5'000));
  world.replace_ledger();
  ASSERT_TRUE(world.run_until([&] { return world.alarms.contains("l1_reorg_below_finalized"); }));
  EXPECT_EQ(world.heads->safe, 10U);
  world.run_for(Millis(5'000));
  EXPECT_TRUE(world.heads->frozen);
  EXPECT_FALSE(world.ledger().contract().initialised());  // nothing is sent to an L1 that is not ours
}

TEST(L1Simulation, AContractOfAnotherGenesisFreezes) {
  World world(6, false);
  auto initialise = world.deployment.initialise();
  initialise.genesis_hash[0] ^= 1;
  world.tell_ledger(messages::LedgerSubmit{
      .request = 1,
      .transaction =
          sign_ledger_transaction(world.deployment.operator_, 31337, 0, LedgerAction::kInitialise, initialise)});
  ASSERT_TRUE(world.run_until([&] { return world.alarms.contains("l1_wrong_genesis"); }));
}

TEST(L1Simulation, DepositsAreOfferedWhenDeepAndMissedWhenLost) {
  World world(7);
  ASSERT_TRUE(world.run_until([&] { return world.view && world.view->attesters.size() == 2; }));
  ASSERT_TRUE(world.run_until([&] { return world.ledger().head() > 12; }));
  const auto user = key_of(70);
  const auto deposit = [&](std::uint64_t nonce, std::uint64_t amount) {
    world.tell_ledger(messages::LedgerSubmit{
        .request = 1,
        .transaction =
            sign_ledger_transaction(user, 31337, nonce, LedgerAction::kDeposit,
                                    messages::DepositPayload{.recipient = core::Felt(9), .amount = amount, .fee = 1})});
  };
  deposit(0, 100);
  deposit(1, 200);
  ASSERT_TRUE(world.run_until([&] { return world.offered && world.offered->messages.size() == 2; }));
  EXPECT_EQ(world.offered->messages[1].nonce, core::Felt(1));
  EXPECT_EQ(world.offered->messages[1].payload[1], core::Felt(200));
  world.next_l1_nonce = 1;  // a block consumed the first
  ASSERT_TRUE(world.run_until([&] { return world.offered->messages.size() == 1; }));
  world.replies.clear();
  world.reorganise(7, true);
  ASSERT_TRUE(std::get<messages::LedgerReorgReply>(*world.replies.at(0)).done);
  ASSERT_TRUE(world.run_until([&] { return world.alarms.contains("l1_message_lost"); }))
      << world.ledger().contract().next_message_nonce() << world.inquire("l1");
  EXPECT_TRUE(world.offered->blocked);
  EXPECT_FALSE(world.view->frozen);
  EXPECT_EQ(world.view->lost_messages.size(), 1U);
  deposit(0, 100);  // the same message again
  ASSERT_TRUE(world.run_until([&] { return !world.alarms.contains("l1_message_lost"); }));
  ASSERT_TRUE(world.run_until([&] { return !world.offered->blocked && world.view->lost_messages.empty(); }));
}

// What was settled with the message, and what was not yet: both stop at the span that consumed it.
TEST(L1Simulation, ALostMessageStopsSettlementAtItsSpanOnly) {
  for (const bool settled_before : {false, true}) {
    World world(11);
    ASSERT_TRUE(world.run_until([&] { return world.view && world.view->attesters.size() == 2; }));
    ASSERT_TRUE(world.run_until([&] { return world.ledger().head() > 12; }));
    const auto deposit = [&] {
      world.tell_ledger(messages::LedgerSubmit{
          .request = 1,
          .transaction =
              sign_ledger_transaction(key_of(70), 31337, 0, LedgerAction::kDeposit,
                                      messages::DepositPayload{.recipient = core::Felt(9), .amount = 100, .fee = 1})});
    };
    deposit();
    ASSERT_TRUE(world.run_until([&] { return world.offered && !world.offered->messages.empty(); }));
    world.consumed_in[6] = world.offered->messages.front();
    world.next_l1_nonce = 1;
    world.settle = settled_before;
    world.latest = 8;  // settled as (0, 4] and (4, 8]
    if (settled_before) {
      ASSERT_TRUE(world.run_until([&] { return world.heads->settled == 8; }));
    } else {
      ASSERT_TRUE(world.run_until([&] { return world.offered->messages.empty(); }));
    }
    world.reorganise(settled_before ? 6 : 5, true);
    ASSERT_TRUE(world.run_until([&] { return world.alarms.contains("l1_message_lost"); }));
    world.settle = true;
    ASSERT_TRUE(world.run_until([&] { return world.heads->settled == 4; })) << world.inquire("l1");
    world.run_for(Millis(10'000));
    EXPECT_EQ(world.heads->settled, 4U);
    EXPECT_FALSE(world.view->frozen);
    deposit();
    ASSERT_TRUE(world.run_until([&] { return world.heads->settled == 8; })) << world.inquire("l1");
    EXPECT_TRUE(world.alarms.empty());
  }
}

TEST(L1Simulation, AnL1ThatIsSilentRaisesAnAlarmAndNothingElse) {
  World world(8);
  world.latest = 3;
  ASSERT_TRUE(world.run_until([&] { return world.heads && world.heads->safe == 3; }));
  world.stop(World::Who::kLedger);
  ASSERT_TRUE(world.run_until([&] { return world.alarms.contains("l1_unreachable"); }));
  EXPECT_EQ(world.heads->safe, 3U);
  world.latest = 6;
  world.run_for(Millis(5'000));
  world.start(World::Who::kLedger);
  ASSERT_TRUE(world.run_until([&] { return world.alarms.empty() && world.heads->safe == 6; }));
}

// Every replica's L1 role has keys of its own; those that genesis does not name settle and register nothing.
TEST(L1Submitter, UsesOnlyTheKeysThatGenesisNames) {
  const storage::MemoryStore store;
  SubmitterOptions options;
  options.operator_address = key_of(1).address();
  options.submitter_address = key_of(2).address();
  options.operator_ = key_of(5);
  options.submitter = key_of(6);
  EXPECT_TRUE(Submitter(store, options).accounts().empty());
  options.submitter = key_of(2);
  const Submitter submitter(store, options);
  EXPECT_EQ(submitter.accounts().size(), 1U);
  EXPECT_FALSE(submitter.has_operator());
}

TEST(L1Simulation, TheOperatorPausesAndUnpausesInThatOrder) {
  World world(12);
  ASSERT_TRUE(world.run_until([&] { return world.view && world.view->attesters.size() == 2; }));
  for (const char* wish : {"l1 pause", "l1 unpause"}) EXPECT_NE(world.inquire(wish).find("done"), std::string::npos);
  ASSERT_TRUE(world.run_until([&] { return world.ledger().contract().paused(); }));
  world.latest = 20;
  ASSERT_TRUE(world.run_until([&] { return !world.ledger().contract().paused(); })) << "the second wish waits";
  ASSERT_TRUE(world.run_until([&] { return world.heads && world.heads->settled == 20; }));
}

TEST(L1Simulation, SafeSurvivesARestartBeforeTheSequencerAnswers) {
  World world(9);
  world.latest = 7;
  ASSERT_TRUE(world.run_until([&] { return world.heads && world.heads->safe == 7; }));
  world.sequencer_up = false;
  world.stop(World::Who::kReplica);
  world.heads.reset();
  world.start(World::Who::kReplica);
  ASSERT_TRUE(world.run_until([&] { return world.heads.has_value(); }));
  EXPECT_EQ(world.heads->safe, 7U);
}

}  // namespace
}  // namespace asterism::actors
