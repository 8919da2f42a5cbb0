// The end of a run: what the official runner does in end_run, read_return_values, check_used_cells, finalize_segments
// and verify_secure_runner.
#include <algorithm>
#include <bit>

#include "core/cairo/builtins/builtins.hpp"
#include "core/cairo/runner.hpp"

namespace asterism::core::cairo {

namespace {
constexpr std::uint64_t kRcLimbs = 65536;
[[noreturn]] void fail_final(std::string message) { fail(ErrorKind::kFinal, std::move(message)); }
}  // namespace

void Runner::end_run(bool pad) {
  memory_.relocate_temporary();
  for (const auto& builtin : builtins_) builtin->verify_outputs(memory_);
  if (machine_->scopes.depth() != 1) fail_final("Every enter_scope() requires a corresponding exit_scope().");
  if (const Value address = memory_.written_elsewhere(); address.is_felt()) {
    fail(ErrorKind::kSecurity, "Expected memory address to be relocatable value. Found: " + to_string(address) + ".");
  } else if (!address.is_empty() || machine_->left_memory()) {
    fail(ErrorKind::kLimit, "The run left the addressable memory: " + to_string(address) + ".");
  }
  for (std::size_t i = 1; i <= memory_.temporary_count(); ++i) {
    if (!memory_.get(-static_cast<std::int64_t>(i), 0).is_empty()) {
      fail_final("The temporary segment -" + std::to_string(i) + " was not relocated.");
    }
  }
  used_sizes_.clear();
  for (std::size_t i = 0; i < memory_.segment_count(); ++i) {
    used_sizes_.push_back(memory_.used(static_cast<std::int64_t>(i)));
  }
  final_sizes_.resize(memory_.segment_count());
  if (options_.proof_mode && pad) {
    run_until_power_of_two();
    while (!check_used_cells()) {
      run_for(1);
      run_until_power_of_two();
    }
  }
  ended_ = true;
}

void Runner::read_return_values() {
  Value pointer = machine_->ap;
  for (auto name = program().builtins.rbegin(); name != program().builtins.rend(); ++name) {
    pointer = advance(pointer, -1);
    const Value stop = memory_.read(pointer);
    Builtin* builtin = find_builtin(*name);
    if (builtin == nullptr) {
      if (!(stop == Value(Felt()))) fail_final("The stop pointer of the missing builtin \"" + *name + "\" must be 0.");
      continue;
    }
    const std::uint64_t used = builtin->used_instances(memory_) * builtin->row().cells;
    if (!(stop == builtin->cell(used))) {
      fail_final("Invalid stop pointer for " + *name + ". Expected: " + to_string(builtin->cell(used)) +
                 ", found: " + to_string(stop));
    }
    builtin->stop = stop;
  }
  for (const auto& builtin : builtins_) {
    if (!builtin->included) builtin->stop = builtin->base();
  }
  for (std::int64_t offset = pointer.offset(); offset < machine_->ap.offset(); ++offset) {
    execution_public_.push_back(static_cast<std::uint64_t>(offset));
  }
}

bool Runner::check_used_cells() {
  try {
    for (const auto& builtin : builtins_) builtin->allocated_size(memory_, steps());
    check_range_checks();
    check_memory_units();
    check_diluted();
  } catch (const InsufficientCells& short_of) {
    warnings_.push_back("Warning: " + short_of.message + " Increasing number of steps.");
    return false;
  }
  return true;
}

Instruction Runner::instruction_at(std::int64_t segment, std::uint64_t pc) const {
  if (segment == 0 && pc < program().data.size() && program().code[pc].plain_form != Form::kInvalid) {
    return program().code[pc];
  }
  return decode(memory_.get(segment, pc), memory_.get(segment, pc + 1));
}

void Runner::perm_range_check_limits(std::uint64_t& low, std::uint64_t& high) const {
  low = kRcLimbs;
  high = 0;
  const auto include = [&](std::uint64_t limb) {
    low = std::min(low, limb);
    high = std::max(high, limb);
  };
  const auto include_instruction = [&](const Instruction& in) {
    for (const std::int16_t offset : {in.off_dst, in.off_op0, in.off_op1}) {
      include(static_cast<std::uint64_t>(offset + kOffsetBias));
    }
  };
  std::vector<std::uint8_t> executed(program().data.size(), 0);
  machine_->for_each_piece([&](const TraceEntry* entry, std::size_t count, const Trace::Segments& segments) {
    for (std::size_t i = 0; i < count; ++i) {
      if (segments.pc == 0 && entry[i].pc < executed.size()) {
        executed[entry[i].pc] = 1;
      } else {  // code that stands elsewhere, or that the run wrote behind the program
        include_instruction(instruction_at(segments.pc, entry[i].pc));
      }
    }
  });
  for (std::size_t pc = 0; pc < executed.size(); ++pc) {
    if (executed[pc] != 0) include_instruction(instruction_at(0, pc));
  }
  for (const auto& builtin : builtins_) {
    const unsigned parts = builtin->row().range_check_parts;
    if (parts == 0) continue;
    const std::uint64_t used = memory_.used(builtin->segment);
    for (std::uint64_t i = 0; i < used; ++i) {
      const Value value = memory_.get(builtin->segment, i);
      if (!value.is_felt()) continue;
      const U256 number = value.felt().to_u256();
      for (unsigned part = 0; part < parts; ++part) include(number.bits(16 * part, 16));
    }
  }
}

void Runner::check_range_checks() const {
  std::uint64_t used = 0;
  for (const auto& builtin : builtins_) {
    if (builtin->row().range_check_parts != 0) used += builtin->used_cells(memory_) * builtin->row().range_check_parts;
  }
  const std::int64_t unused =
      (static_cast<std::int64_t>(options_.layout.rc_units) - 3) * static_cast<std::int64_t>(steps()) -
      static_cast<std::int64_t>(used);
  if (unused >= static_cast<std::int64_t>(kRcLimbs)) return;  // whatever the limits: they take a pass over the trace
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  perm_range_check_limits(low, high);
  if (unused < static_cast<std::int64_t>(high - low)) {
    throw InsufficientCells{"There are only " + std::to_string(unused) +
                            " cells to fill the range checks holes, but potentially " + std::to_string(high - low) +
                            " are required."};
  }
}

void Runner::check_memory_units() {
  std::uint64_t builtin_units = 0;
  for (const auto& builtin : builtins_) builtin_units += builtin->memory_units(steps());
  const std::uint64_t total = options_.layout.memory_units_per_step * steps();
  if (total % options_.layout.public_memory_fraction != 0) fail_final("The number of memory units is not divisible.");
  const std::int64_t unused =
      static_cast<std::int64_t>(total) -
      static_cast<std::int64_t>(total / options_.layout.public_memory_fraction + 4 * steps() + builtin_units);
  // Counting takes a pass over the trace: only where the cells themselves are more than the room.
  std::uint64_t bound = 0;
  for (std::size_t i = 0; i < used_sizes_.size(); ++i) bound += segment_size(i);
  if (unused >= static_cast<std::int64_t>(bound)) return;
  const std::uint64_t holes = count_memory_holes();
  if (unused < static_cast<std::int64_t>(holes)) {
    throw InsufficientCells{"There are only " + std::to_string(unused) +
                            " cells to fill the memory address holes, but " + std::to_string(holes) + " are required."};
  }
}

void Runner::check_diluted() const {
  if (!options_.layout.log_diluted_units_per_step) return;
  std::uint64_t used = 0;
  for (const auto& builtin : builtins_) {
    if (builtin->row().diluted_units != 0) used += builtin->row().diluted_units * builtin->allocated_instances(steps());
  }
  const int log_units = *options_.layout.log_diluted_units_per_step;
  const std::uint64_t units = log_units >= 0 ? steps() << log_units : steps() >> -log_units;
  const std::int64_t unused = static_cast<std::int64_t>(units) - static_cast<std::int64_t>(used);
  if (unused < static_cast<std::int64_t>(kRcLimbs)) {
    throw InsufficientCells{"There are only " + std::to_string(unused) +
                            " cells to fill the diluted check holes, but potentially " + std::to_string(kRcLimbs) +
                            " are required."};
  }
}

std::uint64_t Runner::segment_size(std::size_t index) const { return final_sizes_[index].value_or(used_sizes_[index]); }

std::uint64_t Runner::count_memory_holes() {
  if (memory_holes_) return *memory_holes_;
  std::vector<std::vector<bool>> accessed(memory_.segment_count());
  for (std::size_t i = 0; i < accessed.size(); ++i) accessed[i].resize(segment_size(i) + 1, false);
  const auto mark = [&](const Value& given) {
    const Value address = memory_.redirect(given);
    if (!address.is_real_pointer() || address.offset() < 0) return;
    auto& bits = accessed[static_cast<std::size_t>(address.segment())];
    if (static_cast<std::uint64_t>(address.offset()) < bits.size())
      bits[static_cast<std::size_t>(address.offset())] = true;
  };
  for (std::size_t i = 0; i < program().data.size(); ++i) mark(advance(program_base_, static_cast<std::int64_t>(i)));
  for (std::uint64_t i = 0; i < zero_size_; ++i) mark(advance(zero_base_, static_cast<std::int64_t>(i)));
  for (const auto& builtin : builtins_) {
    if (!builtin->counts_as_accessed()) continue;
    auto& bits = accessed[static_cast<std::size_t>(builtin->segment)];
    std::fill(bits.begin(), bits.end() - 1, true);
    builtin->accessed_elsewhere(memory_, mark);
  }
  machine_->for_each_piece([&](const TraceEntry* entry, std::size_t count, const Trace::Segments& segments) {
    for (std::size_t i = 0; i < count; ++i) {
      const Value pc = Value::pointer(segments.pc, entry[i].pc);
      const Value ap = Value::pointer(segments.ap, entry[i].ap);
      const Value fp = Value::pointer(segments.fp, entry[i].fp);
      const Instruction in = instruction_at(segments.pc, entry[i].pc);
      const Value op0_address = advance(in.op0_is_fp ? fp : ap, in.off_op0);
      mark(pc);
      mark(advance(in.dst_is_fp ? fp : ap, in.off_dst));
      mark(op0_address);
      const Value base = in.op1 == Op1Source::kImmediate ? pc
                         : in.op1 == Op1Source::kFp      ? fp
                         : in.op1 == Op1Source::kAp      ? ap
                                                         : memory_.get(op0_address);
      if (!base.is_felt()) mark(advance(base, in.off_op1));
    }
  });
  std::uint64_t holes = 0;
  for (std::size_t i = 0; i < accessed.size(); ++i) {
    holes += segment_size(i) - static_cast<std::uint64_t>(std::count(accessed[i].begin(), accessed[i].end(), true));
  }
  memory_holes_ = holes;
  return holes;
}

void Runner::finalize_segments() {
  if (finalized_) return;
  final_sizes_[0] = program().data.size();
  try {
    for (const auto& builtin : builtins_) {
      final_sizes_[static_cast<std::size_t>(builtin->segment)] = builtin->allocated_size(memory_, steps());
    }
  } catch (const InsufficientCells& short_of) {
    fail_final(short_of.message);
  }
  if (zero_size_ > 0) final_sizes_[static_cast<std::size_t>(zero_base_.segment())] = zero_size_;
  finalized_ = true;
}

void Runner::verify_secure() {
  const auto check_bound = [&](std::int64_t segment, std::uint64_t bound, const std::string& what) {
    const std::uint64_t used = used_sizes_[static_cast<std::size_t>(segment)];
    for (std::uint64_t i = bound; i < used; ++i) {
      if (memory_.get(segment, i).is_empty()) continue;
      fail(ErrorKind::kSecurity,
           "Out of bounds access to " + what + " at " + std::to_string(segment) + ":" + std::to_string(i) + ".");
    }
  };
  for (const auto& builtin : builtins_) {
    if (!builtin->stop) continue;
    check_bound(builtin->segment, static_cast<std::uint64_t>(builtin->stop->offset()),
                "builtin segment " + std::string(builtin->name()));
  }
  check_bound(0, program().data.size() + behind_program_, "program segment");
  for (std::size_t i = 0; i < memory_.segment_count(); ++i) {
    const CellArray& cells = memory_.segment(static_cast<std::int64_t>(i)).cells;
    for (std::size_t k = 0; k < cells.filled(); ++k) {
      const Value& value = cells.data()[k];
      if (value.is_felt() || value.is_empty()) continue;
      if (value.is_real_pointer() && value.offset() >= 0) continue;
      if (value.is_far() && value.any_segment() >= 0 && value.any_offset().to_u64()) continue;
      fail(ErrorKind::kSecurity, "Invalid memory value at address " + std::to_string(i) + ":" + std::to_string(k) +
                                     ": " + to_string(value) + ".");
    }
  }
  for (const auto& builtin : builtins_) {
    try {
      builtin->check_security(memory_);
    } catch (Fault& fault) {
      fault.kind = ErrorKind::kSecurity;
      throw;
    }
  }
}

Expected<Resources> Runner::resources() {
  return guarded([&] {
    Resources out;
    out.steps = options_.no_end ? steps() : original_steps_;
    out.memory_holes = count_memory_holes();
    for (const auto& builtin : builtins_) {
      if (!builtin->row().metered) continue;
      out.builtin_instances.emplace_back(std::string(builtin->name()) + "_builtin", builtin->used_instances(memory_));
    }
    return out;
  });
}

}  // namespace asterism::core::cairo
