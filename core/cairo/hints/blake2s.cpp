// starkware.cairo.common.cairo_blake2s, and the versions of it that programs carry.
#include "core/hash/blake2s.hpp"

#include <algorithm>

#include "core/cairo/hints/hash_words.hpp"
#include "core/hash/blake2s_constants.hpp"

namespace asterism::core::cairo::hints {

namespace {

using Blake2sState = std::array<std::uint32_t, 8>;

// The parameter block of an unkeyed 32-byte hash is part of the first state.
Blake2sState initial_state() {
  Blake2sState state = kBlake2sInitial;
  state[0] ^= 0x01010020;
  return state;
}
Block read_block(Hint& h, const Value& address) {
  Block out{};
  (void)narrow(read_wide<16>(h, address), out);  // words are only ever added modulo 2^32
  return out;
}
void compress(Blake2sState& state, const Block& message, std::uint64_t counter, bool last) {
  blake2s_compress(state, message, counter & UINT32_MAX, last);
}
// BLAKE2s as Python computes it for words of any width: those of the second row keep their high bits.
std::array<U256, 8> compress_wide(const std::array<U256, 8>& state, const Block& message, std::uint32_t counter,
                                  std::uint32_t flag) {
  std::array<std::uint32_t, 16> v{};
  std::array<U256, 4> second{state[4], state[5], state[6], state[7]};
  for (std::size_t i = 0; i < 4; ++i) v[i] = low32(state[i]);
  std::copy(kBlake2sInitial.begin(), kBlake2sInitial.end(), v.begin() + 8);
  v[12] ^= counter;
  v[14] ^= flag;
  const auto half = [&](std::size_t a, U256& b, std::size_t c, std::size_t d, std::uint32_t word, bool first) {
    v[a] += low32(b) + word;
    v[d] = std::rotr(v[d] ^ v[a], first ? 16 : 8);
    v[c] += v[d];
    b.limb[0] ^= v[c];
    b = rotate(b, first ? 12 : 7);
  };
  for (const auto& order : kBlake2sPermutations) {
    for (std::size_t i = 0; i < 8; ++i) {
      const std::size_t shift = i / 4;  // columns, then diagonals
      const std::size_t k = i % 4;
      for (const bool first : {true, false}) {
        half(k, second[(k + shift) % 4], 8 + (k + 2 * shift) % 4, 12 + (k + 3 * shift) % 4,
             message[order[2 * i + (first ? 0 : 1)]], first);
      }
    }
  }
  std::array<U256, 8> out = state;
  for (std::size_t i = 0; i < 4; ++i) {
    out[i].limb[0] ^= v[i] ^ v[8 + i];
    out[4 + i].limb[0] ^= v[12 + i];
    for (std::size_t word = 0; word < 4; ++word) out[4 + i].limb[word] ^= second[i].limb[word];
  }
  return out;
}
void finalize_blake2s(Hint& h, std::string_view size_name, bool state_first) {
  const std::uint64_t instances = h.small("N_PACKED_INSTANCES", 20);
  const std::uint64_t size = h.small(size_name, 100);
  const Block message{};
  if (size < message.size()) raise("IndexError: list index out of range");
  const Blake2sState state = initial_state();
  Blake2sState output = state;
  compress(output, message, 0, true);
  Numbers block;
  if (state_first) append(block, state);
  block.resize(block.size() + size, BigInt(0));
  if (!state_first) append(block, state);
  block.push_back(BigInt(0));
  block.push_back(BigInt::from_u64(UINT32_MAX));
  append(block, output);
  write_repeated(h, "blake2s_ptr_end", block, instances == 0 ? 0 : instances - 1);
}
void write_words(Hint& h, std::string_view first, std::string_view second, bool big_endian) {
  const Value data = h.value("data");
  for (int half = 0; half < 2; ++half) {
    const BigInt number = h.integer(half == 0 ? first : second);
    Numbers words;
    for (unsigned i = 0; i < 4; ++i) words.push_back((number >> (32 * (big_endian ? 3 - i : i))) & mask(32));
    h.write_arg(advance(data, 4 * half), words);
  }
}

}  // namespace

void blake2s_compute(Hint& h) {
  const Value output = h.value("output");
  const std::array<U256, 8> wide = read_wide<8>(h, advance(output, -26));
  const Block message = read_block(h, advance(output, -18));
  const auto counter = low32(h.read_integer(advance(output, -2)).to_u256());
  const auto flag = low32(h.read_integer(advance(output, -1)).to_u256());
  Blake2sState state{};
  Numbers out;
  if (narrow(wide, state) && (flag == 0 || flag == UINT32_MAX)) {
    compress(state, message, counter, flag != 0);
    append(out, state);
  } else {
    for (const U256& word : compress_wide(wide, message, counter, flag)) out.push_back(BigInt::from_u256(word));
  }
  h.write_arg(output, out);
}
void blake2s_add_uint256(Hint& h) { write_words(h, "low", "high", false); }
void blake2s_add_uint256_bigend(Hint& h) { write_words(h, "high", "low", true); }
void blake2s_finalize(Hint& h) { finalize_blake2s(h, "INPUT_BLOCK_FELTS", true); }
void blake2s_finalize_v1(Hint& h) { finalize_blake2s(h, "BLAKE2S_INPUT_CHUNK_SIZE_FELTS", false); }
void blake2s_finalize_v2(Hint& h) { finalize_blake2s(h, "BLAKE2S_INPUT_CHUNK_SIZE_FELTS", true); }
void blake2s_single(Hint& h) {
  require(h.small("BLAKE2S_INPUT_CHUNK_SIZE_FELTS", 100) == 16);
  Blake2sState state = initial_state();
  compress(state, read_block(h, h.value("blake2s_start")), low32(h.integer("n_bytes").to_u256()), true);
  Numbers out;
  append(out, state);
  h.write_arg(h.value("output"), out);
}
// Felts below 2^63 become two words, others eight with the top bit set.
void blake2s_encode_felts(Hint& h) {
  const BigInt length = h.integer("packed_values_len");
  if (!length.fits_u64()) raise("OverflowError: packed_values_len");
  const Value packed = h.value("packed_values");
  const Value unpacked = h.value("unpacked_u32s");
  std::int64_t offset = 0;
  for (std::uint64_t i = 0; i < length.low64(); ++i) {
    BigInt value = h.read_integer(advance(packed, static_cast<std::int64_t>(i)));
    const bool small = value < BigInt::power_of_two(63);
    const std::int64_t words = small ? 2 : 8;
    if (!small) value = value + BigInt::power_of_two(255);
    for (std::int64_t k = words; k-- > 0;) {
      h.set_memory(advance(unpacked, offset + k), Value((value & mask(32)).to_felt()));
      value = value >> 32;
    }
    offset += words;
  }
}
void blake2s_next_is_small(Hint& h) {
  const Value at = h.value("packed_values");
  if (h.value("end") == at) {
    h.set_ap(false);
    return;
  }
  const Value next = h.read(at);
  h.set_ap(next.is_felt() && BigInt::from_felt(next.felt()) < BigInt::power_of_two(63));
}

}  // namespace asterism::core::cairo::hints
