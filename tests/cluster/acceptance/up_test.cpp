// `asterism up` as a new user types it: from nothing to safe blocks, resumed, interrupted; what it says when something
// is in its way.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <set>

#include "cluster/deployment/key_files.hpp"
#include "tests/cluster/acceptance/process.hpp"

namespace asterism::acceptance {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

class Up : public ::testing::Test {
 protected:
  Finished shell(const std::string& line) const {
    return asterism({"shell", "--dir", dir().string(), "--json", "--exec", line}, Millis(15'000));
  }
  Json ask(const std::string& line) const {
    const Json answer = Json::parse(shell(line).out, nullptr, false);
    return answer.is_object() ? answer : Json::object();
  }
  fs::path dir() const { return folder_.path() / "cluster"; }

  // What L1 was given for each settled span: attesters of enough weight, no two the same.
  void expect_two_attesters_under_every_settled_span() {
    const Json spans = ask("spans");
    ASSERT_TRUE(spans.contains("spans")) << spans.dump();
    unsigned settled = 0;
    for (const Json& span : spans["spans"]) {
      if (!span.value("settled", false) || span.value("state", "") != "COMPLETE") continue;
      ++settled;
      const Json whole = ask("span " + std::to_string(span["span"].get<std::uint64_t>()));
      std::set<std::string> attesters;
      for (const Json& one : whole["attestations"]) attesters.insert(one.value("attester", ""));
      EXPECT_GE(attesters.size(), 2u) << whole.dump();
      EXPECT_EQ(span.value("kind", ""), "attestation");
    }
    EXPECT_GT(settled, 0u) << spans.dump();
    const Finished ledger = asterism({"l1", "--dir", dir().string(), "status"});
    EXPECT_EQ(ledger.code, 0) << ledger.all();
    EXPECT_EQ(Json::parse(ledger.out)["attesters"].size(), 2u) << ledger.out;
  }

  void expect_private_keys(const fs::path& folder) const {
    unsigned keys = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".key") continue;
      ++keys;
      EXPECT_EQ(entry.status().permissions() & fs::perms::all, fs::perms::owner_read | fs::perms::owner_write)
          << entry.path();
    }
    EXPECT_GT(keys, 10u);
  }

  // A second process on a folder that is in use says so and touches nothing.
  void expect_second_process_refused() const {
    const Finished second = asterism({"node", "--config", (dir() / "r1" / "config.toml").string()}, Millis(10'000));
    EXPECT_EQ(second.code, 1) << second.all();
    EXPECT_TRUE(second.err.find("in use") != std::string::npos ||
                second.err.find("another process") != std::string::npos)
        << second.err;
  }

  void expect_a_drained_worker_comes_back() {
    const auto state = [&] {
      const Json workers = ask("workers");
      for (const Json& worker : workers.value("workers", Json::array())) {
        if (worker.value("worker", "") == "w0") return worker.value("state", "");
      }
      return std::string();
    };
    EXPECT_EQ(shell("worker drain w0").code, 0);
    EXPECT_TRUE(wait_until(Millis(30'000), [&] { return state() == "drained"; }, Millis(200))) << state();
    const Finished resumed = shell("worker resume w0");
    EXPECT_EQ(resumed.code, 0) << resumed.all();
    EXPECT_TRUE(wait_until(
        Millis(30'000), [&] { return state() == "idle" || state() == "proving"; }, Millis(200)))
        << state() << read_text(folder_.path() / "up.log");
  }

  TemporaryFolder folder_;
};

TEST_F(Up, FromNothingToSafeThenResumed) {
  const unsigned goal = full_matrix() ? 20 : 6, port = free_ports(100);
  const std::string base = std::to_string(port);
  const Finished first = asterism({"up", "--dir", dir().string(), "--base-port", base, "--fresh", "--until-safe",
                                   std::to_string(goal), "--timeout", "115", "--json"},
                                  Millis(150'000));
  ASSERT_EQ(first.code, 0) << first.all();
  const Json result = Json::parse(first.out, nullptr, false);
  ASSERT_TRUE(result.is_object()) << first.out;
  for (const char* field :
       {"transactions", "succeeded", "blocks", "safe", "tx_per_s", "decision_ms_p50", "state_roots_equal", "spans"})
    EXPECT_TRUE(result.contains(field)) << field;
  EXPECT_GE(result["safe"].get<std::uint64_t>(), goal);
  EXPECT_GE(result["succeeded"].get<std::uint64_t>(), full_matrix() ? 200u : 50u);
  EXPECT_TRUE(result["state_roots_equal"].get<bool>());
  expect_private_keys(dir());

  Process again({{binary(), "up", "--dir", dir().string(), "--rate", "0"}, folder_.path() / "up.log", {}, {}});
  const auto before = result["safe"].get<std::uint64_t>();
  EXPECT_TRUE(wait_until(
      Millis(60'000), [&] { return ask("heads").value("safe", std::uint64_t{0}) > before; }, Millis(300)))
      << read_text(folder_.path() / "up.log");
  expect_two_attesters_under_every_settled_span();
  expect_second_process_refused();
  expect_a_drained_worker_comes_back();
  again.signal(SIGINT);
  const auto status = again.wait(Millis(20'000));
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(*status, 0) << read_text(folder_.path() / "up.log");
  const std::string said = read_text(folder_.path() / "up.log");
  EXPECT_NE(said.find("resume with"), std::string::npos);
  EXPECT_EQ(said.find("waiting for the first replica", said.find("latest=")), std::string::npos)
      << "the shell did not cut off `up`: " << said;

  // What was made otherwise is not resumed as if it were; a goal that was not reached is a failure.
  for (const auto& [flag, value] : {std::pair{"--replicas", "7"}, std::pair{"--workers", "1"}}) {
    const Finished other = asterism({"up", "--dir", dir().string(), flag, value});
    EXPECT_EQ(other.code, 2) << other.all();
    EXPECT_NE(other.err.find("4 replicas, 2 workers"), std::string::npos) << other.err;
  }
  Process third({{binary(), "up", "--dir", dir().string(), "--rate", "0", "--until-safe", "1000000"},
                 folder_.path() / "third.log",
                 {},
                 {}});
  const auto told = [&](const std::string& text) {
    return read_text(folder_.path() / "third.log").find(text) != std::string::npos;
  };
  EXPECT_TRUE(wait_until(Millis(30'000), [&] { return told("latest="); }));
  third.signal(SIGTERM);
  const auto ended = third.wait(Millis(20'000));
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(WEXITSTATUS(*ended), 1);
  EXPECT_TRUE(told("not 1000000") && told("resume with")) << read_text(folder_.path() / "third.log");
}

TEST_F(Up, NamesThePortThatIsInUse) {
  const unsigned port = free_ports(100);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port + 11));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(fd, 1), 0);
  const Finished up = asterism({"up", "--dir", dir().string(), "--base-port", std::to_string(port), "--timeout", "5"});
  ::close(fd);
  EXPECT_EQ(up.code, 1);
  EXPECT_NE(up.err.find(std::to_string(port + 11)), std::string::npos) << up.err;
  EXPECT_NE(up.err.find("--base-port"), std::string::npos) << up.err;
  EXPECT_FALSE(fs::exists(dir())) << "nothing was made for ports that cannot be had";
}

TEST_F(Up, WrongUse) {
  EXPECT_EQ(asterism({"up", "--until-safe", "3", "--rate", "0", "--no-empty-blocks"}).code, 2);
  EXPECT_EQ(asterism({"up", "--replicas", "0"}).code, 2);
  EXPECT_EQ(asterism({"up", "--base-port", "70000"}).code, 2);
  ASSERT_TRUE(cluster::write_file(dir() / "something", "else"));
  const Finished other = asterism({"up", "--dir", dir().string()});
  EXPECT_EQ(other.code, 1) << other.all();
  EXPECT_NE(other.err.find("no deployment"), std::string::npos) << other.err;
}

}  // namespace
}  // namespace asterism::acceptance
