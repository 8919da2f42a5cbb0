// Keccak-256 as Ethereum uses it (padding 0x01), and what Starknet derives from it.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/felt/felt.hpp"
#include "core/hash/felt_rows.hpp"

namespace asterism::core {

void keccak_f1600(std::array<std::uint64_t, 25>& state);

class Keccak256 {
 public:
  Keccak256& update(ByteView data);
  Word finish();  // the hasher starts anew afterwards

 private:
  static constexpr std::size_t kRate = 136;
  void absorb_block(const std::uint8_t* block);

  std::array<std::uint64_t, 25> state_{};
  std::array<std::uint8_t, kRate> buffer_{};
  std::size_t used_ = 0;
};

Word keccak256(ByteView data);

// out[i] is the hash of message i; messages of `length` bytes each follow one another in `data`.
void keccak256_batch(ByteView data, std::size_t length, std::span<Word> out);

// first[i] and second[i] become the hashes of rows rows[i] and rows[i] + 1 as the bytes of FeltRows. False, and nothing
// done, where the processor does not hash them faster than as bytes, or their number is not a multiple of eight.
bool keccak256_row_pairs(const FeltRows& rows, std::span<Word> first, std::span<Word> second);

// keccak256 modulo 2^250.
Felt starknet_keccak(ByteView data);
// starknet_keccak of an entry point's name; 0 for "__default__" and "__l1_default__".
Felt selector(std::string_view name);

}  // namespace asterism::core
