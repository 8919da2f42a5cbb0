// PIE files: out, in again, run again; and damaged ones.
#include "core/cairo/pie.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/cairo/pie_zip.hpp"
#include "tests/core/cairo/vectors.hpp"

namespace asterism::test {
namespace {

using namespace core::cairo;

core::Bytes pie_of(const std::string& name, bool merge) {
  const auto folder = vectors_folder();
  const auto manifest = nlohmann::json::parse(read_file(folder / "manifest.json"));
  for (const auto& vector : manifest.at("vectors")) {
    if (vector.at("name") != name) continue;
    const auto program = load_program(read_file(folder / vector.at("program").get<std::string>()));
    auto runner = Runner::create(*program, run_options(vector, folder));
    if (!(*runner)->run()) return {};
    const auto pie = make_pie(**runner);
    return pie ? write_pie(*pie, merge).value_or(core::Bytes{}) : core::Bytes{};
  }
  return {};
}

class CairoPie : public ::testing::TestWithParam<const char*> {};

TEST_P(CairoPie, RoundTripsAndRunsToTheSamePie) {
  const core::Bytes bytes = pie_of(GetParam(), false);
  ASSERT_FALSE(bytes.empty());
  const auto pie = read_pie(bytes);
  ASSERT_TRUE(pie) << pie.error().text();
  EXPECT_EQ(write_pie(*pie, false).value(), bytes);
  RunOptions options{.layout = *find_layout("starknet_with_keccak")};
  options.from_pie = &*pie;
  options.steps = pie->resources.steps;
  auto runner = Runner::create(program_of(*pie), options);
  ASSERT_TRUE(runner) << runner.error().text();
  const auto done = (*runner)->run();
  ASSERT_TRUE(done) << done.error().text();
  const auto again = make_pie(**runner);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(difference(*pie, *again), "");
}
INSTANTIATE_TEST_SUITE_P(Programs, CairoPie,
                         ::testing::Values("array_sum.exec", "dict.exec", "poseidon_builtin.exec", "ec_op.exec",
                                           "relocate_segments.exec"));

TEST(CairoPieFile, MergedExtraSegmentsAreOne) {
  const auto whole = read_pie(pie_of("array_sum.exec", false));
  const auto merged = read_pie(pie_of("array_sum.exec", true));
  ASSERT_TRUE(whole && merged);
  EXPECT_EQ(merged->extra_segments.size(), 1U);
  EXPECT_EQ(merged->memory.size(), whole->memory.size());
}

TEST(CairoPieFile, AChangedCellIsNoticed) {
  auto pie = read_pie(pie_of("array_sum.exec", false));
  ASSERT_TRUE(pie);
  // A value of the execution segment that the program computes.
  for (auto& [address, value] : pie->memory) {
    if (address.first == 1 && value.is_felt() && !value.is_zero()) {
      value = Value(value.felt() + core::Felt::one());
      break;
    }
  }
  RunOptions options{.layout = *find_layout("starknet_with_keccak")};
  options.from_pie = &*pie;
  options.steps = pie->resources.steps;
  auto runner = Runner::create(program_of(*pie), options);
  ASSERT_TRUE(runner);
  const auto done = (*runner)->run();
  const bool same = done.has_value() && difference(*pie, *make_pie(**runner)).empty();
  EXPECT_FALSE(same);
}

TEST(CairoPieFile, DamagedFilesAreErrors) {
  const core::Bytes good = pie_of("array_sum.exec", false);
  std::mt19937_64 random(3);
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    core::Bytes bytes = good;
    if (i % 4 == 0) {
      bytes.resize(random() % bytes.size());
    } else {
      for (int k = 0; k < 3; ++k) bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    }
    refused += read_pie(bytes) ? 0 : 1;
  }
  EXPECT_GT(refused, 300);
  EXPECT_FALSE(read_pie({}));
  EXPECT_FALSE(read_pie(good, 100));
}

TEST(CairoPieFile, StrictAboutContents) {
  auto files = unzip(pie_of("array_sum.exec", false), std::uint64_t{1} << 30);
  const auto refuses = [&](const char* file, const std::string& text) {
    auto changed = files;
    changed[file] = text;
    return !read_pie(zip(changed));
  };
  EXPECT_TRUE(refuses("memory.bin", std::string(41, '\0')));
  EXPECT_TRUE(refuses("memory.bin", std::string(40, '\0')));
  EXPECT_TRUE(refuses("memory.bin", std::string(40, '\xff')));
  EXPECT_TRUE(refuses("metadata.json", "{}"));
  EXPECT_TRUE(refuses("execution_resources.json", "{}"));
  EXPECT_TRUE(refuses("version.json", "{\"cairo_pie\": \"2.0\"}"));
  EXPECT_TRUE(refuses("execution_resources.json", std::string(20000, ' ') + "{}"));
}

}  // namespace
}  // namespace asterism::test
