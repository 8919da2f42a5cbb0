// Every command of the shell against a live cluster, as the table lists them: as its example says, with wrong
// arguments, and its help; what the shell says when something is missing; the client's commands.
#include <gtest/gtest.h>
#include <signal.h>

#include "actors/admin/commands.hpp"
#include "cluster/client/ledger_client.hpp"
#include "cluster/shell/shell_session.hpp"
#include "tests/cluster/acceptance/cluster.hpp"

namespace asterism::acceptance {
namespace {

class Shell : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    cluster_ = std::make_unique<Cluster>();
    ASSERT_TRUE(cluster_->start());
    ASSERT_TRUE(cluster_->add_worker("w2"));
    ASSERT_TRUE(wait_until(Millis(40'000), [] { return cluster_->settled() > 0; }, Millis(200)));
  }
  static void TearDownTestSuite() { cluster_.reset(); }

  static Finished client(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"client", "--dir", cluster_->dir().string()});
    return asterism(std::move(arguments), Millis(60'000));
  }
  static Finished exec(const std::string& line, bool json = true) {
    std::vector<std::string> words{"shell", "--dir", cluster_->dir().string(), "--exec", line};
    if (json) words.push_back("--json");
    return asterism(words, Millis(20'000));
  }
  static std::uint64_t span_that(const std::function<bool(const Json&)>& wanted) {
    const Json spans = cluster_->shell("spans");
    if (!spans.contains("spans")) return 0;
    for (const Json& span : spans["spans"]) {
      if (wanted(span)) return span["span"].get<std::uint64_t>();
    }
    return 0;
  }

  static std::unique_ptr<Cluster> cluster_;
};
std::unique_ptr<Cluster> Shell::cluster_;

std::string settled_transaction(const Finished& sent) {
  const std::size_t at = sent.out.find("0x");
  return at == std::string::npos ? "" : sent.out.substr(at, sent.out.find('\n') - at);
}

// A use of the command that must succeed, and a key its answer has; `fails`: what it says where it cannot apply.
struct Use {
  std::string arguments, key, fails;
};

std::map<std::string, Use> uses_of(const std::string& transaction, const std::string& address,
                                   const std::string& attester, std::uint64_t span, std::uint64_t open_span) {
  const std::string settled = std::to_string(span);
  return {{"status", {"", "replicas", ""}},
          {"nodes", {"", "nodes", ""}},
          {"peers", {"", "peers", ""}},
          {"actors", {"r1", "actors", ""}},
          {"actor restart", {"gateway", "restarted", ""}},
          {"heads", {"", "why", ""}},
          {"block", {"1", "block_hash", ""}},
          {"tx", {transaction, "block_number", ""}},
          {"account", {address, "balance", ""}},
          {"mempool", {"", "", ""}},
          {"consensus", {"", "height", ""}},
          {"evidence", {"", "", ""}},
          {"spans", {"", "spans", ""}},
          {"span", {settled, "attestations", ""}},
          {"span resolve", {settled + " --drop " + attester, "ok", ""}},
          {"split", {std::to_string(open_span), "ok", ""}},
          {"retry", {settled, "", "only a quarantined or failed span"}},  // the capacity test retries one that is
          {"workers", {"", "workers", ""}},
          {"worker invite", {"15", "token", ""}},
          {"worker drain", {"w2", "ok", ""}},
          {"worker resume", {"w2", "ok", ""}},
          {"worker trust", {"w2", "ok", ""}},
          {"worker remove", {"w2", "ok", ""}},
          {"settlement pause", {"", "ok", ""}},
          {"settlement resume", {"", "ok", ""}},
          {"l1", {"", "l1_head", ""}},
          {"l1 resume", {"", "done", ""}},
          {"l1 pause", {"", "done", ""}},
          {"l1 unpause", {"", "done", ""}},  // at once: what follows shows that it was not lost
          {"alarms", {"", "alarms", ""}},
          {"alarm ack", {"987654", "", "no alarm 987654"}},  // the capacity test acknowledges one that is open
          {"log level", {"consensus debug", "level", ""}},
          {"config", {"", "config", ""}},
          {"metrics", {"", "metrics", ""}},
          {"audit", {"", "audit", ""}}};
}

TEST_F(Shell, EveryCommandAsItsExampleSays) {
  const Finished sent =
      client({"transfer", "--from", "alice", "--to", "bob", "--amount", "5", "--wait", "accepted_on_l2"});
  ASSERT_EQ(sent.code, 0) << sent.all();
  const std::uint64_t settled =
      span_that([](const Json& span) { return span.value("settled", false) && span.value("state", "") == "COMPLETE"; });
  ASSERT_GT(settled, 0u);
  const Json whole = cluster_->shell("span " + std::to_string(settled));
  ASSERT_FALSE(whole["attestations"].empty()) << whole.dump();
  // With its workers stopped a span stays open long enough to be split.
  for (const char* worker : {"w0", "w1", "w2"}) cluster_->process(worker).signal(SIGSTOP);
  std::uint64_t open = 0;
  EXPECT_TRUE(wait_until(
      Millis(20'000),
      [&] {
        open = span_that([](const Json& span) {
          std::uint64_t start = 0, end = 0;
          std::sscanf(span.value("blocks", "").c_str(), "(%lu, %lu]", &start, &end);
          const std::string state = span.value("state", "");
          return end - start >= 2 && state != "COMPLETE" && state != "SPLIT";
        });
        return open != 0;
      },
      Millis(100)));
  const auto address = *cluster_->folder().address_of("alice");
  const auto uses = uses_of(settled_transaction(sent), address.to_hex(), whole["attestations"][0].value("attester", ""),
                            settled, open);
  for (const actors::CommandInfo& command : actors::all_commands()) {
    const std::string name(command.name);
    const auto use = uses.find(name);
    ASSERT_NE(use, uses.end()) << "the test knows no use of `" << name << "`";
    const Finished answer = exec(name + " " + use->second.arguments);
    const Json json = Json::parse(answer.out, nullptr, false);
    EXPECT_FALSE(json.is_discarded()) << name << ": " << answer.all();
    if (!use->second.fails.empty()) {
      EXPECT_EQ(answer.code, 1) << name << ": " << answer.all();
      EXPECT_NE(answer.out.find(use->second.fails), std::string::npos) << name << ": " << answer.out;
      continue;
    }
    EXPECT_EQ(answer.code, 0) << name << ": " << answer.all();
    if (!use->second.key.empty()) {
      EXPECT_TRUE(json.contains(use->second.key)) << name << ": " << answer.out;
    }
    if (name == "split")
      for (const char* worker : {"w0", "w1", "w2"}) cluster_->process(worker).signal(SIGCONT);
    if (command.changes) continue;
    const Finished table = exec(name + " " + use->second.arguments, false);
    EXPECT_EQ(table.code, 0) << name << ": " << table.all();
    EXPECT_FALSE(table.out.empty()) << name;
  }
  // What changed something was written down, and the cluster goes on.
  const Json audit = cluster_->shell("audit", 0);
  EXPECT_NE(audit.dump().find("worker remove"), std::string::npos) << audit.dump();
  const std::uint64_t before = cluster_->settled();
  EXPECT_TRUE(wait_until(
      Millis(40'000), [&] { return cluster_->settled() > before; }, Millis(200)))
      << cluster_->shell("spans").dump();
}

TEST_F(Shell, WrongArgumentsSayWhatIsWrong) {
  for (const actors::CommandInfo& command : actors::all_commands()) {
    std::string line(command.name);
    for (std::size_t i = 0; i <= command.most; ++i) line += " surplus";
    const Finished many = exec(line, false);
    EXPECT_EQ(many.code, 1) << line << ": " << many.all();
    EXPECT_NE(many.err.find("usage: " + std::string(command.name)), std::string::npos) << line << ": " << many.all();
    if (command.least > 0) {
      const Finished few = exec(std::string(command.name), false);
      EXPECT_EQ(few.code, 1) << command.name;
      EXPECT_FALSE(few.err.empty()) << command.name;
    }
    const Finished help = exec("help " + std::string(command.name), false);
    EXPECT_EQ(help.code, 0);
    EXPECT_NE(help.out.find("for example: " + std::string(command.example)), std::string::npos) << command.name;
  }
  const std::vector<std::pair<std::string, std::string>> wrong{{"block nine", "number"},
                                                               {"block 99999999", "no such block"},
                                                               {"tx 0xzz", "hash"},
                                                               {"account nobody", "address"},
                                                               {"tx 0x12", "not in the chain"},
                                                               {"spans x", "number"},
                                                               {"log level nonsense info", "no module"},
                                                               {"@r1", "which command"},
                                                               {"help nonsense", "no command"},
                                                               {"span x", "span"},
                                                               {"span 99999999", "no span"},
                                                               {"split 99999999", "span"},
                                                               {"retry x", "span"},
                                                               {"worker drain nobody", "worker"},
                                                               {"worker remove nobody", "worker"},
                                                               {"worker invite 0", "10080"},
                                                               {"worker invite soon", "number"},
                                                               {"actors nobody", "no node"},
                                                               {"actor restart consensus", "restart its process"},
                                                               {"actor restart x", "no role"},
                                                               {"alarm ack x", "number"},
                                                               {"log level all loud", "level"},
                                                               {"span resolve 1 --drop 0x12", "20 bytes"},
                                                               {"@nobody status", "no node"},
                                                               {"worker", "worker drain, "},
                                                               {"settlement stop", "settlement pause, "},
                                                               {"nonsense", "no command"}};
  for (const auto& [line, text] : wrong) {
    const Finished answer = exec(line, false);
    EXPECT_EQ(answer.code, 1) << line << ": " << answer.all();
    EXPECT_NE(answer.err.find(text), std::string::npos) << line << ": " << answer.all();
  }
}

TEST_F(Shell, ConnectsToAnyNodeAndReadsLinesFromInput) {
  for (unsigned i = 0; i < 4; ++i) {
    const Finished at = asterism({"shell", "--dir", cluster_->dir().string(), "--connect", cluster_->peers_address(i),
                                  "--json", "--exec", "spans"});
    EXPECT_EQ(at.code, 0) << at.all();  // the coordinator lives elsewhere: the command finds it
    EXPECT_NE(at.out.find("\"spans\""), std::string::npos) << at.all();
  }
  const Finished lines = asterism({"shell", "--dir", cluster_->dir().string()}, Millis(20'000), "heads\nhelp\nquit\n");
  EXPECT_EQ(lines.code, 0) << lines.all();
  EXPECT_NE(lines.out.find("safe"), std::string::npos) << lines.all();
  const Finished nobody =
      asterism({"shell", "--dir", cluster_->dir().string(), "--connect", "127.0.0.1:1", "--exec", "status"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_NE(nobody.err.find("127.0.0.1:1"), std::string::npos) << nobody.err;
}

// A node keeps one link of a key: the other shell's next command makes its own anew. So does one whose node restarts.
TEST_F(Shell, TwoShellsOfOneAdminAndARestartedNode) {
  const auto& folder = cluster_->folder();
  const auto first = folder.connect_admin(cluster_->peers_address(1)),
             second = folder.connect_admin(cluster_->peers_address(1));
  ASSERT_TRUE(first && second);
  cluster::ShellSession one(**first, folder.genesis_hash), other(**second, folder.genesis_hash);
  for (int i = 0; i < 3; ++i) {
    const Json here = one.run("heads"), there = other.run("peers");
    EXPECT_TRUE(here.contains("safe")) << here.dump();
    EXPECT_TRUE(there.contains("peers")) << there.dump();
  }
  cluster_->kill("r1");
  EXPECT_NE(one.run("peers").value("error", "").find(cluster_->peers_address(1)), std::string::npos);
  cluster_->start_process("r1");
  EXPECT_TRUE(wait_until(Millis(20'000), [&] { return one.run("peers").contains("peers"); }, Millis(200)));
}

TEST_F(Shell, SaysWhatIsMissing) {
  const TemporaryFolder elsewhere;
  std::filesystem::copy_file(cluster_->dir() / "genesis.json", elsewhere.path() / "genesis.json");
  const std::string dir = elsewhere.path().string();
  const Finished no_key = asterism({"shell", "--dir", dir, "--exec", "heads"});
  EXPECT_EQ(no_key.code, 1);
  EXPECT_NE(no_key.err.find("keygen --admin"), std::string::npos) << no_key.err;
  const Finished no_account = client({"transfer", "--from", "alice", "--to", "nobody", "--amount", "1"});
  EXPECT_EQ(no_account.code, 1);
  EXPECT_NE(no_account.err.find("account new nobody"), std::string::npos) << no_account.err;
  const Finished wrong_listener = asterism(
      {"shell", "--dir", cluster_->dir().string(), "--connect", cluster_->client_address(0), "--exec", "heads"});
  EXPECT_EQ(wrong_listener.code, 1);
  EXPECT_NE(wrong_listener.err.find("listen.peers"), std::string::npos) << wrong_listener.err;
  // A key that anybody may read is no secret.
  const auto key = elsewhere.path() / "admin" / "admin.key";
  ASSERT_TRUE(cluster::write_file(key, std::string(64, '1'), 0644));
  const Finished readable = asterism({"shell", "--dir", dir, "--exec", "heads"});
  EXPECT_EQ(readable.code, 1);
  EXPECT_NE(readable.err.find("chmod 600"), std::string::npos) << readable.err;
  ASSERT_TRUE(cluster::write_file(key, std::string(64, '1'), 0600));
  const Finished stranger =
      asterism({"shell", "--dir", dir, "--connect", cluster_->peers_address(1), "--exec", "heads"});
  EXPECT_EQ(stranger.code, 1) << "no admin of this genesis: " << stranger.all();
}

TEST_F(Shell, ReorganisesTheL1AsAnAdminOnly) {
  const std::string dir = cluster_->dir().string();
  const Finished done = asterism({"l1", "--dir", dir, "reorg", "1"});
  EXPECT_EQ(done.code, 0) << done.all();
  const Finished deep = asterism({"l1", "--dir", dir, "reorg", "999"});
  EXPECT_EQ(deep.code, 1) << deep.all();
  EXPECT_NE(deep.err.find("finalized"), std::string::npos) << deep.err;
  auto ledger = cluster::LedgerClient::connect(config::load(cluster_->dir() / "l1" / "config.toml")->listen.clients,
                                               cluster_->folder().view());
  ASSERT_TRUE(ledger) << ledger.error();
  EXPECT_FALSE((*ledger)->reorganise(1)) << "a client may submit and ask";
}

TEST_F(Shell, ClientCommands) {
  const Finished balance = client({"balance", "alice"});
  EXPECT_EQ(balance.code, 0) << balance.all();
  EXPECT_NE(balance.out.find("\"balance\""), std::string::npos) << balance.out;
  EXPECT_EQ(client({"balance", "nobody"}).code, 1);
  const Finished fresh = client({"account", "new", "carol"});
  ASSERT_EQ(fresh.code, 0) << fresh.all();
  EXPECT_EQ(client({"account", "new", "carol"}).code, 1) << "keys are never overwritten";
  const Finished fund = client({"transfer", "--from", "alice", "--to", "carol", "--amount", "100000000000000000000",
                                "--wait", "accepted_on_l2", "--timeout", "30"});
  EXPECT_EQ(fund.code, 0) << fund.all();
  const Finished deploy = client({"account", "deploy", "carol", "--wait", "accepted_on_l2", "--timeout", "30"});
  EXPECT_EQ(deploy.code, 0) << deploy.all();
  const Finished reverted = client({"transfer", "--from", "carol", "--to", "bob", "--amount", "900000000000000000000",
                                    "--wait", "accepted_on_l2", "--timeout", "30"});
  EXPECT_EQ(reverted.code, 1) << "more than it has: " << reverted.all();
  const Finished deposit = client({"deposit", "--to", "carol", "--amount", "12345"});
  EXPECT_EQ(deposit.code, 0) << deposit.all();
  const Finished withdraw =
      client({"withdraw", "--from", "alice", "--amount", "100", "--wait", "accepted_on_l1", "--timeout", "50"});
  EXPECT_EQ(withdraw.code, 0) << withdraw.all();
  const Finished status = client({"status", settled_transaction(withdraw)});
  EXPECT_EQ(status.code, 0) << status.all();
  EXPECT_NE(status.out.find("ACCEPTED_ON_L1"), std::string::npos) << status.out;
  const Finished load = client({"load", "--rate", "20", "--duration", "2", "--json"});
  EXPECT_EQ(load.code, 0) << load.all();
}

}  // namespace
}  // namespace asterism::acceptance
