// Random programs with random parameters:
// tests/bench/stark/random_comparison.py made them together with Stone's
// proofs, of which the digest is kept. Here the machine runs the program again,
// so that all from its words to the proof's bytes must be the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/cairo/runner.hpp"
#include "core/hash/sha256.hpp"
#include "core/stark/stark.hpp"
#include "tests/core/stark/vectors.hpp"

namespace asterism::core::stark {
namespace {

std::filesystem::path folder() { return tests::source_folder() / "tests/vectors/stone/random"; }

constexpr std::uint64_t kFewSteps = 16384;  // more take half a minute

std::vector<std::string> random_vectors(bool few_steps) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    const auto steps = nlohmann::json::parse(read_text(entry.path()).value()).at("steps").get<std::uint64_t>();
    if ((steps <= kFewSteps) == few_steps) out.push_back(entry.path().stem());
  }
  std::ranges::sort(out);
  return out;
}

// Inputs as the prover takes them, from a run of the program.
struct Inputs {
  PublicInput input;
  PrivateInput secret;
};

Inputs run_program(const nlohmann::json& vector) {
  cairo::RunOptions options{.layout = *cairo::find_layout(vector.at("layout").get<std::string>())};
  options.proof_mode = true;
  options.min_steps = vector.at("steps").get<std::uint64_t>();
  const auto program = cairo::load_program(vector.at("program").dump()).value();
  const auto runner = cairo::Runner::create(program, std::move(options)).value();
  runner->run().value();
  Inputs out;
  out.input = parse_public_input(runner->public_input().value()).value();
  out.secret = parse_private_input(runner->private_input("-", "-").value()).value().input;
  Bytes steps, memory;
  const auto into = [](Bytes& bytes) {
    return [&bytes](ByteView piece) { bytes.insert(bytes.end(), piece.begin(), piece.end()); };
  };
  runner->write_trace(into(steps)).value();
  runner->write_memory(into(memory)).value();
  out.secret.steps = parse_execution(steps).value();
  out.secret.memory = parse_memory(memory).value();
  // Parts of the output on pages of their own: [address, size] of pages 1, 2,
  // ...
  std::uint32_t page = 0;
  for (const auto& part : vector.at("pages")) {
    ++page;
    for (PublicCell& cell : out.input.memory) {
      if (cell.address - part.at(0).get<std::uint64_t>() < part.at(1).get<std::uint64_t>()) cell.page = page;
    }
  }
  return out;
}

TEST(RandomVectors, AreAtLeastThirty) { EXPECT_GE(random_vectors(true).size(), 30U); }

class RandomVector : public testing::TestWithParam<std::string> {};

TEST_P(RandomVector, HasStonesProof) {
  const auto vector = nlohmann::json::parse(read_text(folder() / (GetParam() + ".json")).value());
  const Inputs inputs = run_program(vector);
  EXPECT_EQ(inputs.input.n_steps, vector.at("steps"));
  const auto parameters = parse_parameters(vector.at("parameters").dump());
  ASSERT_TRUE(parameters) << parameters.error().text();
  const auto proof = prove(inputs.input, inputs.secret, *parameters, {.threads = 2});
  ASSERT_TRUE(proof) << proof.error().text();
  EXPECT_EQ(proof->bytes.size(), vector.at("proof_bytes"));
  EXPECT_EQ(to_hex(sha256(proof->bytes)), vector.at("proof_sha256").get<std::string>());
  const auto verdict = verify(proof->bytes, *parameters, inputs.input);
  EXPECT_TRUE(verdict) << verdict.error().text();
}

std::string test_name(const testing::TestParamInfo<std::string>& each) {
  std::string name = each.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, RandomVector, testing::ValuesIn(random_vectors(true)), test_name);
INSTANTIATE_TEST_SUITE_P(Long, RandomVector, testing::ValuesIn(random_vectors(false)), test_name);

}  // namespace
}  // namespace asterism::core::stark
