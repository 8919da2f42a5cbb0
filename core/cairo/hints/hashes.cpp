// starkware.cairo.common: cairo_blake2s, cairo_sha256, cairo_keccak, keccak, keccak_utils, builtin_keccak,
// builtin_poseidon; and the versions of them that programs carry.
#include <algorithm>

#include "core/cairo/hints/wide.hpp"
#include "core/hash/blake2s.hpp"
#include "core/hash/blake2s_constants.hpp"
#include "core/hash/keccak.hpp"

namespace asterism::core::cairo::hints {

namespace {

using Numbers = std::vector<BigInt>;

std::uint64_t word64(const BigInt& number) {
  if (!number.fits_u64()) raise("OverflowError: expected a 64-bit word");
  return number.low64();
}

template <class Words>
void append(Numbers& out, const Words& words) {
  for (const auto word : words) out.push_back(BigInt::from_u64(word));
}
void write_repeated(Hint& h, std::string_view id, const Numbers& block, std::uint64_t times) {
  Numbers out;
  for (std::uint64_t i = 0; i < times; ++i) out.insert(out.end(), block.begin(), block.end());
  h.write_arg(h.value(id), out);
}

// Python's integers have no width: the low bits of (value >> n) | (value << (32 - n)) are a rotation only of 32-bit
// words.
std::uint32_t low32(const U256& value) { return static_cast<std::uint32_t>(value.limb[0]); }
U256 rotate(const U256& value, unsigned count) {
  U256 out = value >> count;
  out.limb[0] |= (value.limb[0] & ((1U << count) - 1)) << (32 - count);
  return out;
}
template <std::size_t N>
std::array<U256, N> read_wide(Hint& h, const Value& address) {
  std::array<U256, N> out{};
  for (std::size_t i = 0; i < N; ++i) {
    out[i] = h.read_integer(advance(address, static_cast<std::int64_t>(i))).to_u256();
  }
  return out;
}
// The low words of `wide`; false when one of them has more.
template <std::size_t N>
bool narrow(const std::array<U256, N>& wide, std::array<std::uint32_t, N>& out) {
  bool all = true;
  for (std::size_t i = 0; i < N; ++i) {
    out[i] = low32(wide[i]);
    all = all && wide[i].bit_length() <= 32;
  }
  return all;
}

// --- BLAKE2s

using Blake2sState = std::array<std::uint32_t, 8>;
using Block = std::array<std::uint32_t, 16>;

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

// --- SHA-256 (FIPS 180-4), the bare compression function

namespace {

constexpr std::array<std::uint32_t, 8> kSha256Initial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr std::array<std::uint32_t, 64> kSha256Rounds{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

std::uint32_t rotated(std::uint32_t value, int count) { return std::rotr(value, count); }
std::uint32_t rotated(const U256& value, int count) { return low32(rotate(value, static_cast<unsigned>(count))); }
std::uint32_t shifted(std::uint32_t value, unsigned count) { return value >> count; }
std::uint32_t shifted(const U256& value, unsigned count) { return low32(value >> count); }
std::uint32_t low32(std::uint32_t value) { return value; }

// Word is std::uint32_t, or U256 for words that are wider than the function's.
template <class Word>
std::array<std::uint32_t, 8> sha256_compress(std::array<Word, 8> v, const std::array<Word, 16>& message) {
  const std::array<Word, 8> state = v;
  std::array<Word, 64> w{};
  std::copy(message.begin(), message.end(), w.begin());
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ shifted(w[i - 15], 3);
    const std::uint32_t s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ shifted(w[i - 2], 10);
    w[i] = Word(low32(w[i - 16]) + s0 + low32(w[i - 7]) + s1);
  }
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t a = low32(v[0]), b = low32(v[1]), c = low32(v[2]);
    const std::uint32_t e = low32(v[4]), f = low32(v[5]), g = low32(v[6]);
    const std::uint32_t s1 = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25);
    const std::uint32_t t1 = low32(v[7]) + s1 + ((e & f) ^ (~e & g)) + kSha256Rounds[i] + low32(w[i]);
    const std::uint32_t s0 = rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22);
    const std::uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    std::shift_right(v.begin(), v.end(), 1);
    v[4] = Word(low32(v[4]) + t1);
    v[0] = Word(t1 + t2);
  }
  std::array<std::uint32_t, 8> out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = low32(state[i]) + low32(v[i]);
  return out;
}

void sha256_write(Hint& h, const std::array<U256, 8>& wide_state) {
  require(h.small("SHA256_INPUT_CHUNK_SIZE_FELTS", 100) == 16);
  const auto wide_message = read_wide<16>(h, h.value("sha256_start"));
  std::array<std::uint32_t, 8> state{};
  Block message{};
  const bool usual = narrow(wide_state, state) && narrow(wide_message, message);
  Numbers out;
  append(out, usual ? sha256_compress(state, message) : sha256_compress(wide_state, wide_message));
  h.write_arg(h.value("output"), out);
}
void sha256_pad(Hint& h, std::uint64_t blocks) {
  require(h.small("SHA256_INPUT_CHUNK_SIZE_FELTS", 100) == 16);
  Numbers block;
  append(block, Block{});
  append(block, kSha256Initial);
  append(block, sha256_compress(kSha256Initial, Block{}));
  write_repeated(h, "sha256_ptr_end", block, blocks);
}

}  // namespace

void sha256_first_chunk(Hint& h) {
  std::array<U256, 8> initial{};
  for (std::size_t i = 0; i < initial.size(); ++i) initial[i] = U256(kSha256Initial[i]);
  sha256_write(h, initial);
}
void sha256_chunk(Hint& h) {
  require(h.small("SHA256_STATE_SIZE_FELTS", 100) == 8);
  sha256_write(h, read_wide<8>(h, h.value("state")));
}
void sha256_finalize(Hint& h) {
  const std::uint64_t size = h.small("BLOCK_SIZE", 20);
  sha256_pad(h, size == 0 ? 0 : size - 1);
}
void sha256_finalize_batch(Hint& h) {
  const BigInt missing = (-h.integer("n")) % h.integer("BATCH_SIZE");
  require(missing < BigInt(20));
  sha256_pad(h, missing.low64());
}

// --- Keccak

namespace {

Numbers keccak_func(const Numbers& values) {
  if (values.size() != 25) raise("IndexError: list index out of range");
  std::array<std::uint64_t, 25> state{};
  for (std::size_t i = 0; i < 25; ++i) state[i] = word64(values[i]);
  keccak_f1600(state);
  Numbers out;
  append(out, state);
  return out;
}
Numbers keccak_of_memory(Hint& h, const Value& address, std::uint64_t size) {
  Numbers values;
  for (std::uint64_t i = 0; i < size; ++i)
    values.push_back(h.read_integer(advance(address, static_cast<std::int64_t>(i))));
  return keccak_func(values);
}
void finalize_keccak(Hint& h, std::uint64_t most_blocks) {
  const std::uint64_t size = h.small("KECCAK_STATE_SIZE_FELTS", 100);
  const std::uint64_t blocks = h.small("BLOCK_SIZE", most_blocks);
  h.raw("keccak_func");
  Numbers block(size, BigInt(0));
  const Numbers output = keccak_func(block);
  block.insert(block.end(), output.begin(), output.end());
  write_repeated(h, "keccak_ptr_end", block, blocks);
}
void append_big_endian(Bytes& out, const BigInt& word, std::size_t bytes) {
  if (word.bit_length() > 8 * bytes) raise("OverflowError: int too big to convert");
  const Word be = word.to_u256().to_be();
  out.insert(out.end(), be.end() - static_cast<std::ptrdiff_t>(bytes), be.end());
}
void set_digest(Hint& h, const Bytes& input) {
  const BigInt digest = BigInt::from_u256(U256::from_be(keccak256(input)));
  h.set("high", digest >> 128);
  h.set("low", digest & mask(128));
}
void set_divmod(Hint& h, const std::string& high, const std::string& low, const BigInt& number, const BigInt& divisor) {
  const auto [quotient, rest] = BigInt::divmod(number, divisor);
  h.set(high, quotient);
  h.set(low, rest);
}
// high3, low3 = divmod(memory[array + 3], 256), and so on.
void split_word(Hint& h, std::string_view array, unsigned index, unsigned bytes) {
  const std::string number = std::to_string(index);
  set_divmod(h, "high" + number, "low" + number, h.read_integer(advance(h.value(array), index)),
             BigInt::power_of_two(8 * bytes));
}

}  // namespace

void keccak_block_permutation(Hint& h) {
  const std::uint64_t size = h.small("KECCAK_STATE_SIZE_FELTS", 100);
  h.define("keccak_func");
  const Value pointer = h.value("keccak_ptr");
  h.write_arg(pointer, keccak_of_memory(h, advance(pointer, -static_cast<std::int64_t>(size)), size));
}
void keccak_block_permutation_start(Hint& h) {
  const std::uint64_t size = h.small("KECCAK_STATE_SIZE_FELTS", 100);
  h.define("keccak_func");
  h.write_arg(h.value("output"), keccak_of_memory(h, h.value("keccak_ptr_start"), size));
}
void keccak_finalize(Hint& h) { finalize_keccak(h, 10); }
void keccak_finalize_wide(Hint& h) { finalize_keccak(h, 1000); }
void keccak_less_than_word(Hint& h) { h.set_ap(h.below("n_bytes", h.integer("BYTES_IN_WORD"))); }
void keccak_full_rate(Hint& h) { h.set_ap(!h.below("n_bytes", h.integer("KECCAK_FULL_RATE_IN_BYTES"))); }
void keccak_words_left(Hint& h) {
  set_divmod(h, "n_words_to_copy", "n_bytes_left", h.integer("n_bytes"), h.integer("BYTES_IN_WORD"));
}
void keccak_output0(Hint& h) {
  h.set("output0_low", h.integer("output0") & mask(128));
  h.set("output0_high", h.integer("output0") >> 128);
}
void keccak_output1(Hint& h) {
  const auto [rest, low] = BigInt::divmod(h.integer("output1"), BigInt::power_of_two(56));
  h.let("tmp", rest);
  h.set("output1_low", low);
  h.set("output1_high", rest >> 128);
  h.set("output1_mid", rest & mask(128));
}
void keccak_split_output_1(Hint& h) {
  h.set("output1_low", h.integer("output1") & mask(128));
  h.set("output1_high", h.integer("output1") >> 128);
}
void keccak_split_3(Hint& h) { split_word(h, "inputs", 3, 1); }
void keccak_split_6(Hint& h) { split_word(h, "inputs", 6, 2); }
void keccak_split_9(Hint& h) { split_word(h, "inputs", 9, 3); }
void keccak_split_12(Hint& h) { split_word(h, "inputs", 12, 4); }
void keccak_split_15(Hint& h) { split_word(h, "inputs", 15, 5); }
void keccak_felts_split_3(Hint& h) { split_word(h, "felt_array", 3, 1); }
void keccak_felts_split_6(Hint& h) { split_word(h, "felt_array", 6, 2); }
void keccak_felts_split_9(Hint& h) { split_word(h, "felt_array", 9, 3); }
void keccak_felts_split_12(Hint& h) { split_word(h, "felt_array", 12, 4); }
void keccak_felts_split_15(Hint& h) { split_word(h, "felt_array", 15, 5); }
void keccak_felts_split_18(Hint& h) { split_word(h, "felt_array", 18, 6); }
void keccak_felts_split_21(Hint& h) { split_word(h, "felt_array", 21, 7); }
void keccak_state_to_felts(Hint& h) {
  BigInt state;
  for (unsigned i = 0; i < 8; ++i)
    state = state + (h.integer("keccak_builtin_state.s" + std::to_string(i)) << (200 * i));
  const Value array = h.value("felt_array");
  for (unsigned i = 0; i < 25; ++i) h.set_memory(advance(array, i), Value(((state >> (64 * i)) & mask(64)).to_felt()));
}
void keccak_add_uint256(Hint& h) {
  const Value inputs = h.value("inputs");
  std::int64_t at = 0;
  for (const char* half : {"low", "high"}) {
    const BigInt number = h.integer(half);
    const Numbers words{number & mask(64), number >> 64};
    h.write_arg(advance(inputs, at), words);
    at += 2;
  }
}
void unsafe_keccak(Hint& h) {
  const Value data = h.value("data");
  const BigInt length = h.integer("length");
  if (h.has("__keccak_max_size")) {
    const BigInt most = h.variable("__keccak_max_size");
    require(length <= most, [&] {
      return "unsafe_keccak() can only be used with length<=" + most.to_decimal() +
             ". Got: length=" + length.to_decimal() + ".";
    });
  }
  if (!length.fits_u64()) raise("OverflowError: length");
  Bytes input;
  std::int64_t word = 0;
  for (std::uint64_t at = 0; at < length.low64(); at += 16) {
    const std::size_t bytes = std::min<std::uint64_t>(16, length.low64() - at);
    const BigInt number = h.read_integer(advance(data, word++));
    require(number.bit_length() <= 8 * bytes);
    append_big_endian(input, number, bytes);
  }
  set_digest(h, input);
}
void unsafe_keccak_finalize(Hint& h) {
  const Value start = h.value("keccak_state.start_ptr");
  const Value distance = subtract(h.value("keccak_state.end_ptr"), start);
  std::int64_t count = 0;
  if (!distance.is_felt() || !as_small(distance.felt(), count)) raise("TypeError: end_ptr - start_ptr");
  Bytes input;
  for (std::int64_t i = 0; i < count; ++i) append_big_endian(input, h.read_integer(advance(start, i)), 16);
  set_digest(h, input);
}
void word_is_full_4(Hint& h) { h.set("full_word", h.below("n_bytes", 4) ? 0 : 1); }
void word_is_full_8(Hint& h) { h.set("full_word", h.below("n_bytes", 8) ? 0 : 1); }

// --- Poseidon

namespace {
void elements_left(Hint& h, std::int64_t count) {
  const Value end = h.value("elements_end");
  const Value start = h.value("elements");
  if (start.is_felt() && !end.is_felt()) return h.set_ap(true);  // Python orders every pointer behind the integers
  subtract(end, start);                                          // raises where Python does
  const auto number = [](const Value& value) {
    return BigInt::from_felt(value.is_felt() ? value.felt() : value.any_offset());
  };
  h.set_ap(number(end) - number(start) >= BigInt(count));
}
}  // namespace

void poseidon_ten_left(Hint& h) { elements_left(h, 10); }
void poseidon_two_left(Hint& h) { elements_left(h, 2); }
void poseidon_ten_counted(Hint& h) { h.set_ap(!h.below("n", 10)); }
void poseidon_two_counted(Hint& h) { h.set_ap(!h.below("n", 2)); }

}  // namespace asterism::core::cairo::hints
