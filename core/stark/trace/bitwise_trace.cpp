#include "core/stark/trace/components.hpp"

namespace asterism::core::stark {
namespace {

constexpr unsigned kParts = Bitwise::kParts;
constexpr std::uint64_t kEveryFourth = 0x1111111111111111ULL;
constexpr unsigned kBits = 251;

std::uint64_t part(const U256& value, unsigned i) { return value.bits(Bitwise::shift(i), 64) & kEveryFourth; }

}  // namespace

Expected<void> write_bitwise(Trace& trace, std::uint64_t begin, std::span<const Instance<2>> inputs) {
  const Layout& layout = trace.layout();
  const MemoryCells pool = layout.memory_at("bitwise/var_pool");
  const MemoryCells x_or_y = layout.memory_at("bitwise/x_or_y");
  const VirtualColumn parts = layout.at("bitwise/diluted_var_pool");
  const std::array trims{layout.at("bitwise/trim_unpacking192"), layout.at("bitwise/trim_unpacking193"),
                         layout.at("bitwise/trim_unpacking194"), layout.at("bitwise/trim_unpacking195")};
  const std::uint64_t count = trace.rows() / layout.instance_rows("bitwise");
  return for_each_instance(count, inputs, {}, [&](std::uint64_t i, const auto& input) -> Expected<void> {
    const U256 x = input[0].to_u256(), y = input[1].to_u256();
    if (x.bit_length() > kBits || y.bit_length() > kBits)
      return fail(Error::bad_trace, "a bitwise input of more than 251 bits");
    std::array<U256, 4> values{x, y};  // x, y, and, xor
    U256 either;
    for (std::size_t k = 0; k < 4; ++k) {
      values[2].limb[k] = x.limb[k] & y.limb[k];
      values[3].limb[k] = x.limb[k] ^ y.limb[k];
      either.limb[k] = x.limb[k] | y.limb[k];
    }
    for (unsigned k = 0; k < 4; ++k) {
      trace.set_memory(pool, 4 * i + k, begin + 5 * i + k, Felt::reduce(values[k]));
      for (unsigned j = 0; j < kParts; ++j) trace.set_diluted(parts, (4 * i + k) * kParts + j, part(values[k], j));
    }
    trace.set_memory(x_or_y, i, begin + 5 * i + 4, Felt::reduce(either));
    for (unsigned k = 0; k < 4; ++k) trace.set_diluted(trims[k], i, part(either, 12 + k) * Bitwise::kTrimFactors[k]);
    return {};
  });
}

}  // namespace asterism::core::stark
