// The hints of Cairo 1 programs: those of the Cairo compiler's libfuncs, system calls, and those of executables'
// wrappers. A hint's operands are its ids (core/cairo/casm.cpp); its variables are those of the Python text that the
// compiler writes for the same hint.
#include <algorithm>
#include <array>

#include "core/cairo/builtins/builtins.hpp"
#include "core/cairo/debug_text.hpp"
#include "core/cairo/hints/dict.hpp"
#include "core/cairo/hints/tables.hpp"
#include "core/cairo/hints/wide.hpp"
#include "core/cairo/runner.hpp"
#include "core/curve/stark_curve.hpp"
#include "core/hash/sha256.hpp"

namespace asterism::core::cairo::hints {

// Of dict.cpp: the loop over the accesses of a squashed dictionary is Cairo 0's.
void init_squash(Hint& h, std::int64_t access_size);
void squash_first_index(Hint& h);
void squash_skip_loop(Hint& h);
std::uint64_t squash_advance(Hint& h);
bool squash_has_next(Hint& h);
void squash_next_key(Hint& h);

namespace {

constexpr std::int64_t kDictAccess = 3;  // key, previous value, new value
constexpr std::int64_t kArenaInfo = 3;   // start, end, squashing index

void nothing(Hint&) {}

// A pair or more of 128-bit limbs, the lowest first: name0, name1, ...
BigInt limbs(Hint& h, std::string_view name, unsigned count) {
  BigInt out;
  for (unsigned i = 0; i < count; ++i) out = out + (h.integer(std::string(name) + std::to_string(i)) << (128 * i));
  return out;
}
void set_limbs(Hint& h, std::string_view name, const BigInt& number, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    h.set(std::string(name) + std::to_string(i), (number >> (128 * i)) & mask(128));
  }
}

// --- numbers

void alloc_segment(Hint& h) { h.set("dst", h.memory().add_segment()); }

void test_less_than(Hint& h) { h.set("dst", h.integer("lhs") < h.integer("rhs") ? 1 : 0); }

// Addresses of one segment compare too.
void test_less_or_equal(Hint& h) {
  const Value lhs = h.value("lhs");
  const Value rhs = h.value("rhs");
  if (lhs.is_felt() != rhs.is_felt()) raise("TypeError: a number and an address do not compare");
  h.set("dst", compare(lhs, rhs) <= 0 ? 1 : 0);
}

void wide_mul(Hint& h) {
  const BigInt product = h.integer("lhs") * h.integer("rhs");
  h.set("high", product >> 128);
  h.set("low", product & mask(128));
}

void div_mod(Hint& h) {
  const auto [quotient, rest] = BigInt::divmod(h.integer("lhs"), h.integer("rhs"));
  h.set("quotient", quotient);
  h.set("remainder", rest);
}
void divide_limbs(Hint& h, unsigned dividend_limbs) {
  const auto [quotient, rest] = BigInt::divmod(limbs(h, "dividend", dividend_limbs), limbs(h, "divisor", 2));
  set_limbs(h, "quotient", quotient, dividend_limbs);
  set_limbs(h, "remainder", rest, 2);
}
void uint256_div_mod(Hint& h) { divide_limbs(h, 2); }
void uint512_div_mod(Hint& h) { divide_limbs(h, 4); }

void square_root(Hint& h) { h.set("dst", isqrt(h.integer("value"))); }
void uint256_square_root(Hint& h) {
  const BigInt value = h.integer("value_low") + (h.integer("value_high") << 128);
  const BigInt root = isqrt(value);
  const BigInt rest = value - root * root;
  h.set("sqrt0", root & mask(64));
  h.set("sqrt1", root >> 64);
  h.set("remainder_low", rest & mask(128));
  h.set("remainder_high", rest >> 128);
  h.set("sqrt_mul_2_minus_remainder_ge_u128", root * BigInt(2) - rest >= BigInt::power_of_two(128) ? 1 : 0);
}

void linear_split(Hint& h) {
  const BigInt value = h.integer("value");
  const BigInt scalar = h.integer("scalar");
  const BigInt x = std::min(value / scalar, h.integer("max_x"));
  h.set("x", x);
  h.set("y", value - x * scalar);
}

// r = 1 / b and k with r b = 1 + k n; where b has no inverse, g, s = b / g and t = n / g for a common divisor g > 1
// that is odd or 2.
void u256_inverse(Hint& h) {
  const BigInt b = limbs(h, "b", 2);
  const BigInt n = limbs(h, "n", 2);
  const BigInt common = gcd(b, n);
  if (n == BigInt(1) || !(common == BigInt(1))) {
    const BigInt g = !common.is_odd() ? BigInt(2) : common;
    set_limbs(h, "s_or_r", b / g, 2);
    set_limbs(h, "t_or_k", n / g, 2);
    h.set("g0_or_no_inv", g & mask(128));
    h.set("g1_option", g >> 128);
    return;
  }
  const BigInt r = inverse_mod(b, n);
  set_limbs(h, "s_or_r", r, 2);
  set_limbs(h, "t_or_k", (r * b - BigInt(1)) / n, 2);
  h.set("g0_or_no_inv", 0);
}

// The root of val, or of 3 val, which is a square when val is none.
void field_sqrt(Hint& h) {
  BigInt value = h.integer("val");
  if (!is_quad_residue(value, BigInt::prime())) value = value * BigInt(3) % BigInt::prime();
  h.set("sqrt", sqrt_mod(value, BigInt::prime()));
}

// Any point will do; this one follows from the step, so that runs repeat.
void random_point(Hint& h) {
  for (std::uint64_t attempt = 0;; ++attempt) {
    Bytes seed;
    for (const std::uint64_t word : {h.machine().steps, attempt}) {
      for (unsigned i = 0; i < 8; ++i) seed.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
    }
    const Felt x = Felt::reduce_be(sha256(seed));
    if (const auto y = y_from_x(x)) {
      h.set("x", Value(x));
      h.set("y", Value((*y)[0]));
      return;
    }
  }
}

// --- comparison of felts by two short arcs

void find_small_arcs(Hint& h) {
  const Felt a = h.felt("a");
  const Felt b = h.felt("b");
  std::array<std::pair<BigInt, int>, 3> arcs{
      {{BigInt::from_felt(a), 0}, {BigInt::from_felt(b - a), 1}, {BigInt::from_felt(-Felt(1) - b), 2}}};
  std::sort(arcs.begin(), arcs.end());
  static const BigInt kThird = BigInt::parse("3544607988759775765608368578435044694");  // ceil(p / 3 / 2^128)
  static const BigInt kHalf = BigInt::parse("5316911983139663648412552867652567041");   // ceil(p / 2 / 2^128)
  const Value target = h.value("range_check_ptr");
  std::int64_t at = 0;
  for (unsigned i = 0; i < 2; ++i) {
    const auto [quotient, rest] = BigInt::divmod(arcs[i].first, i == 0 ? kThird : kHalf);
    h.set_memory(advance(target, at++), Value(rest.to_felt()));
    h.set_memory(advance(target, at++), Value(quotient.to_felt()));
  }
  h.let("excluded", BigInt(arcs[2].second));
}
void first_arc_excluded(Hint& h) { h.set("skip_exclude_a_flag", h.variable("excluded") == BigInt(0) ? 0 : 1); }
void second_arc_excluded(Hint& h) { h.set("skip_exclude_b_minus_a", h.variable("excluded") == BigInt(1) ? 0 : 1); }

// --- dictionaries

using ArenaIndex = std::unordered_map<std::int64_t, std::uint64_t>;
DictManager& manager(Hint& h) { return h.object<DictManager>("__dict_manager"); }

// segment_arena_ptr points behind (infos, dictionaries, squashed ones).
void alloc_dict(Hint& h) {
  if (!h.has("__dict_manager")) h.let_object("__dict_manager", DictManager{});
  if (!h.has("__segment_index_to_arena_index")) h.let_object("__segment_index_to_arena_index", ArenaIndex{});
  const Value arena = h.value("segment_arena_ptr");
  const BigInt index = h.read_integer(advance(arena, -2));
  if (!index.fits_u64() || index.low64() > UINT32_MAX) raise("OverflowError: too many dictionaries");
  // All but the first are moved behind one another when they are squashed.
  const Value start = index.is_zero() ? h.memory().add_segment() : h.memory().add_temporary_segment();
  DictTracker tracker;
  tracker.data.default_value = Value(Felt());
  tracker.current = start;
  manager(h).trackers[start.segment()] = std::move(tracker);
  h.object<ArenaIndex>("__segment_index_to_arena_index")[start.segment()] = index.low64();
  const Value infos = h.read(advance(arena, -3));
  h.set_memory(advance(infos, kArenaInfo * static_cast<std::int64_t>(index.low64())), start);
}

DictTracker& advance_dict(Hint& h, const Value& pointer) {
  DictTracker& tracker = manager(h).tracker(pointer);
  tracker.current = advance(tracker.current, kDictAccess);
  return tracker;
}
void dict_entry_init(Hint& h) {
  const Value pointer = h.value("dict_ptr");
  DictTracker& tracker = advance_dict(h, pointer);
  h.set_memory(advance(pointer, 1), tracker.data.get(h.value("key")));
}
void dict_entry_update(Hint& h) {
  const Value pointer = h.value("dict_ptr");
  manager(h).tracker(pointer).data.set(h.read(advance(pointer, -kDictAccess)), h.value("value"));
}
void dict_read(Hint& h) { h.set("value_dst", advance_dict(h, h.value("dict_ptr")).data.get(h.value("key"))); }
void dict_write(Hint& h) {
  const Value pointer = h.value("dict_ptr");
  DictTracker& tracker = advance_dict(h, pointer);
  const Value key = h.value("key");
  h.set_memory(advance(pointer, 1), tracker.data.get(key));
  tracker.data.set(key, h.value("value"));
}

void arena_index(Hint& h) {
  const Value end = h.value("dict_end_ptr");
  const std::int64_t segment = segment_index(end);
  const auto& indices = h.object<ArenaIndex>("__segment_index_to_arena_index");
  const auto found = indices.find(segment);
  if (found == indices.end()) raise("KeyError: " + std::to_string(segment));
  h.set("dict_index", BigInt::from_u64(found->second));
}

void init_squash_data(Hint& h) { init_squash(h, kDictAccess); }
void access_delta(Hint& h) { h.set("index_delta_minus1", BigInt::from_u64(squash_advance(h)) - BigInt(1)); }
void continue_squash(Hint& h) { h.set("should_continue", squash_has_next(h) ? 1 : 0); }

// --- memory, circuits, output

void alloc_constant_size(Hint& h) {
  if (!h.has("__boxed_segment")) h.let("__boxed_segment", h.memory().add_segment());
  const Value next = h.pointer_variable("__boxed_segment");
  h.let("__boxed_segment", advance(next, static_cast<std::int64_t>(h.small("size", std::uint64_t{1} << 32))));
  h.set("dst", next);
}

void eval_circuit(Hint& h) {
  const auto circuit = [&](std::string_view name) {
    ModuloBuiltin::Circuit out;
    out.builtin = dynamic_cast<ModuloBuiltin*>(h.runner().find_builtin(name));
    if (out.builtin == nullptr) raise("KeyError: '" + std::string(name) + "_builtin'");
    out.pointer = h.value(std::string(name) + "_builtin");
    const BigInt count = h.integer("n_" + std::string(name) + "s");
    out.operations = count.fits_u64() ? count.low64() : UINT64_MAX;
    return out;
  };
  const ModuloBuiltin::Circuit add = circuit("add_mod");
  ModuloBuiltin::fill_memory(h.memory(), add, circuit("mul_mod"));
}

std::vector<Felt> read_range(Hint& h) {
  constexpr std::int64_t kMaxLength = 1 << 20;
  const Value start = h.value("start");
  const Value end = h.value("end");
  if (!start.is_pointer() || !end.is_pointer() || start.segment() != end.segment() || start.offset() > end.offset() ||
      end.offset() - start.offset() > kMaxLength) {
    raise("ValueError: no range: " + to_string(start) + " to " + to_string(end));
  }
  std::vector<Felt> out;
  for (Value at = start; !(at == end); at = advance(at, 1)) out.push_back(h.memory().read_felt(at));
  return out;
}
void debug_print(Hint& h) { h.write(debug_text(read_range(h))); }
void add_marker(Hint& h) { h.machine().panic_data = read_range(h); }

void system_call(Hint& h) {
  if (h.host() == nullptr) raise("NameError: name 'syscall_handler' is not defined");
  h.host()->system_call(h, "syscall", h.value("system"));
}

// --- the wrapper of executables

void add_relocation_rule(Hint& h) { h.memory().add_relocation_rule(h.value("src"), h.value("dst")); }

// The arguments of the run as one array: its start and its end.
void write_run_parameter(Hint& h) {
  require(h.integer("index").is_zero(), "there is one parameter, the array of arguments");
  const Value start = h.gen_arg(h.runner().options().arguments);
  const Value target = h.cell("dst");
  h.set_memory(target, start);
  h.set_memory(advance(target, 1), advance(start, static_cast<std::int64_t>(h.runner().options().arguments.size())));
}

constexpr HintRow kRows[] = {
    {"casm AllocSegment", alloc_segment},
    {"casm TestLessThan", test_less_than},
    {"casm TestLessThanOrEqual", test_less_or_equal},
    {"casm TestLessThanOrEqualAddress", test_less_or_equal},
    {"casm WideMul128", wide_mul},
    {"casm DivMod", div_mod},
    {"casm Uint256DivMod", uint256_div_mod},
    {"casm Uint512DivModByUint256", uint512_div_mod},
    {"casm SquareRoot", square_root},
    {"casm Uint256SquareRoot", uint256_square_root},
    {"casm LinearSplit", linear_split},
    {"casm AllocFelt252Dict", alloc_dict},
    {"casm Felt252DictEntryInit", dict_entry_init},
    {"casm Felt252DictEntryUpdate", dict_entry_update},
    {"casm GetSegmentArenaIndex", arena_index},
    {"casm InitSquashData", init_squash_data},
    {"casm GetCurrentAccessIndex", squash_first_index},
    {"casm ShouldSkipSquashLoop", squash_skip_loop},
    {"casm GetCurrentAccessDelta", access_delta},
    {"casm ShouldContinueSquashLoop", continue_squash},
    {"casm GetNextDictKey", squash_next_key},
    {"casm AssertLeFindSmallArcs", find_small_arcs},
    {"casm AssertLeIsFirstArcExcluded", first_arc_excluded},
    {"casm AssertLeIsSecondArcExcluded", second_arc_excluded},
    {"casm RandomEcPoint", random_point},
    {"casm FieldSqrt", field_sqrt},
    {"casm DebugPrint", debug_print},
    {"casm AllocConstantSize", alloc_constant_size},
    {"casm U256InvModN", u256_inverse},
    {"casm EvalCircuit", eval_circuit},
    {"casm SystemCall", system_call},
    {"casm AddRelocationRule", add_relocation_rule},
    {"casm WriteRunParam", write_run_parameter},
    {"casm AddMarker", add_marker},
    {"casm AddTrace", nothing},
    // Of contracts that were deployed long ago; the checks have no effect on a run, as in the runners in use.
    {"casm AssertCurrentAccessIndicesIsEmpty", nothing},
    {"casm AssertAllAccessesUsed", nothing},
    {"casm AssertAllKeysUsed", nothing},
    {"casm AssertLeAssertThirdArcExcluded", nothing},
    {"casm AssertLtAssertValidInput", nothing},
    {"casm Felt252DictRead", dict_read},
    {"casm Felt252DictWrite", dict_write},
};

}  // namespace

std::span<const HintRow> casm_rows() { return kRows; }

}  // namespace asterism::core::cairo::hints
