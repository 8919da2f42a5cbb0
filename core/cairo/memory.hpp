// The machine's memory: segments of write-once cells.
//
// Real segments have indices 0, 1, ..., temporary ones -1, -2, ...; a relocation rule gives a temporary segment its
// real place: from then on every value that is read is redirected, while cells move only in `relocate_temporary`, at
// the end of the run. A segment may carry rules (a builtin's): `set` validates what is written to it, `deduce` asks for
// a missing cell. Addresses that are no pointers, or pointers beyond what a segment can hold, are kept apart: a program
// may write there, and fails when the run ends.
//
// Ownership: cells belong to Memory; rules belong to the runner, which outlives it.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "core/cairo/cells.hpp"
#include "core/cairo/fault.hpp"
#include "core/cairo/value.hpp"

namespace asterism::core::cairo {

class Memory;

struct Ascending {
  bool operator()(const Value& a, const Value& b) const { return compare(a, b) < 0; }
};

// What a segment demands of its cells. Offsets are of the segment it was attached to. Rules read memory; they write
// nothing.
class SegmentRules {
 public:
  virtual ~SegmentRules() = default;
  // After a write; Fault where the value cannot be.
  virtual void validate(Memory& memory, std::uint64_t offset) = 0;
  // The value that a missing cell must have, empty when no rule applies (yet).
  virtual Value deduce(Memory& memory, std::uint64_t offset) = 0;
};

struct Segment {
  CellArray cells;
  SegmentRules* rules = nullptr;
};

class Memory {
 public:
  static constexpr std::uint64_t kDefaultCellLimit = std::uint64_t{1} << 28;
  explicit Memory(std::uint64_t cell_limit = kDefaultCellLimit) : cell_limit_(cell_limit) {}

  Value add_segment();
  Value add_temporary_segment();
  std::size_t segment_count() const { return segments_.size(); }
  std::size_t temporary_count() const { return temporary_.size(); }
  Segment& segment(std::int64_t index) { return segments_[static_cast<std::size_t>(index)]; }
  const Segment& segment(std::int64_t index) const { return segments_[static_cast<std::size_t>(index)]; }
  Segment* segments() { return segments_.data(); }
  void attach(std::int64_t segment, SegmentRules* rules) { this->segment(segment).rules = rules; }

  // The cell's value with redirection, empty when it has none.
  Value get(const Value& address) const;
  Value get(std::int64_t segment, std::uint64_t offset) const { return redirect(raw(segment, offset)); }
  // Fault kMemory when the cell has none.
  Value read(const Value& address) const;
  Felt read_felt(const Value& address) const;
  // Write once (the same value again is fine), then the segment's validation.
  void set(const Value& address, const Value& value);
  // As set, without validation: what the runner and `segments.write_arg` do.
  void load(const Value& address, const Value& value);
  // get, and for a missing cell of a segment with rules their deduction, which is written.
  Value deduce(const Value& address);

  // Values that point to `source` mean `destination` from now on.
  void add_relocation_rule(const Value& source, const Value& destination);
  bool has_relocation_rules() const { return !rules_.empty(); }
  Value redirect(const Value& value) const {
    return value.is_temporary() && !rules_.empty() ? redirect_slow(value) : value;
  }
  // Moves the cells of redirected segments; Fault when two values meet in one cell.
  void relocate_temporary();
  // An address outside of all segments that was written, a pure one first; empty when there is none.
  Value written_elsewhere() const;

  std::size_t used(std::int64_t segment) const { return this->segment(segment).cells.used(); }
  std::uint64_t cell_count() const;  // cells that have a value

  // Makes offset addressable in a real segment; Fault kLimit beyond the limit of this run.
  void ensure(CellArray& cells, std::uint64_t offset);

 private:
  CellArray* locate(std::int64_t segment);
  const CellArray* locate(std::int64_t segment) const { return const_cast<Memory*>(this)->locate(segment); }
  Value raw(std::int64_t segment, std::uint64_t offset) const;
  Value redirect_slow(Value value) const;
  void write(const Value& address, const Value& value);
  // Whether the address may be a cell of a segment, now or once it has grown.
  bool is_cell(const Value& address) const {
    return address.is_pointer() && address.offset() >= 0 && static_cast<std::uint64_t>(address.offset()) < cell_limit_;
  }

  std::vector<Segment> segments_;
  std::vector<CellArray> temporary_;
  std::map<std::int64_t, Value> rules_;
  std::map<Value, Value, Ascending> elsewhere_;
  std::uint64_t cell_limit_;
  std::uint64_t cells_filled_ = 0;
};

}  // namespace asterism::core::cairo
