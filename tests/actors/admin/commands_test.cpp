// The table of the shell's commands, and README's copy of it.
#include "actors/admin/commands.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "tests/paths.hpp"

namespace asterism::actors {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  return {std::istream_iterator<std::string>(in), {}};
}

TEST(Commands, EachExampleIsItsOwnCommandWithAnAcceptedNumberOfArguments) {
  std::set<std::string_view> names;
  for (const CommandInfo& info : all_commands()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    const auto parsed = parse_command(words_of(info.example));
    ASSERT_TRUE(parsed) << info.example;
    EXPECT_EQ(parsed->info->name, info.name) << info.example;
    EXPECT_TRUE(accepts(*parsed)) << info.example;
    EXPECT_FALSE(info.help.empty());
  }
}

TEST(Commands, ReadmeListsThemAsTheyAre) {
  std::ifstream in(tests::source_folder() / "README.md");
  std::vector<std::string> found, expected;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (inside && !line.starts_with("|")) break;
    if (inside && !line.starts_with("|---")) found.push_back(line);
    inside = inside || line == "| command | what it shows or does |";
  }
  for (const CommandInfo& info : all_commands()) {
    std::string usage(info.name);
    for (const char c : info.arguments.empty() ? std::string() : " " + std::string(info.arguments))
      usage += c == '|' ? "\\|" : std::string(1, c);
    expected.push_back("| `" + usage + "` | " + std::string(info.help) + " |");
  }
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace asterism::actors
