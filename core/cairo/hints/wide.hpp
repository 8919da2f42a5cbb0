// Structs of limbs as one number: Uint256 (low, high), BigInt3 (d0, d1, d2) and their relatives.
#pragma once
#include <string>
#include <string_view>

#include "core/cairo/hint.hpp"

namespace asterism::core::cairo::hints {

// low + high * 2^128
BigInt uint256(Hint& h, const std::string& id);
void set_uint256(Hint& h, const std::string& id, const BigInt& number);  // high is what is left above 128 bits
// d0 + d1 * 2^128 + ..., `limbs` of them
BigInt limbs128(Hint& h, const std::string& id, unsigned limbs);
void set_limbs128(Hint& h, const std::string& id, const BigInt& number, unsigned limbs);  // cut to `limbs`
// starkware's secp_utils.pack: signed limbs of 86 bits, and split, its inverse
BigInt pack(Hint& h, const std::string& id);
BigInt pack_unsigned(Hint& h, const std::string& id);
void write_split(Hint& h, const Value& address, BigInt number);  // AssertionError beyond 258 bits

inline BigInt mask(unsigned bits) { return BigInt::power_of_two(bits) - BigInt(1); }

}  // namespace asterism::core::cairo::hints
