// Programs that use the builtins, run in memory, proven and verified in the layouts that no vector of Stone's covers.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cluster/stark/prove_inputs.hpp"
#include "core/hash/poseidon.hpp"
#include "core/stark/claim.hpp"
#include "core/stark/stark.hpp"
#include "tests/core/stark/loop.hpp"
#include "tests/core/stark/vectors.hpp"
#include "tests/paths.hpp"

namespace asterism::cluster {
namespace {

using namespace core::stark;

struct Run {
  const char* program;  // in the shared vectors
  const char* layout;
  std::vector<std::string_view> used;
  bool v1 = false;
};

bool uses(const PrivateInput& secret, std::string_view builtin) {
  if (builtin == "pedersen") return !secret.pedersen.empty();
  if (builtin == "range_check") return !secret.range_check.empty();
  if (builtin == "ecdsa") return !secret.ecdsa.empty();
  if (builtin == "bitwise") return !secret.bitwise.empty();
  if (builtin == "ec_op") return !secret.ec_op.empty();
  if (builtin == "keccak") return !secret.keccak.empty();
  return builtin == "poseidon" && !secret.poseidon.empty();
}

class Programs : public testing::TestWithParam<Run> {};

TEST_P(Programs, AreProvenAndVerified) {
  const auto path = tests::shared_folder() / "vectors" / GetParam().program;
  ASTERISM_REQUIRE_VECTOR(std::filesystem::exists(path));
  ProgramRun run;
  run.program = path.string();
  run.layout = GetParam().layout;
  run.evm = GetParam().v1;
  auto inputs = run_program(run, std::atomic<bool>(false));
  ASSERT_TRUE(inputs) << inputs.error().text();
  for (const std::string_view builtin : GetParam().used) EXPECT_TRUE(uses(inputs->secret, builtin)) << builtin;
  const unsigned log_steps = static_cast<unsigned>(std::countr_zero(inputs->public_input.n_steps));
  const Parameters parameters = quick_parameters({GetParam().layout, log_steps, GetParam().v1});
  const auto proof = prove(inputs->public_input, inputs->secret, parameters, {.threads = 2});
  ASSERT_TRUE(proof) << proof.error().text();
  const auto verdict = verify(proof->bytes, parameters, inputs->public_input);
  EXPECT_TRUE(verdict) << verdict.error().text();
}

const auto kName = [](const auto& run) { return std::string(run.param.layout) + (run.param.v1 ? "_v1" : ""); };
constexpr const char* kSmall = "stone/small-512-builtins/program.json";
constexpr const char* kRecursive = "stone/recursive-16384-builtins/program.json";
constexpr const char* kRecursiveWithPoseidon = "stone/recursive_with_poseidon-32768-builtins/program.json";
constexpr const char* kStarknet = "stone/starknet-131072-builtins/program.json";
constexpr const char* kAll = "cairo/x_hashes.proof/program.json";
INSTANTIATE_TEST_SUITE_P(
    Layouts, Programs,
    testing::Values(
        Run{kSmall, "dex", {"pedersen", "range_check", "ecdsa"}},
        Run{kSmall, "perpetual", {"pedersen", "range_check", "ecdsa"}},
        Run{kSmall, "all_solidity", {"pedersen", "range_check", "ecdsa"}},
        Run{kRecursive, "recursive_large_output", {"pedersen", "range_check", "bitwise"}, true},
        Run{kRecursiveWithPoseidon, "recursive_large_output", {"pedersen", "range_check", "bitwise", "poseidon"}}),
    kName);
INSTANTIATE_TEST_SUITE_P(
    Long, Programs,
    testing::Values(
        Run{kSmall, "dex_with_bitwise", {"pedersen", "range_check", "ecdsa"}},
        Run{kStarknet, "starknet", {"pedersen", "range_check", "ecdsa", "bitwise", "ec_op", "poseidon"}, true},
        Run{kAll,
            "starknet_with_keccak",
            {"pedersen", "range_check", "ecdsa", "bitwise", "ec_op", "keccak", "poseidon"}}),
    kName);

TEST(ProgramRuns, ClaimTheProgramAndItsOutput) {
  const auto folder = stone_vector("small-512-builtins");
  ASTERISM_REQUIRE_VECTOR(folder && std::filesystem::exists(*folder / "program.json"));
  const auto program = nlohmann::json::parse(*read_text(*folder / "program.json"));
  std::vector<core::Felt> words;
  for (const auto& word : program.at("data")) words.push_back(*core::Felt::from_hex(word.get<std::string>()));
  const auto input = parse_public_input(*read_text(*folder / "air_public_input.json"));
  const Claim claim = claim_of(*input);
  EXPECT_EQ(claim.program_hash, core::poseidon_many(words));
  const Segment output = input->segment("output");
  ASSERT_GT(output.stop_ptr, output.begin_addr);
  ASSERT_EQ(claim.output.size(), output.stop_ptr - output.begin_addr);
  for (const PublicCell& cell : input->memory) {
    if (cell.address >= output.begin_addr && cell.address < output.stop_ptr) {
      EXPECT_EQ(claim.output[cell.address - output.begin_addr], cell.value);
    }
  }
}

TEST(ProgramRuns, FailWithAReason) {
  const auto path = tests::shared_folder() / "vectors" / kSmall;
  ASTERISM_REQUIRE_VECTOR(std::filesystem::exists(path));
  const auto error = [&](const auto& change, bool cancelled = false) {
    ProgramRun run;
    run.program = path.string();
    run.layout = "small";
    change(run);
    const auto inputs = run_program(run, std::atomic<bool>(cancelled));
    return inputs ? std::optional<Error>() : inputs.error().error;
  };
  EXPECT_EQ(error([](ProgramRun&) {}), std::nullopt);
  EXPECT_EQ(error([](ProgramRun& run) { run.layout = "unheard-of"; }), Error::unknown_layout);
  EXPECT_EQ(error([](ProgramRun& run) { run.layout = "all_cairo"; }), Error::unknown_layout);
  EXPECT_EQ(error([](ProgramRun& run) { run.layout = "plain"; }), Error::bad_trace);  // it lacks the builtins
  EXPECT_EQ(error([](ProgramRun& run) { run.program = "/nonexistent"; }), Error::malformed_input);
  EXPECT_EQ(error([](ProgramRun& run) { run.max_memory = 64; }), Error::out_of_memory);
  EXPECT_EQ(error([](ProgramRun&) {}, true), Error::cancelled);
}

}  // namespace
}  // namespace asterism::cluster
