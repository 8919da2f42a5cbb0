// The fee formula against receipts of real blocks (vectors/starknet-chain/fees.json).
#include "core/state/transition_fee.hpp"

#include <gtest/gtest.h>

#include "tests/core/vectors.hpp"

namespace asterism::core {
namespace {

using Json = nlohmann::json;

Uint128 number(const Json& hex) { return Felt::from_hex(hex.get<std::string>()).value().to_u128().value(); }

TEST(FeeTest, FeesOfRealBlocks) {
  const auto file = tests::load_vectors("starknet-chain/fees.json");
  if (!file) GTEST_SKIP();
  const Json rows = file->at("rows");
  int checked = 0, handlers = 0;
  for (const Json& row : rows) {
    if (row["type"] == "L1_HANDLER") {  // paid on L1
      EXPECT_EQ(row["actual_fee"], "0x0");
      ++handlers;
      continue;
    }
    const Json& gas = row.contains("charged_gas") ? row["charged_gas"] : row["gas"];
    const GasVector used{gas["l1_gas"].get<std::uint64_t>(), gas["l1_data_gas"].get<std::uint64_t>(),
                         gas["l2_gas"].get<std::uint64_t>()};
    GasPrices prices;
    prices.l1.fri = number(row["prices"]["l1_gas"]);
    prices.l1_data.fri = number(row["prices"]["l1_data_gas"]);
    prices.l2.fri = number(row["prices"]["l2_gas"]);
    const auto tip = static_cast<std::uint64_t>(number(row["tip"]));
    // The tip counts from 0.14.0 on.
    const bool counts = row["version"].get<std::string>().starts_with("0.14");
    EXPECT_EQ(U256::from_u128(fee_of(used, prices, counts ? tip : 0)), U256::from_u128(number(row["actual_fee"])))
        << row.dump();
    ++checked;
  }
  EXPECT_GT(checked, 25);
  EXPECT_EQ(handlers, 1);
}

// A receipt of a reverted transaction pays for what was used, at most for what was allowed.
TEST(FeeTest, OverdraftOfARealTransactionIsCapped) {
  const ResourceBoundsSet bounds{{0, 1}, {1'152'640, 1}, ResourceBounds{228, 1}};
  EXPECT_EQ(within_bounds({0, 192, 1'192'640}, bounds), (GasVector{0, 192, 1'152'640}));
  EXPECT_EQ(over_bounds({0, 192, 1'192'640}, bounds), native::Revert::kMaxL2Gas);
}

TEST(FeeTest, NothingWraps) {
  const std::uint64_t most = ~std::uint64_t{0};
  EXPECT_EQ(add_gas({most, 1, 0}, {1, most, 5}), (GasVector{most, most, 5}));
  EXPECT_EQ(scale_gas({most, 2, 0}, 3), (GasVector{most, 6, 0}));
  const Uint128 all = ~static_cast<Uint128>(0);
  const GasPrices prices{{0, all}, {0, all}, {0, all}};
  EXPECT_TRUE(fee_of({most, most, most}, prices, most) == all);
  EXPECT_TRUE(fee_of({1, 0, 0}, prices, 0) == all);
}

TEST(FeeTest, GenesisMayChangeTheGasTable) {
  Genesis genesis;
  genesis.gas_table = {{"transfer", {1, 2, 3}}};
  const ExecutionRules rules(genesis);
  EXPECT_EQ(gas_of(rules, "transfer"), (GasVector{1, 2, 3}));
  EXPECT_EQ(gas_of(rules, "approve"), (GasVector{0, 96, 300'000}));
}

}  // namespace
}  // namespace asterism::core
