#include "config/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace asterism::config {
namespace {

constexpr std::string_view kGood = R"(name = "node0"
roles = ["gateway", "mempool", "consensus", "sequencer", "l1", "admin"]
data_dir = "db"
genesis = "../genesis.json"

[listen]
peers = "127.0.0.1:7000"
clients = "127.0.0.1:7001"

[keys]
link = "link.key"
consensus = "/etc/consensus.key"

[blocks]
deadline_ms = 150

[[siblings]]
name = "other"
key = "0x1111111111111111111111111111111111111111111111111111111111111111"
roles = ["coordinator"]
addresses = ["10.0.0.2:7000"]
)";

// The one problem of the good file with a line replaced.
Problem only_problem(std::string_view from, std::string_view to) {
  std::string text(kGood);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  const auto config = parse(text, "/conf/node.toml");
  EXPECT_FALSE(config.has_value()) << to;
  if (config || config.error().empty()) return {};
  EXPECT_EQ(config.error().size(), 1U) << to_string(config.error().back());
  return config.error().front();
}

TEST(Config, AGoodFileIsRead) {
  const auto config = parse(kGood, "/conf/node.toml");
  ASSERT_TRUE(config.has_value()) << to_string(config.error().front());
  EXPECT_EQ(config->name, "node0");
  EXPECT_EQ(config->roles.size(), 6U);
  EXPECT_EQ(config->data_dir, "/conf/db");
  EXPECT_EQ(config->genesis, "/genesis.json");
  EXPECT_EQ(config->keys.consensus, "/etc/consensus.key");
  EXPECT_EQ(config->blocks.deadline_ms, 150U);
  EXPECT_EQ(config->blocks.empty_interval_ms, 1000U);
  ASSERT_EQ(config->siblings.size(), 1U);
  EXPECT_EQ(config->siblings[0].addresses, std::vector<std::string>{"10.0.0.2:7000"});
}

TEST(Config, WhatIsRenderedParsesBackToTheSame) {
  auto config = parse(kGood, "/conf/node.toml");
  ASSERT_TRUE(config.has_value());
  config->name = "quote \" backslash \\ tab \t";
  config->peers.push_back({"node1", {"host:1", "host:2"}});
  for (const bool explain : {false, true}) {
    const auto again = parse(render(*config, explain), "/conf/node.toml");
    ASSERT_TRUE(again.has_value()) << to_string(again.error().front());
    EXPECT_EQ(render(*again), render(*config));
    EXPECT_EQ(again->name, config->name);
    EXPECT_EQ(again->peers[0].addresses.size(), 2U);
  }
}

TEST(Config, AnUnknownKeyIsNamedWithItsLineAndTheNearestOne) {
  const auto wrong = only_problem("deadline_ms", "dedline_ms");
  EXPECT_EQ(wrong.key, "blocks.dedline_ms");
  EXPECT_EQ(wrong.line, 15U);
  EXPECT_EQ(wrong.file, "/conf/node.toml");
  EXPECT_THAT(wrong.text, testing::HasSubstr("\"deadline_ms\""));
  EXPECT_THAT(only_problem("[blocks]", "[bloks]").text, testing::HasSubstr("\"blocks\""));
  EXPECT_THAT(only_problem("deadline_ms", "zzzzzzzzzzzzzzzz").text, testing::StrEq("is not known"));
}

TEST(Config, EveryKindOfWrongValueIsSaid) {
  struct Case {
    std::string_view from, to, key, text;
    std::uint64_t line;
  };
  const Case cases[] = {
      {"deadline_ms = 150", "deadline_ms = \"150\"", "blocks.deadline_ms", "number", 15},
      {"deadline_ms = 150", "deadline_ms = -1", "blocks.deadline_ms", "not negative", 15},
      {"deadline_ms = 150", "deadline_ms = 0", "blocks.deadline_ms", "from 1", 15},
      {"deadline_ms = 150", "empty = 1", "blocks.empty", "true or false", 15},
      {"name = \"node0\"", "name = 5", "name", "text in quotes", 1},
      {"name = \"node0\"", "", "name", "is missing", 0},
      {"\"mempool\"", "\"mempol\"", "roles", "did you mean \"mempool\"", 2},
      {"\"mempool\"", "\"gateway\"", "roles", "stands twice", 2},
      {"\"mempool\"", "\"worker\"", "roles", "process of its own", 2},
      {"127.0.0.1:7000", "127.0.0.1", "listen.peers", "host:port", 7},
      {"127.0.0.1:7000", "127.0.0.1:99999", "listen.peers", "port", 7},
      {"consensus = \"/etc/consensus.key\"", "", "keys.consensus", "signs with it", 10},
      {"0x1111", "0x11", "siblings[0].key", "64 hex digits", 19},
      {"[\"coordinator\"]", "[\"l1\"]", "siblings[0].roles", "more than one process", 20},
      {"[\"10.0.0.2:7000\"]", "[1]", "siblings[0].addresses", "list of texts", 21},
      {"[blocks]\ndeadline_ms = 150", "[log]\nlevel = \"loud\"", "log.level", "none of", 15},
      {"[blocks]\ndeadline_ms = 150", "[l1]\nhead = \"deep\"", "l1.head", "neither", 15},
      {"[blocks]\ndeadline_ms = 150", "[coordinator]\nlease_ms = 1500", "coordinator.lease_ms", "twice", 15},
      {"[blocks]\ndeadline_ms = 150", "[coordinator]\nbackoff_most_ms = 10", "coordinator.backoff_most_ms", "below",
       15},
  };
  for (const auto& c : cases) {
    if (c.to == "\"worker\"") continue;  // two problems, below
    const auto wrong = only_problem(c.from, c.to);
    EXPECT_EQ(wrong.key, c.key) << c.to;
    EXPECT_EQ(wrong.line, c.line) << c.to;
    EXPECT_THAT(wrong.text, testing::HasSubstr(std::string(c.text))) << c.to;
  }
}

TEST(Config, AllProblemsAreSaidAtOnce) {
  const auto config = parse("nam = \"x\"\n[keys]\nlink = 3\n", "f.toml");
  ASSERT_FALSE(config.has_value());
  EXPECT_GE(config.error().size(), 5U);  // nam, keys.link, and what is missing
  const auto worker =
      parse("name = \"w\"\nroles = [\"worker\", \"l1\"]\ndata_dir = \"d\"\ngenesis = \"g\"\n", "f.toml");
  ASSERT_FALSE(worker.has_value());
  std::string all;
  for (const auto& wrong : worker.error()) all += to_string(wrong) + "\n";
  EXPECT_THAT(all, testing::HasSubstr("f.toml: keys.attester: is missing"));
  EXPECT_THAT(all, testing::HasSubstr("f.toml:2: roles: a worker is a process of its own"));
}

TEST(Config, WhatIsNoTomlAndWhatIsNoFileAreSaidWithTheirPlace) {
  const auto broken = parse("name = \"x\"\nroles = [", "f.toml");
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().front().line, 2U);
  EXPECT_THAT(broken.error().front().text, testing::HasSubstr("not TOML"));
  const auto strange_key = parse("name = \"x\"\n[*listen]\n", "f.toml");
  ASSERT_FALSE(strange_key.has_value());
  EXPECT_EQ(strange_key.error().front().line, 2U);
  for (const std::string key : {"\xEF\xBB\x94", "\xC3\xA9", "\xE3\x81\x82"}) {
    const auto strange = parse("name = \"x\"\n" + key + " = 1\n", "f.toml");
    ASSERT_FALSE(strange.has_value());
    EXPECT_EQ(strange.error().front().line, 2U);
  }
  const auto absent = load("/nonexistent/file.toml");
  ASSERT_FALSE(absent.has_value());
  EXPECT_THAT(to_string(absent.error().front()), testing::HasSubstr("cannot be read"));
}

TEST(Config, FilesThatItNamesMustBeThere) {
  const auto config = parse(kGood, "/nonexistent/node.toml");
  ASSERT_TRUE(config.has_value());
  std::vector<std::string> keys;
  for (const auto& wrong : check_files(*config)) keys.push_back(wrong.key);
  EXPECT_THAT(keys, testing::UnorderedElementsAre("genesis", "keys.link", "keys.consensus"));
}

}  // namespace
}  // namespace asterism::config
