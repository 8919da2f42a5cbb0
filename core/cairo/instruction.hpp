// Instructions: the whitepaper's encoding (section 4.4), decoded once per address.
//
// A word below 2^63 holds three 16-bit offsets, biased by 2^15, and 15 flags. `Instruction` keeps the fields as the
// state transition names them and, beside them, `form`: which of the common operand patterns it is, so that the
// machine's inner loop (run.cpp) branches once per step. Words that no instruction encodes decode to kInvalid and fail
// when reached.
#pragma once
#include <cstdint>

#include "core/cairo/value.hpp"

namespace asterism::core::cairo {

inline constexpr std::int32_t kOffsetBias = 1 << 15;

enum class Op1Source : std::uint8_t { kOp0 = 0, kImmediate = 1, kFp = 2, kAp = 3 };
enum class Res : std::uint8_t { kOp1 = 0, kAdd = 1, kMul = 2, kUnconstrained = 3 };
enum class PcUpdate : std::uint8_t { kRegular = 0, kJump = 1, kJumpRel = 2, kJnz = 3 };
enum class ApUpdate : std::uint8_t { kRegular = 0, kAddRes = 1, kAdd1 = 2, kAdd2 = 3 };
enum class Opcode : std::uint8_t { kNop = 0, kCall = 1, kRet = 2, kAssertEq = 3 };

// The patterns that run.cpp has a body of its own for; everything else is kGeneral (step.cpp).
enum class Form : std::uint8_t {
  kInvalid = 0,
  kGeneral,
  kHinted,        // hints come first; `plain_form` says what follows
  kAssertImm,     // [dst] = imm
  kAssertCopy,    // [dst] = [op1], op1 from fp or ap
  kAssertDeref,   // [dst] = [[op0] + off2]
  kAssertAddImm,  // [dst] = [op0] + imm
  kAssertAdd,     // [dst] = [op0] + [op1]
  kAssertMulImm,  // [dst] = [op0] * imm
  kAssertMul,     // [dst] = [op0] * [op1]
  kCallRelImm,    // call rel imm
  kRet,           // ret
  kJumpRelImm,    // jmp rel imm
  kJnzImm,        // jmp rel imm if [dst] != 0
  kAddApImm,      // ap += imm
};

struct alignas(32) Instruction {
  Form form = Form::kInvalid;
  Form plain_form = Form::kInvalid;
  std::uint8_t size = 1;
  bool dst_is_fp = false;
  bool op0_is_fp = false;
  Op1Source op1 = Op1Source::kOp0;
  Res res = Res::kOp1;
  PcUpdate pc_update = PcUpdate::kRegular;
  ApUpdate ap_update = ApUpdate::kRegular;
  Opcode opcode = Opcode::kNop;
  std::int16_t off_dst = 0;
  std::int16_t off_op0 = 0;
  std::int16_t off_op1 = 0;
  std::uint8_t ap_step = 0;  // 1 for ap++, else 0: what the specialised forms add
  std::int32_t jump = 0;     // the immediate where it is a small number: jumps, ap +=, [dst] = [op0] + imm
  bool has_jump = false;
};

// The instruction that `word` encodes. `immediate` is the next cell (empty when there is none): jump forms are only
// specialised when it is a small number. kInvalid where the official decoder refuses.
Instruction decode(const Value& word, const Value& immediate);

}  // namespace asterism::core::cairo
