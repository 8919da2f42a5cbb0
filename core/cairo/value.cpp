#include "core/cairo/value.hpp"

#include "core/cairo/fault.hpp"

namespace asterism::core::cairo {

std::strong_ordering compare(const Value& a, const Value& b) {
  if (a.is_felt() != b.is_felt()) return a.is_felt() ? std::strong_ordering::less : std::strong_ordering::greater;
  if (a.is_felt()) return a.felt() <=> b.felt();
  if (a.segment() != b.segment()) return a.segment() <=> b.segment();
  return a.offset() <=> b.offset();
}

bool as_small(const Felt& felt, std::int64_t& number) {
  if (const auto low = felt.to_u64(); low && *low < (std::uint64_t{1} << 62)) {
    number = static_cast<std::int64_t>(*low);
    return true;
  }
  if (const auto low = (-felt).to_u64(); low && *low < (std::uint64_t{1} << 62)) {
    number = -static_cast<std::int64_t>(*low);
    return true;
  }
  return false;
}

void fail_offset(const Value& pointer) {
  fail(ErrorKind::kSecurity, "Invalid memory value: the offset of " + to_string(pointer) + " leaves 64 bits.");
}

namespace {
Value advance(const Value& pointer, const Felt& distance) {
  std::int64_t number = 0;
  if (!as_small(distance, number)) {
    fail(ErrorKind::kSecurity,
         "Invalid memory value: " + to_string(pointer) + " + " + distance.to_decimal() + " leaves 64 bits.");
  }
  return cairo::advance(pointer, number);
}
}  // namespace

Value add(const Value& a, const Value& b) {
  if (a.is_felt() && b.is_felt()) return a.felt() + b.felt();
  if (a.is_pointer() && b.is_felt()) return advance(a, b.felt());
  if (a.is_felt() && b.is_pointer()) return advance(b, a.felt());
  fail(ErrorKind::kPureValue, "Cannot add two relocatable values: " + to_string(a) + " + " + to_string(b) + ".");
}

Value subtract(const Value& a, const Value& b) {
  if (a.is_felt() && b.is_felt()) return a.felt() - b.felt();
  if (a.is_pointer() && b.is_felt()) return advance(a, -b.felt());
  if (a.is_felt()) {
    fail(ErrorKind::kPureValue, "unsupported operand type(s) for -: 'int' and 'RelocatableValue'");
  }
  if (a.segment() != b.segment()) {
    fail(ErrorKind::kPureValue, "Can only subtract two relocatable values of the same segment (" +
                                    std::to_string(a.segment()) + " != " + std::to_string(b.segment()) + ").");
  }
  return Felt::from_i64(a.offset()) - Felt::from_i64(b.offset());
}

namespace {
// As Python shows a value within a tuple.
std::string repr(const Value& value) {
  if (!value.is_pointer()) return to_string(value);
  return "RelocatableValue(segment_index=" + std::to_string(value.segment()) +
         ", offset=" + std::to_string(value.offset()) + ")";
}
}  // namespace

Value multiply(const Value& a, const Value& b) {
  if (a.is_felt() && b.is_felt()) return a.felt() * b.felt();
  fail(ErrorKind::kPureValue,
       "Could not complete computation * of non pure values: (" + repr(a) + ", " + repr(b) + ").");
}

std::string to_string(const Value& value) {
  if (value.is_empty()) return "?";
  if (value.is_felt()) return value.felt().to_decimal();
  std::string offset =
      value.offset() >= 0 ? std::to_string(value.offset()) : Felt::from_i64(value.offset()).to_decimal();
  return std::to_string(value.segment()) + ":" + offset;
}

void fail(ErrorKind kind, std::string message) { throw Fault{.kind = kind, .message = std::move(message)}; }

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kProgram:
      return "program";
    case ErrorKind::kUsage:
      return "usage";
    case ErrorKind::kInstruction:
      return "instruction";
    case ErrorKind::kMemory:
      return "memory";
    case ErrorKind::kPureValue:
      return "pure value";
    case ErrorKind::kAssertEq:
      return "assert_eq";
    case ErrorKind::kHint:
      return "hint";
    case ErrorKind::kUnknownHint:
      return "unknown hint";
    case ErrorKind::kBuiltin:
      return "builtin";
    case ErrorKind::kSecurity:
      return "security";
    case ErrorKind::kResources:
      return "resources";
    case ErrorKind::kLimit:
      return "limit";
    case ErrorKind::kCancelled:
      return "cancelled";
    case ErrorKind::kFinal:
      return "end of run";
  }
  return "unknown";
}

}  // namespace asterism::core::cairo
