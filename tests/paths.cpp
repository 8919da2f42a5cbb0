#include "tests/paths.hpp"

namespace asterism::tests {

const std::filesystem::path& shared_folder() {
  static const std::filesystem::path path = ASTERISM_SHARED;
  return path;
}

const std::filesystem::path& source_folder() {
  static const std::filesystem::path path = ASTERISM_SOURCE;
  return path;
}

const std::filesystem::path& built_binary() {
  static const std::filesystem::path path = ASTERISM_BINARY;
  return path;
}

}  // namespace asterism::tests
