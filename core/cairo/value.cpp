#include "core/cairo/value.hpp"

#include "core/cairo/fault.hpp"

namespace asterism::core::cairo {

std::strong_ordering compare(const Value& a, const Value& b) {
  if (a.is_felt() != b.is_felt()) return a.is_felt() ? std::strong_ordering::less : std::strong_ordering::greater;
  if (a.is_felt()) return a.felt() <=> b.felt();
  if (a.any_segment() != b.any_segment()) return a.any_segment() <=> b.any_segment();
  if (a.is_pointer() && b.is_pointer() && a.offset() >= 0 && b.offset() >= 0) return a.offset() <=> b.offset();
  return a.any_offset() <=> b.any_offset();
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

namespace {
// What is added to a far offset so that those a little below p, which stand for negative ones, are small too: the sum
// is below 2^251 but for a window that no constant of a program falls into.
constexpr Felt kFarBias = Felt::literal("0x100000000000000000000000000000000000000000000000000");
constexpr std::uint64_t kFarMask = (std::uint64_t{1} << Value::kFarBits) - 1;
constexpr std::int64_t kFarSegments = 20;
constexpr std::int64_t kFarTemporaries = 8;
}  // namespace

std::int64_t Value::any_segment() const {
  if (!is_far()) return segment();
  if (is_temporary()) return -static_cast<std::int64_t>((word(3) - kTemporaryTag) >> kFarBits);
  return static_cast<std::int64_t>((word(3) - kFarTag) >> kFarBits);
}

Felt Value::any_offset() const {
  if (!is_far()) return Felt::from_i64(offset());
  return Felt::reduce(U256({word(0), word(1), word(2), word(3) & kFarMask})) - kFarBias;
}

Value Value::any_pointer(std::int64_t segment, const Felt& offset) {
  std::int64_t near = 0;
  if (as_small(offset, near)) return pointer(segment, near);
  const U256 biased = (offset + kFarBias).to_u256();
  if (segment < -kFarTemporaries || segment >= kFarSegments || biased.limb[3] > kFarMask) {
    fail(ErrorKind::kLimit, "The pointer " + std::to_string(segment) + ":" + offset.to_decimal() +
                                " is beyond what this machine can hold.");
  }
  Words words = biased.limb;
  words[3] += segment < 0 ? kTemporaryTag + (static_cast<std::uint64_t>(-segment) << kFarBits)
                          : kFarTag + (static_cast<std::uint64_t>(segment) << kFarBits);
  return Value(words);
}

Value add(const Value& a, const Value& b) {
  if (a.is_felt() && b.is_felt()) return a.felt() + b.felt();
  if (b.is_felt()) return Value::any_pointer(a.any_segment(), a.any_offset() + b.felt());
  if (a.is_felt()) return Value::any_pointer(b.any_segment(), b.any_offset() + a.felt());
  fail(ErrorKind::kPureValue, "Cannot add two relocatable values: " + to_string(a) + " + " + to_string(b) + ".");
}

Value subtract(const Value& a, const Value& b) {
  if (a.is_felt() && b.is_felt()) return a.felt() - b.felt();
  if (b.is_felt()) return Value::any_pointer(a.any_segment(), a.any_offset() - b.felt());
  if (a.is_felt()) {
    fail(ErrorKind::kPureValue, "unsupported operand type(s) for -: 'int' and 'RelocatableValue'");
  }
  if (a.any_segment() != b.any_segment()) {
    fail(ErrorKind::kPureValue, "Can only subtract two relocatable values of the same segment (" +
                                    std::to_string(a.any_segment()) + " != " + std::to_string(b.any_segment()) + ").");
  }
  return a.any_offset() - b.any_offset();
}

namespace {
// As Python shows a value within a tuple.
std::string repr(const Value& value) {
  if (value.is_felt()) return to_string(value);
  return "RelocatableValue(segment_index=" + std::to_string(value.any_segment()) +
         ", offset=" + value.any_offset().to_decimal() + ")";
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
  return std::to_string(value.any_segment()) + ":" + value.any_offset().to_decimal();
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
