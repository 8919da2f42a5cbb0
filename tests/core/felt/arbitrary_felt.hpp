// RapidCheck generators of field elements and 256-bit numbers: the edges as often as the middle.
#pragma once
#include <rapidcheck.h>

#include <array>

#include "core/felt/felt.hpp"

namespace rc {

template <>
struct Arbitrary<asterism::core::U256> {
  static Gen<asterism::core::U256> arbitrary() {
    using asterism::core::U256;
    const auto limb =
        gen::weightedOneOf<std::uint64_t>({{6, gen::resize(kNominalSize, gen::arbitrary<std::uint64_t>())},
                                           {1, gen::just<std::uint64_t>(0)},
                                           {1, gen::just(~std::uint64_t{0})},
                                           {1, gen::inRange<std::uint64_t>(0, 32)}});
    return gen::map(gen::container<std::array<std::uint64_t, 4>>(limb),
                    [](const std::array<std::uint64_t, 4>& limbs) { return U256(limbs); });
  }
};

template <>
struct Arbitrary<asterism::core::Felt> {
  static Gen<asterism::core::Felt> arbitrary() {
    using asterism::core::Felt;
    using asterism::core::U256;
    return gen::weightedOneOf<Felt>(
        {{6, gen::map(gen::arbitrary<U256>(), [](const U256& value) { return Felt::reduce(value); })},
         {1, gen::map(gen::inRange<std::uint64_t>(0, 9), [](std::uint64_t value) { return Felt(value); })},
         {1, gen::map(gen::inRange<std::uint64_t>(0, 9), [](std::uint64_t value) { return -Felt(value); })},
         {1, gen::map(gen::inRange(0U, 252U), [](unsigned bit) { return Felt::reduce(U256(1) << bit); })}});
  }
};

}  // namespace rc

namespace asterism::core {
inline void showValue(const U256& value, std::ostream& os) { os << value.to_hex(); }
inline void showValue(const Felt& value, std::ostream& os) { os << value.to_hex(); }
}  // namespace asterism::core
