// Roles placed by configuration: the four parts of one replica in network namespaces with addresses of their own, set
// up with keygen and init as a user would; each part dies in turn, what depends on it waits, and goes on when it is
// back. A worker joins from another namespace.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>

#include "cluster/client/node_client.hpp"
#include "cluster/deployment/key_files.hpp"
#include "config/config.hpp"
#include "core/chain/genesis.hpp"
#include "tests/cluster/acceptance/namespaces.hpp"

namespace asterism::acceptance {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Part {
  std::string name, validator, roles, address;  // address without port
  unsigned port = 7000;
  std::string space;  // namespace; empty: the host's
  bool clients = false;
};

class Placement : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string why = spaces_.make({"front", "core", "l1", "coord", "work"});
    if (!why.empty()) GTEST_SKIP() << "no network namespaces here: " << why;
    const std::string host = spaces_.host_address();
    const unsigned port = free_ports(50);
    parts_ = {{"front", "r0", "gateway,mempool,admin", spaces_.address("front"), 7000, "front", true},
              {"core", "r0", "consensus,sequencer,admin", spaces_.address("core"), 7000, "core", false},
              {"l1sync", "r0", "l1,admin", spaces_.address("l1"), 7000, "l1", false},
              {"coord", "r0", "coordinator,admin", spaces_.address("coord"), 7000, "coord", false},
              {"ledger", "", "ledger,admin", host, port, "", true}};
    for (unsigned i = 1; i < 4; ++i)
      parts_.push_back({"r" + std::to_string(i), "r" + std::to_string(i), "", host, port + 10 * i, "", true});
    compose();
  }

  fs::path dir() const { return folder_.path() / "cluster"; }
  const Part& part(const std::string& name) const { return *std::ranges::find(parts_, name, &Part::name); }
  static std::string at(const Part& part, unsigned further = 0) {
    return part.address + ":" + std::to_string(part.port + further);
  }

  // keygen where the keys will live, init from the records, each process its own configuration.
  void compose() {
    std::vector<std::string> init{"init", "--out", (folder_.path() / "out").string(), "--coordinator", "r0"};
    const auto keep = [&](const std::string& name, const Finished& record) {
      ASSERT_EQ(record.code, 0) << record.all();
      const fs::path file = folder_.path() / (name + ".json");
      ASSERT_TRUE(cluster::write_file(file, record.out));
      init.insert(init.end(), {"--member", file.string()});
    };
    for (const Part& one : parts_) {
      std::vector<std::string> keygen{"keygen",  "--dir", (dir() / one.name).string(), "--name", one.name,
                                      "--peers", at(one)};
      if (!one.validator.empty()) keygen.insert(keygen.end(), {"--validator", one.validator});
      if (!one.roles.empty()) keygen.insert(keygen.end(), {"--roles", one.roles});
      if (one.clients) keygen.insert(keygen.end(), {"--clients", at(one, 1)});
      keep(one.name, asterism(keygen));
    }
    keep("me", asterism({"keygen", "--admin", "--dir", (dir() / "admin").string(), "--name", "me"}));
    for (const char* name : {"alice", "bob"}) {
      const Finished account = asterism({"client", "--dir", dir().string(), "account", "new", name});
      ASSERT_EQ(account.code, 0) << account.all();
      const Json key = Json::parse(account.out.substr(0, account.out.find('\n')));
      init.insert(init.end(),
                  {"--account", key.value("public_key", "") + ":" + key.value("salt", "") + ":1000000000000000000000"});
    }
    const Finished done = asterism(init);
    ASSERT_EQ(done.code, 0) << done.all();
    const fs::path made = folder_.path() / "out" / "genesis.json";
    genesis_ = *core::decode_genesis(read_text(made));
    genesis_.limits.span_seconds = 1;
    ASSERT_TRUE(cluster::write_file(made, core::encode_genesis(genesis_)));
    genesis_hash_ = core::genesis_hash(genesis_);
    fs::copy_file(made, dir() / "genesis.json");
    for (const Part& one : parts_) {
      fs::copy_file(made, dir() / one.name / "genesis.json");
      fs::copy_file(folder_.path() / "out" / (one.name + ".toml"), dir() / one.name / "config.toml");
      config::Config config = *config::load(dir() / one.name / "config.toml");
      config.ledger.block_ms = 200;
      config.l1.poll_ms = 100;
      ASSERT_TRUE(cluster::write_file(dir() / one.name / "config.toml", config::render(config)));
      const Finished check = asterism({"config", "check", (dir() / one.name / "config.toml").string()});
      EXPECT_EQ(check.code, 0) << check.err;
    }
  }

  void start(const std::string& name, const std::string& space, std::vector<std::string> words) {
    std::vector<std::string> command = space.empty() ? std::vector<std::string>{} : spaces_.prefix(space);
    command.push_back(binary());
    command.insert(command.end(), words.begin(), words.end());
    processes_[name] = Process({command, dir() / name / "log", {}, {}});
  }
  void start(const Part& one) {
    start(one.name, one.space, {"node", "--config", (dir() / one.name / "config.toml").string()});
  }
  void start_worker(const std::string& name, const std::string& space) {
    start(name, space,
          {"worker", "--dir", (dir() / name).string(), "--name", name, "--join",
           "@" + (dir() / name / "token").string()});
  }
  bool invite_worker(const std::string& name, const std::string& space) {
    const Json invitation = ask("worker invite");
    if (!invitation.contains("token")) return false;
    if (!cluster::write_file(dir() / name / "token", invitation["token"].get<std::string>(), 0600)) return false;
    start_worker(name, space);
    return wait_until(Millis(20'000), [&] { return worker(name).value("weight", 0) > 0; }, Millis(200));
  }

  Json ask(const std::string& line) const {
    const Finished answer =
        asterism({"shell", "--dir", dir().string(), "--connect", at(part("r1")), "--json", "--exec", line});
    const Json json = Json::parse(answer.out, nullptr, false);
    return json.is_object() ? json : Json{{"error", answer.all()}};
  }
  Json worker(const std::string& name) const {
    const Json all = ask("workers");
    for (const Json& one : all.value("workers", Json::array())) {
      if (one.value("worker", "") == name) return one;
    }
    return Json::object();
  }
  std::uint64_t height(const std::string& name) const {
    const auto client = cluster::NodeClient::connect(at(part(name), 1), {genesis_, genesis_hash_});
    if (!client) return 0;
    const auto block = (*client)->query("block", {"latest"}, cluster::Millis(3000));
    return block ? block->value("block_number", std::uint64_t{0}) : 0;
  }
  std::uint64_t settled() const { return ask("heads").value("settled", std::uint64_t{0}); }
  bool grows(const std::string& name) const {
    const std::uint64_t before = height(name);
    return wait_until(Millis(30'000), [&] { return height(name) > before + 2; }, Millis(100));
  }
  bool settles(std::uint64_t goal) const {
    return wait_until(Millis(60'000), [&] { return settled() >= goal; }, Millis(200));
  }
  // Hash, root and receipts of every block are the same at the split replica and at the others.
  void expect_one_chain() const {
    const std::uint64_t target = height("r1");
    for (const char* name : {"front", "r2", "r3"})
      EXPECT_TRUE(wait_until(Millis(20'000), [&] { return height(name) >= target; })) << name;
    std::vector<std::string> seen;
    for (const char* name : {"front", "r1", "r2", "r3"}) {
      const auto client = cluster::NodeClient::connect(at(part(name), 1), {genesis_, genesis_hash_});
      ASSERT_TRUE(client) << client.error();
      std::string chain;
      for (std::uint64_t number = 1; number <= target; ++number) {
        const auto block = (*client)->query("block", {std::to_string(number)}, cluster::Millis(3000));
        ASSERT_TRUE(block && block->contains("block_hash")) << name << " " << number;
        for (const char* field : {"block_hash", "new_root", "receipt_commitment"})
          chain += block->value(field, "none") + " ";
      }
      seen.push_back(std::move(chain));
    }
    for (const std::string& chain : seen) EXPECT_EQ(chain, seen.front());
  }
  // Blocks that come after its death are decided, and wait for settlement until it is back.
  void expect_settlement_waits_for(const std::string& name) {
    SCOPED_TRACE("kill -9 of " + name);
    processes_.at(name).end();
    const std::uint64_t limit = std::max(height("r1"), height("r2")) + 1;
    EXPECT_TRUE(grows("r1"));
    EXPECT_FALSE(wait_until(Millis(4'000), [&] { return settled() > limit; }, Millis(200)));
    start(part(name));
    EXPECT_TRUE(settles(limit + 2)) << ask("spans").dump() << ask("@l1sync l1").dump();
  }

  TemporaryFolder folder_;
  Namespaces spaces_;
  std::vector<Part> parts_;
  core::Genesis genesis_;
  core::Word genesis_hash_{};
  std::map<std::string, Process> processes_;
};

TEST_F(Placement, OneReplicaInFourNamespaces) {
  for (const Part& one : parts_) start(one);
  ASSERT_TRUE(wait_until(Millis(30'000), [&] { return height("r1") > 0 && height("front") > 0; }))
      << read_text(dir() / "front" / "log") << read_text(dir() / "core" / "log");
  for (const char* name : {"w0", "w2"}) ASSERT_TRUE(invite_worker(name, "")) << ask("workers").dump();
  // Sanitized, its children cannot start: `ip netns exec` hides cgroups, so that RLIMIT_AS must bound them.
  ASSERT_TRUE(invite_worker("w1", "work")) << ask("workers").dump();
  // Through the gateway of the split replica, to the end.
  const Finished sent =
      asterism({"client", "--dir", dir().string(), "--connect", at(part("front"), 1), "transfer", "--from", "alice",
                "--to", "bob", "--amount", "5", "--wait", "safe", "--timeout", "60"},
               Millis(70'000));
  EXPECT_EQ(sent.code, 0) << sent.all();

  {
    SCOPED_TRACE("kill -9 of the gateway's process");
    processes_.at("front").end();
    EXPECT_EQ(height("front"), 0u);
    EXPECT_TRUE(grows("r1"));
    EXPECT_TRUE(settles(height("r1"))) << "nothing else waits for it";
    start(part("front"));
    EXPECT_TRUE(wait_until(Millis(20'000), [&] { return height("front") + 3 >= height("r1"); }));
  }
  expect_settlement_waits_for("core");
  EXPECT_TRUE(wait_until(Millis(20'000), [&] { return height("front") + 3 >= height("r1"); }));
  expect_settlement_waits_for("l1sync");
  expect_settlement_waits_for("coord");

  if (address_sanitized())
    GTEST_SKIP() << "the life of the worker in the other namespace";
  // The worker in the other namespace survived all that; it restarts, drains and leaves.
  processes_.at("w1").end();
  start_worker("w1", "work");
  const std::uint64_t proven = worker("w1").value("proven", std::uint64_t{0});
  EXPECT_TRUE(wait_until(
      Millis(30'000), [&] { return worker("w1").value("proven", std::uint64_t{0}) > proven; }, Millis(200)))
      << ask("workers").dump();
  EXPECT_TRUE(ask("worker drain w1").contains("ok"));
  const auto status = processes_.at("w1").wait(Millis(20'000));
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(*status, 0) << read_text(dir() / "w1" / "log");
  EXPECT_TRUE(ask("worker remove w1").contains("ok"));
  EXPECT_TRUE(settles(height("r1"))) << "no work is lost: " << ask("spans").dump();
  expect_one_chain();
}

}  // namespace
}  // namespace asterism::acceptance
