// The Pedersen hash of Starknet: x of shift + a_low P1 + a_high P2 + b_low P3 + b_high P4, low being 248 bits.
//
// Tables of odd multiples of P1 and P3 are made at first use (thread-safe, milliseconds) and live as long as the
// process. A batch costs several times less per hash than single calls: hash a whole level of a trie in one.
#pragma once
#include <span>
#include <utility>

#include "core/felt/felt.hpp"

namespace asterism::core {

Felt pedersen(const Felt& a, const Felt& b);
// out[i] = pedersen(in[i].first, in[i].second); the spans have the same length.
void pedersen_batch(std::span<const std::pair<Felt, Felt>> in, std::span<Felt> out);
// HE(x1..xn) = H(..H(H(0, x1), x2).., n): starts with 0, ends with the count.
Felt pedersen_array(std::span<const Felt> values);

}  // namespace asterism::core
