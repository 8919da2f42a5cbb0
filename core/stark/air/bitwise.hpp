// The bitwise builtin: x, y and their and, xor, or, of 251 bits (whitepaper, 9.13).
//
// A number is the sum of sixteen diluted values: part 4s + b takes every fourth bit from 64s + b on. Adding two diluted
// values part by part carries nothing into the next place: x + y = xor + 2 and. The top parts have fewer bits;
// shifted copies ("trim") show that what is beyond bit 251 is zero.
#pragma once
#include "core/stark/air/evaluation.hpp"

namespace asterism::core::stark {

struct Bitwise {
  static constexpr unsigned kParts = 16;
  // Of x or y = and + xor: parts 12 to 15, shifted so that they still are diluted values when they fit.
  static constexpr std::array<std::uint64_t, 4> kTrimFactors{16, 16, 16, 256};
  MemoryCells pool, x_and_y, x_xor_y, x_or_y;
  VirtualColumn parts;
  std::array<VirtualColumn, 4> trims;
  Domain values, values_but_last_of_four, instances, instances_but_last, first, instance_parts;

  explicit Bitwise(const Binder& b)
      : pool(b.layout.memory_at("bitwise/var_pool")),
        x_and_y(b.layout.memory_at("bitwise/x_and_y")),
        x_xor_y(b.layout.memory_at("bitwise/x_xor_y")),
        x_or_y(b.layout.memory_at("bitwise/x_or_y")),
        parts(b.layout.at("bitwise/diluted_var_pool")),
        trims{b.layout.at("bitwise/trim_unpacking192"), b.layout.at("bitwise/trim_unpacking193"),
              b.layout.at("bitwise/trim_unpacking194"), b.layout.at("bitwise/trim_unpacking195")},
        values(b.rows.every(pool.address.step)),
        values_but_last_of_four(values.but(4 * pool.address.step, 3 * pool.address.step)),
        instances(b.rows.every(4 * pool.address.step)),
        instances_but_last(b.rows.every_but_last(4 * pool.address.step)),
        first(b.rows.first()) {
    instance_parts.included.push_back({4 * pool.address.step, 0, {kParts, parts.step}});
  }

  template <class E>
  void constrain(E& e) const {
    const auto one = e.number(1);
    e.constrain({"bitwise/", "init_var_pool_addr"}, e.at(pool.address, 0) - e.global(Global::bitwise_begin), first);
    e.constrain({"bitwise/", "step_var_pool_addr"}, e.at(pool.address, 1) - (e.at(pool.address, 0) + one),
                values_but_last_of_four);
    e.constrain({"bitwise/", "x_or_y_addr"}, e.at(x_or_y.address, 0) - (e.at(x_xor_y.address, 0) + one), instances);
    e.constrain({"bitwise/", "next_var_pool_addr"}, e.at(pool.address, 4) - (e.at(x_or_y.address, 0) + one),
                instances_but_last);
    typename E::Value sum = e.at(parts, 0);
    for (unsigned i = 1; i < kParts; ++i) sum = sum + e.at(parts, i) * e.constant(kWeights[i]);
    e.constrain({"bitwise/", "partition"}, sum - e.at(pool.value, 0), values);
    e.constrain({"bitwise/", "or_is_and_plus_xor"},
                e.at(x_or_y.value, 0) - (e.at(x_and_y.value, 0) + e.at(x_xor_y.value, 0)), instances);
    const auto both = e.at(parts, 2 * kParts);
    e.constrain({"bitwise/", "addition_is_xor_with_and"},
                e.at(parts, 0) + e.at(parts, kParts) - (e.at(parts, 3 * kParts) + both + both), instance_parts);
    constexpr std::array<std::string_view, 4> kNames{"unique_unpacking192", "unique_unpacking193",
                                                     "unique_unpacking194", "unique_unpacking195"};
    for (unsigned i = 0; i < 4; ++i) {
      const auto top = e.at(parts, 2 * kParts + 12 + i) + e.at(parts, 3 * kParts + 12 + i);
      e.constrain({"bitwise/", kNames[i]}, top * e.number(kTrimFactors[i]) - e.at(trims[i], 0), instances);
    }
  }

  static constexpr unsigned shift(unsigned part) { return 64 * (part / 4) + part % 4; }

 private:
  static constexpr std::array<Felt, kParts> make_weights() {
    std::array<Felt, kParts> out;
    for (unsigned i = 0; i < kParts; ++i) out[i] = Felt::reduce(U256(1) << (64 * (i / 4) + i % 4));
    return out;
  }
  static const std::array<Felt, kParts> kWeights;
};
inline constexpr std::array<Felt, Bitwise::kParts> Bitwise::kWeights = Bitwise::make_weights();

}  // namespace asterism::core::stark
