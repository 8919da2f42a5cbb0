// Spans that are too large for the workers: split until they fit, by announced capacity and by a real memory limit; a
// block that nobody can take is set aside with an alarm while the rest goes on, and is proven once larger workers join.
#include <gtest/gtest.h>

#include "cluster/client/wallet.hpp"
#include "tests/cluster/acceptance/traffic.hpp"

namespace asterism::acceptance {
namespace {

constexpr unsigned kAccounts = 80, kSmall = 30;

ClusterOptions options() {
  ClusterOptions out;
  out.accounts = kAccounts;
  out.genesis = [](core::Genesis& genesis) {
    genesis.limits.span_blocks = 8;
    genesis.limits.span_seconds = 4;
  };
  // Long enough that what is sent at once stands in one block.
  out.configure = [](const std::string&, config::Config& config) {
    config.blocks.deadline_ms = 700;
    config.coordinator.backoff_first_ms = 100;
  };
  out.worker_arguments = {"--max-transactions", std::to_string(kSmall)};
  return out;
}

class Capacity : public ::testing::Test {
 protected:
  // One transfer from each of `count` accounts at once; true when all are in blocks.
  bool burst(unsigned count) {
    auto client = cluster::NodeClient::connect(cluster_.client_address(1), cluster_.folder().view());
    if (!client) return false;
    const auto keys = cluster::load_accounts_of(cluster_.dir());
    nonces_.resize(keys.size());
    std::vector<std::pair<core::Felt, std::uint64_t>> wanted;
    for (unsigned i = 0; i < count; ++i) {
      const cluster::Wallet wallet(cluster_.folder().genesis, keys[i]);
      if (!(*client)->send(wallet.transfer(keys[0].address, 3, nonces_[i]++))) return false;
      wanted.push_back({keys[i].address, nonces_[i]});
    }
    return wait_until(Millis(20'000), [&] {
      while (!wanted.empty()) {
        const auto account = (*client)->query("account", {wanted.back().first.to_hex()});
        if (!account || account->value("nonce", "") != std::to_string(wanted.back().second)) return false;
        wanted.pop_back();
      }
      return true;
    });
  }

  bool any_span(const std::function<bool(const Json&)>& wanted) {
    const Json spans = cluster_.shell("spans");
    if (!spans.contains("spans")) return false;
    for (const Json& span : spans["spans"]) {
      if (!wanted(span)) continue;
      found_ = span["span"].get<std::uint64_t>();
      return true;
    }
    return false;
  }
  bool comes(const std::function<bool(const Json&)>& wanted) {
    return wait_until(Millis(40'000), [&] { return any_span(wanted); }, Millis(100));
  }
  Json found() const { return cluster_.shell("span " + std::to_string(found_)); }
  bool settles(std::uint64_t goal) const {
    return wait_until(Millis(60'000), [&] { return cluster_.settled() >= goal; }, Millis(200));
  }

  Cluster cluster_{options()};
  std::vector<std::uint64_t> nonces_;
  std::uint64_t found_ = 0;
};

TEST_F(Capacity, SplitUntilItFitsQuarantineAndRetry) {
  ASSERT_TRUE(cluster_.start());
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(burst(20));
  EXPECT_TRUE(comes([](const Json& span) {
    return span.value("state", "") == "SPLIT" && span.value("transactions", 0u) > kSmall;
  })) << cluster_.shell("spans").dump();
  EXPECT_EQ(found()["children"].size(), 2u) << found().dump();
  EXPECT_TRUE(settles(cluster_.highest())) << cluster_.shell("spans").dump();

  // One block that neither worker takes.
  ASSERT_TRUE(burst(kAccounts));
  EXPECT_TRUE(comes([](const Json& span) { return span.value("state", "") == "QUARANTINED"; }))
      << cluster_.shell("spans").dump();
  const std::uint64_t quarantined = found_;
  EXPECT_NE(found().value("why", "").find("no worker takes"), std::string::npos) << found().dump();
  Json alarm;
  EXPECT_TRUE(wait_until(Millis(5'000), [&] {
    alarm = cluster_.row("alarms", "alarms", "code", "span-quarantined");
    return alarm.is_object() && alarm.value("state", "") == "open";
  })) << cluster_.shell("alarms").dump();
  EXPECT_FALSE(alarm.value("advice", "").empty());
  const Json acknowledged = cluster_.shell("alarm ack " + std::to_string(alarm.value("id", 0)));
  EXPECT_TRUE(acknowledged.contains("acknowledged")) << acknowledged.dump();
  // Every display of heads says so, once settlement has come to it.
  EXPECT_TRUE(wait_until(
      Millis(40'000),
      [&] {
        const std::string why = cluster_.shell("heads").value("why", "");
        return why.find("span " + std::to_string(quarantined)) != std::string::npos &&
               why.find("QUARANTINED: no worker takes") != std::string::npos;
      },
      Millis(200)))
      << cluster_.shell("heads").dump();
  const Json status = cluster_.shell("status", 1);
  EXPECT_NE(status["heads"].value("why", "").find("QUARANTINED"), std::string::npos) << status.dump();
  EXPECT_NE(status["alarms"].dump().find("span-quarantined"), std::string::npos)
      << "of another node: " << status.dump();
  // The rest goes on: later spans are proven, and wait for it.
  EXPECT_TRUE(comes([&](const Json& span) {
    return span["span"].get<std::uint64_t>() > quarantined && span.value("state", "") == "COMPLETE" &&
           !span.value("settled", true);
  })) << cluster_.shell("spans").dump();

  ASSERT_TRUE(cluster_.add_worker("large0"));
  ASSERT_TRUE(cluster_.add_worker("large1"));
  EXPECT_TRUE(wait_until(
      Millis(20'000),
      [&] {
        return cluster_.row("workers", "workers", "worker", "large0").value("weight", 0) > 0 &&
               cluster_.row("workers", "workers", "worker", "large1").value("weight", 0) > 0;
      },
      Millis(100)));
  const std::uint64_t goal = cluster_.highest();
  const Json retried = cluster_.shell("retry " + std::to_string(quarantined));
  EXPECT_TRUE(retried.contains("ok")) << retried.dump();
  EXPECT_TRUE(comes([&](const Json& span) {
    return span["span"].get<std::uint64_t>() == quarantined && span.value("state", "") == "COMPLETE";
  })) << cluster_.shell("span " + std::to_string(quarantined)).dump();
  EXPECT_TRUE(settles(goal)) << cluster_.shell("spans").dump();
  EXPECT_TRUE(wait_until(
      Millis(40'000), [&] { return cluster_.safe() >= goal; }, Millis(200)))
      << cluster_.shell("heads").dump();
  EXPECT_EQ(cluster_.row("alarms", "alarms", "code", "span-quarantined").value("state", ""), "past");
}

TEST_F(Capacity, RealMemoryLimitLeadsToSplit) {
  if (address_sanitized()) GTEST_SKIP() << "AddressSanitizer itself takes more than the limit";
  ASSERT_TRUE(cluster_.start());
  ASSERT_TRUE(cluster_.add_worker("large0"));
  ASSERT_TRUE(cluster_.add_worker("large1"));
  // It takes every span by its word, is asked first, and has no room for any.
  ASSERT_TRUE(cluster_.add_worker("tiny", {"--memory-limit", "1500000", "--max-witness-bytes", "1000000"}));
  const auto ran_out = [&](const Json& span) {
    if (span.value("state", "") != "SPLIT") return false;
    const Json whole = cluster_.shell("span " + std::to_string(span["span"].get<std::uint64_t>()));
    return whole.contains("failures") && whole["failures"].dump().find("memory limit") != std::string::npos;
  };
  EXPECT_TRUE(wait_until(
      Millis(40'000), [&] { return burst(20) && any_span(ran_out); }, Millis(100)))
      << cluster_.shell("spans").dump() << cluster_.log_of("tiny");
  EXPECT_GT(cluster_.row("workers", "workers", "worker", "tiny").value("failed", 0), 0);
  EXPECT_TRUE(settles(cluster_.highest())) << cluster_.shell("spans").dump();
}

}  // namespace
}  // namespace asterism::acceptance
