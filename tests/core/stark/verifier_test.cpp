// The verifier accepts Stone's proofs.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/stark/stark.hpp"
#include "core/stark/stone_json.hpp"
#include "tests/core/stark/vectors.hpp"

namespace asterism::core::stark {
namespace {

class StoneVector : public testing::TestWithParam<const char*> {};

TEST_P(StoneVector, IsAccepted) {
  const auto folder = stone_vector(GetParam());
  ASTERISM_REQUIRE_VECTOR(folder);
  auto parameters = parse_parameters(*read_text(*folder / "params.json"));
  const auto input = parse_public_input(*read_text(*folder / "air_public_input.json"));
  ASSERT_TRUE(parameters && input);
  parameters->evm = std::string_view(GetParam()).ends_with("-evm");
  std::string hex = *read_text(*folder / "proof.hex");
  while (!hex.empty() && hex.back() == '\n') hex.pop_back();
  const auto proof = from_hex(hex);
  ASSERT_TRUE(proof);
  const auto verdict = verify(*proof, *parameters, *input);
  EXPECT_TRUE(verdict) << verdict.error().text();
}

INSTANTIATE_TEST_SUITE_P(Folders, StoneVector,
                         testing::Values("plain-512-keccak", "plain-512-blake", "plain-512-blowup16",
                                         "plain-512-poseidon-channel", "plain-4096-keccak-lsb", "small-512-keccak",
                                         "small-512-builtins", "small-512-pages", "recursive-16384-keccak",
                                         "recursive-16384-builtins", "recursive-16384-evm",
                                         "recursive_with_poseidon-32768-builtins", "starknet-131072-builtins"));

// A file with a proof and its annotations is accepted, and explained in the same words.
void expect_explained(const std::filesystem::path& path, bool short_seed = false) {
  const std::string text = *read_text(path);
  auto file = parse_proof_file(text);
  ASSERT_TRUE(file) << file.error().text();
  file->parameters.short_seed = short_seed;
  const auto verdict = verify(file->proof, file->parameters, file->public_input, true);
  ASSERT_TRUE(verdict) << verdict.error().text();
  const auto theirs = nlohmann::json::parse(text).at("annotations").get<std::vector<std::string>>();
  ASSERT_EQ(verdict->annotations.size(), theirs.size());
  for (std::size_t i = 0; i < theirs.size(); ++i) ASSERT_EQ(verdict->annotations[i], theirs[i]) << "line " << i;
}

class AnnotatedVector : public testing::TestWithParam<const char*> {};

TEST_P(AnnotatedVector, IsExplainedInStonesWords) {
  const auto folder = stone_vector(GetParam());
  ASTERISM_REQUIRE_VECTOR(folder && std::filesystem::exists(*folder / "proof_annotated.json"));
  expect_explained(*folder / "proof_annotated.json");
}

INSTANTIATE_TEST_SUITE_P(Folders, AnnotatedVector, testing::Values("small-512-builtins", "recursive-16384-builtins"));

class StoneProof : public testing::TestWithParam<const char*> {};

TEST_P(StoneProof, IsAcceptedAndExplainedInStonesWords) {
  const auto path = stone_proof(GetParam());
  ASTERISM_REQUIRE_VECTOR(path);
  expect_explained(*path, std::string_view(GetParam()).find("stone5") != std::string_view::npos);
}

INSTANTIATE_TEST_SUITE_P(Files, StoneProof,
                         testing::Values("recursive-cairo0_stone6_keccak_160_lsb.json",
                                         "starknet-cairo0_stone5_keccak_160_lsb.json",
                                         "starknet-cairo0_stone6_blake2s_248_lsb.json"));

}  // namespace
}  // namespace asterism::core::stark
