// The prove and verify commands: files in, files out, exit codes.
#include "cluster/stark/stark_command.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "cluster/stark/files.hpp"
#include "tests/core/stark/vectors.hpp"

namespace asterism::cluster {
namespace {

using core::stark::stone_proof;
using core::stark::stone_vector;

int run(int (*command)(int, char**), std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return command(static_cast<int>(argv.size()), argv.data());
}

class Commands : public testing::Test {
 protected:
  void SetUp() override {
    out_ = std::filesystem::temp_directory_path() / ("stark_command_test_" + std::to_string(::getpid()) + ".json");
  }
  void TearDown() override { std::filesystem::remove(out_); }

  int prove(const std::filesystem::path& folder, std::vector<std::string> more) {
    std::vector<std::string> words{"prove",
                                   "--parameter_file",
                                   (folder / "params.json").string(),
                                   "--private_input_file",
                                   (folder / "air_private_input.json").string(),
                                   "--public_input_file",
                                   (folder / "air_public_input.json").string(),
                                   "--out_file",
                                   out_.string(),
                                   "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return run(prove_command, words);
  }

  std::filesystem::path out_;
};

TEST_F(Commands, ProveWritesStonesProofWithItsAnnotations) {
  const auto folder = stone_vector("small-512-builtins");
  ASTERISM_REQUIRE_VECTOR(folder);
  ASSERT_EQ(prove(*folder, {"--insecure", "--generate_annotations"}), 0);
  const auto ours = nlohmann::json::parse(*read_whole(out_));
  const auto stones = nlohmann::json::parse(*read_whole(*folder / "proof_annotated.json"));
  EXPECT_EQ(ours.at("proof_hex"), stones.at("proof_hex"));
  EXPECT_EQ(ours.at("annotations"), stones.at("annotations"));
  EXPECT_EQ(run(verify_command, {"verify", out_.string(), "--insecure"}), 0);
  EXPECT_EQ(run(verify_command, {"verify", out_.string()}), 1);  // below 96 bits

  auto broken = ours;
  char& digit = broken["proof_hex"].get_ref<std::string&>()[5];
  digit = digit == '0' ? '1' : '0';
  std::ofstream(out_) << broken;
  EXPECT_EQ(run(verify_command, {"verify", out_.string(), "--insecure"}), 1);
  std::ofstream(out_) << "{}";
  EXPECT_EQ(run(verify_command, {"verify", out_.string()}), 3);
}

TEST_F(Commands, RefuseWhatTheyShould) {
  const auto folder = stone_vector("plain-512-keccak");
  ASTERISM_REQUIRE_VECTOR(folder);
  EXPECT_EQ(prove(*folder, {}), 1);  // 30 bits
  EXPECT_FALSE(std::filesystem::exists(out_));
  EXPECT_EQ(run(prove_command, {"prove"}), 2);
  EXPECT_EQ(run(verify_command, {"verify"}), 2);
  EXPECT_EQ(run(verify_command, {"verify", "/nonexistent/proof.json"}), 2);
}

TEST_F(Commands, ProveRunsAProgramInMemory) {
  const auto folder = stone_vector("small-512-builtins");
  ASTERISM_REQUIRE_VECTOR(folder);
  const std::string program = (*folder / "program.json").string();
  const std::vector<std::string> words{"prove", "--program", program, "--out_file", out_.string(), "--quiet"};
  const auto prove_program = [&](std::vector<std::string> more) {
    std::vector<std::string> all = words;
    all.insert(all.end(), more.begin(), more.end());
    return run(prove_command, all);
  };
  EXPECT_EQ(prove_program({}), 2);  // which layout?
  EXPECT_EQ(prove_program({"--layout", "plain"}), 1);
  EXPECT_EQ(prove_program({"--layout", "small", "--max-memory", "8MiB"}), 1);
  EXPECT_EQ(prove_program({"--layout", "small", "--public_input_file", program}), 2);
  EXPECT_FALSE(std::filesystem::exists(out_));
  // The vector's run, with its parameters: the same proof.
  ASSERT_EQ(prove_program({"--layout", "small", "--parameter_file", (*folder / "params.json").string(), "--insecure"}),
            0);
  const auto ours = nlohmann::json::parse(*read_whole(out_));
  std::string stones = *read_whole(*folder / "proof.hex");
  while (stones.back() == '\n') stones.pop_back();
  EXPECT_EQ(ours.at("proof_hex"), (stones.starts_with("0x") ? "" : "0x") + stones);
  // With parameters of its own it is secure.
  ASSERT_EQ(prove_program({"--layout", "small"}), 0);
  EXPECT_EQ(run(verify_command, {"verify", out_.string()}), 0);
}

TEST_F(Commands, ASignalEndsProveWithoutAFile) {
  const auto folder = stone_vector("small-512-builtins");
  ASTERISM_REQUIRE_VECTOR(folder);
  std::signal(SIGINT, SIG_IGN);  // until prove has its own handler
  std::atomic<bool> ended{false};
  std::thread interrupt([&] {
    while (!ended) ::kill(::getpid(), SIGINT);
  });
  EXPECT_EQ(prove(*folder, {"--insecure"}), 1);
  ended = true;
  interrupt.join();
  EXPECT_FALSE(std::filesystem::exists(out_));
  EXPECT_FALSE(std::filesystem::exists(out_.string() + ".part"));
}

TEST_F(Commands, VerifyAcceptsPublishedProofs) {
  for (const char* name :
       {"recursive-cairo0_stone6_keccak_160_lsb.json", "starknet-cairo0_stone5_keccak_160_lsb.json"}) {
    const auto path = stone_proof(name);
    ASTERISM_REQUIRE_VECTOR(path);
    EXPECT_EQ(run(verify_command, {"verify", path->string(), "--insecure"}), 0) << name;
  }
}

}  // namespace
}  // namespace asterism::cluster
