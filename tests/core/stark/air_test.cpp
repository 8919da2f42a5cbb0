// The AIR against the facts about Stone's, by layout: names and order of the constraints, mask.
#include "core/stark/air/air.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/core/stark/vectors.hpp"

namespace asterism::core::stark {
namespace {

nlohmann::json trace_cells() {
  std::ifstream file(tests::shared_folder() / "vectors/stone/trace-cells.json");
  if (!file) return nullptr;
  return nlohmann::json::parse(file);
}

class LayoutFacts : public testing::TestWithParam<const char*> {};

TEST_P(LayoutFacts, MaskAndConstraintsAreStones) {
  const auto facts = trace_cells();
  ASTERISM_REQUIRE_VECTOR(!facts.is_null());
  const auto& expected = facts.at(GetParam());
  const Layout* layout = find_layout(GetParam());
  ASSERT_NE(layout, nullptr);
  const Air air(*layout, 1 << 17);
  std::vector<std::string> names;
  for (const ConstraintInfo& constraint : air.constraints()) {
    names.push_back(constraint.name);
    // Degree below 2N: no constraint has more than two columns as factors beyond what its domain divides out.
    EXPECT_LE(constraint.degree, 3U) << constraint.name;
  }
  EXPECT_EQ(names, expected.at("constraints").get<std::vector<std::string>>());
  nlohmann::json mask;
  for (const MaskCell& cell : air.mask()) mask[std::to_string(cell.column)].push_back(cell.row);
  EXPECT_EQ(mask, expected.at("mask"));
}

TEST_P(LayoutFacts, TableIsStones) {
  const auto facts = trace_cells();
  ASTERISM_REQUIRE_VECTOR(!facts.is_null());
  const auto& expected = facts.at(GetParam());
  const Layout* layout = find_layout(GetParam());
  ASSERT_NE(layout, nullptr);
  EXPECT_EQ(layout->columns_first, expected.at("columns_first").get<unsigned>());
  EXPECT_EQ(layout->columns_second, expected.at("columns_second").get<unsigned>());
  const auto as_json = [](const VirtualColumn& c) { return nlohmann::json{c.column, c.step, c.first}; };
  for (const NamedCells& entry : layout->cells) {
    EXPECT_EQ(as_json(entry.cells), expected.at("cells").at(std::string(entry.name))) << entry.name;
  }
  for (const NamedCells& entry : layout->memory) {
    EXPECT_EQ(as_json(entry.cells), expected.at("cells").at(std::string(entry.name) + "/addr")) << entry.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Stone, LayoutFacts,
                         testing::Values("plain", "small", "dex", "perpetual", "all_solidity", "recursive",
                                         "dex_with_bitwise", "starknet", "recursive_large_output",
                                         "recursive_with_poseidon"),
                         [](const auto& layout) { return std::string(layout.param); });

}  // namespace
}  // namespace asterism::core::stark
