// What is left of a polynomial modulo x^size - w for several w: openings evaluate it on the blocks of a tree so.
#pragma once
#include <span>
#include <vector>

#include "core/felt/felt.hpp"

namespace asterism::core::stark {

constexpr std::size_t kMostRun = 512;  // coefficients that one table of powers serves

// values[j] becomes the `size` coefficients, in bit-reversed order, of the polynomial modulo x^size - w[j]; its own, a
// power of two of them, are in that order too.
void residues(std::span<const Felt> coefficients, std::span<const Felt> w, std::size_t size,
              std::span<const std::span<Felt>> values);

// The same where w[j] is (offset * g^part[j])^size, g of order n, part[j] < 8: the first three halvings are shared.
// `base` is offset^(n/8); n is at least 8 * size.
void residues_of_parts(std::span<const Felt> coefficients, const Felt& base, std::span<const std::size_t> part,
                       std::span<const Felt> w, std::size_t size, std::span<const std::span<Felt>> values);

}  // namespace asterism::core::stark
