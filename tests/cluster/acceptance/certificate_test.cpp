// A process that genesis does not know: its keys are made, the consensus key of its validator certifies it, it joins a
// running cluster and serves clients; of its certificates the one with the highest serial holds, everywhere and across
// restarts.
#include <gtest/gtest.h>

#include "cluster/deployment/key_files.hpp"
#include "tests/cluster/acceptance/cluster.hpp"

namespace asterism::acceptance {
namespace {

namespace fs = std::filesystem;

const std::string kDoor = "r1-door";

class Certificate : public ::testing::Test {
 protected:
  fs::path folder() const { return cluster_.dir() / kDoor; }
  std::string at(unsigned further) const { return "127.0.0.1:" + std::to_string(port_ + further); }

  // Its record, with these roles, certified with this serial by r1's consensus key.
  Finished certify(const std::string& roles, unsigned serial, std::vector<std::string> further = {}) {
    const Finished record = asterism({"keygen", "--dir", folder().string(), "--name", kDoor, "--validator", "r1",
                                      "--roles", roles, "--peers", at(0), "--clients", at(1)});
    if (record.code != 0) return record;
    const fs::path file = cluster_.dir() / (kDoor + ".json");
    if (!cluster::write_file(file, record.out)) return {};
    std::vector<std::string> words{"keygen",
                                   "--certify",
                                   file.string(),
                                   "--genesis",
                                   (cluster_.dir() / "genesis.json").string(),
                                   "--consensus-key",
                                   (cluster_.dir() / "r1" / "consensus.key").string(),
                                   "--serial",
                                   std::to_string(serial),
                                   "--out",
                                   folder().string()};
    words.insert(words.end(), further.begin(), further.end());
    return asterism(words);
  }
  void start() {
    process_ =
        Process({{binary(), "node", "--config", (folder() / (kDoor + ".toml")).string()}, folder() / "log", {}, {}});
  }

  // What this replica knows of the process.
  Json known(unsigned replica) const {
    const Json nodes = cluster_.shell("nodes", static_cast<int>(replica));
    for (const Json& one : nodes.value("nodes", Json::array())) {
      if (one.value("node", "") == kDoor) return one;
    }
    return Json::object();
  }
  bool all_know(unsigned serial, const std::vector<std::string>& roles) const {
    return wait_until(Millis(30'000), [&] {
      for (unsigned i = 0; i < cluster_.replicas(); ++i) {
        const Json one = known(i);
        if (one.value("certificate", "") != "serial " + std::to_string(serial) ||
            one.value("roles", std::vector<std::string>{}) != roles)
          return false;
      }
      return true;
    });
  }
  Finished transfer_through_it() const {
    return asterism({"client", "--dir", cluster_.dir().string(), "--connect", at(1), "transfer", "--from", "alice",
                     "--to", "bob", "--amount", "5", "--wait", "accepted_on_l2", "--timeout", "30"},
                    Millis(40'000));
  }

  Cluster cluster_{{.workers = 0}};
  unsigned port_ = free_ports(10);
  Process process_;
};

TEST_F(Certificate, AProcessOutsideGenesisJoinsAndTheHighestSerialWins) {
  ASSERT_TRUE(cluster_.start());
  const Finished certified = certify("gateway,admin", 5);
  ASSERT_EQ(certified.code, 0) << certified.all();
  fs::copy_file(cluster_.dir() / "genesis.json", folder() / "genesis.json");
  start();
  EXPECT_TRUE(all_know(5, {"gateway", "admin"})) << known(0).dump() << read_text(folder() / "log");
  const Finished sent = transfer_through_it();
  EXPECT_EQ(sent.code, 0) << "a client accepts its certificate too: " << sent.all();

  // A newer one takes the gateway from it; who was restarted meanwhile remembers.
  process_.end();
  ASSERT_EQ(certify("admin", 9).code, 0);
  start();
  EXPECT_TRUE(all_know(9, {"admin"})) << known(2).dump() << read_text(folder() / "log");
  process_.end();
  cluster_.kill("r2");
  cluster_.start_process("r2");
  EXPECT_TRUE(all_know(9, {"admin"})) << known(2).dump();

  // An older one gives nothing back: the process itself knows the newer.
  ASSERT_EQ(certify("gateway,admin", 7).code, 0);
  start();
  EXPECT_TRUE(wait_until(Millis(20'000), [&] { return !process_.running(); }));
  EXPECT_NE(read_text(folder() / "log").find("not among the roles"), std::string::npos) << read_text(folder() / "log");
  EXPECT_TRUE(all_know(9, {"admin"}));

  // Taken out by a certificate that any process brings, it is refused.
  ASSERT_EQ(certify("admin", 12, {"--take-out"}).code, 0);
  const fs::path file = cluster_.dir() / "r3" / "config.toml";
  config::Config config = *config::load(file);
  config.certificates = {(folder() / (kDoor + ".certificate.json")).string()};
  ASSERT_TRUE(cluster::write_file(file, config::render(config)));
  cluster_.kill("r3");
  cluster_.start_process("r3");
  EXPECT_TRUE(all_know(12, {})) << known(0).dump() << cluster_.log_of("r3");
  EXPECT_EQ(transfer_through_it().code, 1);
  EXPECT_EQ(compare_chains(cluster_), "");
}

}  // namespace
}  // namespace asterism::acceptance
