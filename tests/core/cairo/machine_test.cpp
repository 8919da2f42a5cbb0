// Each instruction form, each deduction and each error case of the state transition.
#include <gtest/gtest.h>

#include "tests/core/cairo/assembly.hpp"

namespace asterism::test {
namespace {

ErrorKind failing_step(Bench& bench) {
  try {
    bench.machine->step();
  } catch (const Fault& fault) {
    return fault.kind;
  }
  return static_cast<ErrorKind>(0);
}
// Runs one step by the inner loop and one by step(), which must agree, and returns the first.
std::unique_ptr<Bench> one_step(const std::vector<Value>& words, const std::vector<Value>& stack,
                                const std::vector<std::pair<std::int64_t, Value>>& cells = {}) {
  const auto program = make_program(words);
  auto fast = std::make_unique<Bench>(program, stack);
  auto slow = std::make_unique<Bench>(program, stack);
  for (Bench* bench : {fast.get(), slow.get()}) {
    for (const auto& [offset, value] : cells) bench->memory.load(Value::pointer(1, bench->base() + offset), value);
  }
  RunLimits limits;
  limits.max_steps = 1;
  fast->machine->run(Value::pointer(2, 5), fast->end, limits);
  slow->machine->step();
  EXPECT_EQ(fast->machine->pc, slow->machine->pc);
  EXPECT_EQ(fast->machine->ap, slow->machine->ap);
  EXPECT_EQ(fast->machine->fp, slow->machine->fp);
  for (std::int64_t i = 0; i < 40; ++i) EXPECT_EQ(fast->at(i), slow->at(i)) << i;
  return fast;
}

TEST(CairoMachine, AssertWritesOrComparesTheDestination) {
  const auto wrote = one_step({word(assert_imm(0)), number(42)}, {});
  EXPECT_EQ(wrote->at(wrote->base()), number(42));
  EXPECT_EQ(wrote->machine->ap, Value::pointer(1, wrote->base() + 1));
  EXPECT_EQ(wrote->machine->pc, Value::pointer(0, 2));
  one_step({word(assert_imm(-3)), number(9)}, {number(9)});
  Bench unequal(make_program({word(assert_imm(-3)), number(8)}), {number(9)});
  EXPECT_EQ(failing_step(unequal), ErrorKind::kAssertEq);
}

TEST(CairoMachine, SumsAndProductsAreSolvedForTheMissingOperand) {
  Encoding sum{
      .dst = 0, .op0 = -3, .op1 = 1, .op1_source = Op1Source::kFp, .res = Res::kAdd, .opcode = Opcode::kAssertEq};
  EXPECT_EQ(one_step({word(sum)}, {number(5)}, {{1, number(6)}})->at(3), number(11));
  EXPECT_EQ(one_step({word(sum)}, {number(5)}, {{0, number(11)}})->at(4), number(6));
  sum.op0 = 2;
  EXPECT_EQ(one_step({word(sum)}, {number(5)}, {{0, number(11)}, {1, number(4)}})->at(5), number(7));
  Encoding product = sum;
  product.res = Res::kMul;
  EXPECT_EQ(one_step({word(product)}, {}, {{0, number(12)}, {1, number(4)}})->at(4), number(3));
  EXPECT_EQ(one_step({word(product)}, {}, {{0, number(12)}, {2, number(4)}})->at(3), number(3));
  EXPECT_EQ(one_step({word(product)}, {}, {{1, number(-2)}, {2, number(4)}})->at(2), number(-8));
}

TEST(CairoMachine, DivisionByZeroAndUnknownOperandsFail) {
  const Encoding product{.dst = 0, .op0 = 2, .op1 = 1, .res = Res::kMul, .opcode = Opcode::kAssertEq};
  const auto with = [&](std::vector<std::pair<std::int64_t, Value>> cells) {
    auto bench = std::make_unique<Bench>(make_program({word(product)}));
    for (const auto& [offset, value] : cells) bench->memory.load(Value::pointer(1, bench->base() + offset), value);
    return failing_step(*bench);
  };
  EXPECT_EQ(with({{0, number(12)}, {1, number(0)}}), ErrorKind::kAssertEq);  // ? * 0
  EXPECT_EQ(with({{0, number(12)}, {2, number(0)}}), ErrorKind::kMemory);    // 0 * ?
  EXPECT_EQ(with({{0, number(12)}}), ErrorKind::kMemory);
  EXPECT_EQ(with({{1, Value::pointer(1, 0)}, {2, number(3)}}), ErrorKind::kPureValue);
}

TEST(CairoMachine, PointersMoveByFeltsAndSubtractWithinASegment) {
  const Encoding sum{.dst = 0,
                     .op0 = -3,
                     .op1 = 1,
                     .op1_source = Op1Source::kImmediate,
                     .res = Res::kAdd,
                     .opcode = Opcode::kAssertEq};
  EXPECT_EQ(one_step({word(sum), number(-4)}, {Value::pointer(1, 9)})->at(3), Value::pointer(1, 5));
  const Encoding difference{.dst = -3, .op0 = 0, .op1 = -4, .res = Res::kAdd, .opcode = Opcode::kAssertEq};
  EXPECT_EQ(one_step({word(difference)}, {Value::pointer(1, 2), Value::pointer(1, 9)})->at(4), number(7));
  Bench other(make_program({word(difference)}), {Value::pointer(0, 2), Value::pointer(1, 9)});
  EXPECT_EQ(failing_step(other), ErrorKind::kPureValue);
}

TEST(CairoMachine, DoubleDereferenceReadsAndWrites) {
  const Encoding deref{.dst = 0, .op0 = -3, .op1 = 1, .op1_source = Op1Source::kOp0, .opcode = Opcode::kAssertEq};
  EXPECT_EQ(one_step({word(deref)}, {Value::pointer(1, 4)}, {{2, number(77)}})->at(3), number(77));
  EXPECT_EQ(one_step({word(deref)}, {Value::pointer(1, 4)}, {{0, number(78)}})->at(5), number(78));
  Encoding unknown = deref;
  unknown.op0 = 5;
  Bench bench(make_program({word(unknown)}));
  EXPECT_EQ(failing_step(bench), ErrorKind::kMemory);
}

TEST(CairoMachine, CallsAndReturns) {
  const auto called = one_step({word(call_rel()), number(3), number(0), word(ret())}, {});
  EXPECT_EQ(called->machine->pc, Value::pointer(0, 3));
  EXPECT_EQ(called->machine->fp, Value::pointer(1, 4));
  EXPECT_EQ(called->at(2), Value::pointer(1, 2));
  EXPECT_EQ(called->at(3), Value::pointer(0, 2));
  called->machine->step();
  EXPECT_EQ(called->machine->pc, Value::pointer(0, 2));
  EXPECT_EQ(called->machine->fp, Value::pointer(1, 2));
  // The cells that a call writes must be free or right.
  Bench taken(make_program({word(call_rel()), number(3), number(0), word(ret())}));
  taken.memory.load(taken.machine->ap, number(1));
  EXPECT_EQ(failing_step(taken), ErrorKind::kAssertEq);
  Bench wrong_pc(make_program({word(call_rel()), number(3), number(0), word(ret())}));
  wrong_pc.memory.load(advance(wrong_pc.machine->ap, 1), number(1));
  EXPECT_EQ(failing_step(wrong_pc), ErrorKind::kAssertEq);
}

TEST(CairoMachine, JumpsAndBranches) {
  Encoding jump{
      .dst = -1, .op1 = 1, .dst_reg = Reg::kFp, .op1_source = Op1Source::kImmediate, .pc = PcUpdate::kJumpRel};
  EXPECT_EQ(one_step({word(jump), number(5), number(0), number(0), number(0), number(0)}, {})->machine->pc,
            Value::pointer(0, 5));
  jump.pc = PcUpdate::kJump;
  EXPECT_EQ(one_step({word(jump), number(4)}, {})->machine->pc, number(4));
  Encoding branch{.dst = -3,
                  .op1 = 1,
                  .dst_reg = Reg::kFp,
                  .op1_source = Op1Source::kImmediate,
                  .res = Res::kUnconstrained,
                  .pc = PcUpdate::kJnz};
  const std::vector<Value> words{word(branch), number(4), number(0), number(0), number(0)};
  EXPECT_EQ(one_step(words, {number(0)})->machine->pc, Value::pointer(0, 2));
  EXPECT_EQ(one_step(words, {number(1)})->machine->pc, Value::pointer(0, 4));
  EXPECT_EQ(one_step(words, {Value::pointer(1, 0)})->machine->pc, Value::pointer(0, 4));
  Encoding relative = jump;
  relative.pc = PcUpdate::kJumpRel;
  relative.op1_source = Op1Source::kFp;
  relative.op1 = -1;
  Bench pointer(make_program({word(relative)}));
  EXPECT_EQ(failing_step(pointer), ErrorKind::kPureValue);
}

TEST(CairoMachine, ApMovesByTheResult) {
  const Encoding add_ap{
      .dst = -1, .op1 = 1, .dst_reg = Reg::kFp, .op1_source = Op1Source::kImmediate, .ap = ApUpdate::kAddRes};
  const auto moved = one_step({word(add_ap), number(10)}, {});
  EXPECT_EQ(moved->machine->ap, Value::pointer(1, moved->base() + 10));
  Encoding unconstrained = add_ap;
  unconstrained.res = Res::kUnconstrained;
  unconstrained.pc = PcUpdate::kJnz;
  Bench bench(make_program({word(unconstrained), number(1)}));
  EXPECT_EQ(failing_step(bench), ErrorKind::kInstruction);
}

TEST(CairoMachine, FetchErrors) {
  Bench garbage(make_program({Value(-core::Felt::one())}));
  EXPECT_EQ(failing_step(garbage), ErrorKind::kInstruction);
  Bench nowhere(make_program({word(ret())}));
  nowhere.machine->pc = Value::pointer(0, 9);
  EXPECT_EQ(failing_step(nowhere), ErrorKind::kMemory);
  nowhere.machine->pc = number(3);
  EXPECT_EQ(failing_step(nowhere), ErrorKind::kMemory);
}

TEST(CairoMachine, LoadedCodeInAnotherSegmentRuns) {
  Bench bench(make_program({word(ret())}));
  const Value code = bench.memory.add_segment();
  bench.memory.load(code, word(assert_imm(0)));
  bench.memory.load(advance(code, 1), number(3));
  bench.machine->pc = code;
  bench.machine->step();
  EXPECT_EQ(bench.machine->pc, advance(code, 2));
  EXPECT_EQ(bench.at(2), number(3));
}

}  // namespace
}  // namespace asterism::test
