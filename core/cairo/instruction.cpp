#include "core/cairo/instruction.hpp"

#include <optional>

namespace asterism::core::cairo {

namespace {

// One of a group of mutually exclusive flags: the index of the one that is set plus one, 0 for none, nullopt for two.
std::optional<unsigned> exclusive(std::uint64_t flags, unsigned first, unsigned count) {
  const std::uint64_t group = (flags >> first) & ((1U << count) - 1);
  if ((group & (group - 1)) != 0) return std::nullopt;
  for (unsigned i = 0; i < count; ++i) {
    if (group == (1U << i)) return i + 1;
  }
  return 0;
}

std::int16_t unbias(std::uint64_t word, unsigned shift) {
  return static_cast<std::int16_t>(static_cast<std::int32_t>((word >> shift) & 0xffff) - kOffsetBias);
}

// The whitepaper's flag table; false for a combination it excludes.
bool decode_flags(std::uint64_t flags, Instruction& out) {
  const auto op1 = exclusive(flags, 2, 3);
  const auto res = exclusive(flags, 5, 2);
  const auto pc = exclusive(flags, 7, 3);
  const auto ap = exclusive(flags, 10, 2);
  const auto opcode = exclusive(flags, 12, 3);
  if (!op1 || !res || !pc || !ap || !opcode) return false;
  out.dst_is_fp = (flags & 1) != 0;
  out.op0_is_fp = (flags & 2) != 0;
  out.op1 = static_cast<Op1Source>(*op1);
  out.res = static_cast<Res>(*res);
  out.pc_update = static_cast<PcUpdate>(*pc);
  out.ap_update = static_cast<ApUpdate>(*ap);
  out.opcode = static_cast<Opcode>(*opcode);
  if (out.op1 == Op1Source::kImmediate) out.size = 2;
  if (out.pc_update == PcUpdate::kJnz) {
    if (out.res != Res::kOp1) return false;
    out.res = Res::kUnconstrained;
  }
  if (out.opcode == Opcode::kCall) {
    if (out.ap_update != ApUpdate::kRegular) return false;
    out.ap_update = ApUpdate::kAdd2;
  }
  return true;
}

// op0 is read, and must be known, even where the result ignores it: compilers then point it at [fp - 1], which the
// inner loop keeps known, so that the specialised forms need not look.
bool ignores_op0(const Instruction& in) { return in.op0_is_fp && in.off_op0 == -1; }

Form assert_form(const Instruction& in) {
  if (in.pc_update != PcUpdate::kRegular || in.ap_update == ApUpdate::kAddRes) return Form::kGeneral;
  const bool immediate = in.op1 == Op1Source::kImmediate;
  const bool direct = in.op1 == Op1Source::kFp || in.op1 == Op1Source::kAp;
  if (in.res == Res::kOp1) {
    if (in.op1 == Op1Source::kOp0) return Form::kAssertDeref;
    if (!ignores_op0(in)) return Form::kGeneral;
    return immediate ? Form::kAssertImm : Form::kAssertCopy;
  }
  if (!immediate && !direct) return Form::kGeneral;
  if (in.res == Res::kAdd) return immediate ? Form::kAssertAddImm : Form::kAssertAdd;
  return immediate ? Form::kAssertMulImm : Form::kAssertMul;
}

// Likewise for the unused destination of a jump.
bool ignores_dst(const Instruction& in) { return in.dst_is_fp && in.off_dst == -1; }

Form classify(const Instruction& in) {
  switch (in.opcode) {
    case Opcode::kAssertEq:
      return assert_form(in);
    case Opcode::kCall:
      // The canonical call stores fp and the return address at ap and ap + 1.
      if (!in.has_jump || in.res != Res::kOp1 || in.dst_is_fp || in.op0_is_fp || in.off_dst != 0 || in.off_op0 != 1)
        break;
      if (in.pc_update == PcUpdate::kJumpRel) return Form::kCallRelImm;
      break;
    case Opcode::kRet:
      if (in.pc_update == PcUpdate::kJump && in.res == Res::kOp1 && in.op1 == Op1Source::kFp && in.dst_is_fp &&
          in.op0_is_fp && in.off_dst == -2 && in.off_op0 == -1 && in.off_op1 == -1 &&
          in.ap_update == ApUpdate::kRegular) {
        return Form::kRet;
      }
      break;
    case Opcode::kNop:
      if (!in.has_jump || !ignores_op0(in)) break;
      if (in.pc_update == PcUpdate::kJnz && in.ap_update != ApUpdate::kAddRes) return Form::kJnzImm;
      if (in.res != Res::kOp1 || !ignores_dst(in)) break;
      if (in.pc_update == PcUpdate::kJumpRel && in.ap_update != ApUpdate::kAddRes) return Form::kJumpRelImm;
      if (in.pc_update == PcUpdate::kRegular && in.ap_update == ApUpdate::kAddRes) return Form::kAddApImm;
      break;
  }
  return Form::kGeneral;
}

}  // namespace

Instruction decode(const Value& word, const Value& immediate) {
  Instruction out;
  if (!word.is_felt()) return out;
  const auto encoding = word.felt().to_u64();
  if (!encoding || (*encoding >> 63) != 0) return out;
  if (!decode_flags(*encoding >> 48, out)) return Instruction{};
  out.off_dst = unbias(*encoding, 0);
  out.off_op0 = unbias(*encoding, 16);
  out.off_op1 = unbias(*encoding, 32);
  if (out.op1 == Op1Source::kImmediate && (out.off_op1 != 1 || !immediate.is_felt())) return Instruction{};
  out.ap_step = out.ap_update == ApUpdate::kAdd1 ? 1 : 0;
  std::int64_t jump = 0;
  if (out.op1 == Op1Source::kImmediate && as_small(immediate.felt(), jump) && jump > INT32_MIN && jump < INT32_MAX) {
    out.has_jump = true;
    out.jump = static_cast<std::int32_t>(jump);
  }
  out.form = out.plain_form = classify(out);
  return out;
}

}  // namespace asterism::core::cairo
