// The prover makes Stone's proofs, byte for byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "core/stark/memory_plan.hpp"
#include "core/stark/stark.hpp"
#include "tests/core/stark/loop.hpp"
#include "tests/core/stark/reference_backend.hpp"
#include "tests/core/stark/vectors.hpp"

namespace asterism::core::stark {
namespace {

class StoneBytes : public testing::TestWithParam<const char*> {};

TEST_P(StoneBytes, AreReproduced) {
  const auto run = load_run(GetParam());
  ASTERISM_REQUIRE_VECTOR(run);
  const auto proof = prove(run->input, run->secret, run->parameters, {.threads = 2});
  ASSERT_TRUE(proof) << proof.error().text();
  EXPECT_EQ(proof->bytes.size(), run->proof.size());
  const auto difference = std::ranges::mismatch(proof->bytes, run->proof);
  EXPECT_TRUE(proof->bytes == run->proof) << "first difference at byte " << difference.in1 - proof->bytes.begin();
}

INSTANTIATE_TEST_SUITE_P(Folders, StoneBytes,
                         testing::Values("plain-512-keccak", "plain-512-blake", "plain-512-blowup16",
                                         "plain-512-poseidon-channel", "plain-4096-keccak-lsb", "small-512-keccak",
                                         "small-512-builtins", "small-512-pages", "recursive-16384-keccak",
                                         "recursive-16384-builtins", "recursive-16384-evm",
                                         "recursive_with_poseidon-32768-builtins"));

// Long: by name only, unless nothing else is filtered out.
INSTANTIATE_TEST_SUITE_P(Long, StoneBytes, testing::Values("starknet-131072-builtins"));

// Every value of every parameter that validation lets pass makes a proof that is accepted.
class AllParameters : public testing::Test {
 protected:
  static constexpr unsigned kLogSteps = 6;
  void expect_proven(const Parameters& parameters, const std::string& what) const {
    const auto proof = prove(loop_.input, loop_.secret, parameters, {.threads = 2});
    ASSERT_TRUE(proof) << what << ": " << proof.error().text();
    const auto verdict = verify(proof->bytes, parameters, loop_.input);
    EXPECT_TRUE(verdict) << what << ": " << verdict.error().text();
  }
  static Parameters simple() {
    Parameters out = quick_parameters({"plain", kLogSteps});
    out.fri.step_list = {0, 2, 1};
    out.fri.last_layer_degree_bound = 128;
    out.fri.proof_of_work_bits = 4;
    return out;
  }
  Loop loop_{*find_layout("plain"), 1 << kLogSteps};
};

TEST_F(AllParameters, Hashes) {
  constexpr std::array kKinds{HashKind::keccak256,
                              HashKind::keccak256_masked160_msb,
                              HashKind::keccak256_masked160_lsb,
                              HashKind::blake256,
                              HashKind::blake256_masked160_msb,
                              HashKind::blake256_masked248_lsb,
                              HashKind::pedersen,
                              HashKind::poseidon3};
  std::size_t proven = 0;
  for (const HashKind channel : {HashKind::keccak256, HashKind::blake256, HashKind::poseidon3}) {
    for (const HashKind commitment : kKinds) {
      for (const HashKind friendly : {commitment, HashKind::pedersen, HashKind::poseidon3}) {
        for (const std::uint64_t layers : {0, 5, 9999}) {
          for (const bool updates : {false, true}) {
            Parameters parameters = simple();
            parameters.channel_hash = channel;
            parameters.commitment_hash = commitment;
            parameters.friendly_hash = friendly;
            parameters.n_friendly_layers = layers;
            parameters.friendly_channel_updates = updates;
            parameters.page_hash = channel == HashKind::poseidon3 || updates ? HashKind::pedersen : HashKind::keccak256;
            parameters.pow_hash = layers == 5 ? HashKind::keccak256 : HashKind::blake256;
            if (!validate(parameters, kLogSteps + 4)) continue;
            expect_proven(parameters, std::string(hash_name(channel)) + " " + std::string(hash_name(commitment)) + " " +
                                          std::string(hash_name(friendly)) + " " + std::to_string(layers) +
                                          (updates ? " updates" : ""));
            ++proven;
          }
        }
      }
    }
  }
  EXPECT_GT(proven, 100U);
}

TEST_F(AllParameters, BlowUpsAndSteps) {
  for (unsigned log = 1; log <= 12; ++log) {
    Parameters parameters = simple();
    parameters.log_n_cosets = log;
    expect_proven(parameters, "blow-up 2^" + std::to_string(log));
  }
  const std::vector<std::vector<unsigned>> lists{{10}, {0, 10}, {3, 7}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {0, 1, 9}, {5}};
  for (const auto& list : lists) {
    Parameters parameters = simple();
    parameters.fri.step_list = list;
    parameters.fri.last_layer_degree_bound = std::uint64_t{1} << (10 - std::accumulate(list.begin(), list.end(), 0U));
    for (const unsigned queries : {1, 40}) {
      parameters.fri.n_queries = queries;
      expect_proven(parameters, "first step " + std::to_string(list[0]));
    }
  }
}

class LongAllParameters : public AllParameters {};
TEST_F(LongAllParameters, LargestBlowUp) {
  Parameters parameters = simple();
  parameters.log_n_cosets = 16;
  expect_proven(parameters, "blow-up 2^16");
}

// The back-end of literal definitions makes the same proof: the interface hides nothing that the prover relies on.
TEST(Backends, ReferenceMakesTheSameProof) {
  const auto run = load_run("plain-512-keccak");
  ASTERISM_REQUIRE_VECTOR(run);
  ReferenceBackend reference;
  const auto proof = prove(run->input, run->secret, run->parameters, {.backend = &reference});
  ASSERT_TRUE(proof) << proof.error().text();
  EXPECT_TRUE(proof->bytes == run->proof);
}

// What is kept, and on how many threads, changes no byte.
TEST(Budgets, ChangeNothingButTheCost) {
  const auto run = load_run("small-512-builtins");
  ASTERISM_REQUIRE_VECTOR(run);
  const Air air(*find_layout(run->input.layout), run->input.n_steps);
  using Keep = TableSpec::Keep;
  std::uint64_t last = ~std::uint64_t{0};
  for (const auto& [keep, parts] : {std::pair{Keep::all, 1U}, {Keep::two, 1U}, {Keep::half, 1U}, {Keep::half, 2U}}) {
    const std::uint64_t bytes = predict_peak(air, run->parameters, {keep, parts}, 3);
    EXPECT_LE(bytes, last);
    last = bytes;
    const auto proof = prove(run->input, run->secret, run->parameters, {.threads = 3, .memory = bytes});
    ASSERT_TRUE(proof) << proof.error().text();
    EXPECT_TRUE(proof->bytes == run->proof) << bytes;
  }
  const auto refused = prove(run->input, run->secret, run->parameters, {.memory = 1 << 20});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, Error::out_of_memory);
  EXPECT_GT(refused.error().bytes, 1U << 20);
}

TEST(Budgets, CancelEndsTheProof) {
  const auto run = load_run("plain-512-keccak");
  ASTERISM_REQUIRE_VECTOR(run);
  std::atomic<bool> cancel{false};
  std::vector<Phase> phases;
  const Budget budget{.progress =
                          [&](const Progress& progress) {
                            phases.push_back(progress.phase);
                            cancel = progress.phase == Phase::composition;
                          },
                      .cancel = &cancel};
  const auto refused = prove(run->input, run->secret, run->parameters, budget);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, Error::cancelled);
  EXPECT_EQ(phases.back(), Phase::composition);
}

}  // namespace
}  // namespace asterism::core::stark
