// Cairo 1: executables against what the compiler's own runner (cairo-execute 2.20) made of them, memory cell by memory
// cell; contract classes; what loading refuses. The programs and PIEs of tests/vectors/cairo1 were made from the
// sources beside them.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>

#include "core/cairo/debug_text.hpp"
#include "core/cairo/hint.hpp"
#include "core/cairo/pie.hpp"
#include "tests/core/cairo/assembly.hpp"
#include "tests/core/cairo/vectors.hpp"

namespace asterism::test {
namespace {

std::filesystem::path vector(const std::string& name) {
  return tests::source_folder() / "tests" / "vectors" / "cairo1" / name;
}
std::shared_ptr<const Program> load(const std::string& name) {
  auto program = load_any_program(read_file(vector(name + ".json")));
  if (!program) throw std::runtime_error(program.error().text());
  return *program;
}
std::unique_ptr<Runner> runner_of(const std::string& name, const std::vector<std::string>& arguments,
                                  bool proof_mode = false) {
  RunOptions options{.layout = *find_layout("all_cairo")};
  options.proof_mode = proof_mode;
  for (const std::string& argument : arguments) options.arguments.emplace_back(BigInt::parse(argument).to_felt());
  auto runner = Runner::create(load(name), options);
  if (!runner) throw std::runtime_error(runner.error().text());
  return std::move(*runner);
}
std::vector<std::string> output_of(const Runner& runner) {
  std::vector<std::string> out;
  for (const Value& value : runner.output()) out.push_back(to_string(value));
  return out;
}

const std::vector<std::string> kDictArguments = {
    "7", "3", "7", "3618502788666131213697322783095070105623107215331596699973092056135872020480", "9", "3", "7", "1"};
const std::vector<std::string> kIntArguments = {
    "123456789012345678901234567890123456789",
    "98765432109876543210",
    "340282366920938463463374607431768211455",
    "5",
    "999999999999999999999999999999999999",
    "77",
    "3618502788666131213697322783095070105623107215331596699973092056135872020470"};

struct Case {
  std::string program, pie;
  std::vector<std::string> arguments;
};

TEST(CairoExecutable, MemoryIsThatOfTheCompilersRunner) {
  const Case cases[] = {
      {"fib", "fib", {"10", "0"}},      {"dicts", "dicts", kDictArguments},       {"ints", "ints", kIntArguments},
      {"circ", "circ", {"7919", "11"}}, {"circ", "circ_no_inverse", {"15", "9"}}, {"prints", "prints", {"5"}}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.pie);
    const auto runner = runner_of(c.program, c.arguments);
    const auto done = runner->run();
    ASSERT_TRUE(done) << done.error().text();
    const auto pie = make_pie(*runner);
    ASSERT_TRUE(pie) << pie.error().text();
    // Theirs has its segments merged.
    const auto bytes = write_pie(*pie, true);
    ASSERT_TRUE(bytes) << bytes.error().text();
    const auto ours = read_pie(*bytes);
    ASSERT_TRUE(ours) << ours.error().text();
    const auto theirs = read_pie(core::as_bytes(read_file(vector(c.pie + ".pie.zip"))));
    ASSERT_TRUE(theirs) << theirs.error().text();
    EXPECT_EQ(ours->resources.steps, theirs->resources.steps);
    EXPECT_EQ(ours->memory.size(), theirs->memory.size());
    EXPECT_EQ(difference(*theirs, *ours), "");
  }
}

TEST(CairoExecutable, OutputWithPointsChosenAtRandom) {
  const auto runner = runner_of("crypto", {"12345678901234567890", "98765432109876543210"});
  const auto done = runner->run();
  ASSERT_TRUE(done) << done.error().text();
  const std::vector<std::string> output = output_of(*runner);
  ASSERT_EQ(output.size(), 18U);
  EXPECT_EQ(output[0], "17");
  EXPECT_EQ(output[3], "3494393426494811972617100053100346683188981076271741017669798373792558961879");
  EXPECT_EQ(output[4], "857691408110095852506484009549523628765303468581302457798398365739809779802");
  EXPECT_EQ(output[5], "12345678901234567890");
  EXPECT_EQ(output[6], "7300710");  // 'off': no point has this x
}

TEST(CairoExecutable, StandaloneInProofMode) {
  const auto runner = runner_of("fib", {"10", "0"}, true);
  const auto done = runner->run();
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(output_of(*runner), std::vector<std::string>{"55"});
  EXPECT_EQ(runner->steps() & (runner->steps() - 1), 0U);
  EXPECT_TRUE(runner->public_input());
}

TEST(CairoExecutable, PrintsAndPanicsInTheWordsOfTheCompilersRunner) {
  const auto fine = runner_of("prints", {"5"});
  ASSERT_TRUE(fine->run());
  EXPECT_EQ(fine->machine().printed,
            "x is 5 and P { x: 5, y: 6841721 }\n"
            "a longer string that does not fit into thirty-one bytes, so that it has full words: 5\n"
            "no newline[DEBUG]\t0x616263 ('abc')\n");
  const auto large = runner_of("prints", {"177"});
  const auto failed = large->run();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().text(), "Error at pc=0:15:\nAn ASSERT_EQ instruction failed: 0 != 1.");
  EXPECT_EQ(panic_text(large->machine().panic_data), "Panicked with \"x is too large: 177\".");
  const auto unlucky = runner_of("prints", {"77"});
  ASSERT_FALSE(unlucky->run());
  EXPECT_EQ(panic_text(unlucky->machine().panic_data), "Panicked with (0x73686f7274 ('short'), 0x2, 0x78 ('x')).");
}

// --- contract classes

core::Felt short_string(std::string_view text) {
  BigInt out;
  for (const char c : text) out = out * BigInt(256) + BigInt(int{static_cast<unsigned char>(c)});
  return out.to_felt();
}

// A storage of its own for each contract, free of gas.
class StorageHost : public HintHost {
 public:
  void system_call(Hint& h, std::string_view, const Value& buffer) override {
    const auto at = [&](std::int64_t offset) { return advance(buffer, offset); };
    const Value selector = h.read(at(0));
    const Value gas = h.read(at(1));
    const core::Felt key = h.memory().read_felt(at(3));
    if (selector == Value(short_string("StorageRead"))) {
      answer(h, at(4), gas);
      h.set_memory(at(6), Value(cells[key]));
    } else if (selector == Value(short_string("StorageWrite"))) {
      cells[key] = h.memory().read_felt(at(4));
      answer(h, at(5), gas);
    } else {
      raise("Exception: no such system call: " + to_string(selector));
    }
  }
  std::map<core::Felt, core::Felt> cells;

 private:
  static void answer(Hint& h, const Value& at, const Value& gas) {
    h.set_memory(at, gas);
    h.set_memory(advance(at, 1), number(0));
  }
};

constexpr std::uint64_t kGas = 10'000'000;
const char* const kGet = "0x17c00f03de8b5bd58d2016b59d251c13056b989171c5852949903bc043bc27";
const char* const kTally = "0x1096ffe4756b6ccced4fc07961d29e9d57f7de283a8d6224c11c5d8988e3919";
const char* const kFail = "0x32564d7e0fe091d49b4c20f4632191e4ed6986bf993849879abfef9465def25";
const char* const kAdd = "0x35a8bb8492337e79bdc674d6f31ac448f8017e26cc7bfe3144fb5d886fe5369";
const char* const kConstructor = "0x28ffe4ff0f226a9107253e17a904099aa4f63a02a5621de0576e5aa71bc5194";

Expected<CallResult> call(const std::shared_ptr<const Program>& program, HintHost* host, const char* selector,
                          std::vector<core::Felt> calldata, std::uint64_t gas = kGas, RunLimits limits = {}) {
  RunOptions options{.layout = *find_layout("plain")};
  options.host = host;
  options.limits = limits;
  auto runner = Runner::create(program, options);
  if (!runner) return std::unexpected(runner.error());
  for (const EntryPoint& entry : program->entry_points) {
    if (entry.selector == *core::Felt::from_hex(selector)) return (*runner)->run_entry_point(entry, calldata, gas);
  }
  return std::unexpected(Error{.kind = ErrorKind::kUsage, .message = "no such entry point"});
}
using Felts = std::vector<core::Felt>;

TEST(CairoContract, EntryPointsWithSystemCallsAndDictionaries) {
  const auto program = load("counter");
  EXPECT_EQ(program->entry_points.size(), 5U);
  StorageHost host;
  const auto made = call(program, &host, kConstructor, {core::Felt(10)});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_FALSE(made->panicked);
  EXPECT_TRUE(made->data.empty());
  const auto added = call(program, &host, kAdd, {core::Felt(5)});
  ASSERT_TRUE(added) << added.error().text();
  EXPECT_EQ(added->data, Felts{core::Felt(15)});
  EXPECT_LT(added->gas_left, kGas);
  EXPECT_GT(added->gas_left, kGas / 2);
  EXPECT_EQ(call(program, &host, kGet, {})->data, Felts{core::Felt(15)});
  const auto tally = call(program, &host, kTally, {core::Felt(3), core::Felt(8), core::Felt(4), core::Felt(8)});
  ASSERT_TRUE(tally) << tally.error().text();
  EXPECT_EQ(tally->data, (Felts{core::Felt(3), core::Felt(2), core::Felt(1), core::Felt(2)}));
}

TEST(CairoContract, ResourcesOfACall) {
  const auto program = load("counter");
  auto runner = Runner::create(program, RunOptions{.layout = *find_layout("plain")});
  ASSERT_TRUE(runner);
  const auto entry = std::find_if(program->entry_points.begin(), program->entry_points.end(),
                                  [](const EntryPoint& e) { return e.selector == *core::Felt::from_hex(kTally); });
  ASSERT_NE(entry, program->entry_points.end());
  const Felts calldata{core::Felt(1), core::Felt(9)};
  ASSERT_TRUE((*runner)->run_entry_point(*entry, calldata, kGas));
  const auto resources = (*runner)->resources();
  ASSERT_TRUE(resources) << resources.error().text();
  EXPECT_EQ(resources->steps, (*runner)->steps());
  ASSERT_EQ(resources->builtin_instances.size(), 2U);  // neither gas nor system
  EXPECT_EQ(resources->builtin_instances[0].first, "range_check_builtin");
  EXPECT_EQ(resources->builtin_instances[1], std::pair(std::string("segment_arena_builtin"), std::uint64_t{3}));
}

TEST(CairoContract, PanicsAreResultsAndEverythingElseAnError) {
  const auto program = load("counter");
  StorageHost host;
  const auto failed = call(program, &host, kFail, {core::Felt(77)});
  ASSERT_TRUE(failed) << failed.error().text();
  EXPECT_TRUE(failed->panicked);
  EXPECT_EQ(failed->data, (Felts{core::Felt(77), short_string("as asked")}));
  const auto too_long = call(program, &host, kGet, {core::Felt(1)});
  ASSERT_TRUE(too_long);
  EXPECT_TRUE(too_long->panicked);
  EXPECT_EQ(too_long->data, Felts{short_string("Input too long for arguments")});
  const auto poor = call(program, &host, kGet, {}, 100);
  ASSERT_TRUE(poor) << poor.error().text();
  EXPECT_EQ(poor->data, Felts{short_string("Out of gas")});
  const auto alone = call(program, nullptr, kGet, {});
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().kind, ErrorKind::kHint);
  RunLimits few;
  few.max_steps = 20;
  const auto spent = call(program, &host, kGet, {}, kGas, few);
  ASSERT_FALSE(spent);
  EXPECT_EQ(spent.error().kind, ErrorKind::kResources);
  const std::atomic<bool> cancel = true;
  RunLimits cancelled;
  cancelled.cancel = &cancel;
  const auto ended = call(
      program, &host, kTally,
      [] {
        Felts out{core::Felt(2000)};
        for (std::uint64_t i = 0; i < 2000; ++i) out.emplace_back(i);
        return out;
      }(),
      std::uint64_t{1} << 40, cancelled);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, ErrorKind::kCancelled);
}

TEST(CairoContract, ThreadsShareAProgramAndNothingElse) {
  const auto program = load("counter");
  std::array<core::Felt, 4> results;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&, i] {
      StorageHost host;
      (void)call(program, &host, kConstructor, {core::Felt(100 * i)});
      for (int k = 0; k < 5; ++k) {
        const auto added = call(program, &host, kAdd, {core::Felt(i)});
        if (added && !added->panicked) results[i] = added->data.at(0);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(results[i], core::Felt(105 * i));
}

TEST(CairoContract, MalformedOnesAreRefused) {
  for (const char* text :
       {R"({"bytecode": ["0x1"], "hints": []})",
        R"({"bytecode": [], "entry_points_by_type": {"EXTERNAL": [{"selector": "0x1", "offset": 0, "builtins": []}]}})",
        R"({"bytecode": ["0x1"], "entry_points_by_type": {"INTERNAL": []}})",
        R"({"bytecode": ["0x1"], "entry_points_by_type": {"EXTERNAL": [{"offset": 0, "builtins": []}]}})",
        R"({"prime": "0x7", "bytecode": ["0x1"], "entry_points_by_type": {}})"}) {
    const auto program = load_any_program(text);
    ASSERT_FALSE(program) << text;
    EXPECT_EQ(program.error().kind, ErrorKind::kProgram) << text;
  }
}

// --- loading

std::string executable(const std::string& hints, const std::string& words = R"("0x208b7fff7fff7ffe")") {
  return R"({"program": {"bytecode": [)" + words + R"(], "hints": [)" + hints +
         R"(]}, "entrypoints": [{"builtins": [], "offset": 0, "kind": "Bootloader"}]})";
}

TEST(CairoExecutable, EveryFormOfAnOperand) {
  const auto program = load_executable(executable(
      R"([0, [{"WideMul128": {"lhs": {"BinOp": {"op": "Mul", "a": {"register": "FP", "offset": -3},
        "b": {"Immediate": "-0x2"}}}, "rhs": {"DoubleDeref": [{"register": "AP", "offset": -1}, 4]},
        "high": {"register": "AP", "offset": 1}, "low": {"offset": 2, "register": "FP"}}}]])"));
  ASSERT_TRUE(program) << program.error().text();
  const HintSite& site = (*program)->hints.front();
  EXPECT_EQ(site.code, "casm WideMul128");
  ASSERT_EQ(site.ids.size(), 4U);
  EXPECT_FALSE(site.find("lhs")->expression.is_dereference());
  EXPECT_TRUE(site.find("rhs")->expression.is_dereference());
  EXPECT_TRUE(site.find("low")->expression.is_dereference());
  EXPECT_FALSE(site.find("low")->expression.uses_ap());
}

TEST(CairoExecutable, MalformedOnesAreRefused) {
  for (const char* hints :
       {"1", "[0]", "[0, 1]", "[-1, []]", "[0, [{}]]", "[0, [{\"AllocSegment\": {\"dst\": 1}}]]",
        R"([0, [{"AllocSegment": {"dst": {"register": "AX", "offset": 0}}}]])",
        R"([0, [{"AllocSegment": {"dst": {"register": "AP", "offset": 40000}}}]])",
        R"([0, [{"AllocSegment": {"dst": {"register": "AP"}}}]])",
        R"([0, [{"AllocSegment": {"dst": {"register": "AP", "offset": 0, "more": 1}}}]])",
        R"([0, [{"AllocSegment": {"dst": {"Immediate": "zz"}}}]])",
        R"([0, [{"AllocSegment": {"dst": {"Deref": {"register": "AP", "offset": 0}, "Immediate": "0x1"}}}]])",
        R"([0, [{"AllocSegment": {"dst": {"DoubleDeref": [{"register": "AP", "offset": 0}]}}}]])",
        R"([0, [{"AllocSegment": {"dst": {"BinOp": {"op": "Div", "a": {"register": "AP", "offset": 0},
           "b": {"Immediate": "0x1"}}}}}]])",
        R"([0, [{"AllocSegment": {}, "AllocSegment": {}}]])"}) {
    const auto program = load_executable(executable(hints));
    ASSERT_FALSE(program) << hints;
    EXPECT_EQ(program.error().kind, ErrorKind::kProgram) << hints << "\n" << program.error().text();
  }
  EXPECT_FALSE(
      load_executable(executable("", R"("0x800000000000011000000000000000000000000000000000000000000000001")")));
  EXPECT_FALSE(load_executable("{}"));
  EXPECT_FALSE(load_any_program(R"({"program": {"bytecode": [], "hints": []}})"));
  LoadOptions few;
  few.max_words = 1;
  EXPECT_FALSE(load_executable(executable("", R"("0x1", "0x2")"), few));
}

TEST(CairoExecutable, AnUnknownHintIsNamed) {
  const std::string text = executable(R"([0, [{"ReadMind": {"dst": {"register": "AP", "offset": 0}}}]])");
  const auto refused = load_executable(text);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnknownHint);
  EXPECT_EQ(refused.error().text(), "Unknown hint at pc=0:0:\ncasm ReadMind");
  LoadOptions lenient;
  lenient.allow_unknown_hints = true;
  const auto program = load_executable(text, lenient);
  ASSERT_TRUE(program);
  auto runner = Runner::create(*program, RunOptions{.layout = *find_layout("plain")});
  const auto done = (*runner)->run();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::kUnknownHint);
}

// Hints that only contracts deployed long ago hold, and one that no program of the vectors needs.
TEST(CairoExecutable, HintsOfOldContracts) {
  // [ap] = [[fp - 4]]; ret
  const Encoding first_info{.dst = 0, .op0 = -4, .op1_source = Op1Source::kOp0, .opcode = Opcode::kAssertEq};
  const auto hex = [](const Encoding& e) { return "\"" + core::Felt(e.word()).to_hex() + "\""; };
  const auto program = load_executable(executable(
      R"([0, [{"AllocFelt252Dict": {"segment_arena_ptr": {"Deref": {"register": "FP", "offset": -3}}}}]],
         [1, ["AssertAllKeysUsed", "AssertCurrentAccessIndicesIsEmpty",
              {"Felt252DictWrite": {"dict_ptr": {"Deref": {"register": "AP", "offset": 0}}, "key": {"Immediate": "0x5"},
                                    "value": {"Immediate": "0x9"}}},
              {"Felt252DictRead": {"dict_ptr": {"BinOp": {"op": "Add", "a": {"register": "AP", "offset": 0},
                                                          "b": {"Immediate": "0x3"}}},
                                   "key": {"Immediate": "0x5"}, "value_dst": {"register": "AP", "offset": 1}}},
              {"TestLessThanOrEqualAddress": {"lhs": {"BinOp": {"op": "Add", "a": {"register": "AP", "offset": 0},
                                                               "b": {"Immediate": "0x2"}}},
                "rhs": {"BinOp": {"op": "Add", "a": {"register": "AP", "offset": 0}, "b": {"Immediate": "0x1"}}},
                "dst": {"register": "AP", "offset": 2}}}]])",
      hex(first_info) + ", " + hex(ret())));
  ASSERT_TRUE(program) << program.error().text();
  auto runner = Runner::create(*program, RunOptions{.layout = *find_layout("plain")});
  ASSERT_TRUE(runner);
  Memory& memory = (*runner)->memory();
  const Value infos = memory.add_segment();
  const Value arena = memory.add_segment();
  memory.load(arena, infos);
  memory.load(advance(arena, 1), number(0));
  memory.load(advance(arena, 2), number(0));
  const Value arguments[] = {infos, advance(arena, 3)};
  const auto done = (*runner)->run_function(0, arguments);
  ASSERT_TRUE(done) << done.error().text();
  const Value ap = (*runner)->machine().ap;
  const Value dict = memory.get(infos);
  EXPECT_EQ(memory.get(ap), dict);
  EXPECT_EQ(memory.get(advance(dict, 1)), number(0));  // the previous value
  EXPECT_EQ(memory.get(advance(ap, 1)), number(9));
  EXPECT_EQ(memory.get(advance(ap, 2)), number(0));
}

// Whatever is wrong with a file, loading and running it ends, within its limits.
TEST(CairoExecutable, CorruptedOnesEndInsideTheirLimits) {
  std::mt19937_64 random(17);
  LoadOptions lenient;
  lenient.allow_unknown_hints = true;
  int loaded = 0;
  for (const char* name : {"fib", "dicts", "counter"}) {
    const std::string whole = read_file(vector(std::string(name) + ".json"));
    for (int round = 0; round < 1000; ++round) {
      std::string text = whole;
      for (std::uint64_t edits = 1 + random() % 4; edits > 0; --edits) {
        const std::size_t at = random() % text.size();
        const std::size_t from = random() % text.size();
        switch (random() % 3) {
          case 0:
            text[at] = "0123456789abcdef-\"{}[],:"[random() % 24];
            break;
          case 1:
            text.erase(at, random() % 40);
            break;
          default:
            text.insert(at, whole.substr(from % whole.size(), random() % 40));
        }
      }
      const auto program = load_any_program(text, lenient);
      if (!program) continue;
      ++loaded;
      RunOptions options{.layout = *find_layout("all_cairo")};
      options.arguments = {number(7), number(3), number(7), number(1)};
      options.limits.max_steps = 5000;
      options.limits.max_cells = 1U << 16;
      if ((*program)->entry_points.empty()) {
        for (const bool proof_mode : {false, true}) {
          options.proof_mode = proof_mode;
          if (auto runner = Runner::create(*program, options)) (void)(*runner)->run();
        }
      }
      for (const EntryPoint& entry : (*program)->entry_points) {
        StorageHost host;
        options.host = &host;
        options.proof_mode = false;
        const Felts calldata{core::Felt(1), core::Felt(2)};
        if (auto runner = Runner::create(*program, options)) (void)(*runner)->run_entry_point(entry, calldata, kGas);
      }
    }
  }
  EXPECT_GT(loaded, 300);
}

TEST(CairoExecutable, TruncationsAreRefused) {
  const std::string whole = read_file(vector("fib.json"));
  for (std::size_t size = 0; size + 1 < whole.size(); size += 31) {
    EXPECT_FALSE(load_any_program(whole.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace asterism::test
