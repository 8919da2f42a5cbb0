// The admin role: what it refuses, what acts once, and that every answer is JSON.
#include "actors/admin/admin.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/crypto/ed25519.hpp"
#include "messages/codec.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/machine_probe.hpp"

namespace asterism::actors {
namespace {

using Json = nlohmann::json;

class AdminTest : public ::testing::Test {
 protected:
  AdminTest() {
    options_.admins = {core::AdminKey{secret_.public_bytes()}};
    options_.directory = [] { return std::vector<ProcessEntry>{}; };
    probe_.emplace(test::Probe<Admin>{Admin(store_, options_)});
  }
  messages::SignedCommand command(std::string what, std::vector<std::string> arguments = {}) {
    messages::SignedCommand out;
    out.nonce[0] = next_nonce_++;
    out.expiry = probe_->now.unix_ms / 1000 + 10;
    out.admin = options_.admins[0];
    out.command = messages::encode_value(messages::AdminCommand{std::move(what), std::move(arguments)});
    return sign(out);
  }
  messages::SignedCommand sign(messages::SignedCommand out) {
    out.signature = secret_.sign(admin_signing_bytes(options_.genesis_hash, out));
    return out;
  }
  // The answer to a command; a role that is asked on the way says `answer`.
  Json run(const messages::SignedCommand& command, const std::string& answer = R"({"ok":"done"})") {
    auto effects = probe_->give(test::client(1), command);
    for (const auto& asked : test::sent<messages::RemoteInquiry>(effects)) {
      ++asked_;
      effects = probe_->give(Sender{}, messages::RemoteInquiryReply{asked.request, answer});
    }
    const auto replies = test::sent<messages::CommandReply>(effects);
    EXPECT_EQ(replies.size(), 1U);
    return replies.empty() ? Json() : Json::parse(replies[0].json);
  }

  core::Ed25519Secret secret_ = core::Ed25519Secret::from_seed(core::Word{1});
  AdminOptions options_;
  storage::MemoryStore store_;
  std::optional<test::Probe<Admin>> probe_;
  std::uint8_t next_nonce_ = 1;
  int asked_ = 0;
};

TEST_F(AdminTest, RefusesWhatIsNotSignedOrNotNow) {
  const auto good = command("retry", {"7"});
  const auto refused = [&](auto change, bool signed_again) {
    auto changed = good;
    change(changed);
    return run(signed_again ? sign(changed) : changed).contains("error");
  };
  EXPECT_TRUE(refused([](auto& c) { c.admin.bytes[0] ^= 1; }, true));
  EXPECT_TRUE(refused([](auto& c) { c.nonce[1] ^= 1; }, false));
  EXPECT_TRUE(refused([](auto& c) { c.command.back() ^= 1; }, false));
  EXPECT_TRUE(refused([](auto& c) { c.expiry -= 11; }, true));
  EXPECT_TRUE(refused([](auto& c) { c.expiry += 60; }, true));
  EXPECT_EQ(asked_, 0);
  EXPECT_EQ(run(good), Json::parse(R"({"ok":"done"})"));
  EXPECT_EQ(asked_, 1);
}

TEST_F(AdminTest, ACommandActsOnceAndIsAudited) {
  const auto retry = command("retry", {"7"});
  run(retry);
  EXPECT_EQ(run(retry), Json::parse(R"({"ok":"done"})"));
  EXPECT_EQ(asked_, 1);
  const Json audit = run(command("audit"))["audit"];
  ASSERT_EQ(audit.size(), 1U);
  EXPECT_EQ(audit[0]["command"], "retry");
  EXPECT_EQ(audit[0]["arguments"], "7");
}

TEST_F(AdminTest, ACommandThatIsNotTextIsRefused) {
  EXPECT_TRUE(run(command("\xff")).contains("error"));
  EXPECT_TRUE(run(command("retry", {"\xff"})).contains("error"));
  auto garbled = command("retry");
  garbled.command = {0xc1};
  EXPECT_TRUE(run(sign(garbled)).contains("error"));
  EXPECT_EQ(asked_, 0);
}

TEST_F(AdminTest, TheAuditCutsALongResultBetweenCharacters) {
  std::string result = R"({"ok":")";
  while (result.size() < 200) result += "\xc3\xbc";  // at 7 + 2n: 120 would be within one
  run(command("retry", {"7"}), result + R"("})");
  const Json audit = run(command("audit"))["audit"];
  ASSERT_EQ(audit.size(), 1U);
  EXPECT_EQ(audit[0]["result"].get<std::string>().size(), 119U);
}

}  // namespace
}  // namespace asterism::actors
