#include "cluster/role_shell.hpp"

#include <gtest/gtest.h>

#include "storage/memory_store.hpp"
#include "tests/cluster/deployment.hpp"

namespace asterism::cluster {
namespace {

using actors::Effects;
using actors::Inbound;
using actors::Now;
using core::Role;

// Does what the test tells it to.
class Puppet : public actors::Machine {
 public:
  using Act = std::function<void(Effects&)>;
  Puppet(Role role, Act on_start, Act on_message)
      : role_(role), start_(std::move(on_start)), message_(std::move(on_message)) {}
  Role role() const override { return role_; }
  void start(const Now&, Effects& effects) override { start_(effects); }
  void receive(const Inbound&, const Now&, Effects& effects) override { message_(effects); }
  void expire(actors::TimerId timer, const Now&, Effects& effects) override {
    effects.count("asterism_expired_total", static_cast<double>(timer));
  }
  std::string inquire(const actors::Inquiry& inquiry, const Now&, Effects&) override {
    return "{\"" + inquiry.what + "\":1}";
  }

 private:
  Role role_;
  Act start_, message_;
};

class FailingStore : public storage::KeyValue {
 public:
  std::optional<std::string> get(std::string_view) const override { return std::nullopt; }
  void scan(std::string_view, std::string_view,
            const std::function<bool(std::string_view, std::string_view)>&) const override {}
  std::optional<std::pair<std::string, std::string>> last(std::string_view) const override { return std::nullopt; }
  std::expected<void, storage::StorageFault> write(const storage::WriteBatch& batch, bool sync) override {
    if (full) return std::unexpected(storage::StorageFault{storage::StorageError::kFull, "disk full"});
    for (const auto& each : batch.operations()) writes.push_back(each.key + (sync ? "!" : ""));
    return {};
  }
  bool full = false;
  std::vector<std::string> writes;
};

class Inbox : public Mailbox {
 public:
  explicit Inbox(FailingStore& store) : store_(store) {}
  void deliver(Inbound inbound) override {
    messages.push_back(std::move(inbound));
    writes_before.push_back(store_.writes.size());
  }
  void link_changed(const actors::Sender&, bool) override {}
  std::size_t depth() const override { return 0; }
  std::vector<Inbound> messages;
  std::vector<std::size_t> writes_before;

 private:
  FailingStore& store_;
};

class Timers : public RoleTimers {
 public:
  void start(actors::TimerId id, std::uint64_t generation, actors::Millis) override {
    started.emplace_back(id, generation);
  }
  std::vector<std::pair<actors::TimerId, std::uint64_t>> started;
};

class RoleShellTest : public testing::Test {
 protected:
  RoleShellTest() {
    for (const Role role : {Role::kSequencer, Role::kAdmin})
      router.attach(role, inbox[role] = std::make_shared<Inbox>(store));
  }
  RoleShell& shell(Role role) {
    built = std::make_unique<RoleShell>(
        role,
        [this, role] {
          ++machines;
          return std::make_unique<Puppet>(role, on_start, on_message);
        },
        parts(), timers);
    built->start();
    return *built;
  }
  RoleParts parts() {
    return {router,
            store,
            metrics,
            alarms,
            *log,
            core::ValidatorIndex(0),
            [this](int code, const std::string& reason) { ends.emplace_back(code, reason); },
            {},
            {},
            [this] { return Now{actors::Millis(clock), 5000}; }};
  }
  static Inbound any() { return {actors::Sender{}, messages::make_message(messages::WorkPending{})}; }

  FailingStore store;
  Membership members{test::deployment(1), test::deployment_hash(), test::link_key(10), role_set(test::kReplicaRoles)};
  Metrics metrics;
  Router router{members, metrics};
  std::map<Role, std::shared_ptr<Inbox>> inbox;
  Alarms alarms{store};
  std::unique_ptr<Log> log = Log::open("/dev/null", actors::LogLevel::kError);
  Timers timers;
  std::vector<std::pair<int, std::string>> ends;
  Puppet::Act on_start = [](Effects&) {}, on_message = [](Effects&) {};
  int machines = 0, clock = 0;
  std::unique_ptr<RoleShell> built;
};

TEST_F(RoleShellTest, EffectsInTheirOrder) {
  on_message = [](Effects& effects) {
    storage::WriteBatch batch;
    batch.put("v/1", "vote");
    effects.persist(batch);
    effects.send(actors::ToOwn{}, messages::BuildBlock{1, 0, 0, 0});
    batch = {};
    batch.put("v/2", "later");
    effects.persist(batch, actors::Sync::kNo);
  };
  shell(Role::kConsensus).receive(any());
  EXPECT_EQ(store.writes, (std::vector<std::string>{"v/1!", "v/2"}));
  ASSERT_EQ(inbox[Role::kSequencer]->messages.size(), 1U);
  EXPECT_EQ(inbox[Role::kSequencer]->writes_before[0], 1U) << "sent after the first write and before the second";
}

TEST_F(RoleShellTest, AFailedWriteEndsTheProcessAndNothingMoreIsSent) {
  store.full = true;
  on_message = [](Effects& effects) {
    effects.persist({});
    effects.send(actors::ToOwn{}, messages::BuildBlock{1, 0, 0, 0});
  };
  RoleShell& role = shell(Role::kConsensus);
  role.receive(any());
  role.receive(any());
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].first, 1);
  EXPECT_NE(ends[0].second.find("disk full"), std::string::npos);
  EXPECT_TRUE(inbox[Role::kSequencer]->messages.empty());
  EXPECT_EQ(role.status().state, "ended");
}

TEST_F(RoleShellTest, HaltAndLeaveEndTheProcessWithTheirCodes) {
  on_message = [](Effects& effects) { effects.halt("own vote contradicted"); };
  shell(Role::kConsensus).receive(any());
  on_message = [](Effects& effects) { effects.push(actors::Leave{"drained"}); };
  shell(Role::kWorker).receive(any());
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0], std::pair(1, std::string("consensus: own vote contradicted")));
  EXPECT_EQ(ends[1], std::pair(0, std::string("worker: drained")));
}

TEST_F(RoleShellTest, AThrowRestartsSomeRolesAndEndsTheOthers) {
  on_message = [](Effects&) { throw std::runtime_error("bug"); };
  RoleShell& gateway = shell(Role::kGateway);
  gateway.receive(any());
  EXPECT_EQ(machines, 2);
  EXPECT_EQ(gateway.status().restarts, 1U);
  EXPECT_EQ(gateway.status().last_error, "bug");
  EXPECT_TRUE(ends.empty());
  for (int i = 0; i < 5; ++i) gateway.receive(any());
  ASSERT_EQ(ends.size(), 1U) << "too often within a minute";
  shell(Role::kSequencer).receive(any());
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_NE(ends[1].second.find("bug"), std::string::npos);
}

TEST_F(RoleShellTest, ReplacedAndCancelledTimersDoNotFire) {
  on_start = [](Effects& effects) {
    effects.start_timer(7, actors::Millis(10));
    effects.start_timer(7, actors::Millis(20));
    effects.start_timer(8, actors::Millis(10));
    effects.cancel_timer(8);
  };
  RoleShell& role = shell(Role::kConsensus);
  ASSERT_EQ(timers.started.size(), 3U);
  role.expire(7, timers.started[0].second);
  role.expire(8, timers.started[2].second);
  EXPECT_EQ(metrics.value("asterism_expired_total"), 0);
  role.expire(7, timers.started[1].second);
  role.expire(7, timers.started[1].second);
  EXPECT_EQ(metrics.value("asterism_expired_total"), 7);
}

TEST_F(RoleShellTest, InquiriesAreAnsweredToWhoAsked) {
  shell(Role::kSequencer)
      .receive({actors::Sender{}, messages::make_message(messages::RemoteInquiry{9, 3, "state", {}})});
  ASSERT_EQ(inbox[Role::kAdmin]->messages.size(), 1U);
  const auto& reply = std::get<messages::RemoteInquiryReply>(*inbox[Role::kAdmin]->messages[0].message);
  EXPECT_EQ(reply.request, 9U);
  EXPECT_EQ(reply.json, "{\"state\":1}");
}

TEST(AlarmsTest, OpenPastAndAcrossARestart) {
  storage::MemoryStore store;
  {
    Alarms alarms(store);
    EXPECT_TRUE(alarms.raise("l1", {"L1_MISMATCH", "block 7", "differs", "look"}, 1000));
    EXPECT_FALSE(alarms.raise("l1", {"L1_MISMATCH", "block 7", "still differs", "look"}, 2000)) << "one per subject";
    EXPECT_TRUE(alarms.raise("l1", {"L1_MISMATCH", "block 8", "differs", "look"}, 3000));
    EXPECT_TRUE(alarms.clear("L1_MISMATCH", "block 8", 4000));
    EXPECT_FALSE(alarms.clear("L1_MISMATCH", "block 8", 4000));
    EXPECT_TRUE(alarms.acknowledge(1));
    EXPECT_FALSE(alarms.acknowledge(99));
  }
  Alarms again(store);
  const auto all = again.all();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].open());
  EXPECT_EQ(all[0].since_ms, 1000U);
  EXPECT_EQ(all[0].text, "still differs");
  EXPECT_TRUE(all[0].acknowledged);
  EXPECT_EQ(all[1].cleared_ms, 4000U);
  EXPECT_EQ(again.open_count(), 1U);
  EXPECT_TRUE(again.raise("l1", {"L1_MISMATCH", "block 8", "again", "look"}, 5000)) << "a new one, not the past one";
  EXPECT_EQ(again.all().size(), 3U);
}

}  // namespace
}  // namespace asterism::cluster
