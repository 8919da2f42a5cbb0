// What is stored before anything is done, what a repeat gets after a restart, and what is passed on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/admin/admin.hpp"
#include "core/crypto/ed25519.hpp"
#include "messages/codec.hpp"
#include "storage/memory_store.hpp"

namespace asterism::actors {
namespace {

using testing::HasSubstr;

core::Ed25519Secret secret(std::uint8_t number) {
  core::Word seed{};
  seed.fill(number);
  return core::Ed25519Secret::from_seed(seed);
}

struct AdminRole : testing::Test {
  core::LinkKey own{{7}}, other{{8}};
  core::Ed25519Secret admin = secret(1);
  storage::MemoryStore store;
  Now now{Millis(1000), 1'700'000'000'000};
  std::unique_ptr<Admin> machine;
  Sender shell{.kind = PeerKind::kAdmin, .process = {{9}}, .validator = {}};
  std::vector<messages::CommandReply> replies;
  std::vector<messages::RemoteInquiry> asked;
  std::vector<messages::SignedCommand> passed_on;
  bool stored_before_asked = false;

  void SetUp() override { restart(); }
  void restart() {
    AdminOptions options;
    options.own_process = own;
    options.admins = {core::AdminKey{admin.public_bytes()}};
    options.directory = [] { return std::vector<ProcessEntry>{}; };
    machine = std::make_unique<Admin>(store, std::move(options));
  }
  messages::SignedCommand command(const std::string& what, std::vector<std::string> arguments = {},
                                  std::uint8_t nonce = 1, std::uint64_t ahead = 30) const {
    messages::SignedCommand out;
    out.request = 5;
    out.target = own;
    out.nonce.fill(nonce);
    out.expiry = now.unix_ms / 1000 + ahead;
    out.admin = core::AdminKey{admin.public_bytes()};
    out.command = messages::encode_value(messages::AdminCommand{what, std::move(arguments)});
    sign(out);
    return out;
  }
  void sign(messages::SignedCommand& out) const { out.signature = admin.sign(admin_signing_bytes({}, out)); }
  template <class T>
  void give(const Sender& from, T message) {
    Effects effects;
    machine->receive({from, messages::make_message(std::move(message))}, now, effects);
    perform(effects);
  }
  void perform(Effects& effects) {
    bool synced = false;
    for (Effect& effect : effects.take()) {
      if (auto* persist = std::get_if<Persist>(&effect)) {
        ASSERT_TRUE(store.write(persist->batch, persist->sync == Sync::kYes));
        synced = synced || persist->sync == Sync::kYes;
      } else if (auto* send = std::get_if<Send>(&effect)) {
        if (const auto* reply = std::get_if<messages::CommandReply>(send->message.get())) replies.push_back(*reply);
        if (const auto* inquiry = std::get_if<messages::RemoteInquiry>(send->message.get())) {
          stored_before_asked = synced;
          asked.push_back(*inquiry);
        }
        if (const auto* signed_one = std::get_if<messages::SignedCommand>(send->message.get()))
          passed_on.push_back(*signed_one);
      }
    }
  }
  std::string refused(const messages::SignedCommand& one) {
    const std::size_t before = asked.size();
    give(shell, one);
    EXPECT_EQ(asked.size(), before);
    return replies.back().json;
  }
};

TEST_F(AdminRole, ACommandThatChangesSomethingIsDurableBeforeAnybodyIsAsked) {
  give(shell, command("split", {"7"}));
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_TRUE(stored_before_asked);
  EXPECT_EQ(asked[0].what, "split");
  EXPECT_TRUE(replies.empty());
  give({}, messages::RemoteInquiryReply{asked[0].request, R"({"ok":"split"})"});
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].request, 5U);
  EXPECT_EQ(replies[0].json, R"({"ok":"split"})");
}

TEST_F(AdminRole, ARepeatActsNotAgainAndGetsTheFirstResult) {
  const auto once = command("split", {"7"});
  give(shell, once);
  EXPECT_THAT(refused(once), HasSubstr("has not finished"));
  give({}, messages::RemoteInquiryReply{asked[0].request, R"({"ok":"split"})"});
  EXPECT_EQ(refused(once), R"({"ok":"split"})");
  restart();
  EXPECT_EQ(refused(once), R"({"ok":"split"})");
  // A crash before the result: it may have been done, so it is not done again.
  give(shell, command("split", {"7"}, 2));
  store.crash();
  restart();
  EXPECT_THAT(refused(command("split", {"7"}, 2)), HasSubstr("has not finished"));
}

TEST_F(AdminRole, LookingTwiceIsAllowed) {
  give(shell, command("spans"));
  give(shell, command("spans"));
  EXPECT_EQ(asked.size(), 2U);
  EXPECT_FALSE(stored_before_asked);
}

TEST_F(AdminRole, ACommandForAnotherProcessIsNotOneForThis) {
  auto moved = command("split", {"7"});
  moved.target = other;
  sign(moved);
  moved.target = own;
  EXPECT_THAT(refused(moved), HasSubstr("signature"));
}

TEST_F(AdminRole, WhatIsForAnotherProcessIsPassedOnUnchanged) {
  auto there = command("split", {"7"});
  there.target = other;
  sign(there);
  give(shell, there);
  ASSERT_EQ(passed_on.size(), 1U);
  EXPECT_EQ(messages::encode_value(passed_on[0]), messages::encode_value(there));
  give({.kind = PeerKind::kValidator, .process = other, .validator = {}},
       messages::CommandReply{.request = there.request, .nonce = there.nonce, .json = "{}"});
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].json, "{}");
}

}  // namespace
}  // namespace asterism::actors
