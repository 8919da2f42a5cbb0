// starkware.cairo.common: cairo_keccak, keccak, keccak_utils, builtin_keccak; and the versions of them that programs
// carry.
#include "core/hash/keccak.hpp"

#include <algorithm>

#include "core/cairo/hints/hash_words.hpp"

namespace asterism::core::cairo::hints {

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

}  // namespace asterism::core::cairo::hints
