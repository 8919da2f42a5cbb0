// ECDSA over the STARK curve, as Starknet accounts use it: a public key is an x, and both of its points count.
//
// Signatures are deterministic (HMAC-SHA256 of key and message, RFC 6979 with Starknet's 252-bit cut) and equal those
// of starknet.js bit for bit. sign and public_key are constant time in the key and wipe what they derived from it.
#pragma once
#include "core/curve/stark_curve.hpp"
#include "core/felt/felt.hpp"

namespace asterism::core {

struct Signature {
  Felt r;
  Felt s;
  bool operator==(const Signature&) const = default;
};

// A private key is a number from 1 to N - 1; the functions below abort on any other.
bool valid_private_key(const Felt& key);
AffinePoint public_key(const Felt& private_key);
Signature sign(const Felt& private_key, const Felt& message_hash);

// False too for r or s outside 1 .. N - 1 and for a public key that is no x of the curve.
bool verify(const Felt& public_x, const Felt& message_hash, const Signature& signature);

}  // namespace asterism::core
