// What differential runs against the official runner found (tests/differential/cairo), each kept as the smallest case.
#include <gtest/gtest.h>

#include "core/cairo/builtins/builtins.hpp"
#include "core/cairo/hints/dict.hpp"
#include "tests/core/cairo/assembly.hpp"

namespace asterism::test {
namespace {

Encoding add_imm(int from) {
  return {.dst = 0,
          .op0 = from,
          .op1 = 1,
          .op0_reg = Reg::kAp,
          .op1_source = Op1Source::kImmediate,
          .res = Res::kAdd,
          .ap = ApUpdate::kAdd1,
          .opcode = Opcode::kAssertEq};
}
Value huge() { return Value(core::Felt::literal("0x123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde")); }

TEST(CairoFindings, APointerMayLeave64BitsAndComeBack) {
  Bench bench(make_program({word(add_imm(-1)), huge(), word(add_imm(-1)), Value(-huge().felt())}), {});
  bench.memory.load(advance(bench.machine->ap, 0), Value::pointer(1, 7));
  bench.machine->ap = advance(bench.machine->ap, 1);
  bench.machine->step();
  const Value far = bench.at(bench.base() + 1);
  EXPECT_TRUE(far.is_far());
  EXPECT_EQ(to_string(far), "1:" + (huge().felt() + core::Felt(7)).to_decimal());
  bench.machine->step();
  EXPECT_EQ(bench.at(bench.base() + 2), Value::pointer(1, 7));
}

TEST(CairoFindings, FarPointersOfTwoSegmentsAreTwoValues) {
  const Value a = add(Value::pointer(1, 3), huge());
  const Value b = add(Value::pointer(2, 3), huge());
  EXPECT_FALSE(a == b);
  EXPECT_EQ(subtract(a, Value::pointer(1, 1)), Value(huge().felt() + core::Felt(2)));
  EXPECT_THROW(subtract(a, b), Fault);
  // One step below a multiple of 2^64 under p, where offsets stand for large negative ones.
  const Value below = subtract(Value::pointer(1, 0), Value(core::Felt::literal("0x100000000000000000000000000000000")));
  EXPECT_EQ(add(below, Value(core::Felt::literal("0x100000000000000000000000000000005"))), Value::pointer(1, 5));
}

TEST(CairoFindings, FarPointersIntoTemporarySegmentsGoWhereTheirRuleSays) {
  Memory memory;
  memory.add_segment();
  const Value temporary = memory.add_temporary_segment();
  const Value far = add(temporary, huge());
  EXPECT_TRUE(far.is_far() && far.is_temporary() && !far.is_pointer());
  EXPECT_EQ(far.any_segment(), -1);
  EXPECT_EQ(to_string(far), "-1:" + huge().felt().to_decimal());
  memory.load(Value::pointer(0, 0), far);
  memory.add_relocation_rule(temporary, Value::pointer(0, 7));
  EXPECT_EQ(memory.read(Value::pointer(0, 0)), add(Value::pointer(0, 7), huge()));
}

TEST(CairoFindings, SegmentsWithoutRoomForFarPointersAreALimitOfTheMachine) {
  for (const std::int64_t segment : {-9, 20}) {
    try {
      add(Value::pointer(segment, 0), huge());
      ADD_FAILURE();
    } catch (const Fault& fault) {
      EXPECT_EQ(fault.kind, ErrorKind::kLimit);
    }
  }
  for (const std::int64_t segment : {-8, -1, 0, 19}) {
    EXPECT_EQ(add(Value::pointer(segment, 0), huge()).any_segment(), segment);
  }
}

TEST(CairoFindings, AHintMayUseANumberAsAnAddress) {
  Memory memory;
  memory.set(advance(number(4), 3), number(9));
  EXPECT_EQ(memory.read(number(7)), number(9));
  EXPECT_EQ(advance(number(1), -2), number(-1));
  EXPECT_EQ(memory.written_elsewhere(), number(7));
  EXPECT_EQ(element(number(4), BigInt(3)), number(7));
  EXPECT_THROW(element(number(4), BigInt::prime()), Fault);
}

TEST(CairoFindings, DivisionByANegativeModulusIsPythons) {
  const BigInt p(-9);
  EXPECT_EQ(div_mod(BigInt(1), BigInt(2), p), BigInt(-4));  // 2 * -4 = -8 = 1 modulo 9
  EXPECT_EQ(inverse_mod(BigInt(2), p), BigInt(-4));
  EXPECT_EQ(div_mod(BigInt(5), BigInt(3), BigInt(-1)), BigInt(0));
  EXPECT_THROW(div_mod(BigInt(1), BigInt(6), p), Fault);
}

TEST(CairoFindings, ADictionaryCanBeAskedWithAFarPointer) {
  const auto message = [](const Value& pointer) {
    try {
      hints::DictManager().tracker(pointer);
    } catch (const Fault& fault) {
      return fault.message;
    }
    return std::string();
  };
  EXPECT_EQ(message(number(1)), "AttributeError: 'int' object has no attribute 'segment_index'");
  EXPECT_TRUE(message(add(Value::pointer(3, 0), huge())).starts_with("ValueError: Dictionary pointer 3:"));
}

TEST(CairoFindings, ACellBelowASegmentHoldsItsValueUntilTheRunEnds) {
  Memory memory;
  memory.add_segment();
  memory.set(Value::pointer(0, -3), number(5));
  EXPECT_EQ(memory.get(Value::pointer(0, -3)), number(5));
  EXPECT_THROW(memory.set(Value::pointer(0, -3), number(6)), Fault);
  EXPECT_EQ(memory.written_elsewhere(), Value::pointer(0, -3));
}

TEST(CairoFindings, AJumpThatFailsHasMovedFpAndAp) {
  Encoding call = call_rel();
  call.op1_source = Op1Source::kFp;
  call.op1 = -2;
  Bench bench(make_program({word(call)}));
  const std::int64_t frame = bench.base();
  EXPECT_THROW(bench.machine->step(), Fault);
  EXPECT_EQ(bench.machine->fp, Value::pointer(1, frame + 2));
  EXPECT_EQ(bench.machine->ap, Value::pointer(1, frame + 2));
  EXPECT_EQ(bench.machine->pc, Value::pointer(0, 0));
}

TEST(CairoFindings, AnAbsoluteCallOfANumberLeavesTheProgram) {
  Encoding call = call_rel();
  call.pc = PcUpdate::kJump;
  Bench bench(make_program({word(call), number(0)}));
  RunLimits limits;
  limits.max_steps = 1;
  bench.machine->run(Value::pointer(2, 5), bench.end, limits);
  EXPECT_EQ(bench.machine->pc, number(0));
}

TEST(CairoFindings, OutputsThatAHintAssignedAreVerifiedInBatches) {
  for (const char* name : {"pedersen", "poseidon"}) {
    const auto rows = builtin_rows();
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const BuiltinRow& r) { return r.name == name; });
    auto builtin = row->make(*row);
    Memory memory;
    builtin->segment = memory.add_segment().segment();
    memory.attach(builtin->segment, builtin.get());
    constexpr std::uint64_t kInstances = 2500;
    for (std::uint64_t i = 0; i < kInstances; ++i) {
      for (unsigned j = 0; j < row->inputs; ++j) memory.load(builtin->cell(i * row->cells + j), number(7 * i + j));
    }
    Memory copy_of_outputs;
    auto again = row->make(*row);
    again->segment = copy_of_outputs.add_segment().segment();
    for (std::uint64_t i = 0; i < kInstances; ++i) {
      for (unsigned j = 0; j < row->inputs; ++j)
        copy_of_outputs.load(again->cell(i * row->cells + j), number(7 * i + j));
      memory.load(builtin->cell(i * row->cells + row->inputs),
                  again->deduce(copy_of_outputs, i * row->cells + row->inputs));
    }
    builtin->verify_outputs(memory);
    for (unsigned j = 0; j < row->inputs; ++j) memory.load(builtin->cell(kInstances * row->cells + j), number(1));
    memory.load(builtin->cell(kInstances * row->cells + row->inputs), number(99));
    EXPECT_THROW(builtin->verify_outputs(memory), Fault) << name;
  }
}

}  // namespace
}  // namespace asterism::test
