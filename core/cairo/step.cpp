// One step of the machine in full: the whitepaper's section 4.5 with the deductions of the official runner, in its
// order.
#include "core/cairo/hint.hpp"
#include "core/cairo/machine.hpp"

namespace asterism::core::cairo {

Machine::Machine(std::shared_ptr<const Program> program, Memory& memory, bool keep_trace)
    : program_(std::move(program)), memory_(memory), keep_trace_(keep_trace) {}

namespace {

// [dst] = op0 + op1 or op0 * op1 solved for the operand that is missing; empty when it cannot be.
Value solve(Res res, const Value& dst, const Value& known, bool for_op0) {
  if (dst.is_empty() || known.is_empty()) return {};
  if (res == Res::kAdd) return subtract(dst, known);
  if (res != Res::kMul || !dst.is_felt() || !known.is_felt()) return {};
  if (known.felt().is_zero()) {
    if (!for_op0) return {};
    fail(ErrorKind::kAssertEq,
         "Cannot deduce operand in '0 = ? * " + to_string(dst) + "' (possibly due to division by 0).");
  }
  return Value(dst.felt() * known.felt().inverse());
}

}  // namespace

Instruction Machine::fetch() const {
  if (pc.is_real_pointer() && pc.segment() == 0 && pc.offset() >= 0 &&
      static_cast<std::uint64_t>(pc.offset()) < program_->data.size()) {
    const Instruction in = program_->code[static_cast<std::size_t>(pc.offset())];
    if (in.plain_form != Form::kInvalid) return in;
  }
  const Value word = memory_.read(pc);
  if (!word.is_felt()) {
    fail(ErrorKind::kInstruction, "Instruction should be an int. Found: " + to_string(word));
  }
  const Instruction in = decode(word, memory_.get(advance(pc, 1)));
  if (in.plain_form == Form::kInvalid) {
    fail(ErrorKind::kInstruction, "Invalid instruction encoding: " + word.felt().to_hex() + ".");
  }
  return in;
}

Value op1_address(const Registers& at, const Instruction& in, const Value& op0) {
  const Value* base = nullptr;
  switch (in.op1) {
    case Op1Source::kOp0:
      base = &op0;
      break;
    case Op1Source::kImmediate:
      base = &at.pc;
      break;
    case Op1Source::kFp:
      base = &at.fp;
      break;
    case Op1Source::kAp:
      base = &at.ap;
      break;
  }
  return advance(*base, in.off_op1);
}

Value result(const Instruction& in, const Value& op0, const Value& op1) {
  if (in.res == Res::kOp1) return op1;
  if (in.res == Res::kAdd) return add(op0, op1);
  if (in.res == Res::kMul) return multiply(op0, op1);
  return {};
}

Operands Machine::operands(const Instruction& in) {
  Operands out;
  const Value dst_address = advance(in.dst_is_fp ? fp : ap, in.off_dst);
  const Value op0_address = advance(in.op0_is_fp ? fp : ap, in.off_op0);
  out.dst = memory_.get(dst_address);
  out.op0 = memory_.get(op0_address);
  if (in.op1 == Op1Source::kOp0 && out.op0.is_empty()) {
    fail(ErrorKind::kMemory, "op0 must be known in double dereference.");
  }
  const Value op1_at = op1_address(registers(), in, out.op0);
  out.op1 = memory_.get(op1_at);

  if (out.op0.is_empty()) out.op0 = memory_.deduce(op0_address);
  if (out.op1.is_empty()) out.op1 = memory_.deduce(op1_at);
  const bool write_dst = out.dst.is_empty();
  const bool write_op0 = out.op0.is_empty();
  const bool write_op1 = out.op1.is_empty();

  if (write_op0) {
    if (in.opcode == Opcode::kCall) out.op0 = advance(pc, in.size);
    if (in.opcode == Opcode::kAssertEq) out.op0 = solve(in.res, out.dst, out.op1, true);
    if (in.opcode == Opcode::kAssertEq && !out.op0.is_empty()) out.res = out.dst;
  }
  if (write_op1 && in.opcode == Opcode::kAssertEq) {
    out.op1 = in.res == Res::kOp1 ? out.dst : solve(in.res, out.dst, out.op0, false);
    if (!out.op1.is_empty() && out.res.is_empty()) out.res = out.dst;
  }
  if (out.op0.is_empty()) out.op0 = memory_.read(op0_address);
  if (out.op1.is_empty()) out.op1 = memory_.read(op1_at);

  if (out.res.is_empty()) out.res = result(in, out.op0, out.op1);
  if (write_dst) {
    if (in.opcode == Opcode::kAssertEq) out.dst = out.res;
    if (in.opcode == Opcode::kCall) out.dst = fp;
    if (out.dst.is_empty()) out.dst = memory_.read(dst_address);
  }
  if (write_dst) memory_.set(dst_address, out.dst);
  if (write_op0) memory_.set(op0_address, out.op0);
  if (write_op1) memory_.set(op1_at, out.op1);
  return out;
}

void Machine::assertions(const Instruction& in, const Operands& operands) const {
  if (in.opcode == Opcode::kAssertEq) {
    if (operands.res.is_empty()) {
      fail(ErrorKind::kInstruction, "Res.UNCONSTRAINED cannot be used with Opcode.ASSERT_EQ");
    }
    if (!(operands.dst == operands.res)) {
      fail(ErrorKind::kAssertEq,
           "An ASSERT_EQ instruction failed: " + to_string(operands.dst) + " != " + to_string(operands.res) + ".");
    }
  }
  if (in.opcode == Opcode::kCall) {
    const Value return_pc = advance(pc, in.size);
    if (!(operands.op0 == return_pc)) {
      fail(ErrorKind::kAssertEq, "Call failed to write return-pc (inconsistent op0): " + to_string(operands.op0) +
                                     " != " + to_string(return_pc) + ". Did you forget to increment ap?");
    }
    if (!(operands.dst == fp)) {
      fail(ErrorKind::kAssertEq, "Call failed to write return-fp (inconsistent dst): " + to_string(operands.dst) +
                                     " != " + to_string(fp) + ". Did you forget to increment ap?");
    }
  }
}

bool Machine::resume_trace() {
  for (const Value& pointer : {pc, ap, fp}) {
    if (pointer.is_real_pointer() && pointer.offset() >= 0 && pointer.offset() <= UINT32_MAX) continue;
    left_memory_ = true;
    return false;
  }
  trace.resume(registers());
  return true;
}

namespace {
// In the official runner's order: fp, ap, pc. A Fault leaves those moved that come before it.
void move(Registers& at, const Instruction& in, const Operands& operands) {
  if (in.opcode == Opcode::kCall) at.fp = advance(at.ap, 2);
  if (in.opcode == Opcode::kRet) at.fp = operands.dst;
  switch (in.ap_update) {
    case ApUpdate::kRegular:
      break;
    case ApUpdate::kAddRes:
      if (operands.res.is_empty()) {
        fail(ErrorKind::kInstruction, "Res.UNCONSTRAINED cannot be used with ApUpdate.ADD");
      }
      at.ap = add(at.ap, operands.res);
      break;
    case ApUpdate::kAdd1:
      at.ap = advance(at.ap, 1);
      break;
    case ApUpdate::kAdd2:
      at.ap = advance(at.ap, 2);
      break;
  }
  switch (in.pc_update) {
    case PcUpdate::kRegular:
      at.pc = advance(at.pc, in.size);
      break;
    case PcUpdate::kJump:
      at.pc = operands.res;
      break;
    case PcUpdate::kJumpRel:
      if (!operands.res.is_felt()) {
        fail(ErrorKind::kPureValue,
             "Could not complete computation jmp rel of non pure value: " + to_string(operands.res) + ".");
      }
      at.pc = add(at.pc, operands.res);
      break;
    case PcUpdate::kJnz:
      at.pc = operands.dst.is_zero() ? advance(at.pc, in.size) : add(at.pc, operands.op1);
      break;
  }
}
}  // namespace

Registers successor(const Registers& at, const Instruction& in, const Operands& operands) {
  Registers out = at;
  move(out, in, operands);
  return out;
}

void Machine::execute() {
  const Instruction in = fetch();
  const Operands values = operands(in);
  assertions(in, values);
  const bool traced = keep_trace_ && resume_trace();
  Registers next = registers();
  try {
    move(next, in, values);
  } catch (const Fault&) {
    fp = next.fp;
    ap = next.ap;
    throw;
  }
  pc = next.pc;
  ap = next.ap;
  fp = next.fp;
  if (traced) trace.advance(1, next);
  ++steps;
}

bool Machine::run_hints() {
  if (!pc.is_real_pointer() || pc.segment() != 0 || pc.offset() < 0) return false;
  const Value at = pc;
  for (const HintSite& site : program_->hints_at(static_cast<std::uint64_t>(pc.offset()))) {
    run_hint(*this, site);
    if (!(pc == at)) return true;  // the hint skipped the instruction
  }
  return false;
}

void Machine::step() {
  if (!run_hints()) execute();
}

void Machine::skip_next_instruction() { pc = advance(pc, fetch().size); }

}  // namespace asterism::core::cairo
