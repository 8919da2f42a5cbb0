// Test vectors: shared/vectors, else tests/vectors of the repository. Absent ones are counted (by ./test, from the line
// that is printed), and fail where CI is set.
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/felt/felt.hpp"
#include "tests/paths.hpp"

namespace asterism::tests {

inline std::optional<std::filesystem::path> vectors_path(const std::string& name) {
  for (const auto& root : {shared_folder() / "vectors", source_folder() / "tests/vectors"}) {
    if (std::filesystem::exists(root / name)) return root / name;
  }
  std::printf("skipped: vectors/%s is absent\n", name.c_str());
  if (std::getenv("CI") != nullptr) ADD_FAILURE() << "vectors/" << name << " is absent";
  return std::nullopt;
}

inline std::optional<nlohmann::json> load_vectors(const std::string& name) {
  const auto path = vectors_path(name);
  if (!path) return std::nullopt;
  std::ifstream file(*path);
  return nlohmann::json::parse(file);
}

inline core::Felt felt(const nlohmann::json& text) { return core::Felt::from_hex(text.get<std::string>()).value(); }

}  // namespace asterism::tests
