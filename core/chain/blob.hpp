// State data as the blobs of EIP-4844 carry them (starknet-formats.md, "Data availability", 10): the felts are the
// coefficients of a polynomial over the scalar field of BLS12-381, a blob holds its values at the 4096th roots of unity
// in bit-reversed order.
#pragma once
#include <span>

#include "core/base/bytes.hpp"
#include "core/felt/felt.hpp"

namespace asterism::core {

inline constexpr std::size_t kBlobElements = 4096;

// 4096 * 32 bytes, big-endian, for each 4096 felts begun; none for no felts.
std::vector<Bytes> blobs_of(std::span<const Felt> data);

}  // namespace asterism::core
