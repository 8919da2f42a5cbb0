// Library code that shared/vectors/cairo has no program for: compiled by cairo-lang 0.14.0.1, expected results by its
// runner. The programs, without the identifiers that no hint asks for, and their sources are in
// tests/vectors/cairo-library.
#include <gtest/gtest.h>

#include "core/base/bytes.hpp"
#include "core/hash/sha256.hpp"
#include "tests/core/cairo/vectors.hpp"

namespace asterism::test {
namespace {

using namespace core::cairo;

std::filesystem::path library_vector(const std::string& name) {
  return tests::source_folder() / "tests" / "vectors" / "cairo-library" / name;
}

std::string sha256_of(Expected<void> (Runner::*write)(const Runner::Sink&), Runner& runner) {
  core::Bytes bytes;
  const auto written =
      (runner.*write)([&](core::ByteView piece) { bytes.insert(bytes.end(), piece.begin(), piece.end()); });
  return written ? core::to_hex(core::sha256(bytes)) : written.error().text();
}

struct LibraryCase {
  std::string name;
  std::vector<std::string> output;
  std::uint64_t steps;
  std::string memory, trace;  // sha256; memory by address
};

TEST(CairoLibrary, RunsAsInTheOfficialRunner) {
  const LibraryCase cases[] = {
      // cairo_ecdsa: two signatures, of which the second is wrong; a dictionary that a hint looks into.
      {"ecdsa_and_peek",
       {"1", "0", "20", "7"},
       35166,
       "85699966a9833bf2697a0a7f1884c8c54aa6cb2ba3b17ba19d1a069d6e07d078",
       "c8098df33b05263e2734c628cf2ee50effd0036d3865f2c355078ab48afa1741"},
      // cairo_sha256, the Keccak and EC builtins simulated in Cairo, builtin_selection
      {"hashes_and_selection",
       {"18446744073709551615", "30", "2597613446873488514575472415076926458268183544964098484970508062389708980513"},
       20013,
       "b3c68bfaf9612757777948fd087d336de4b9cfdaf2662ba4f4f3ebbc3c4b57c8",
       "2a6f8b193651664bfbc4ca38b9750f2994821f1ffa0a77df44011919fa265315"}};
  for (const LibraryCase& c : cases) {
    SCOPED_TRACE(c.name);
    const auto program = load_program(read_file(library_vector(c.name + ".json")));
    ASSERT_TRUE(program) << program.error().text();
    auto runner = Runner::create(*program, RunOptions{.layout = *find_layout("all_cairo")});
    ASSERT_TRUE(runner) << runner.error().text();
    const auto done = (*runner)->run();
    ASSERT_TRUE(done) << done.error().text();
    std::vector<std::string> output;
    for (const Value& value : (*runner)->output()) output.push_back(to_string(value));
    EXPECT_EQ(output, c.output);
    EXPECT_EQ((*runner)->steps(), c.steps);
    EXPECT_EQ(sha256_of(&Runner::write_memory, **runner), c.memory);
    EXPECT_EQ(sha256_of(&Runner::write_trace, **runner), c.trace);
  }
}

}  // namespace
}  // namespace asterism::test
