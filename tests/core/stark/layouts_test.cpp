// Layouts that no vector of Stone's covers: a run whose builtins are all unused is proven and verified. What a trace
// cell or a constraint has wrong, prove() itself finds.
#include <gtest/gtest.h>

#include "core/stark/stark.hpp"

namespace asterism::core::stark {
namespace {

// An endless `jmp rel 0`, and the builtins' segments one after another.
struct Loop {
  Loop(const Layout& layout, std::uint64_t n_steps) {
    constexpr std::uint64_t kFrame = 10;
    input.layout = layout.name;
    input.n_steps = n_steps;
    input.rc_min = 32767;
    input.rc_max = 32769;
    std::uint64_t next = kFrame + 1;
    for (const std::string_view name : layout.segment_names()) {
      if (name == "program") {
        input.segments["program"] = {1, 1};
      } else if (name == "execution") {
        input.segments["execution"] = {kFrame, kFrame};
      } else {
        input.segments[std::string(name)] = {next, next};
        if (const std::uint64_t rows = layout.instance_rows(name); rows != 0) {
          next += n_steps * kRowsPerStep / rows * layout.instance_cells(name);
        }
      }
    }
    const Felt jump = Felt::literal("0x10780017fff7fff");
    input.memory = {{1, jump, 0}, {2, Felt(), 0}};
    secret.steps.assign(n_steps, {kFrame, kFrame, 1});
    secret.memory = {{1, jump}, {2, Felt()}, {kFrame - 1, Felt()}};
  }
  PublicInput input;
  PrivateInput secret;
};

struct Size {
  const char* layout;
  unsigned log_steps;
};

class Unused : public testing::TestWithParam<Size> {};

TEST_P(Unused, BuiltinsAreProvenAndVerified) {
  const Layout& layout = *find_layout(GetParam().layout);
  const Loop loop(layout, std::uint64_t{1} << GetParam().log_steps);
  Parameters parameters;
  parameters.log_n_cosets = 1;
  parameters.fri.step_list = {0, GetParam().log_steps - 8, 4, 2};
  parameters.fri.last_layer_degree_bound = 64;
  parameters.fri.n_queries = 3;
  const auto proof = prove(loop.input, loop.secret, parameters, {.threads = 2});
  ASSERT_TRUE(proof) << proof.error().text();
  const auto verdict = verify(proof->bytes, parameters, loop.input);
  EXPECT_TRUE(verdict) << verdict.error().text();
}

INSTANTIATE_TEST_SUITE_P(Layouts, Unused,
                         testing::Values(Size{"dex", 9}, Size{"perpetual", 11}, Size{"all_solidity", 13},
                                         Size{"recursive_large_output", 14}),
                         [](const auto& size) { return std::string(size.param.layout); });

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
