// Reports of failing programs that carry debug information, against the official runner's: error messages, source
// lines, expanded references, the chain of calls. A report here has no Python traceback, only its last line.
#include <gtest/gtest.h>

#include "tests/core/cairo/vectors.hpp"

namespace asterism::test {
namespace {

using namespace core::cairo;

std::filesystem::path error_vector(const std::string& name) {
  return tests::source_folder() / "tests" / "vectors" / "cairo-errors" / name;
}

// Without the lines of the Python traceback before its last one.
std::string without_python_frames(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  const std::size_t from = text.find("Traceback (most recent call last):\n");
  if (from == std::string::npos) return text;
  return text.substr(0, from) + text.substr(text.rfind('\n') + 1);
}

class CairoErrorReport : public ::testing::TestWithParam<const char*> {};

TEST_P(CairoErrorReport, IsTheOfficialRunners) {
  const std::string name = GetParam();
  const auto program = load_program(read_file(error_vector(name + ".json")));
  ASSERT_TRUE(program) << program.error().text();
  RunOptions options{.layout = *find_layout("small")};
  options.read_source = [](const std::string& file) -> std::optional<std::string> {
    const auto path = error_vector(file);
    return std::filesystem::exists(path) ? std::optional(read_file(path)) : std::nullopt;
  };
  auto runner = Runner::create(*program, options);
  ASSERT_TRUE(runner) << runner.error().text();
  const auto done = (*runner)->run();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text(), without_python_frames(read_file(error_vector(name + ".txt"))));
}

INSTANTIATE_TEST_SUITE_P(Programs, CairoErrorReport,
                         ::testing::Values("attributes", "deep", "expanded", "jump", "pointer", "python", "range",
                                           "unknown"),
                         [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace asterism::test
