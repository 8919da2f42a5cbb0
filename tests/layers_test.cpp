// The layers of the root CMakeLists.txt hold for every #include line, and CAF is included only where actors meet it.
// (Linking alone would not show it: every header is in the include path.)
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/paths.hpp"

namespace asterism {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// layer -> layers it may include, as the root CMakeLists.txt says.
std::map<std::string, std::set<std::string>> layers() {
  std::map<std::string, std::set<std::string>> out;
  const std::string text = text_of(tests::source_folder() / "CMakeLists.txt");
  const std::regex line(R"(set\(ASTERISM_LAYER_(\w+) ([^)]*)\))");
  for (std::sregex_iterator it(text.begin(), text.end(), line), end; it != end; ++it) {
    std::istringstream words((*it)[2]);
    for (std::string word; words >> word;) out[(*it)[1]].insert(word);
  }
  return out;
}

struct Include {
  std::string file, target;
};

std::vector<Include> includes_of(const std::string& layer) {
  std::vector<Include> out;
  const fs::path& root = tests::source_folder();
  const std::regex line(R"((?:^|\n)[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"])");
  for (const auto& entry : fs::recursive_directory_iterator(root / layer)) {
    const auto extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp") continue;
    const std::string text = text_of(entry.path());
    for (std::sregex_iterator it(text.begin(), text.end(), line), end; it != end; ++it) {
      out.push_back({fs::relative(entry.path(), root).string(), (*it)[1]});
    }
  }
  return out;
}

TEST(Layers, EveryIncludeIsAllowed) {
  const auto table = layers();
  ASSERT_EQ(table.size(), 6U) << "the layer table of CMakeLists.txt was not found";
  std::size_t seen = 0;
  for (const auto& [layer, allowed] : table) {
    for (const auto& [file, target] : includes_of(layer)) {
      const std::string first = target.substr(0, target.find('/'));
      EXPECT_NE(first, "tests") << file << " includes " << target;
      if (!table.contains(first)) continue;
      ++seen;
      EXPECT_TRUE(allowed.contains(first)) << file << " (layer " << layer << ") includes " << target;
    }
  }
  EXPECT_GT(seen, 100U);
}

TEST(Layers, CafIsIncludedOnlyByShells) {
  for (const auto& [layer, allowed] : layers()) {
    for (const auto& [file, target] : includes_of(layer)) {
      const bool caf = target.starts_with("caf/") || target == "messages/caf.hpp";
      if (!caf) continue;
      const bool shell = layer == "cluster" || file == "messages/caf.hpp" || file == "actors/interfaces.hpp" ||
                         file.find("_actor.") != std::string::npos;
      EXPECT_TRUE(shell) << file << " includes " << target;
    }
  }
}

// What is deterministic has no clock, no files, no threads and no randomness of its own.
TEST(Layers, PureCodeIncludesNoClockFilesOrLogging) {
  const std::set<std::string> impure{"fstream", "filesystem", "iostream", "random", "ctime", "spdlog/spdlog.h"};
  for (const std::string layer : {"core", "messages"}) {
    for (const auto& [file, target] : includes_of(layer)) {
      EXPECT_FALSE(impure.contains(target)) << file << " includes " << target;
    }
  }
  for (const auto& [file, target] : includes_of("actors")) {
    EXPECT_FALSE(impure.contains(target)) << file << " includes " << target;
  }
}

}  // namespace
}  // namespace asterism
