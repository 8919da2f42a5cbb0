#include "core/cairo/memory.hpp"

#include <algorithm>

namespace asterism::core::cairo {

namespace {
constexpr std::size_t kMaxSegments = std::size_t{1} << 24;
constexpr std::uint64_t kMaxElsewhere = std::uint64_t{1} << 20;

[[noreturn]] void fail_unknown(const Value& address) {
  fail(ErrorKind::kMemory, "Unknown value for memory cell at address " + to_string(address) + ".");
}
[[noreturn]] void fail_beyond(const Value& address) {
  fail(ErrorKind::kLimit, "Address " + to_string(address) + " is beyond the memory limit of this run.");
}
SegmentRules* rules_of(Memory& memory, const Value& address) {
  if (address.is_felt()) return nullptr;
  const std::int64_t index = address.any_segment();
  if (index < 0 || static_cast<std::size_t>(index) >= memory.segment_count()) return nullptr;
  return memory.segment(index).rules;
}
[[noreturn]] void fail_inconsistent(const Value& address, const Value& old_value, const Value& new_value) {
  fail(ErrorKind::kMemory, "Inconsistent memory assignment at address " + to_string(address) + ". " +
                               to_string(old_value) + " != " + to_string(new_value) + ".");
}
}  // namespace

Value Memory::add_segment() {
  if (segments_.size() >= kMaxSegments) fail(ErrorKind::kLimit, "too many segments");
  segments_.emplace_back();
  return Value::pointer(static_cast<std::int64_t>(segments_.size()) - 1, 0);
}

Value Memory::add_temporary_segment() {
  if (temporary_.size() >= kMaxSegments) fail(ErrorKind::kLimit, "too many temporary segments");
  temporary_.emplace_back();
  return Value::pointer(-static_cast<std::int64_t>(temporary_.size()), 0);
}

CellArray* Memory::locate(std::int64_t segment) {
  if (segment >= 0) {
    const auto index = static_cast<std::size_t>(segment);
    return index < segments_.size() ? &segments_[index].cells : nullptr;
  }
  const auto index = static_cast<std::size_t>(-(segment + 1));
  return index < temporary_.size() ? &temporary_[index] : nullptr;
}

Value Memory::raw(std::int64_t segment, std::uint64_t offset) const {
  const CellArray* cells = locate(segment);
  return cells != nullptr && offset < cells->filled() ? cells->data()[offset] : Value();
}

Value Memory::get(const Value& address) const {
  if (is_cell(address)) return get(address.segment(), static_cast<std::uint64_t>(address.offset()));
  const auto found = elsewhere_.find(address);
  return found == elsewhere_.end() ? Value() : redirect(found->second);
}

Value Memory::read(const Value& address) const {
  const Value value = get(address);
  if (value.is_empty()) fail_unknown(address);
  return value;
}

Felt Memory::read_felt(const Value& address) const {
  const Value value = read(address);
  if (!value.is_felt()) {
    fail(ErrorKind::kPureValue, "Expected an integer at address " + to_string(address) + ". Got: " + to_string(value));
  }
  return value.felt();
}

void Memory::ensure(CellArray& cells, std::uint64_t offset) {
  if (offset < cells.filled()) return;
  if (offset >= cell_limit_ || cells_filled_ + cells.growth(offset) > cell_limit_) {
    fail(ErrorKind::kLimit, "The memory limit of " + std::to_string(cell_limit_) + " cells is reached.");
  }
  cells_filled_ += cells.growth(offset);
  cells.ensure(offset);
}

void Memory::write(const Value& address, const Value& value) {
  Value* cell = nullptr;
  if (is_cell(address)) {
    CellArray* cells = locate(address.segment());
    if (cells == nullptr) fail(ErrorKind::kMemory, "No segment for address " + to_string(address) + ".");
    ensure(*cells, static_cast<std::uint64_t>(address.offset()));
    cell = &cells->data()[address.offset()];
  } else {
    if (elsewhere_.size() >= std::min(cell_limit_ / 16, kMaxElsewhere)) fail(ErrorKind::kLimit, "memory limit");
    cell = &elsewhere_[address];
  }
  if (cell->is_empty()) {
    *cell = value;
  } else if (!(*cell == value)) {
    fail_inconsistent(address, *cell, value);
  }
}

void Memory::load(const Value& address, const Value& value) { write(address, value); }

void Memory::set(const Value& address, const Value& value) {
  SegmentRules* rules = rules_of(*this, address);
  if (rules != nullptr && !is_cell(address)) fail_beyond(address);
  write(address, value);
  if (rules != nullptr) rules->validate(*this, static_cast<std::uint64_t>(address.offset()));
}

Value Memory::deduce(const Value& address) {
  Value value = get(address);
  SegmentRules* rules = rules_of(*this, address);
  if (!value.is_empty() || rules == nullptr || !is_cell(address)) return value;
  value = rules->deduce(*this, static_cast<std::uint64_t>(address.offset()));
  if (!value.is_empty()) set(address, value);
  return value;
}

void Memory::add_relocation_rule(const Value& source, const Value& destination) {
  if (!source.is_pointer() || source.segment() >= 0) {
    fail(ErrorKind::kMemory, "src_ptr.segment_index must be < 0, src_ptr=" + to_string(source) + ".");
  }
  if (source.offset() != 0) fail(ErrorKind::kMemory, "src_ptr.offset must be 0, src_ptr=" + to_string(source) + ".");
  if (rules_.contains(source.segment())) {
    fail(ErrorKind::kMemory,
         "The segment with index " + std::to_string(source.segment()) + " already has a relocation rule.");
  }
  rules_.emplace(source.segment(), destination);
}

Value Memory::redirect_slow(Value value) const {
  for (std::size_t hops = 0; value.is_temporary(); ++hops) {
    const auto rule = rules_.find(value.any_segment());
    if (rule == rules_.end()) break;
    // Rules that lead back to where they start are found by who reads a value that they concern.
    if (hops > rules_.size()) fail(ErrorKind::kMemory, "RecursionError: maximum recursion depth exceeded");
    value = add(rule->second, value.any_offset());
  }
  return value;
}

void Memory::relocate_temporary() {
  if (rules_.empty()) return;
  for (Segment& segment : segments_) {
    Value* cells = segment.cells.data();
    for (std::size_t i = 0; i < segment.cells.filled(); ++i) cells[i] = redirect(cells[i]);
  }
  for (auto& [address, value] : elsewhere_) value = redirect(value);
  for (std::size_t i = 0; i < temporary_.size(); ++i) {
    const Value base = redirect(Value::pointer(-static_cast<std::int64_t>(i) - 1, 0));
    const std::size_t used = temporary_[i].used();
    const bool moves = !base.is_temporary() || base.segment() != -static_cast<std::int64_t>(i) - 1;
    for (std::size_t k = 0; k < used; ++k) {
      const Value value = redirect(temporary_[i].data()[k]);
      if (!moves) temporary_[i].data()[k] = value;
      if (moves && !value.is_empty()) write(add(base, Value::integer(k)), value);
    }
    if (moves) temporary_[i] = CellArray();
  }
  rules_.clear();
}

Value Memory::written_elsewhere() const { return elsewhere_.empty() ? Value() : elsewhere_.begin()->first; }

std::uint64_t Memory::cell_count() const {
  std::uint64_t count = 0;
  for (const Segment& segment : segments_) {
    const Value* cells = segment.cells.data();
    count += static_cast<std::uint64_t>(
        std::count_if(cells, cells + segment.cells.filled(), [](const Value& cell) { return !cell.is_empty(); }));
  }
  return count;
}

}  // namespace asterism::core::cairo
