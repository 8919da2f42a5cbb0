// What must not be accepted: mutated proofs, traces that violate a constraint, parameters that do not fit.
#include <gtest/gtest.h>

#include <random>

#include "core/stark/check.hpp"
#include "core/stark/prover.hpp"
#include "tests/core/stark/vectors.hpp"

namespace asterism::core::stark {
namespace {

std::size_t mutations() {
  const char* count = std::getenv("ASTERISM_MUTATIONS");
  return count != nullptr ? std::stoul(count) : 1500;
}

// One change of a byte string, of a kind that the seed chooses.
Bytes mutated(const Bytes& proof, std::mt19937_64& random) {
  Bytes out = proof;
  const std::size_t words = out.size() / 32;
  const auto word = [&] { return out.begin() + static_cast<std::ptrdiff_t>(32 * (random() % words)); };
  switch (random() % 7) {
    case 0:
      out[random() % out.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
      break;
    case 1:
      out[random() % std::min<std::size_t>(out.size(), 96)] ^= 0x55;
      break;  // a root
    case 2:
      out.resize(random() % out.size());
      break;
    case 3:
      out.resize(out.size() + 1 + random() % 64);
      break;
    case 4:
      std::swap_ranges(out.begin(), out.begin() + 32, out.begin() + 32);
      break;
    case 5: {
      const auto at = word();
      std::fill(at, at + 32, static_cast<std::uint8_t>(random() % 2 == 0 ? 0xff : 0));
      break;
    }
    default: {
      const auto from = word();
      std::copy(from, from + 32, word());
      break;
    }
  }
  return out;
}

TEST(Soundness, MutatedProofsAreRefused) {
  const auto run = load_run("plain-512-keccak");
  ASTERISM_REQUIRE_VECTOR(run);
  ASSERT_TRUE(verify(run->proof, run->parameters, run->input));
  constexpr std::uint64_t kSeed = 20240916;
  std::mt19937_64 random(kSeed);
  for (std::size_t i = 0; i < mutations(); ++i) {
    const Bytes proof = mutated(run->proof, random);
    if (proof == run->proof) continue;
    ASSERT_FALSE(verify(proof, run->parameters, run->input)) << "mutation " << i << " of seed " << kSeed;
  }
}

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
  explicit FullTrace(const StoneRun& run)
      : layout(*find_layout(run.input.layout)), air(layout, run.input.n_steps), columns() {
    const Trace trace = generate_trace(layout, run.input, run.secret).value();
    std::vector<Felt> challenges;
    for (unsigned i = 0; i < air.challenges(); ++i) challenges.push_back(Felt(1000003 + 17 * i).square().square());
    globals = air.globals(run.input, challenges);
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

class EachConstraint : public testing::TestWithParam<const char*> {};

// For every constraint: some change of one cell in a row where it holds violates it, and the checker says so.
TEST_P(EachConstraint, IsViolatedByASmallChangeOfAValidTrace) {
  const auto run = load_run(GetParam());
  ASTERISM_REQUIRE_VECTOR(run);
  FullTrace full(*run);
  const std::uint64_t length = full.air.trace_length();
  for (std::size_t k = 0; k < full.air.constraints().size(); ++k) {
    const ConstraintInfo& constraint = full.air.constraints()[k];
    const Domain& domain = full.air.domains()[constraint.group];
    bool named = false;
    std::size_t tried = 0;
    for (std::uint64_t row = 0; row < length && !named && tried < 600; ++row) {
      if (!domain.contains(row)) continue;
      ++tried;
      ASSERT_TRUE(violations_at(full.air, full.globals, full.pointers(), row).empty()) << "valid trace, row " << row;
      for (const MaskCell& cell : cells_of(full.air, k)) {
        Felt& value = full.columns[cell.column][(row + cell.row) % length];
        const Felt before = value;
        value += Felt(7);
        for (const Violation& violation : violations_at(full.air, full.globals, full.pointers(), row)) {
          named = named || (violation.constraint == constraint.name && violation.row == row);
        }
        value = before;
        if (named) break;
      }
    }
    // One instance only has no row where `follows the one before` holds.
    EXPECT_TRUE(named || tried == 0) << constraint.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Folders, EachConstraint,
                         testing::Values("plain-512-keccak", "small-512-builtins", "recursive-16384-builtins",
                                         "recursive_with_poseidon-32768-builtins"));

TEST(Soundness, ATraceWithoutViolationPassesTheChecker) {
  const auto run = load_run("small-512-builtins");
  ASTERISM_REQUIRE_VECTOR(run);
  const FullTrace full(*run);
  const auto violation = first_violation(full.air, full.globals, full.pointers());
  EXPECT_FALSE(violation) << violation->constraint << " at row " << violation->row;
}

// A changed cell in each component: prove says which constraint, and a proof made by force is refused.
TEST(Soundness, ViolatingTracesAreNamedAndTheirForcedProofsRefused) {
  const auto run = load_run("small-512-builtins");
  ASTERISM_REQUIRE_VECTOR(run);
  const Layout& layout = *find_layout(run->input.layout);
  const Air air(layout, run->input.n_steps);
  const Trace valid = generate_trace(layout, run->input, run->secret).value();
  struct Change {
    const char* cell;
    std::uint64_t index;
    const char* component;
  };
  for (const Change& change : {Change{"cpu/operands/res", 5, "cpu/"}, Change{"memory/sorted/value", 40, "memory/"},
                               Change{"range_check16/sorted", 9, "range_check16/"},
                               Change{"pedersen/hash0/ec_subset_sum/slope", 3, "pedersen/hash0/"},
                               Change{"ecdsa/signature0/z_inv", 0, "ecdsa/signature0/z_nonzero"}}) {
    Trace trace = valid;
    const VirtualColumn cells = layout.at(change.cell);
    trace.set(cells, change.index, trace.columns()[cells.column][cells.row(change.index)] + Felt::one());
    const auto refused = prove_trace(air, trace, run->input, run->parameters, {}, false);
    ASSERT_FALSE(refused) << change.cell;
    EXPECT_EQ(refused.error().error, Error::constraint_violated);
    EXPECT_TRUE(refused.error().detail.starts_with(change.component)) << refused.error().detail;
    const auto forced = prove_trace(air, trace, run->input, run->parameters, {.force = true}, false);
    ASSERT_TRUE(forced);
    const auto verdict = verify(forced->bytes, run->parameters, run->input);
    ASSERT_FALSE(verdict) << change.cell;
    EXPECT_EQ(verdict.error().error, Error::oods_mismatch);
  }
}

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
