// starkware.cairo.common.builtin_poseidon.
#include "core/cairo/hints/wide.hpp"

namespace asterism::core::cairo::hints {

namespace {
void elements_left(Hint& h, std::int64_t count) {
  const Value end = h.value("elements_end");
  const Value start = h.value("elements");
  if (start.is_felt() && !end.is_felt()) return h.set_ap(true);  // Python orders every pointer behind the integers
  subtract(end, start);                                          // raises where Python does
  const auto number = [](const Value& value) {
    return BigInt::from_felt(value.is_felt() ? value.felt() : value.any_offset());
  };
  h.set_ap(number(end) - number(start) >= BigInt(count));
}
}  // namespace

void poseidon_ten_left(Hint& h) { elements_left(h, 10); }
void poseidon_two_left(Hint& h) { elements_left(h, 2); }
void poseidon_ten_counted(Hint& h) { h.set_ap(!h.below("n", 10)); }
void poseidon_two_counted(Hint& h) { h.set_ap(!h.below("n", 2)); }

}  // namespace asterism::core::cairo::hints
