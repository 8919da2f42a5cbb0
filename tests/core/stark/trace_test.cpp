// The trace against the digests of Stone's, column by column and cell by cell.
#include "core/stark/trace/trace.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/hash/sha256.hpp"
#include "tests/core/stark/vectors.hpp"

namespace asterism::core::stark {
namespace {

std::string digest(std::span<const Felt> values) {
  Bytes bytes;
  for (const Felt& value : values) {
    const Word word = value.to_be();
    bytes.insert(bytes.end(), word.begin(), word.end());
  }
  return to_hex(sha256(bytes));
}

class StoneTrace : public testing::TestWithParam<const char*> {};

TEST_P(StoneTrace, HasTheSameCells) {
  const auto run = load_run(GetParam());
  ASTERISM_REQUIRE_VECTOR(run);
  const auto digests = nlohmann::json::parse(*read_text(*stone_vector(GetParam()) / "trace_digests.json"));
  const Layout& layout = *find_layout(run->input.layout);
  const auto trace = generate_trace(layout, run->input, run->secret);
  ASSERT_TRUE(trace) << trace.error().text();
  for (const NamedCells& entry : layout.cells) {
    if (entry.cells.column >= layout.columns_first) continue;
    std::vector<Felt> cells;
    for (std::uint64_t row = entry.cells.first; row < trace->rows(); row += entry.cells.step) {
      cells.push_back(trace->columns()[entry.cells.column][row]);
    }
    EXPECT_EQ(digest(cells), digests.at("cells").at(std::string(entry.name)).get<std::string>()) << entry.name;
  }
  for (std::size_t i = 0; i < layout.columns_first; ++i) {
    EXPECT_EQ(digest(trace->columns()[i]), digests.at("columns").at(i).get<std::string>()) << "column " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Folders, StoneTrace,
                         testing::Values("plain-512-keccak", "small-512-builtins", "small-512-pages",
                                         "recursive-16384-builtins", "recursive_with_poseidon-32768-builtins",
                                         "starknet-131072-builtins"));

}  // namespace
}  // namespace asterism::core::stark
