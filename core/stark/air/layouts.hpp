// The tables of the layouts that Stone proves; one file each in layouts/.
#pragma once
#include <algorithm>
#include <array>

#include "core/stark/air/layout.hpp"

namespace asterism::core::stark {

extern const Layout kPlain;
extern const Layout kSmall;
extern const Layout kDex;
extern const Layout kPerpetual;
extern const Layout kAllSolidity;
extern const Layout kRecursive;
extern const Layout kDexWithBitwise;
extern const Layout kStarknet;
extern const Layout kRecursiveLargeOutput;
extern const Layout kRecursiveWithPoseidon;
extern const Layout kStarknetWithKeccak;
// Stone v1's, where they differ.
extern const Layout kStarknetV1;
extern const Layout kRecursiveLargeOutputV1;

// One table of two.
template <std::size_t N, std::size_t M>
constexpr std::array<NamedCells, N + M> joined(const std::array<NamedCells, N>& a, const std::array<NamedCells, M>& b) {
  std::array<NamedCells, N + M> out{};
  std::copy(b.begin(), b.end(), std::copy(a.begin(), a.end(), out.begin()));
  return out;
}

}  // namespace asterism::core::stark
