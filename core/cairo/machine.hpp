// The Cairo machine: registers, memory and the state transition of the whitepaper (section 4.5).
//
// `run` drives two bodies that do the same thing: run_fast (run.cpp) executes the common instruction forms on the
// program segment with fp and ap in one plain segment, and steps aside whenever anything is unusual; step (step.cpp)
// executes any instruction with all deductions, rules and error cases. A run is deterministic and holds no state
// outside this object.
//
// Ownership: the machine shares the program, borrows memory, host and limits' cancel flag; they outlive it.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "core/cairo/memory.hpp"
#include "core/cairo/program.hpp"
#include "core/cairo/scope.hpp"
#include "core/cairo/trace.hpp"

namespace asterism::core::cairo {

class Runner;

// What hints reach of whoever embeds the machine, through Hint::host(): system calls, oracles.
class HintHost {
 public:
  virtual ~HintHost() = default;
  // `syscall_handler.<name>(...)` with the call's buffer; Fault kHint (see raise) when it fails.
  virtual void system_call(Hint& hint, std::string_view name, const Value& buffer) = 0;
};

struct RunLimits {
  std::uint64_t max_steps = UINT64_MAX;
  std::uint64_t max_cells = Memory::kDefaultCellLimit;  // at most 2^32
  const std::atomic<bool>* cancel = nullptr;
  // Called from within the run, about every so many steps (never: 0).
  std::uint64_t progress_every = 0;
  std::function<void(std::uint64_t)> on_progress;
};

class Machine {
 public:
  Machine(std::shared_ptr<const Program> program, Memory& memory, bool keep_trace);

  Value pc, ap, fp;
  std::uint64_t steps = 0;
  Trace trace;
  ScopeStack scopes;
  Runner* runner = nullptr;  // for hints that reach builtins
  HintHost* host = nullptr;
  std::string printed;           // what hints printed
  std::vector<Felt> panic_data;  // what a Cairo 1 program left before it failed

  const Program& program() const { return *program_; }
  Memory& memory() { return memory_; }
  const Memory& memory() const { return memory_; }

  // Steps until pc is `end`, at most `limits.max_steps`; true when pc is `end`. `final_pc` stops a run that leaves the
  // program ("Execution reached the end of the program"). Fault when a step fails: the registers are those before it.
  bool run(const Value& end, const Value& final_pc, const RunLimits& limits);
  // Exactly one step, hints included.
  void step();
  void skip_next_instruction();
  // A step began with a register that no trace can hold.
  bool left_memory() const { return left_memory_; }

  // f(entries, count, segments) for consecutive pieces of the trace, without the repetitions of padding.
  template <class F>
  void for_each_piece(F&& f) const {
    TraceReplay replay(trace, *program_, memory_);
    Trace::Segments segments;
    for (auto piece = replay.next(segments); !piece.empty(); piece = replay.next(segments)) {
      f(piece.data(), piece.size(), segments);
    }
  }
  TraceEntry last_entry(Trace::Segments& segments) const {
    return TraceReplay::last(trace, *program_, memory_, segments);
  }

  // The official runner's text for a fault at the current pc: attributes, location, pc, traceback.
  Error describe(const Fault& fault, bool with_traceback = true) const;

 private:
  enum class Stop : std::uint8_t { kBudget, kEnd, kHint, kGeneral };

  Stop run_fast(std::uint64_t budget, std::uint64_t end, bool hints_done);
  bool can_run_fast() const;
  bool run_hints();  // true when the instruction is to be skipped
  void execute();    // the instruction at pc
  Instruction fetch() const;
  Registers registers() const { return {pc, ap, fp}; }
  bool resume_trace();  // false when no trace can hold the registers
  Operands operands(const Instruction& in);
  void assertions(const Instruction& in, const Operands& operands) const;
  Value next_address(const Value& pc, std::int64_t distance) const;

  std::string error_attributes(const Value& at, const Value& frame) const;
  const SourceLocation* location_at(const Value& at, int hint_index) const;
  std::string place_text(const SourceLocation& where, std::string_view message) const;
  std::string expanded_text(const SourceLocation& where, std::string message) const;
  std::string traceback() const;

  std::shared_ptr<const Program> program_;
  Memory& memory_;
  bool keep_trace_;
  bool left_memory_ = false;
};

}  // namespace asterism::core::cairo
