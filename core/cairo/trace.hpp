// The execution trace. It is not stored: registers follow from the program and the memory, which a run only adds to, so
// the trace keeps where the registers stood every 2^16 steps, and wherever a step did not begin where the last one
// ended (a hint skipped an instruction), and replays the steps between when somebody reads them.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/cairo/transition.hpp"

namespace asterism::core::cairo {

class Program;

// Offsets of the registers of one step.
struct TraceEntry {
  std::uint32_t pc = 0;
  std::uint32_t ap = 0;
  std::uint32_t fp = 0;
};

class Trace {
 public:
  struct Segments {
    std::int64_t pc = 0, ap = 0, fp = 0;
    bool operator==(const Segments&) const = default;
  };
  // Steps from `first` on begin here.
  struct Mark {
    std::uint64_t first = 0;
    Registers at;
  };
  static constexpr std::uint64_t kMarkEvery = std::uint64_t{1} << 16;

  // The next step begins here; the registers are addresses a TraceEntry can hold.
  void resume(const Registers& at);
  // `count` steps were taken since, and ended here.
  void advance(std::uint64_t count, const Registers& next) {
    size_ += count;
    next_ = next;
  }
  std::uint64_t size() const { return size_; }
  // A step that is repeated `count` times more: padding is an endless loop on one instruction.
  void repeat_last(std::uint64_t count) { repeated_ += count; }
  std::uint64_t repeated() const { return repeated_; }
  std::span<const Mark> marks() const { return marks_; }

 private:
  std::vector<Mark> marks_;
  Registers next_;
  std::uint64_t size_ = 0;
  std::uint64_t repeated_ = 0;
};

// Reads a trace from a step on, without the repetitions. Program and memory are those of the run.
class TraceReplay {
 public:
  TraceReplay(const Trace& trace, const Program& program, const Memory& memory);
  // Consecutive entries that share segments; empty at the end. Valid until the next call.
  std::span<const TraceEntry> next(Trace::Segments& segments);
  // As next(), of the last step alone; the trace is not empty.
  static TraceEntry last(const Trace& trace, const Program& program, const Memory& memory, Trace::Segments& segments);

 private:
  std::size_t replay(std::size_t count);
  void step_in_full();
  const Trace& trace_;
  const Program& program_;
  const Memory& memory_;
  std::size_t mark_ = 0;
  std::uint64_t step_ = 0;
  Registers at_;
  std::array<TraceEntry, 1024> buffer_;  // stays in the first-level cache
};

}  // namespace asterism::core::cairo
