// Stone's proofs and inputs: from the shared vectors, else from tests/vectors.
#pragma once
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "core/stark/stone_json.hpp"
#include "tests/paths.hpp"

namespace asterism::core::stark {

inline std::optional<std::string> read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The folder `name` of stone's vectors, or nullopt.
inline std::optional<std::filesystem::path> stone_vector(const std::string& name) {
  for (const auto& root : {tests::shared_folder() / "vectors/stone", tests::source_folder() / "tests/vectors/stone"}) {
    if (std::filesystem::exists(root / name)) return root / name;
  }
  return std::nullopt;
}

inline std::optional<std::filesystem::path> stone_proof(const std::string& name) {
  const std::filesystem::path path = tests::shared_folder() / "vectors/stone-proofs" / name;
  if (std::filesystem::exists(path)) return path;
  return std::nullopt;
}

// Everything that a folder has for the prover, and the proof it should make.
struct StoneRun {
  Parameters parameters;
  PublicInput input;
  PrivateInput secret;
  Bytes proof;
};

inline std::optional<StoneRun> load_run(const std::string& name) {
  const auto folder = stone_vector(name);
  if (!folder) return std::nullopt;
  const auto bytes = [&](const std::string& file) {
    const std::string text = read_text(*folder / file).value();
    return Bytes(text.begin(), text.end());
  };
  StoneRun out;
  out.parameters = parse_parameters(read_text(*folder / "params.json").value()).value();
  out.parameters.evm = name.ends_with("-evm");
  out.input = parse_public_input(read_text(*folder / "air_public_input.json").value()).value();
  auto secret = parse_private_input(read_text(*folder / "air_private_input.json").value()).value();
  out.secret = std::move(secret.input);
  out.secret.steps = parse_execution(bytes(secret.trace_path)).value();
  out.secret.memory = parse_memory(bytes(secret.memory_path)).value();
  std::string hex = read_text(*folder / "proof.hex").value();
  while (!hex.empty() && hex.back() == '\n') hex.pop_back();
  out.proof = from_hex(hex).value();
  return out;
}

// Vectors may be missing on a developer's machine, not where CI is set. ./test counts the lines.
#define ASTERISM_REQUIRE_VECTOR(present)                                 \
  do {                                                                   \
    if (!(present)) {                                                    \
      if (std::getenv("CI") != nullptr) FAIL() << "vectors are missing"; \
      std::puts("skipped: vectors of stone are absent");                 \
      GTEST_SKIP();                                                      \
    }                                                                    \
  } while (false)

}  // namespace asterism::core::stark
