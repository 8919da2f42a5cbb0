// Values in the order in which they came, and where each is: open addressing over their positions.
#pragma once
#include <cstdint>
#include <vector>

#include "core/cairo/value.hpp"

namespace asterism::core::cairo::hints {

struct ValueHash {
  std::size_t operator()(const Value& value) const noexcept {
    if (value.is_felt()) return std::hash<Felt>{}(value.felt());
    return std::hash<std::int64_t>{}(value.offset() * 0x10001 + value.segment());
  }
};

class ValueIndex {
 public:
  using Position = std::uint32_t;
  static constexpr Position kNone = UINT32_MAX;

  const std::vector<Value>& values() const { return values_; }
  std::size_t size() const { return values_.size(); }
  Position find(const Value& value) const { return slots_.empty() ? kNone : slots_[slot_of(value)]; }
  // Where the value is; the end, when it is new.
  Position insert(const Value& value) {
    if (2 * (values_.size() + 1) > slots_.size()) grow();
    Position& slot = slots_[slot_of(value)];
    if (slot == kNone) {
      slot = static_cast<Position>(values_.size());
      values_.push_back(value);
    }
    return slot;
  }

 private:
  // The slot that holds the value, or the free one where it belongs.
  std::size_t slot_of(const Value& value) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = ValueHash{}(value)&mask;
    while (slots_[slot] != kNone && !(values_[slots_[slot]] == value)) slot = (slot + 1) & mask;
    return slot;
  }
  void grow() {
    slots_.assign(slots_.empty() ? 16 : 2 * slots_.size(), kNone);
    for (std::size_t i = 0; i < values_.size(); ++i) slots_[slot_of(values_[i])] = static_cast<Position>(i);
  }

  std::vector<Value> values_;
  std::vector<Position> slots_;  // a power of two of them, at most half taken
};

}  // namespace asterism::core::cairo::hints
