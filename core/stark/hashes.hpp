// The hash functions of the proof system, by Stone's names, as one closed set.
//
// A digest is always 32 bytes; a masked one keeps its highest or lowest bytes and has zeros elsewhere. pedersen and
// poseidon3 read bytes as big-endian numbers of 32 bytes each. A felt as bytes is its Montgomery form, big-endian.
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/felt/felt.hpp"
#include "core/hash/felt_rows.hpp"

namespace asterism::core::stark {

enum class HashKind : std::uint8_t {
  keccak256,
  keccak256_masked160_msb,
  keccak256_masked160_lsb,
  blake256,
  blake256_masked160_msb,
  blake256_masked248_lsb,
  pedersen,
  poseidon3,
};

std::optional<HashKind> hash_kind(std::string_view name);
std::string_view hash_name(HashKind kind);

// Bits of collision resistance: half of what the digest keeps.
unsigned collision_bits(HashKind kind);

// Hash of a byte string. For pedersen and poseidon3 its length must be a multiple of 32, and each number is reduced.
Word hash_bytes(HashKind kind, ByteView bytes);
// A node of a Merkle tree.
Word hash_pair(HashKind kind, const Word& left, const Word& right);

// out[i] = hash_bytes(messages[i*length, (i+1)*length)), several at a time where the processor can.
void hash_rows(HashKind kind, ByteView messages, std::size_t length, std::span<Word> out);
// first[i] and second[i] = the hashes of rows rows[i] and rows[i] + 1, at most 64 such pairs.
void hash_row_pairs(HashKind kind, const FeltRows& rows, std::span<Word> first, std::span<Word> second);
// out[i] = hash_pair(nodes[2i], nodes[2i+1]).
void hash_pairs(HashKind kind, std::span<const Word> nodes, std::span<Word> out);

inline Word felt_bytes(const Felt& value) { return U256(value.montgomery()).to_be(); }
inline std::optional<Felt> felt_from_bytes(std::span<const std::uint8_t, 32> bytes) {
  const U256 number = U256::from_be(bytes);
  if (number >= Felt::kModulus) return std::nullopt;
  return Felt::from_montgomery(number.limb);
}
// As felt_bytes, into 32 bytes at `out`.
inline void store_felt(const Felt& value, std::uint8_t* out) {
  const auto& limbs = value.montgomery();
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t word = __builtin_bswap64(limbs[3 - i]);
    __builtin_memcpy(out + 8 * i, &word, 8);
  }
}

}  // namespace asterism::core::stark
