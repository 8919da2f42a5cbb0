// The inner loop against step(): random programs, valid and not, must end in the same state or the same error.
#include <gtest/gtest.h>

#include <random>

#include "tests/core/cairo/assembly.hpp"

namespace asterism::test {
namespace {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::vector<Value> program() {
    std::vector<Value> words;
    const std::size_t count = 4 + below(20);
    while (words.size() < count) {
      const Encoding in = instruction();
      words.push_back(word(in));
      if (in.op1_source == Op1Source::kImmediate) words.push_back(immediate(in));
    }
    words.push_back(word(ret()));
    return words;
  }
  std::vector<Value> stack() {
    std::vector<Value> out;
    for (int i = 0; i < 4; ++i) out.push_back(value());
    return out;
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  int offset() { return static_cast<int>(below(9)) - 5; }
  Value value() {
    switch (below(9)) {
      case 0:
        return Value::pointer(1, static_cast<std::int64_t>(below(12)));
      case 1:
        return Value::pointer(0, static_cast<std::int64_t>(below(8)));
      case 2:
        return Value(core::Felt(random_()) * core::Felt(random_()) * core::Felt(random_()) * core::Felt(random_()));
      default:
        return number(static_cast<std::int64_t>(below(7)) - 2);
    }
  }
  Value immediate(const Encoding& in) {
    if (in.pc != PcUpdate::kRegular || in.ap == ApUpdate::kAddRes)
      return number(static_cast<std::int64_t>(below(12)) - 4);
    return below(4) == 0 ? value().is_felt() ? value() : number(3) : number(static_cast<std::int64_t>(below(9)) - 3);
  }
  // A sum, product, copy or constant into the next cell, of cells that are there.
  Encoding sane() {
    const int known = -3 - static_cast<int>(below(4));
    Encoding in{.dst = 0,
                .op0 = known,
                .op1 = -3 - static_cast<int>(below(4)),
                .res = static_cast<Res>(below(3)),
                .ap = ApUpdate::kAdd1,
                .opcode = Opcode::kAssertEq};
    if (in.res == Res::kOp1) in.op0 = -1;
    if (below(2) == 0) {
      in.op1_source = Op1Source::kImmediate;
      in.op1 = 1;
    } else if (below(6) == 0) {
      in.op1_source = Op1Source::kOp0;
      in.op0 = known;
      in.res = Res::kOp1;
      in.op1 = offset();
    }
    return in;
  }
  Encoding instruction() {
    if (below(8) != 0) return sane();
    if (below(12) == 0) return call_rel();
    if (below(20) == 0) return ret();
    Encoding in;
    in.dst = offset();
    in.op0 = below(2) == 0 ? -1 : offset();
    in.dst_reg = below(2) == 0 ? Reg::kAp : Reg::kFp;
    in.op0_reg = below(3) == 0 ? Reg::kAp : Reg::kFp;
    in.op1_source = static_cast<Op1Source>(below(4));
    in.op1 = in.op1_source == Op1Source::kImmediate ? 1 : offset();
    in.res = static_cast<Res>(below(3));
    in.ap = static_cast<ApUpdate>(below(8) == 0 ? 1 : below(2) * 2);
    in.opcode = below(5) == 0 ? Opcode::kNop : Opcode::kAssertEq;
    if (in.opcode == Opcode::kNop) in.pc = static_cast<PcUpdate>(below(4));
    if (in.pc == PcUpdate::kJnz) in.res = Res::kUnconstrained;
    if (in.pc != PcUpdate::kRegular && below(2) == 0) {
      in.op0 = -1;
      in.op0_reg = Reg::kFp;
      in.dst = -1;
      in.dst_reg = Reg::kFp;
      in.op1_source = Op1Source::kImmediate;
      in.op1 = 1;
    }
    return in;
  }
  std::mt19937_64 random_;
};

struct Outcome {
  std::optional<ErrorKind> error;
  std::string message;
};

constexpr std::uint64_t kSteps = 60;

Outcome run_by(Bench& bench, bool fast) {
  try {
    if (fast) {
      RunLimits limits;
      limits.max_steps = kSteps;
      bench.machine->run(bench.end, Value(), limits);
    } else {
      while (!(bench.machine->pc == bench.end) && bench.machine->steps < kSteps) bench.machine->step();
    }
  } catch (const Fault& fault) {
    return {fault.kind, fault.message};
  }
  return {};
}

TEST(CairoDifferential, InnerLoopEqualsStepByStep) {
  int long_runs = 0;
  int failures = 0;
  for (std::uint64_t seed = 1; seed <= 30000; ++seed) {
    Generator generator(seed);
    const auto program = make_program(generator.program());
    const auto stack = generator.stack();
    Bench fast(program, stack);
    Bench slow(program, stack);
    const Outcome a = run_by(fast, true);
    const Outcome b = run_by(slow, false);
    ASSERT_EQ(a.error, b.error) << "seed " << seed << " " << a.message << " | " << b.message;
    ASSERT_EQ(a.message, b.message) << "seed " << seed;
    ASSERT_EQ(fast.machine->steps, slow.machine->steps) << "seed " << seed;
    ASSERT_EQ(fast.machine->trace.size(), slow.machine->trace.size()) << "seed " << seed;
    ASSERT_TRUE(fast.machine->pc == slow.machine->pc && fast.machine->ap == slow.machine->ap &&
                fast.machine->fp == slow.machine->fp)
        << "seed " << seed;
    for (std::int64_t s = 0; s < 2; ++s) {
      ASSERT_EQ(fast.memory.used(s), slow.memory.used(s)) << "seed " << seed;
      for (std::uint64_t i = 0; i < fast.memory.used(s); ++i) {
        ASSERT_EQ(fast.memory.get(s, i), slow.memory.get(s, i)) << "seed " << seed << " cell " << i;
      }
    }
    long_runs += fast.machine->steps >= 5 ? 1 : 0;
    failures += a.error ? 1 : 0;
  }
  std::printf("30000 programs: %d of five steps or more, %d ended in an error\n", long_runs, failures);
  EXPECT_GT(long_runs, 1000);
}

}  // namespace
}  // namespace asterism::test
