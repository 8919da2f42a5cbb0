#include "core/stark/trace/components.hpp"

namespace asterism::core::stark {
namespace {

constexpr unsigned kParts = RangeCheckBuiltin::kParts;
constexpr unsigned kPartBits = 16;

}  // namespace

Expected<void> write_range_check(Trace& trace, std::uint64_t begin, std::span<const Instance<1>> inputs) {
  const Layout& layout = trace.layout();
  const MemoryCells memory = layout.memory_at("range_check_builtin/mem");
  const VirtualColumn parts = layout.at("range_check_builtin/inner_range_check");
  const std::uint64_t count = trace.rows() / memory.address.step;
  for (const Instance<1>& instance : inputs) {
    if (instance.index >= count) return fail(Error::no_room, "for range check " + std::to_string(instance.index));
    const U256 value = instance.input[0].to_u256();
    if (value.bit_length() > kParts * kPartBits) return fail(Error::bad_trace, "a range check of more than 128 bits");
    for (unsigned i = 0; i < kParts; ++i) {
      trace.set_range_check(parts, instance.index * kParts + i, value.bits(kPartBits * (kParts - 1 - i), kPartBits));
    }
    trace.set_memory(memory, instance.index, begin + instance.index, instance.input[0]);
  }
  return {};
}

void finish_range_check(Trace& trace, std::uint64_t begin, std::span<const Instance<1>> inputs) {
  const Layout& layout = trace.layout();
  const MemoryCells memory = layout.memory_at("range_check_builtin/mem");
  const VirtualColumn parts = layout.at("range_check_builtin/inner_range_check");
  std::vector<bool> used(trace.rows() / memory.address.step);
  for (const Instance<1>& instance : inputs) used[instance.index] = true;
  const ValuePool& pool = trace.range_check();
  for (std::uint64_t i = 0; i < used.size(); ++i) {
    if (used[i]) continue;
    Felt value;
    for (unsigned part = 0; part < kParts; ++part) {
      value = value * Felt(1 << kPartBits) + Felt(pool.value(pool.entry_of_row(parts.row(i * kParts + part))));
    }
    trace.set_memory(memory, i, begin + i, value);
  }
}

}  // namespace asterism::core::stark
