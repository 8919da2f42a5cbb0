// What must not be accepted: traces that violate a constraint, other statements, parameters that do not fit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "core/stark/check.hpp"
#include "core/stark/prover.hpp"
#include "tests/core/stark/loop.hpp"
#include "tests/core/stark/vectors.hpp"

namespace asterism::core::stark {
namespace {

TEST(Soundness, AnotherStatementIsRefused) {
  const auto run = load_run("small-512-builtins");
  ASTERISM_REQUIRE_VECTOR(run);
  const auto refused = [&](const auto& change) {
    PublicInput input = run->input;
    change(input);
    return !verify(run->proof, run->parameters, input);
  };
  EXPECT_TRUE(refused([](PublicInput& input) { input.memory.back().value += Felt::one(); }));
  EXPECT_TRUE(refused([](PublicInput& input) { std::swap(input.memory[3].value, input.memory[5].value); }));
  EXPECT_TRUE(refused([](PublicInput& input) { input.memory.pop_back(); }));
  EXPECT_TRUE(refused([](PublicInput& input) { --input.segments["execution"].stop_ptr; }));
  EXPECT_TRUE(refused([](PublicInput& input) { ++input.rc_max; }));
  EXPECT_TRUE(refused([](PublicInput& input) { input.n_steps *= 2; }));
  EXPECT_TRUE(refused([](PublicInput& input) { input.layout = "dex"; }));
  EXPECT_TRUE(refused([](PublicInput& input) { input.layout = "unheard-of"; }));
  Parameters other = run->parameters;
  other.fri.n_queries += 1;
  EXPECT_FALSE(verify(run->proof, other, run->input));
  other = run->parameters;
  other.fri.proof_of_work_bits += 1;
  EXPECT_FALSE(verify(run->proof, other, run->input));
  other = run->parameters;
  other.commitment_hash = HashKind::keccak256;
  EXPECT_FALSE(verify(run->proof, other, run->input));
}

// A run with its trace and interaction trace for fixed challenges.
struct FullTrace {
  FullTrace(const Layout& of, const PublicInput& input, const PrivateInput& secret)
      : layout(of), air(layout, input.n_steps) {
    const Trace trace = generate_trace(layout, input, secret).value();
    std::vector<Felt> challenges;
    for (unsigned i = 0; i < air.challenges(); ++i) challenges.push_back(Felt(1000003 + 17 * i).square().square());
    globals = air.globals(input, challenges);
    columns = trace.columns();
    for (Column& column : generate_interaction(trace, globals)) columns.push_back(std::move(column));
  }
  std::vector<const Felt*> pointers() const {
    std::vector<const Felt*> out;
    for (const Column& column : columns) out.push_back(column.data());
    return out;
  }
  const Layout& layout;
  Air air;
  Globals globals{};
  std::vector<Column> columns;
};

// The violations at a row once the cells there have been changed.
bool names_constraint(FullTrace& full, std::size_t constraint, std::uint64_t row, std::span<const MaskCell> changed) {
  const std::uint64_t length = full.air.trace_length();
  std::vector<Felt> before;
  for (const MaskCell& cell : changed) {
    Felt& value = full.columns[cell.column][(row + cell.row) % length];
    before.push_back(value);
    value += Felt(7 + before.size());
  }
  bool named = false;
  for (const Violation& violation : violations_at(full.air, full.globals, full.pointers(), row)) {
    named = named || (violation.constraint == full.air.constraints()[constraint].name && violation.row == row);
  }
  for (std::size_t i = 0; i < changed.size(); ++i) {
    full.columns[changed[i].column][(row + changed[i].row) % length] = before[i];
  }
  return named;
}

// Some change of one cell, else of two, in the first rows where the constraint holds; the trace is valid there.
bool is_violated_by_a_small_change(FullTrace& full, std::size_t constraint) {
  const Domain& domain = full.air.domains()[full.air.constraints()[constraint].group];
  const auto cells = cells_of(full.air, constraint);
  std::vector<std::uint64_t> rows;
  for (std::uint64_t row = 0; row < full.air.trace_length() && rows.size() < 40; ++row) {
    if (domain.contains(row)) rows.push_back(row);
  }
  for (const std::uint64_t row : rows) {
    EXPECT_TRUE(violations_at(full.air, full.globals, full.pointers(), row).empty()) << "valid trace, row " << row;
    for (const MaskCell& cell : cells) {
      if (names_constraint(full, constraint, row, std::array{cell})) return true;
    }
  }
  for (const std::uint64_t row : rows) {
    for (const MaskCell& one : cells) {
      for (const MaskCell& other : cells) {
        if (one < other && names_constraint(full, constraint, row, std::array{one, other})) return true;
      }
    }
  }
  return false;
}

class EachConstraint : public testing::TestWithParam<Size> {};

// For every constraint the checker names it, and the row.
TEST_P(EachConstraint, IsViolatedByASmallChangeOfAValidTrace) {
  const Loop loop(GetParam().table(), std::uint64_t{1} << GetParam().log_steps);
  FullTrace full(GetParam().table(), loop.input, loop.secret);
  for (std::size_t k = 0; k < full.air.constraints().size(); ++k) {
    EXPECT_TRUE(is_violated_by_a_small_change(full, k)) << full.air.constraints()[k].name;
  }
}

// Steps enough for two instances of each builtin.
INSTANTIATE_TEST_SUITE_P(Layouts, EachConstraint,
                         testing::Values(Size{"plain", 9}, Size{"small", 10}, Size{"dex", 10}, Size{"perpetual", 12},
                                         Size{"all_solidity", 13}, Size{"recursive", 14},
                                         Size{"recursive_large_output", 14}, Size{"recursive_large_output", 14, true},
                                         Size{"recursive_with_poseidon", 15}),
                         [](const auto& size) { return size.param.name(); });
INSTANTIATE_TEST_SUITE_P(Long, EachConstraint,
                         testing::Values(Size{"dex_with_bitwise", 17}, Size{"starknet", 17}, Size{"starknet", 17, true},
                                         Size{"starknet_with_keccak", 15}),
                         [](const auto& size) { return size.param.name(); });

TEST(Soundness, ATraceWithoutViolationPassesTheChecker) {
  const auto run = load_run("small-512-builtins");
  ASTERISM_REQUIRE_VECTOR(run);
  const FullTrace full(*find_layout("small"), run->input, run->secret);
  const auto violation = first_violation(full.air, full.globals, full.pointers());
  EXPECT_FALSE(violation) << violation->constraint << " at row " << violation->row;
}

struct Change {
  Size size;
  const char* cell;
  std::uint64_t index;
  const char* component;
};
class Forced : public testing::TestWithParam<Change> {};

// A changed cell of each component: prove says which constraint, and a proof made by force is refused.
TEST_P(Forced, ProofOfAViolatingTraceIsRefused) {
  const Change& change = GetParam();
  const Layout& layout = change.size.table();
  const Loop loop(layout, std::uint64_t{1} << change.size.log_steps);
  const Air air(layout, loop.input.n_steps);
  const Parameters parameters = quick_parameters(change.size);
  Trace trace = generate_trace(layout, loop.input, loop.secret).value();
  const VirtualColumn cells = layout.at(change.cell);
  trace.set(cells, change.index, trace.columns()[cells.column][cells.row(change.index)] + Felt::one());
  const auto refused = prove_trace(air, trace, loop.input, parameters, {.threads = 2}, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, Error::constraint_violated);
  EXPECT_TRUE(refused.error().detail.starts_with(change.component)) << refused.error().text();
  EXPECT_LE(refused.error().row, cells.row(change.index));
  const auto forced = prove_trace(air, std::move(trace), loop.input, parameters, {.threads = 2, .force = true}, false);
  ASSERT_TRUE(forced);
  const auto verdict = verify(forced->bytes, parameters, loop.input);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().error, Error::oods_mismatch);
}

constexpr Size kSmallest{"small", 9}, kWithBitwise{"all_solidity", 13};
const auto kCellOfChange = [](const auto& change) {
  std::string name = change.param.cell;
  std::ranges::replace_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
};
INSTANTIATE_TEST_SUITE_P(
    Components, Forced,
    testing::Values(Change{kSmallest, "cpu/operands/res", 5, "cpu/"},
                    Change{kSmallest, "memory/sorted/value", 40, "memory/"},
                    Change{kSmallest, "range_check16/sorted", 9, "range_check16/"},
                    Change{kSmallest, "pedersen/hash0/ec_subset_sum/slope", 3, "pedersen/hash0/"},
                    Change{kSmallest, "range_check_builtin/inner_range_check", 3, "range_check_builtin/value"},
                    Change{kSmallest, "ecdsa/signature0/z_inv", 0, "ecdsa/signature0/z_nonzero"},
                    Change{kWithBitwise, "diluted_check/permuted_values", 1000, "diluted_check/"},
                    Change{kWithBitwise, "bitwise/trim_unpacking192", 0, "bitwise/unique_unpacking192"},
                    Change{kWithBitwise, "ec_op/doubling_slope", 3, "ec_op/doubling_q/"}),
    kCellOfChange);
INSTANTIATE_TEST_SUITE_P(
    Long, Forced,
    testing::Values(Change{{"recursive_with_poseidon", 15}, "poseidon/poseidon/full_rounds_state0", 9, "poseidon/"},
                    Change{{"starknet_with_keccak", 15}, "keccak/keccak/rotated_parity0", 5, "keccak/keccak/"}),
    kCellOfChange);

TEST(Parameters, AreValidated) {
  Parameters good;
  good.fri = {{0, 4, 3}, 64, 10, 10};
  EXPECT_TRUE(validate(good, 13));
  EXPECT_EQ(security_bits(good), 30U);
  const auto refused = [&](const auto& change) {
    Parameters parameters = good;
    change(parameters);
    return !validate(parameters, 13);
  };
  EXPECT_TRUE(refused([](Parameters& p) { p.log_n_cosets = 0; }));
  EXPECT_TRUE(refused([](Parameters& p) { p.log_n_cosets = 17; }));
  EXPECT_TRUE(refused([](Parameters& p) { p.fri.step_list = {}; }));
  EXPECT_TRUE(refused([](Parameters& p) { p.fri.step_list = {4, 0, 3}; }));
  EXPECT_TRUE(refused([](Parameters& p) { p.fri.step_list = {0, 4, 4}; }));
  EXPECT_TRUE(refused([](Parameters& p) { p.fri.last_layer_degree_bound = 63; }));
  EXPECT_TRUE(refused([](Parameters& p) { p.fri.n_queries = 0; }));
  EXPECT_TRUE(refused([](Parameters& p) { p.fri.proof_of_work_bits = 61; }));
  EXPECT_TRUE(refused([](Parameters& p) { p.channel_hash = HashKind::pedersen; }));
  EXPECT_TRUE(refused([](Parameters& p) { p.channel_hash = HashKind::poseidon3; }));  // keccak pages
  EXPECT_TRUE(refused([](Parameters& p) { p.evm = true, p.commitment_hash = HashKind::blake256; }));
}

TEST(PublicInputs, AreChecked) {
  const auto run = load_run("small-512-builtins");
  ASTERISM_REQUIRE_VECTOR(run);
  const auto error = [&](const auto& change) {
    PublicInput input = run->input;
    change(input);
    const auto checked = check_public_input(*find_layout("small"), input);
    return checked ? std::optional<Error>() : checked.error().error;
  };
  EXPECT_EQ(error([](PublicInput&) {}), std::nullopt);
  EXPECT_EQ(error([](PublicInput& input) { input.n_steps = 513; }), Error::bad_public_input);
  EXPECT_EQ(error([](PublicInput& input) { input.n_steps = 256; }), Error::no_room);
  EXPECT_EQ(error([](PublicInput& input) { input.rc_max = 0x10000; }), Error::bad_public_input);
  EXPECT_EQ(error([](PublicInput& input) { input.memory.clear(); }), Error::bad_public_input);
  EXPECT_EQ(error([](PublicInput& input) { input.segments.erase("output"); }), Error::bad_public_input);
  EXPECT_EQ(error([](PublicInput& input) { ++input.segments["pedersen"].stop_ptr; }), Error::bad_public_input);
  EXPECT_EQ(error([](PublicInput& input) { input.segments["ecdsa"].stop_ptr += 4; }), Error::bad_public_input);
}

}  // namespace
}  // namespace asterism::core::stark
