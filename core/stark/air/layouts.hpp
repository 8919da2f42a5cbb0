// The tables of the layouts that Stone proves; one file each in layouts/.
#pragma once
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

}  // namespace asterism::core::stark
