// The AIR against the facts about Stone's, by layout: names and order of the constraints, mask.
#include "core/stark/air/air.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/stark/domains.hpp"
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
                                         "recursive_with_poseidon", "starknet_with_keccak"),
                         [](const auto& layout) { return std::string(layout.param); });

// The composition polynomial at fixed values as StarkWare's own verifiers evaluate it, which were run with the same
// values: CpuConstraintPoly.sol of each layout on Ethereum, and eval_composition_polynomial of the verifiers in Cairo.
struct Evaluation {
  const char* layout;
  bool evm;
  std::size_t mask;
  Felt value;
};

class Composition : public testing::TestWithParam<Evaluation> {
 protected:
  static std::vector<Felt> values(std::uint64_t first, std::size_t count) {
    std::vector<Felt> out{Felt(first)};
    while (out.size() < count) out.push_back(out.back().square() + Felt(out.size()));
    return out;
  }
};

TEST_P(Composition, IsThatOfTheVerifiersInSolidityAndCairo) {
  const Air air(*find_layout(GetParam().layout, GetParam().evm), 1 << 17);
  ASSERT_EQ(air.mask().size(), GetParam().mask);
  Globals globals{};
  std::ranges::copy(values(5, kGlobals), globals.begin());
  EXPECT_EQ(evaluate_composition(air, globals, values(3, air.mask().size()), power(Felt(7), 1234567),
                                 power(Felt(11), 7654321)),
            GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    Layouts, Composition,
    testing::Values(Evaluation{"small", false, 201,
                               Felt::literal("0x2e93b1fdaaf47d83f72370c89678ef9d05496f0100f90bbe3087f442265ddac")},
                    Evaluation{"dex", false, 200,
                               Felt::literal("0x4cd225d988644dd7d0f3d3081ea4d8cefee62becaa383196b238d217fbbb9cc")},
                    Evaluation{"perpetual", false, 128,
                               Felt::literal("0x28698a2818917cbb84aad9c94a97203444c1f2b0e7ed20e21bb62a34c931e78")},
                    Evaluation{"all_solidity", false, 286,
                               Felt::literal("0x3c3ec5b4a7ab0cb78a3c73de7b439b580b5f1cc9e1375dbd01069d9f938d1ee")},
                    Evaluation{"recursive", false, 133,
                               Felt::literal("0x1151554ecf835bee15ae66d79c02ec1a22c8915651ad6574b091d12941945bc")},
                    Evaluation{"dex_with_bitwise", false, 246,
                               Felt::literal("0x670f17548d5edb845888c8c82702b8775d652e5e324144128fde94dcf8f126e")},
                    Evaluation{"starknet", true, 269,
                               Felt::literal("0x26b857becb83e9732e8037eb0acfc1d8e85e9bb110c61eeba090afafec2ab69")},
                    Evaluation{"recursive_large_output", true, 133,
                               Felt::literal("0x789f804b0f39d71b522553a6b5e45e051488aecc0800ddf38d95c6c7ea004ef")},
                    Evaluation{"starknet", false, 271,
                               Felt::literal("0x3c3e26686ee2880f266627c9792d845230d77a9d3a522e3a747c2428c987875")},
                    Evaluation{"recursive_with_poseidon", false, 192,
                               Felt::literal("0x56408532b97d6ef603db00bbbc9bd51d717ea77e25af3e1204bddb5f0582951")},
                    Evaluation{"starknet_with_keccak", false, 734,
                               Felt::literal("0x6abc5abd10304f2b0eca0560684327877a6b59bc855e18268344214a01e29fd")}),
    [](const auto& evaluation) { return std::string(evaluation.param.layout) + (evaluation.param.evm ? "_evm" : ""); });

}  // namespace
}  // namespace asterism::core::stark
