#include <gtest/gtest.h>

#include "tests/core/cairo/assembly.hpp"

namespace asterism::test {
namespace {

Instruction decode_word(std::uint64_t encoding, const Value& immediate = number(7)) {
  return decode(Value::integer(encoding), immediate);
}

TEST(CairoInstruction, FieldsOfTheWhitepapersExample) {
  // 0x480680017fff8000: [ap] = imm; ap++
  const Instruction in = decode_word(0x480680017fff8000ULL);
  EXPECT_EQ(in.form, Form::kAssertImm);
  EXPECT_EQ(in.off_dst, 0);
  EXPECT_EQ(in.off_op0, -1);
  EXPECT_EQ(in.off_op1, 1);
  EXPECT_EQ(in.size, 2);
  EXPECT_FALSE(in.dst_is_fp);
  EXPECT_TRUE(in.op0_is_fp);
  EXPECT_EQ(in.ap_update, ApUpdate::kAdd1);
  EXPECT_EQ(in.opcode, Opcode::kAssertEq);
  EXPECT_EQ(decode_word(0x208b7fff7fff7ffeULL).form, Form::kRet);
  EXPECT_EQ(decode_word(0x1104800180018000ULL).form, Form::kCallRelImm);
  EXPECT_EQ(decode_word(0x10780017fff7fffULL).form, Form::kJumpRelImm);
}

TEST(CairoInstruction, EveryEncodableCombinationDecodesToItself) {
  int count = 0;
  for (unsigned flags = 0; flags < (1U << 15); ++flags) {
    const std::uint64_t encoding = (std::uint64_t{flags} << 48) | (std::uint64_t{0x8001} << 32) | 0x7fff8000ULL;
    const Instruction in = decode_word(encoding);
    if (in.plain_form == Form::kInvalid) continue;
    ++count;
    const Encoding back{.dst = in.off_dst,
                        .op0 = in.off_op0,
                        .op1 = in.off_op1,
                        .dst_reg = in.dst_is_fp ? Reg::kFp : Reg::kAp,
                        .op0_reg = in.op0_is_fp ? Reg::kFp : Reg::kAp,
                        .op1_source = in.op1,
                        .res = in.res,
                        .pc = in.pc_update,
                        .ap = in.ap_update,
                        .opcode = in.opcode};
    ASSERT_EQ(back.word(), encoding) << flags;
  }
  // 2 * 2 registers, 4 op1 sources, (3 pc updates * 3 res + jnz) and (3 opcodes * 3 ap updates + call).
  EXPECT_EQ(count, 4 * 4 * (3 * 3 + 1) * (3 * 3 + 1));
}

TEST(CairoInstruction, RefusedEncodings) {
  EXPECT_EQ(decode_word(std::uint64_t{1} << 63).form, Form::kInvalid);
  EXPECT_EQ(decode(Value(-core::Felt::one()), number(0)).form, Form::kInvalid);
  EXPECT_EQ(decode(Value::pointer(0, 3), number(0)).form, Form::kInvalid);
  const std::uint64_t base = (std::uint64_t{0x8001} << 32) | 0x7fff8000ULL;
  for (const unsigned flags : {0b1100U, 0b11000U, 0b1100000U, 0b110000000U, 0b110000000000U, 0b11000000000000U}) {
    EXPECT_EQ(decode_word(base | (std::uint64_t{flags} << 48)).form, Form::kInvalid) << flags;
  }
  // An immediate that is not next to the instruction, or missing.
  Encoding far = assert_imm(0);
  far.op1 = 2;
  EXPECT_EQ(decode_word(far.word()).form, Form::kInvalid);
  EXPECT_EQ(decode(word(assert_imm(0)), Value()).form, Form::kInvalid);
}

}  // namespace
}  // namespace asterism::test
