// Stone's proofs and inputs: from the shared vectors, else from tests/vectors.
#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace asterism::core::stark {

inline std::optional<std::string> read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The folder `name` of stone's vectors, or nullopt.
inline std::optional<std::filesystem::path> stone_vector(const std::string& name) {
  for (const std::filesystem::path root : {ASTERISM_SHARED "/vectors/stone", ASTERISM_SOURCE "/tests/vectors/stone"}) {
    if (std::filesystem::exists(root / name)) return root / name;
  }
  return std::nullopt;
}

inline std::optional<std::filesystem::path> stone_proof(const std::string& name) {
  const std::filesystem::path path = std::filesystem::path(ASTERISM_SHARED "/vectors/stone-proofs") / name;
  if (std::filesystem::exists(path)) return path;
  return std::nullopt;
}

// Vectors may be missing on a developer's machine, not where CI is set.
#define ASTERISM_REQUIRE_VECTOR(present)                                 \
  do {                                                                   \
    if (!(present)) {                                                    \
      if (std::getenv("CI") != nullptr) FAIL() << "vectors are missing"; \
      GTEST_SKIP() << "skipped 1: vectors are missing";                  \
    }                                                                    \
  } while (false)

}  // namespace asterism::core::stark
