// Texts of cairo_blake2s, cairo_sha256, cairo_keccak, keccak, builtin_keccak, builtin_poseidon: the functions stand in
// hints/blake2s.cpp, sha256.cpp, keccak.cpp and poseidon.cpp.
#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo::hints {

// clang-format off
void blake2s_compute(Hint& h);
void blake2s_add_uint256(Hint& h);
void blake2s_add_uint256_bigend(Hint& h);
void blake2s_finalize(Hint& h);
void blake2s_finalize_v1(Hint& h);
void blake2s_finalize_v2(Hint& h);
void blake2s_single(Hint& h);
void blake2s_encode_felts(Hint& h);
void blake2s_next_is_small(Hint& h);
void sha256_first_chunk(Hint& h);
void sha256_chunk(Hint& h);
void sha256_finalize(Hint& h);
void keccak_block_permutation(Hint& h);
void keccak_block_permutation_start(Hint& h);
void keccak_finalize(Hint& h);
void keccak_finalize_wide(Hint& h);
void keccak_less_than_word(Hint& h);
void keccak_full_rate(Hint& h);
void keccak_words_left(Hint& h);
void keccak_output0(Hint& h);
void keccak_output1(Hint& h);
void keccak_split_3(Hint& h);
void keccak_split_6(Hint& h);
void keccak_split_9(Hint& h);
void keccak_split_12(Hint& h);
void keccak_split_15(Hint& h);
void keccak_add_uint256(Hint& h);
void unsafe_keccak(Hint& h);
void unsafe_keccak_finalize(Hint& h);
void word_is_full_4(Hint& h);
void word_is_full_8(Hint& h);
void poseidon_ten_left(Hint& h);
void poseidon_two_left(Hint& h);
void keccak_split_output_1(Hint& h);
void poseidon_ten_counted(Hint& h);
void poseidon_two_counted(Hint& h);
void sha256_finalize_batch(Hint& h);
void keccak_state_to_felts(Hint& h);
void keccak_felts_split_3(Hint& h);
void keccak_felts_split_6(Hint& h);
void keccak_felts_split_9(Hint& h);
void keccak_felts_split_12(Hint& h);
void keccak_felts_split_15(Hint& h);
void keccak_felts_split_18(Hint& h);
void keccak_felts_split_21(Hint& h);

namespace {
constexpr HintRow kRows[] = {
    {R"(from starkware.cairo.common.cairo_blake2s.blake2s_utils import compute_blake2s_func
compute_blake2s_func(segments=segments, output_ptr=ids.output))",
     blake2s_compute},
    {R"(B = 32
MASK = 2 ** 32 - 1
segments.write_arg(ids.data, [(ids.low >> (B * i)) & MASK for i in range(4)])
segments.write_arg(ids.data + 4, [(ids.high >> (B * i)) & MASK for i in range(4)]))",
     blake2s_add_uint256},
    {R"(B = 32
MASK = 2 ** 32 - 1
segments.write_arg(ids.data, [(ids.high >> (B * (3 - i))) & MASK for i in range(4)])
segments.write_arg(ids.data + 4, [(ids.low >> (B * (3 - i))) & MASK for i in range(4)]))",
     blake2s_add_uint256_bigend},
    {R"(# Add dummy pairs of input and output.
from starkware.cairo.common.cairo_blake2s.blake2s_utils import IV, blake2s_compress

_n_packed_instances = int(ids.N_PACKED_INSTANCES)
assert 0 <= _n_packed_instances < 20
_blake2s_input_chunk_size_felts = int(ids.INPUT_BLOCK_FELTS)
assert 0 <= _blake2s_input_chunk_size_felts < 100

message = [0] * _blake2s_input_chunk_size_felts
modified_iv = [IV[0] ^ 0x01010020] + IV[1:]
output = blake2s_compress(
    message=message,
    h=modified_iv,
    t0=0,
    t1=0,
    f0=0xffffffff,
    f1=0,
)
padding = (modified_iv + message + [0, 0xffffffff] + output) * (_n_packed_instances - 1)
segments.write_arg(ids.blake2s_ptr_end, padding))",
     blake2s_finalize},
    {R"(# Add dummy pairs of input and output.
from starkware.cairo.common.cairo_blake2s.blake2s_utils import IV, blake2s_compress

_n_packed_instances = int(ids.N_PACKED_INSTANCES)
assert 0 <= _n_packed_instances < 20
_blake2s_input_chunk_size_felts = int(ids.BLAKE2S_INPUT_CHUNK_SIZE_FELTS)
assert 0 <= _blake2s_input_chunk_size_felts < 100

message = [0] * _blake2s_input_chunk_size_felts
modified_iv = [IV[0] ^ 0x01010020] + IV[1:]
output = blake2s_compress(
    message=message,
    h=modified_iv,
    t0=0,
    t1=0,
    f0=0xffffffff,
    f1=0,
)
padding = (message + modified_iv + [0, 0xffffffff] + output) * (_n_packed_instances - 1)
segments.write_arg(ids.blake2s_ptr_end, padding))",
     blake2s_finalize_v1},
    {R"(# Add dummy pairs of input and output.
from starkware.cairo.common.cairo_blake2s.blake2s_utils import IV, blake2s_compress

_n_packed_instances = int(ids.N_PACKED_INSTANCES)
assert 0 <= _n_packed_instances < 20
_blake2s_input_chunk_size_felts = int(ids.BLAKE2S_INPUT_CHUNK_SIZE_FELTS)
assert 0 <= _blake2s_input_chunk_size_felts < 100

message = [0] * _blake2s_input_chunk_size_felts
modified_iv = [IV[0] ^ 0x01010020] + IV[1:]
output = blake2s_compress(
    message=message,
    h=modified_iv,
    t0=0,
    t1=0,
    f0=0xffffffff,
    f1=0,
)
padding = (modified_iv + message + [0, 0xffffffff] + output) * (_n_packed_instances - 1)
segments.write_arg(ids.blake2s_ptr_end, padding))",
     blake2s_finalize_v2},
    {R"(from starkware.cairo.common.cairo_blake2s.blake2s_utils import IV, blake2s_compress

_blake2s_input_chunk_size_felts = int(ids.BLAKE2S_INPUT_CHUNK_SIZE_FELTS)
assert 0 <= _blake2s_input_chunk_size_felts < 100

new_state = blake2s_compress(
    message=memory.get_range(ids.blake2s_start, _blake2s_input_chunk_size_felts),
    h=[IV[0] ^ 0x01010020] + IV[1:],
    t0=ids.n_bytes,
    t1=0,
    f0=0xffffffff,
    f1=0,
)

segments.write_arg(ids.output, new_state))",
     blake2s_single},
    {R"(offset = 0
for i in range(ids.packed_values_len):
    val = (memory[ids.packed_values + i] % PRIME)
    val_len = 2 if val < 2**63 else 8
    if val_len == 8:
        val += 2**255
    for i in range(val_len - 1, -1, -1):
        val, memory[ids.unpacked_u32s + offset + i] = divmod(val, 2**32)
    assert val == 0
    offset += val_len)",
     blake2s_encode_felts},
    {"nondet (ids.end != ids.packed_values) and (memory[ids.packed_values] < 2**63)", blake2s_next_is_small},
    {R"(from starkware.cairo.common.cairo_sha256.sha256_utils import (
    IV, compute_message_schedule, sha2_compress_function)

_sha256_input_chunk_size_felts = int(ids.SHA256_INPUT_CHUNK_SIZE_FELTS)
assert 0 <= _sha256_input_chunk_size_felts < 100

w = compute_message_schedule(memory.get_range(
    ids.sha256_start, _sha256_input_chunk_size_felts))
new_state = sha2_compress_function(IV, w)
segments.write_arg(ids.output, new_state))",
     sha256_first_chunk},
    {R"(from starkware.cairo.common.cairo_sha256.sha256_utils import (
    compute_message_schedule, sha2_compress_function)

_sha256_input_chunk_size_felts = int(ids.SHA256_INPUT_CHUNK_SIZE_FELTS)
assert 0 <= _sha256_input_chunk_size_felts < 100
_sha256_state_size_felts = int(ids.SHA256_STATE_SIZE_FELTS)
assert 0 <= _sha256_state_size_felts < 100
w = compute_message_schedule(memory.get_range(
    ids.sha256_start, _sha256_input_chunk_size_felts))
new_state = sha2_compress_function(memory.get_range(ids.state, _sha256_state_size_felts), w)
segments.write_arg(ids.output, new_state))",
     sha256_chunk},
    {R"(# Add dummy pairs of input and output.
from starkware.cairo.common.cairo_sha256.sha256_utils import (
    IV, compute_message_schedule, sha2_compress_function)

_block_size = int(ids.BLOCK_SIZE)
assert 0 <= _block_size < 20
_sha256_input_chunk_size_felts = int(ids.SHA256_INPUT_CHUNK_SIZE_FELTS)
assert 0 <= _sha256_input_chunk_size_felts < 100

message = [0] * _sha256_input_chunk_size_felts
w = compute_message_schedule(message)
output = sha2_compress_function(IV, w)
padding = (message + IV + output) * (_block_size - 1)
segments.write_arg(ids.sha256_ptr_end, padding))",
     sha256_finalize},
    {R"(from starkware.cairo.common.keccak_utils.keccak_utils import keccak_func
_keccak_state_size_felts = int(ids.KECCAK_STATE_SIZE_FELTS)
assert 0 <= _keccak_state_size_felts < 100

output_values = keccak_func(memory.get_range(
    ids.keccak_ptr - _keccak_state_size_felts, _keccak_state_size_felts))
segments.write_arg(ids.keccak_ptr, output_values))",
     keccak_block_permutation},
    {R"(from starkware.cairo.common.cairo_keccak.keccak_utils import keccak_func
_keccak_state_size_felts = int(ids.KECCAK_STATE_SIZE_FELTS)
assert 0 <= _keccak_state_size_felts < 100

output_values = keccak_func(memory.get_range(
    ids.keccak_ptr - _keccak_state_size_felts, _keccak_state_size_felts))
segments.write_arg(ids.keccak_ptr, output_values))",
     keccak_block_permutation},
    {R"(from starkware.cairo.common.cairo_keccak.keccak_utils import keccak_func
_keccak_state_size_felts = int(ids.KECCAK_STATE_SIZE_FELTS)
assert 0 <= _keccak_state_size_felts < 100
output_values = keccak_func(memory.get_range(
    ids.keccak_ptr_start, _keccak_state_size_felts))
segments.write_arg(ids.output, output_values))",
     keccak_block_permutation_start},
    {R"(# Add dummy pairs of input and output.
_keccak_state_size_felts = int(ids.KECCAK_STATE_SIZE_FELTS)
_block_size = int(ids.BLOCK_SIZE)
assert 0 <= _keccak_state_size_felts < 100
assert 0 <= _block_size < 10
inp = [0] * _keccak_state_size_felts
padding = (inp + keccak_func(inp)) * _block_size
segments.write_arg(ids.keccak_ptr_end, padding))",
     keccak_finalize},
    {R"(# Add dummy pairs of input and output.
_keccak_state_size_felts = int(ids.KECCAK_STATE_SIZE_FELTS)
_block_size = int(ids.BLOCK_SIZE)
assert 0 <= _keccak_state_size_felts < 100
assert 0 <= _block_size < 1000
inp = [0] * _keccak_state_size_felts
padding = (inp + keccak_func(inp)) * _block_size
segments.write_arg(ids.keccak_ptr_end, padding))",
     keccak_finalize_wide},
    {"nondet ids.n_bytes < ids.BYTES_IN_WORD", keccak_less_than_word},
    {"nondet ids.n_bytes >= ids.KECCAK_FULL_RATE_IN_BYTES", keccak_full_rate},
    {"ids.n_words_to_copy, ids.n_bytes_left = divmod(ids.n_bytes, ids.BYTES_IN_WORD)", keccak_words_left},
    {R"(ids.output0_low = ids.output0 & ((1 << 128) - 1)
ids.output0_high = ids.output0 >> 128)",
     keccak_output0},
    {R"(ids.output1_low = ids.output1 & ((1 << 128) - 1)
ids.output1_high = ids.output1 >> 128)",
     keccak_split_output_1},
    {R"(tmp, ids.output1_low = divmod(ids.output1, 256 ** 7)
ids.output1_high, ids.output1_mid = divmod(tmp, 2 ** 128))",
     keccak_output1},
    {"ids.high3, ids.low3 = divmod(memory[ids.inputs + 3], 256)", keccak_split_3},
    {"ids.high6, ids.low6 = divmod(memory[ids.inputs + 6], 256 ** 2)", keccak_split_6},
    {"ids.high9, ids.low9 = divmod(memory[ids.inputs + 9], 256 ** 3)", keccak_split_9},
    {"ids.high12, ids.low12 = divmod(memory[ids.inputs + 12], 256 ** 4)", keccak_split_12},
    {"ids.high15, ids.low15 = divmod(memory[ids.inputs + 15], 256 ** 5)", keccak_split_15},
    {R"(segments.write_arg(ids.inputs, [ids.low % 2 ** 64, ids.low // 2 ** 64])
segments.write_arg(ids.inputs + 2, [ids.high % 2 ** 64, ids.high // 2 ** 64]))",
     keccak_add_uint256},
    {R"(from eth_hash.auto import keccak

data, length = ids.data, ids.length

if '__keccak_max_size' in globals():
    assert length <= __keccak_max_size, \
        f'unsafe_keccak() can only be used with length<={__keccak_max_size}. ' \
        f'Got: length={length}.'

keccak_input = bytearray()
for word_i, byte_i in enumerate(range(0, length, 16)):
    word = memory[data + word_i]
    n_bytes = min(16, length - byte_i)
    assert 0 <= word < 2 ** (8 * n_bytes)
    keccak_input += word.to_bytes(n_bytes, 'big')

hashed = keccak(keccak_input)
ids.high = int.from_bytes(hashed[:16], 'big')
ids.low = int.from_bytes(hashed[16:32], 'big'))",
     unsafe_keccak},
    {R"(from eth_hash.auto import keccak
keccak_input = bytearray()
n_elms = ids.keccak_state.end_ptr - ids.keccak_state.start_ptr
for word in memory.get_range(ids.keccak_state.start_ptr, n_elms):
    keccak_input += word.to_bytes(16, 'big')
hashed = keccak(keccak_input)
ids.high = int.from_bytes(hashed[:16], 'big')
ids.low = int.from_bytes(hashed[16:32], 'big'))",
     unsafe_keccak_finalize},
    {"ids.full_word = int(ids.n_bytes >= 4)", word_is_full_4},
    {"ids.full_word = int(ids.n_bytes >= 8)", word_is_full_8},
    {"nondet ids.elements_end - ids.elements >= 10", poseidon_ten_left},
    {"nondet ids.elements_end - ids.elements >= 2", poseidon_two_left},
    {"nondet ids.n >= 10", poseidon_ten_counted},
    {"nondet ids.n >= 2", poseidon_two_counted},
    {R"(# Add dummy pairs of input and output.
from starkware.cairo.common.cairo_sha256.sha256_utils import (
    IV,
    compute_message_schedule,
    sha2_compress_function,
)

number_of_missing_blocks = (-ids.n) % ids.BATCH_SIZE
assert 0 <= number_of_missing_blocks < 20
_sha256_input_chunk_size_felts = ids.SHA256_INPUT_CHUNK_SIZE_FELTS
assert 0 <= _sha256_input_chunk_size_felts < 100

message = [0] * _sha256_input_chunk_size_felts
w = compute_message_schedule(message)
output = sha2_compress_function(IV, w)
padding = (message + IV + output) * number_of_missing_blocks
segments.write_arg(ids.sha256_ptr_end, padding))",
     sha256_finalize_batch},
    {R"(# Add dummy pairs of input and output.
from starkware.cairo.common.cairo_sha256.sha256_utils import (
    IV,
    compute_message_schedule,
    sha2_compress_function,
)

number_of_missing_blocks = -ids.n % ids.BATCH_SIZE
assert 0 <= number_of_missing_blocks < 20
_sha256_input_chunk_size_felts = ids.SHA256_INPUT_CHUNK_SIZE_FELTS
assert 0 <= _sha256_input_chunk_size_felts < 100

message = [0] * _sha256_input_chunk_size_felts
w = compute_message_schedule(message)
output = sha2_compress_function(IV, w)
padding = (message + IV + output) * (number_of_missing_blocks)
segments.write_arg(ids.sha256_ptr_end, padding))",
     sha256_finalize_batch},
    {R"(full_num = ids.keccak_builtin_state.s0
full_num += (2**200) * ids.keccak_builtin_state.s1
full_num += (2**400) * ids.keccak_builtin_state.s2
full_num += (2**600) * ids.keccak_builtin_state.s3
full_num += (2**800) * ids.keccak_builtin_state.s4
full_num += (2**1000) * ids.keccak_builtin_state.s5
full_num += (2**1200) * ids.keccak_builtin_state.s6
full_num += (2**1400) * ids.keccak_builtin_state.s7
for i in range(25):
    memory[ids.felt_array + i] = full_num % (2**64)
    full_num = full_num >> 64)",
     keccak_state_to_felts},
    {"ids.high3, ids.low3 = divmod(memory[ids.felt_array + 3], 256)", keccak_felts_split_3},
    {"ids.high6, ids.low6 = divmod(memory[ids.felt_array + 6], 256 ** 2)", keccak_felts_split_6},
    {"ids.high9, ids.low9 = divmod(memory[ids.felt_array + 9], 256 ** 3)", keccak_felts_split_9},
    {"ids.high12, ids.low12 = divmod(memory[ids.felt_array + 12], 256 ** 4)", keccak_felts_split_12},
    {"ids.high15, ids.low15 = divmod(memory[ids.felt_array + 15], 256 ** 5)", keccak_felts_split_15},
    {"ids.high18, ids.low18 = divmod(memory[ids.felt_array + 18], 256 ** 6)", keccak_felts_split_18},
    {"ids.high21, ids.low21 = divmod(memory[ids.felt_array + 21], 256 ** 7)", keccak_felts_split_21},
};
}  // namespace
// clang-format on

std::span<const HintRow> hashes_rows() { return kRows; }

}  // namespace asterism::core::cairo::hints
