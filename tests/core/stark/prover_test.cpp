// The prover makes Stone's proofs, byte for byte.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/stark/stark.hpp"
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

// What is kept, and on how many threads, changes no byte.
TEST(Budgets, ChangeNothingButTheCost) {
  const auto run = load_run("small-512-builtins");
  ASTERISM_REQUIRE_VECTOR(run);
  for (const std::uint64_t mebibytes : {18, 26, 1024}) {
    const auto proof = prove(run->input, run->secret, run->parameters, {.threads = 3, .memory = mebibytes << 20});
    ASSERT_TRUE(proof) << proof.error().text();
    EXPECT_TRUE(proof->bytes == run->proof) << mebibytes;
  }
  const auto refused = prove(run->input, run->secret, run->parameters, {.memory = 1 << 20});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, Error::out_of_memory);
}

TEST(Budgets, CancelEndsTheProof) {
  const auto run = load_run("plain-512-keccak");
  ASTERISM_REQUIRE_VECTOR(run);
  std::atomic<bool> cancel{false};
  std::vector<Phase> phases;
  const Budget budget{.progress =
                          [&](Phase phase) {
                            phases.push_back(phase);
                            cancel = phase == Phase::composition;
                          },
                      .cancel = &cancel};
  const auto refused = prove(run->input, run->secret, run->parameters, budget);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, Error::cancelled);
  EXPECT_EQ(phases.back(), Phase::composition);
}

}  // namespace
}  // namespace asterism::core::stark
