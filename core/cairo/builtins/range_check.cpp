#include "core/cairo/bigint.hpp"
#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

namespace {
// Every cell is below 2^(16 * parts): 2^128 for range_check, 2^96 for range_check96.
class RangeCheckBuiltin : public Builtin {
 public:
  using Builtin::Builtin;
  void validate(Memory& memory, std::uint64_t offset) override {
    const Value value = memory.get(segment, offset);
    if (!value.is_felt()) {
      fail(ErrorKind::kBuiltin, "Range-check builtin: Expected value at address " + to_string(cell(offset)) +
                                    " to be an integer. Got: " + to_string(value) + ".");
    }
    const unsigned bits = 16 * row().range_check_parts;
    if (value.felt().to_u256().bit_length() > bits) {
      fail(ErrorKind::kBuiltin, "Value " + to_string(value) + ", in range check builtin " + std::to_string(offset) +
                                    ", is out of range [0, " + BigInt::power_of_two(bits).to_decimal() + ").");
    }
  }
};
}  // namespace

std::unique_ptr<Builtin> make_range_check(const BuiltinRow& row) { return std::make_unique<RangeCheckBuiltin>(row); }

}  // namespace asterism::core::cairo
