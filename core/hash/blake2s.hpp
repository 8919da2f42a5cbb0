// BLAKE2s-256 (RFC 7693), unkeyed.
#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "core/base/bytes.hpp"
#include "core/hash/felt_rows.hpp"

namespace asterism::core {

inline constexpr std::array<std::uint32_t, 8> kBlake2sInitial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                              0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// One block into `state`: `counter` is the number of message bytes so far, this block's included.
void blake2s_compress(std::array<std::uint32_t, 8>& state, const std::array<std::uint32_t, 16>& message,
                      std::uint64_t counter, bool last);

class Blake2s {
 public:
  Blake2s();
  Blake2s& update(ByteView data);
  Word finish();  // the hasher starts anew afterwards

 private:
  static constexpr std::size_t kBlock = 64;
  void compress(const std::uint8_t* block, bool last);

  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, kBlock> buffer_{};
  std::size_t used_ = 0;
  std::uint64_t counter_ = 0;
};

Word blake2s(ByteView data);

// out[i] is the hash of message i; messages of `length` bytes each follow one another in `data`.
void blake2s_batch(ByteView data, std::size_t length, std::span<Word> out);

// As keccak256_row_pairs.
bool blake2s_row_pairs(const FeltRows& rows, std::span<Word> first, std::span<Word> second);

}  // namespace asterism::core
