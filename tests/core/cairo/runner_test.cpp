// Embedding: functions with arguments, budgets, cancellation, sharing, resources; a builtin that a test adds; what is
// refused.
#include <gtest/gtest.h>

#include <cctype>
#include <thread>

#include "tests/core/cairo/assembly.hpp"
#include "tests/core/cairo/vectors.hpp"

namespace asterism::test {
namespace {

// f(x): [ap] = [fp - 3] * [fp - 3]; ap++; ret
std::shared_ptr<const Program> square() {
  const Encoding product{
      .dst = 0, .op0 = -3, .op1 = -3, .res = Res::kMul, .ap = ApUpdate::kAdd1, .opcode = Opcode::kAssertEq};
  return make_program({word(product), word(ret())});
}
// jmp rel 0
std::shared_ptr<const Program> endless() {
  const Encoding jump{
      .dst = -1, .op1 = 1, .dst_reg = Reg::kFp, .op1_source = Op1Source::kImmediate, .pc = PcUpdate::kJumpRel};
  return make_program({word(jump), number(0)});
}

TEST(CairoRunner, CallsAFunctionWithArguments) {
  auto runner = Runner::create(square(), plain());
  ASSERT_TRUE(runner);
  const Value argument = number(12);
  ASSERT_TRUE((*runner)->run_function(0, std::span(&argument, 1)));
  const Machine& machine = (*runner)->machine();
  EXPECT_EQ(machine.memory().get(advance(machine.ap, -1)), number(144));
  EXPECT_EQ((*runner)->resources()->steps, 2U);
}

TEST(CairoRunner, StepBudgetAndCancellationEndARun) {
  RunOptions options = plain();
  options.limits.max_steps = 1000;
  auto runner = Runner::create(endless(), options);
  const auto spent = (*runner)->run();
  ASSERT_FALSE(spent);
  EXPECT_EQ(spent.error().kind, ErrorKind::kResources);
  EXPECT_EQ((*runner)->machine().steps, 1000U);

  std::atomic<bool> cancel = true;
  RunOptions cancelled = plain();
  cancelled.limits.cancel = &cancel;
  auto other = Runner::create(endless(), cancelled);
  const auto ended = (*other)->run();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, ErrorKind::kCancelled);
}

TEST(CairoRunner, ManyRunsShareOneProgram) {
  const auto program = square();
  std::vector<std::thread> threads;
  std::array<Value, 8> results;
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&, i] {
      auto runner = Runner::create(program, plain());
      const Value argument = number(static_cast<std::int64_t>(i));
      if (!(*runner)->run_function(0, std::span(&argument, 1))) return;
      results[i] = (*runner)->machine().memory().get(advance((*runner)->machine().ap, -1));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(results[i], number(static_cast<std::int64_t>(i * i)));
}

// A builtin of this test: (x, 2x).
class Doubler : public Builtin {
 public:
  using Builtin::Builtin;

 protected:
  void compute(std::span<const core::Felt> in, std::span<core::Felt> out) const override { out[0] = in[0] + in[0]; }
};
std::unique_ptr<Builtin> make_doubler(const BuiltinRow& row) { return std::make_unique<Doubler>(row); }

TEST(CairoRunner, ABuiltinIsOneClassAndOneRow) {
  const BuiltinRow rows[] = {{.name = "doubler", .cells = 2, .inputs = 1, .input_names = {"x"}, .make = make_doubler}};
  Layout layout = *find_layout("plain");
  layout.builtins.push_back({"doubler", 4});
  // [[fp - 3]] = 21; [ap] = [[fp - 3] + 1]; [ap + 1] = [fp - 3] + 2; ap += 2; ret
  const Encoding give{
      .dst = 0, .op0 = -3, .op1 = 0, .op1_source = Op1Source::kOp0, .ap = ApUpdate::kAdd1, .opcode = Opcode::kAssertEq};
  const Encoding take{
      .dst = 0, .op0 = -3, .op1 = 1, .op1_source = Op1Source::kOp0, .ap = ApUpdate::kAdd1, .opcode = Opcode::kAssertEq};
  const Encoding stop{.dst = 0,
                      .op0 = -3,
                      .op1 = 1,
                      .op1_source = Op1Source::kImmediate,
                      .res = Res::kAdd,
                      .ap = ApUpdate::kAdd1,
                      .opcode = Opcode::kAssertEq};
  const auto program = make_program(
      {word(assert_imm(0, Reg::kAp, false)), number(21), word(give), word(take), word(stop), number(2), word(ret())},
      {"doubler"});
  RunOptions options{.layout = layout};
  options.rows = rows;
  auto runner = Runner::create(program, options);
  ASSERT_TRUE(runner) << runner.error().text();
  const auto done = (*runner)->run();
  ASSERT_TRUE(done) << done.error().text();
  const Machine& machine = (*runner)->machine();
  EXPECT_EQ(machine.memory().get(advance(machine.ap, -2)), number(42));
  EXPECT_EQ((*runner)->resources()->builtin_instances.front(),
            std::pair(std::string("doubler_builtin"), std::uint64_t{1}));
}

TEST(CairoRunner, RefusesWhatTheLayoutLacks) {
  const auto missing = Runner::create(make_program({word(ret())}, {"pedersen"}), plain());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kUsage);
  RunOptions options{.layout = *find_layout("small")};
  const auto disordered = Runner::create(make_program({word(ret())}, {"range_check", "pedersen"}), options);
  ASSERT_FALSE(disordered);
  EXPECT_EQ(disordered.error().kind, ErrorKind::kUsage);
}

TEST(CairoRunner, StopPointersMustBeRight) {
  RunOptions options{.layout = *find_layout("small")};
  // Returns without handing the output pointer back.
  auto runner = Runner::create(make_program({word(assert_imm(0)), number(5), word(ret())}, {"output"}), options);
  const auto done = (*runner)->run();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::kFinal);
}

TEST(CairoRunner, WritingBesideTheProgramIsInsecure) {
  // [[fp - 3 + ...]]: the return address points into the program segment; write one cell behind the program.
  const Encoding outside{.dst = 0, .op0 = -1, .op1 = 3, .op1_source = Op1Source::kOp0, .opcode = Opcode::kAssertEq};
  const auto program = make_program({word(call_rel()), number(3), word(ret()), word(assert_imm(0, Reg::kAp, false)),
                                     number(1), word(outside), word(ret())});
  Encoding far = outside;
  far.op1 = 30;
  const auto hostile = make_program({word(call_rel()), number(3), word(ret()), word(assert_imm(0, Reg::kAp, false)),
                                     number(1), word(far), word(ret())});
  auto runner = Runner::create(hostile, plain());
  const auto done = (*runner)->run();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::kSecurity);
}

TEST(CairoProgram, MalformedTextIsAnErrorNotACrash) {
  for (const char* text :
       {"", "{", "[]", "{}", "null", R"({"data": ["0x0"], "prime": "0x7"})", R"({"data": "x"})",
        R"({"prime": "0x800000000000011000000000000000000000000000000000000000000000001", "data": ["zz"]})"}) {
    const auto program = load_program(text);
    ASSERT_FALSE(program) << text;
    EXPECT_EQ(program.error().kind, ErrorKind::kProgram) << text;
  }
}

TEST(CairoProgram, WordsAreHexadecimalNumbersBelowThePrime) {
  const auto load = [](const std::string& word) {
    return load_program(R"({"prime": "0x800000000000011000000000000000000000000000000000000000000000001", "data": [")" +
                        word + R"("], "builtins": [], "identifiers": {}, "reference_manager": {"references": []},
                        "hints": {}, "attributes": [], "debug_info": null, "main_scope": "__main__"})");
  };
  for (const char* good :
       {"0x0", "0x1f", "0xfedcba9876543210", "0x1fedcba9876543210", "0x01fEDCba98765432100000000000abcde",
        "0x800000000000011000000000000000000000000000000000000000000000000",
        "0x0000000000000000000000000000000000000000000000000000000000000007"}) {
    const auto program = load(good);
    ASSERT_TRUE(program) << good << ": " << program.error().text();
    EXPECT_EQ((*program)->data.at(0), Value(*core::Felt::from_hex(good))) << good;
  }
  const std::string digits = "07fedcba9876543210FEDCBA9876543210123456789abcdefABCDEF1357924680";
  for (std::size_t length = 1; length <= 64; ++length) {
    const std::string word = "0x" + digits.substr(0, length);
    const auto program = load(word);
    ASSERT_TRUE(program) << word;
    EXPECT_EQ((*program)->data.at(0), Value(*core::Felt::from_hex(word))) << word;
  }
  for (int byte = 1; byte < 256; ++byte) {  // in the place of a digit: in a whole group of eight, and in a part of one
    const char one = static_cast<char>(byte);
    for (const std::string& word : {std::string("0x12345") + one + "78", std::string("0x12") + one + "4567812345678"}) {
      EXPECT_EQ(load(word).has_value(), std::isxdigit(byte) != 0) << byte;
    }
  }
  EXPECT_EQ(load("0\\u00781f").value()->data.at(0), Value::integer(0x1f));
  for (const char* bad :
       {"", "0x", "12", "0X1", "0x-1", "0x1fedcba987654321g", "0xg1fedcba9876543210", "0x-fedcba9876543210",
        "0x 1fedcba9876543210", "0x800000000000011000000000000000000000000000000000000000000000001",
        "0x00000000000000000000000000000000000000000000000000000000000000007"}) {
    EXPECT_FALSE(load(bad)) << bad;
  }
}

TEST(CairoProgram, TruncationsOfAProgramAreRefused) {
  const std::string whole = read_file(vectors_folder() / "array_sum.proof/program.json");
  for (std::size_t size = 0; size + 2 < whole.size(); size += 97) {
    EXPECT_FALSE(load_program(whole.substr(0, size))) << size;
  }
  EXPECT_TRUE(load_program(whole));
}

}  // namespace
}  // namespace asterism::test
