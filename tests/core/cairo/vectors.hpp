// Where the test vectors of the Cairo machine lie, and how a test runs one.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "core/cairo/runner.hpp"
#include "tests/paths.hpp"

namespace asterism::test {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// shared/vectors/cairo, or the few that the repository carries.
inline std::filesystem::path vectors_folder() {
  const std::filesystem::path shared = tests::shared_folder() / "vectors" / "cairo";
  if (std::filesystem::exists(shared / "manifest.json")) return shared;
  return tests::source_folder() / "tests" / "vectors" / "cairo";
}
inline bool has_all_vectors() { return vectors_folder().string().find("tests/vectors") == std::string::npos; }

inline core::cairo::RunOptions run_options(const nlohmann::json& vector, const std::filesystem::path& folder) {
  using namespace core::cairo;
  RunOptions options;
  const std::string layout = vector.at("layout");
  if (layout == "dynamic") {
    options.layout = parse_dynamic_layout(vector.at("cairo_layout_params").dump()).value();
  } else {
    options.layout = *find_layout(layout);
  }
  options.proof_mode = vector.at("mode") == "proof";
  if (vector.contains("program_input") && !vector["program_input"].is_null()) {
    const auto& input = vector["program_input"];
    options.program_input = input.is_string() ? read_file(folder / input.get<std::string>()) : input.dump();
  }
  return options;
}

}  // namespace asterism::test
