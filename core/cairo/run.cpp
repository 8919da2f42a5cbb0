// The machine's inner loop. Every case first makes sure that nothing unusual happens (cells within the prepared part of
// their segments, values present and plain, no rules) and changes nothing before it is sure; otherwise `general` leaves
// the instruction to step.cpp, which knows all cases and all errors.
#include "core/cairo/machine.hpp"

namespace asterism::core::cairo {

namespace {

// Writes an empty cell or compares: false when the values differ or the cell holds a temporary pointer.
[[gnu::always_inline]] inline bool assign(Value& cell, const Value& value) {
  if (cell.is_empty()) {
    cell = value;
    return true;
  }
  return cell == value;
}

struct Window {
  Value* cells;
  std::uint64_t filled;
};

}  // namespace

bool Machine::can_run_fast() const {
  if (!pc.is_real_pointer() || pc.segment() != 0 || pc.offset() < 0) return false;
  if (static_cast<std::uint64_t>(pc.offset()) >= program_->data.size()) return false;
  if (!ap.is_real_pointer() || !fp.is_real_pointer() || ap.segment() != fp.segment() || ap.segment() == 0) return false;
  const Segment& stack = memory_.segment(ap.segment());
  if (stack.rules != nullptr || fp.offset() < 1 || ap.offset() < 0 || ap.offset() >= (std::int64_t{1} << 32))
    return false;
  const auto below = static_cast<std::uint64_t>(fp.offset() - 1);
  return below < stack.cells.filled() && stack.cells.data()[below].is_plain();
}

Machine::Stop Machine::run_fast(std::uint64_t budget, std::uint64_t end, bool hints_done) {
  if (keep_trace_) trace.resume(registers());
  const Instruction* const code = program_->code.data();
  const Value* const words = program_->data.data();
  const std::uint64_t code_size = program_->data.size();
  const std::int64_t stack = ap.segment();
  Segment* const segments = memory_.segments();
  const std::size_t segment_count = memory_.segment_count();
  Window window{segments[stack].cells.data(), segments[stack].cells.filled()};

  auto at = static_cast<std::uint64_t>(pc.offset());
  auto top = static_cast<std::uint64_t>(ap.offset());
  auto frame = static_cast<std::uint64_t>(fp.offset());
  std::uint64_t left = budget;
  Stop stop = Stop::kBudget;
  bool skip_hints = hints_done;
  std::uint64_t published = 0;

  const auto publish = [&] {
    pc = Value::pointer(0, static_cast<std::int64_t>(at));
    ap = Value::pointer(stack, static_cast<std::int64_t>(top));
    fp = Value::pointer(stack, static_cast<std::int64_t>(frame));
    const std::uint64_t done = budget - left - published;
    published += done;
    steps += done;
    if (keep_trace_) trace.advance(done, registers());
  };

  for (; left > 0; --left) {
    if (at == end) {
      stop = Stop::kEnd;
      break;
    }
    const Instruction& in = code[at];
    const std::uint64_t dst_at = (in.dst_is_fp ? frame : top) + static_cast<std::uint64_t>(std::int64_t{in.off_dst});
    std::uint64_t next = at + 2;  // where most forms have an immediate; a constant does not wait for `in`
    std::uint64_t next_top = top + in.ap_step;
    std::uint64_t next_frame = frame;
    Form form = in.form;
    if (form == Form::kHinted && skip_hints) form = in.plain_form;
    skip_hints = false;
    switch (form) {
      case Form::kAssertImm: {
        if (dst_at >= window.filled || !assign(window.cells[dst_at], words[at + 1])) goto general;
        break;
      }
      case Form::kAssertCopy: {
        const std::uint64_t op1_at =
            (in.op1 == Op1Source::kFp ? frame : top) + static_cast<std::uint64_t>(std::int64_t{in.off_op1});
        if (dst_at >= window.filled || op1_at >= window.filled) goto general;
        const Value& source = window.cells[op1_at];
        if (!source.is_plain() || !assign(window.cells[dst_at], source)) goto general;
        next = at + 1;
        break;
      }
      case Form::kAssertDeref: {
        const std::uint64_t op0_at =
            (in.op0_is_fp ? frame : top) + static_cast<std::uint64_t>(std::int64_t{in.off_op0});
        if (dst_at >= window.filled || op0_at >= window.filled) goto general;
        const Value& pointer = window.cells[op0_at];
        if (!pointer.is_real_pointer() || static_cast<std::size_t>(pointer.segment()) >= segment_count) goto general;
        Segment& segment = segments[pointer.segment()];
        const std::uint64_t target_at =
            static_cast<std::uint64_t>(pointer.offset()) + static_cast<std::uint64_t>(std::int64_t{in.off_op1});
        if (target_at >= segment.cells.filled()) goto general;
        Value& target = segment.cells.data()[target_at];
        Value& dst = window.cells[dst_at];
        if (target.is_plain()) {
          if (!assign(dst, target)) goto general;
        } else {
          if (!target.is_empty() || !(dst.is_plain() || dst.is_empty())) goto general;
          if (segment.rules == nullptr) {
            if (dst.is_empty()) goto general;
            target = dst;  // what is missing comes from dst
          } else {
            // A builtin's cell: its rule first, then dst. The rule may raise, with the registers as they are now.
            publish();
            const Value deduced = segment.rules->deduce(memory_, target_at);
            if (deduced.is_empty() && dst.is_empty()) goto general;
            target = deduced.is_empty() ? dst : deduced;
            segment.rules->validate(memory_, target_at);
            if (!assign(dst, target)) goto general;
          }
        }
        next = at + 1;
        break;
      }
      case Form::kAssertAddImm: {
        const std::uint64_t op0_at =
            (in.op0_is_fp ? frame : top) + static_cast<std::uint64_t>(std::int64_t{in.off_op0});
        if (dst_at >= window.filled || op0_at >= window.filled) goto general;
        const Value& op0 = window.cells[op0_at];
        if (op0.is_felt()) {
          if (!assign(window.cells[dst_at], Value(op0.felt() + words[at + 1].felt()))) goto general;
        } else if (op0.is_real_pointer() && in.has_jump) {
          std::int64_t offset = 0;
          if (!near_offset(op0, in.jump, offset)) goto general;
          if (!assign(window.cells[dst_at], Value::pointer(op0.segment(), offset))) goto general;
        } else {
          goto general;
        }
        break;
      }
      case Form::kAssertAdd: {
        const std::uint64_t op0_at =
            (in.op0_is_fp ? frame : top) + static_cast<std::uint64_t>(std::int64_t{in.off_op0});
        const std::uint64_t op1_at =
            (in.op1 == Op1Source::kFp ? frame : top) + static_cast<std::uint64_t>(std::int64_t{in.off_op1});
        if (dst_at >= window.filled || op0_at >= window.filled || op1_at >= window.filled) goto general;
        Value& op0 = window.cells[op0_at];
        Value& op1 = window.cells[op1_at];
        Value& dst = window.cells[dst_at];
        if (op0.is_felt() && op1.is_felt()) {
          if (!assign(dst, Value(op0.felt() + op1.felt()))) goto general;
        } else if (op0.is_empty() && op1.is_felt() && dst.is_felt()) {
          op0 = Value(dst.felt() - op1.felt());
        } else if (op1.is_empty() && op0.is_felt() && dst.is_felt()) {
          op1 = Value(dst.felt() - op0.felt());
        } else if (op0.is_plain() && op1.is_plain() && op0.is_felt() != op1.is_felt()) {
          const Value& pointer = op0.is_felt() ? op1 : op0;
          std::int64_t distance = 0;
          std::int64_t offset = 0;
          if (!as_small(op0.is_felt() ? op0.felt() : op1.felt(), distance)) goto general;
          if (!near_offset(pointer, distance, offset)) goto general;
          if (!assign(dst, Value::pointer(pointer.segment(), offset))) goto general;
        } else {
          goto general;
        }
        next = at + 1;
        break;
      }
      case Form::kAssertMulImm: {
        const std::uint64_t op0_at =
            (in.op0_is_fp ? frame : top) + static_cast<std::uint64_t>(std::int64_t{in.off_op0});
        if (dst_at >= window.filled || op0_at >= window.filled) goto general;
        const Value& op0 = window.cells[op0_at];
        if (!op0.is_felt()) goto general;
        if (!assign(window.cells[dst_at], Value(op0.felt() * words[at + 1].felt()))) goto general;
        break;
      }
      case Form::kAssertMul: {
        const std::uint64_t op0_at =
            (in.op0_is_fp ? frame : top) + static_cast<std::uint64_t>(std::int64_t{in.off_op0});
        const std::uint64_t op1_at =
            (in.op1 == Op1Source::kFp ? frame : top) + static_cast<std::uint64_t>(std::int64_t{in.off_op1});
        if (dst_at >= window.filled || op0_at >= window.filled || op1_at >= window.filled) goto general;
        const Value& op0 = window.cells[op0_at];
        const Value& op1 = window.cells[op1_at];
        if (!op0.is_felt() || !op1.is_felt()) goto general;
        if (!assign(window.cells[dst_at], Value(op0.felt() * op1.felt()))) goto general;
        next = at + 1;
        break;
      }
      case Form::kCallRelImm: {
        const std::uint64_t target = at + static_cast<std::uint64_t>(std::int64_t{in.jump});
        if (top + 1 >= window.filled || target >= code_size) goto general;
        Value& saved_frame = window.cells[top];
        Value& saved_pc = window.cells[top + 1];
        if (!saved_frame.is_empty() || !saved_pc.is_empty()) goto general;
        saved_frame = Value::pointer(stack, static_cast<std::int64_t>(frame));
        saved_pc = Value::pointer(0, static_cast<std::int64_t>(next));
        next_frame = next_top = top + 2;
        next = target;
        break;
      }
      case Form::kRet: {
        if (frame < 2 || frame > window.filled) goto general;
        const Value& saved_frame = window.cells[frame - 2];
        const Value& saved_pc = window.cells[frame - 1];
        if (!saved_frame.is_real_pointer() || !saved_pc.is_real_pointer()) goto general;
        if (saved_frame.segment() != stack || saved_pc.segment() != 0) goto general;
        next_frame = static_cast<std::uint64_t>(saved_frame.offset());
        next = static_cast<std::uint64_t>(saved_pc.offset());
        // The loop relies on [fp - 1] being known.
        if (next >= code_size || next_frame - 1 >= window.filled || !window.cells[next_frame - 1].is_plain())
          goto general;
        break;
      }
      case Form::kJumpRelImm: {
        next = at + static_cast<std::uint64_t>(std::int64_t{in.jump});
        if (next >= code_size) goto general;
        break;
      }
      case Form::kJnzImm: {
        if (dst_at >= window.filled) goto general;
        const Value& dst = window.cells[dst_at];
        if (!dst.is_plain()) goto general;
        if (!dst.is_zero()) {
          next = at + static_cast<std::uint64_t>(std::int64_t{in.jump});
          if (next >= code_size) goto general;
        }
        break;
      }
      case Form::kAddApImm: {
        next_top = top + static_cast<std::uint64_t>(std::int64_t{in.jump});
        if (next_top >= (std::uint64_t{1} << 32)) goto general;
        break;
      }
      case Form::kHinted:
        stop = Stop::kHint;
        goto leave;
      case Form::kGeneral:
      case Form::kInvalid:
      general:
        stop = Stop::kGeneral;
        goto leave;
    }
    at = next;
    top = next_top;
    frame = next_frame;
  }
leave:
  publish();
  return stop;
}

bool Machine::run(const Value& end, const Value& final_pc, const RunLimits& limits) {
  constexpr std::uint64_t kSlice = std::uint64_t{1} << 16;  // steps between two looks at the cancel flag
  const std::uint64_t start = steps;
  const std::uint64_t end_offset =
      end.is_real_pointer() && end.segment() == 0 ? static_cast<std::uint64_t>(end.offset()) : UINT64_MAX;
  std::uint64_t next_look = steps + kSlice;
  while (!(pc == end)) {
    if (steps - start >= limits.max_steps) return false;
    if (steps >= next_look) {
      next_look = steps + kSlice;
      if (limits.cancel != nullptr && limits.cancel->load(std::memory_order_relaxed)) {
        fail(ErrorKind::kCancelled, "The run was cancelled.");
      }
      if (limits.progress_every != 0 && steps / limits.progress_every != (steps - kSlice) / limits.progress_every) {
        limits.on_progress(steps);
      }
    }
    const std::uint64_t budget = std::min(limits.max_steps - (steps - start), next_look - steps);
    const Stop stop = can_run_fast() ? run_fast(budget, end_offset, false) : Stop::kHint;
    if (stop == Stop::kBudget || stop == Stop::kEnd) continue;
    if (pc == final_pc) fail(ErrorKind::kResources, "Error: Execution reached the end of the program.");
    if (stop == Stop::kHint) {
      if (run_hints()) continue;
      const std::uint64_t rest = limits.max_steps - (steps - start);
      const std::uint64_t before = steps;
      if (can_run_fast() && run_fast(std::min(rest, kSlice), end_offset, true) != Stop::kGeneral) continue;
      // The fast loop may have gone on to another instruction before it stepped aside.
      if (steps != before) continue;
    }
    execute();
  }
  return true;
}

}  // namespace asterism::core::cairo
