#include "core/cairo/trace.hpp"

#include <algorithm>

#include "core/cairo/program.hpp"

namespace asterism::core::cairo {

namespace {

TraceEntry entry_of(const Registers& at, Trace::Segments& segments) {
  segments = {at.pc.segment(), at.ap.segment(), at.fp.segment()};
  const auto offset = [](const Value& pointer) { return static_cast<std::uint32_t>(pointer.offset()); };
  return {offset(at.pc), offset(at.ap), offset(at.fp)};
}

}  // namespace

void Trace::resume(const Registers& at) {
  if (!marks_.empty() && at == next_ && size_ - marks_.back().first < kMarkEvery) return;
  if (!marks_.empty() && marks_.back().first == size_) marks_.pop_back();
  marks_.push_back({size_, at});
  next_ = at;
}

TraceReplay::TraceReplay(const Trace& trace, const Program& program, const Memory& memory)
    : trace_(trace), program_(program), memory_(memory) {}

void TraceReplay::step_in_full() {
  Instruction in;
  const bool in_program = at_.pc.segment() == 0 && static_cast<std::uint64_t>(at_.pc.offset()) < program_.data.size();
  if (in_program) in = program_.code[static_cast<std::size_t>(at_.pc.offset())];
  if (in.plain_form == Form::kInvalid) in = decode(memory_.get(at_.pc), memory_.get(advance(at_.pc, 1)));
  Operands operands;
  operands.dst = memory_.get(advance(in.dst_is_fp ? at_.fp : at_.ap, in.off_dst));
  operands.op0 = memory_.get(advance(in.op0_is_fp ? at_.fp : at_.ap, in.off_op0));
  operands.op1 = memory_.get(op1_address(at_, in, operands.op0));
  // What an assert_eq solved for may have been an operand of a sum that has no result of its own.
  operands.res = in.opcode == Opcode::kAssertEq ? operands.dst : result(in, operands.op0, operands.op1);
  at_ = successor(at_, in, operands);
}

// Replays up to `count` steps into the buffer while they stay in the program and one stack; the number of entries. At
// least one step is taken.
std::size_t TraceReplay::replay(std::size_t count) {
  const std::int64_t stack = at_.ap.segment();
  if (at_.pc.segment() != 0 || at_.fp.segment() != stack || stack < 0) {
    Trace::Segments segments;
    buffer_[0] = entry_of(at_, segments);
    step_in_full();
    return 1;
  }
  const Value* const cells = memory_.segment(stack).cells.data();
  const std::uint64_t filled = memory_.segment(stack).cells.filled();
  const std::uint64_t code_size = program_.data.size();
  auto at = static_cast<std::uint64_t>(at_.pc.offset());
  auto top = static_cast<std::uint64_t>(at_.ap.offset());
  auto frame = static_cast<std::uint64_t>(at_.fp.offset());
  const auto store = [&] {
    at_ = {Value::pointer(0, static_cast<std::int64_t>(at)), Value::pointer(stack, static_cast<std::int64_t>(top)),
           Value::pointer(stack, static_cast<std::int64_t>(frame))};
  };
  for (std::size_t i = 0; i < count; ++i) {
    buffer_[i] = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(top), static_cast<std::uint32_t>(frame)};
    const Form form = at < code_size ? program_.code[at].plain_form : Form::kGeneral;
    const Instruction& in = program_.code[std::min(at, code_size)];
    switch (form) {
      // A constant: the next step does not wait for `in`.
      case Form::kAssertImm:
      case Form::kAssertAddImm:
      case Form::kAssertMulImm:
        at += 2;
        top += in.ap_step;
        continue;
      case Form::kAssertCopy:
      case Form::kAssertDeref:
      case Form::kAssertAdd:
      case Form::kAssertMul:
        at += 1;
        top += in.ap_step;
        continue;
      case Form::kCallRelImm:
        at += static_cast<std::uint64_t>(std::int64_t{in.jump});
        frame = top = top + 2;
        continue;
      case Form::kJumpRelImm:
        at += static_cast<std::uint64_t>(std::int64_t{in.jump});
        top += in.ap_step;
        continue;
      case Form::kAddApImm:
        at += 2;
        top += static_cast<std::uint64_t>(std::int64_t{in.jump});
        continue;
      case Form::kJnzImm: {
        const std::uint64_t dst_at =
            (in.dst_is_fp ? frame : top) + static_cast<std::uint64_t>(std::int64_t{in.off_dst});
        if (dst_at >= filled) break;
        at += cells[dst_at].is_zero() ? 2 : static_cast<std::uint64_t>(std::int64_t{in.jump});
        top += in.ap_step;
        continue;
      }
      case Form::kRet: {
        if (frame < 2 || frame > filled) break;
        const Value& saved_frame = cells[frame - 2];
        const Value& saved_pc = cells[frame - 1];
        if (!saved_frame.is_real_pointer() || saved_frame.segment() != stack || saved_frame.offset() < 0) break;
        if (!saved_pc.is_real_pointer() || saved_pc.segment() != 0 || saved_pc.offset() < 0) break;
        frame = static_cast<std::uint64_t>(saved_frame.offset());
        at = static_cast<std::uint64_t>(saved_pc.offset());
        continue;
      }
      default:
        break;
    }
    store();
    step_in_full();
    return i + 1;
  }
  store();
  return count;
}

std::span<const TraceEntry> TraceReplay::next(Trace::Segments& segments) {
  const auto marks = trace_.marks();
  while (mark_ < marks.size() && marks[mark_].first == step_) at_ = marks[mark_++].at;
  const std::uint64_t end = mark_ < marks.size() ? marks[mark_].first : trace_.size();
  if (step_ == end) return {};
  entry_of(at_, segments);
  const std::size_t count = replay(std::min<std::uint64_t>(buffer_.size(), end - step_));
  step_ += count;
  return std::span(buffer_).first(count);
}

TraceEntry TraceReplay::last(const Trace& trace, const Program& program, const Memory& memory,
                             Trace::Segments& segments) {
  TraceReplay replay(trace, program, memory);
  // A mark may stand behind the last step.
  replay.mark_ = trace.marks().size() - (trace.marks().back().first == trace.size() ? 2 : 1);
  replay.step_ = trace.marks()[replay.mark_].first;
  TraceEntry out;
  for (auto piece = replay.next(segments); !piece.empty(); piece = replay.next(segments)) out = piece.back();
  return out;
}

}  // namespace asterism::core::cairo
