// Layouts that no vector of Stone's covers: a run whose builtins are all unused is proven and verified. What a trace
// cell or a constraint has wrong, prove() itself finds.
#include <gtest/gtest.h>

#include "core/stark/stark.hpp"
#include "tests/core/stark/loop.hpp"

namespace asterism::core::stark {
namespace {

class Unused : public testing::TestWithParam<Size> {};

TEST_P(Unused, BuiltinsAreProvenAndVerified) {
  const Loop loop(GetParam().table(), std::uint64_t{1} << GetParam().log_steps);
  const Parameters parameters = quick_parameters(GetParam());
  const auto proof = prove(loop.input, loop.secret, parameters, {.threads = 2});
  ASSERT_TRUE(proof) << proof.error().text();
  const auto verdict = verify(proof->bytes, parameters, loop.input);
  EXPECT_TRUE(verdict) << verdict.error().text();
}

INSTANTIATE_TEST_SUITE_P(Layouts, Unused,
                         testing::Values(Size{"dex", 9}, Size{"perpetual", 11}, Size{"all_solidity", 13},
                                         Size{"recursive_large_output", 14}, Size{"recursive_large_output", 14, true}),
                         [](const auto& size) { return size.param.name(); });
INSTANTIATE_TEST_SUITE_P(Long, Unused,
                         testing::Values(Size{"starknet_with_keccak", 15}, Size{"dex_with_bitwise", 17},
                                         Size{"starknet", 17, true}),
                         [](const auto& size) { return size.param.name(); });

TEST(TooShort, TracesAreRefused) {
  const Layout& layout = *find_layout("recursive");
  const Loop loop(layout, 1 << 12);  // the diluted values need 2^14
  Parameters parameters;
  parameters.fri = {{0, 4, 6}, 64, 3, 0};
  const auto refused = prove(loop.input, loop.secret, parameters);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, Error::no_room);
}

}  // namespace
}  // namespace asterism::core::stark
