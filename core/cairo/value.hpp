// What a memory cell of the Cairo machine holds: a field element, a pointer `segment:offset`, or nothing yet.
//
// One 32-byte word. A felt is its Montgomery form, whose highest limb is below 2^60; pointers and emptiness are told by
// the top bits of that limb, so that a felt can be used in place. Offsets are signed: -k stands for p - k, which is
// what pointer arithmetic modulo p makes of a small step below the start of a segment. An offset farther from zero than
// 2^62 makes a far pointer, which nothing useful computes but the official runner carries on with: the offset in 251
// bits, the segment (-8 to 19) in the bits above; is_pointer() is false for it.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "core/felt/felt.hpp"

namespace asterism::core::cairo {

class alignas(32) Value {
 public:
  // The highest limb, in ascending order: felts, pointers, empty, far pointers, temporary ones, far temporary ones.
  static constexpr unsigned kFarBits = 59;  // of a far offset in that limb; the bits above say which segment
  static constexpr std::uint64_t kPointerTag = std::uint64_t{1} << 60;
  static constexpr std::uint64_t kEmptyTag = kPointerTag + 1;
  static constexpr std::uint64_t kFarTag = std::uint64_t{3} << kFarBits;
  static constexpr std::uint64_t kTemporaryTag = std::uint64_t{23} << kFarBits;

  static constexpr std::int64_t kNear = std::int64_t{1} << 62;

  constexpr Value() : Value(Words{0, 0, 0, kEmptyTag}) {}
  constexpr Value(const Felt& felt) : felt_(felt) {}
  static constexpr Value integer(std::uint64_t number) { return Value(Felt(number)); }
  static constexpr Value pointer(std::int64_t segment, std::int64_t offset) {
    return Value(Words{static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(segment), 0,
                       segment < 0 ? kTemporaryTag : kPointerTag});
  }

  constexpr bool is_felt() const { return word(3) < kPointerTag; }
  constexpr bool is_pointer() const { return word(3) == kPointerTag || word(3) == kTemporaryTag; }
  // A felt or a pointer into a real segment: what most cells hold, told by one comparison.
  constexpr bool is_plain() const { return word(3) <= kPointerTag; }
  constexpr bool is_real_pointer() const { return word(3) == kPointerTag; }
  constexpr bool is_empty() const { return word(3) == kEmptyTag; }
  constexpr bool is_far() const { return word(3) > kEmptyTag && word(3) != kTemporaryTag; }
  constexpr bool is_zero() const { return (word(0) | word(1) | word(2) | word(3)) == 0; }

  constexpr const Felt& felt() const { return felt_; }
  constexpr std::int64_t segment() const { return static_cast<std::int64_t>(word(1)); }
  constexpr std::int64_t offset() const { return static_cast<std::int64_t>(word(0)); }
  // Of pointers, near or far.
  std::int64_t any_segment() const;
  Felt any_offset() const;
  // segment:offset for any offset; Fault kLimit for a far one that has no representation.
  static Value any_pointer(std::int64_t segment, const Felt& offset);
  // A pointer into a temporary segment: reading it may mean another address.
  constexpr bool is_temporary() const { return word(3) >= kTemporaryTag; }

  constexpr bool operator==(const Value& other) const {
    return ((word(0) ^ other.word(0)) | (word(1) ^ other.word(1)) | (word(2) ^ other.word(2)) |
            (word(3) ^ other.word(3))) == 0;
  }

 private:
  using Words = Felt::Limbs;
  constexpr explicit Value(const Words& words) : felt_(Felt::from_montgomery(words)) {}
  constexpr std::uint64_t word(std::size_t i) const { return felt_.montgomery()[i]; }

  Felt felt_;  // or words that are none: see the tags. Not copied to be read: its words may be on their way to memory
};
static_assert(sizeof(Value) == 32);

// Felts before pointers; felts by standard value, pointers by segment and offset: the official runner's order.
std::strong_ordering compare(const Value& a, const Value& b);

// The machine's arithmetic (a Fault where the official runner raises).
Value add(const Value& a, const Value& b);
Value subtract(const Value& a, const Value& b);
Value multiply(const Value& a, const Value& b);

// The offset of pointer + n; false when the sum is a far pointer.
inline bool near_offset(const Value& pointer, std::int64_t distance, std::int64_t& offset) {
  return !__builtin_add_overflow(pointer.offset(), distance, &offset) && offset > -Value::kNear &&
         offset < Value::kNear;
}
// base + n. The base may be any value but an empty one: addresses are computed before anybody asks whether they are
// any.
inline Value advance(const Value& base, std::int64_t distance) {
  std::int64_t offset = 0;
  if (!base.is_pointer() || !near_offset(base, distance, offset)) [[unlikely]] {
    return add(base, Value(Felt::from_i64(distance)));
  }
  return Value::pointer(base.segment(), offset);
}
// The signed number near zero that a felt stands for, if it fits 63 bits.
bool as_small(const Felt& felt, std::int64_t& number);

// "17" or "3:25", as messages show values.
std::string to_string(const Value& value);

}  // namespace asterism::core::cairo
