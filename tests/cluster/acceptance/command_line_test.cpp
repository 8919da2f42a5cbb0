// Every subcommand of the binary as a new user tries it: its help, and its wrong uses.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/cluster/acceptance/process.hpp"

namespace asterism::acceptance {
namespace {

std::vector<std::string> subcommands() {
  std::istringstream lines(asterism({"--help"}).out);
  std::vector<std::string> out;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  ") && line.size() > 3 && line[2] != ' ')
      out.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return out;
}

TEST(CommandLine, EverySubcommandHasHelpAndRefusesWrongUse) {
  const auto names = subcommands();
  EXPECT_GE(names.size(), 11u);
  std::vector<std::vector<std::string>> all;
  for (const std::string& name : names) all.push_back({name});
  for (const char* part : {"transfer", "balance", "status", "deposit", "withdraw", "load"})
    all.push_back({"client", part});
  all.push_back({"client", "account", "new"});
  all.push_back({"client", "account", "deploy"});
  all.push_back({"l1", "status"});
  all.push_back({"l1", "reorg"});
  all.push_back({"config", "check"});
  all.push_back({"tx", "hash"});
  for (std::vector<std::string> words : all) {
    std::string shown;
    for (const std::string& word : words) shown += word + " ";
    auto help = words;
    help.push_back("--help");
    const Finished text = asterism(help);
    EXPECT_EQ(text.code, 0) << shown;
    EXPECT_NE(text.out.find("Example:"), std::string::npos) << shown << text.out;
    EXPECT_NE(text.out.find("Exit codes: 0"), std::string::npos) << shown << text.out;
    words.push_back("--no-such-flag");
    const Finished wrong = asterism(words);
    EXPECT_EQ(wrong.code, 2) << shown << wrong.all();
    EXPECT_FALSE(wrong.err.empty()) << shown;
  }
}

TEST(CommandLine, WrongUseOfSubcommands) {
  const TemporaryFolder empty;
  const std::string dir = empty.path().string();
  struct Case {
    std::vector<std::string> arguments;
    int code;
    std::string says = "";
  };
  const std::vector<Case> cases{
      {{}, 2},
      {{"nonsense"}, 2, "no command is called nonsense"},
      {{"help", "nonsense"}, 2, "no command is called nonsense"},
      {{"up", "--rate", "abc"}, 2, "100000"},
      {{"up", "--timeout", "-3"}, 2, "in range 1 to"},
      {{"up", "--dir", "a", "--dir", "b"}, 2, "--dir"},
      {{"up", "--worker-memory", "5x"}, 2, "in range"},
      {{"shell", "--exec", " "}, 2, "--exec needs a command"},
      {{"client", "nonsense"}, 2, "`nonsense` is none of: transfer, balance"},
      {{"config"}, 2, "one of these is needed: check"},
      {{"keygen"}, 2},
      {{"keygen", "--dir", dir + "/k", "--name", "x", "--roles", "cook", "--peers", "a:1"}, 2},
      {{"keygen", "--dir", dir + "/k", "--name", "x"}, 2},
      {{"keygen", "--dir", dir + "/k", "--name", "x", "--peers", "127.0.0.1:99999"}, 2},
      {{"keygen", "--dir", dir + "/k", "--name", "x", "--peers", "a:1", "--clients", "b"}, 2},
      {{"init"}, 2},
      {{"init", "--member", dir + "/none.json"}, 1},
      {{"node"}, 2},
      {{"node", "--config", dir + "/none.toml"}, 1},
      {{"worker", "--dir", dir + "/w"}, 2},
      {{"worker", "--dir", dir + "/w", "--join", "nonsense"}, 1, "worker invite"},
      {{"worker", "--dir", dir + "/w", "--max-transactions", "0"}, 2, "in range 1 to"},
      {{"client", "load", "--accounts", "many"}, 2, "a number is needed"},
      {{"worker", "--dir", dir + "/w", "--join", "@" + dir + "/none"}, 1},
      {{"shell", "--dir", dir, "--exec", "status"}, 1},
      {{"client"}, 2},
      {{"client", "--dir", dir, "balance", "alice"}, 1},
      {{"client", "transfer", "--from", "alice"}, 2},
      {{"client", "transfer", "--from", "a", "--to", "b", "--amount", "1", "--wait", "soon"}, 2},
      {{"l1"}, 2},
      {{"l1", "reorg"}, 2},
      {{"l1", "--dir", dir, "status"}, 1},
      {{"config"}, 2},
      {{"config", "check"}, 2},
      {{"config", "check", dir + "/none.toml"}, 1},
      {{"tx"}, 2},
      {{"tx", "hash", "--chain-id", "SN_MAIN"}, 2},
      {{"tx", "hash", "--chain-id", "SN_MAIN", dir + "/none.json"}, 1}};
  for (const Case& one : cases) {
    std::string shown;
    for (const std::string& word : one.arguments) shown += word + " ";
    const Finished answer = asterism(one.arguments);
    EXPECT_EQ(answer.code, one.code) << shown << answer.all();
    EXPECT_FALSE(answer.err.empty()) << shown;
    EXPECT_NE(answer.err.find(one.says), std::string::npos) << shown << answer.err;
    EXPECT_LT(answer.err.size(), 2000u) << shown << answer.err;
  }
  EXPECT_EQ(asterism({"version"}).code, 0);
  EXPECT_NE(asterism({"help", "keygen"}).out.find("--certify"), std::string::npos);
  EXPECT_NE(asterism({"version", "--messages"}).out.find("Proposal"), std::string::npos);
}

}  // namespace
}  // namespace asterism::acceptance
