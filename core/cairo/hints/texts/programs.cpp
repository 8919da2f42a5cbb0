// Texts of hints of programs, and system calls: the functions stand in hints/programs.cpp.
#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo::hints {

// clang-format off
void program_merkle_multi_input(Hint& h);
void program_merkle_input(Hint& h);
void program_output_page_1(Hint& h);
void program_output_page_2(Hint& h);
void program_initial_dict(Hint& h);
void program_print_dict(Hint& h);
void program_print_array(Hint& h);
void program_print_x(Hint& h);
void program_skip_next_instruction(Hint& h);
void program_lowest_bits(Hint& h);
void program_bit_length(Hint& h);
void program_simulated_base(Hint& h);
void program_new_segment(Hint& h);
void program_finalize_segment(Hint& h);
void syscall_send_message_to_l1(Hint& h);
void syscall_call_contract(Hint& h);
void syscall_delegate_call(Hint& h);
void syscall_delegate_l1_handler(Hint& h);
void syscall_deploy(Hint& h);
void syscall_emit_event(Hint& h);
void syscall_get_block_number(Hint& h);
void syscall_get_block_timestamp(Hint& h);
void syscall_get_caller_address(Hint& h);
void syscall_get_contract_address(Hint& h);
void syscall_get_sequencer_address(Hint& h);
void syscall_get_tx_info(Hint& h);
void syscall_get_tx_signature(Hint& h);
void syscall_library_call(Hint& h);
void syscall_library_call_l1_handler(Hint& h);
void syscall_replace_class(Hint& h);
void syscall_storage_read(Hint& h);
void syscall_storage_write(Hint& h);

namespace {
constexpr HintRow kRows[] = {
    {R"(ids.n_updates = len(program_input['updates'])
ids.height = program_input['height']
ids.prev_root = int(program_input['prev_root'], 16)
ids.new_root = int(program_input['new_root'], 16)
segments.write_arg(ids.updates.address_, [int(x, 16) for u in program_input['updates'] for x in u])
preimage = {int(k, 16): tuple(int(x, 16) for x in v) for k, v in program_input['preimage'].items()})",
     program_merkle_multi_input},
    {R"(ids.index = program_input['index']
ids.height = len(program_input['auth_path'])
ids.prev_leaf = int(program_input['prev_leaf'], 16)
ids.new_leaf = int(program_input['new_leaf'], 16)
auth_path = [int(x, 16) for x in program_input['auth_path']])",
     program_merkle_input},
    {"output_builtin.add_page(page_id=1, page_start=ids.output_ptr + 1, page_size=2)", program_output_page_1},
    {R"(output_builtin.add_page(page_id=2, page_start=ids.output_ptr + 4, page_size=3)
output_builtin.add_attribute('gps_fact_topology', [3, 2, 0, 2, 1, 2]))",
     program_output_page_2},
    {"initial_dict = {1: 2, 3: 4, 5: 6, 17: 40, 31: 9}", program_initial_dict},
    {"initial_dict = {1: 2, 3: 4, 5: 6}", program_initial_dict},
    {R"(print(bytes.fromhex(f"{ids.name:062x}").decode().replace('\x00',''))
data = __dict_manager.get_dict(ids.dict_ptr)
print(
    {k: v if isinstance(v, int) else [memory[v + i] for i in range(ids.pointer_size)] for k, v in data.items()}
))",
     program_print_dict},
    {R"(print(bytes.fromhex(f"{ids.name:062x}").decode().replace('\x00',''))
arr = [memory[ids.arr + i] for i in range(ids.arr_len)]
print(arr))",
     program_print_array},
    {"print(ids.x)", program_print_x},
    {"skip_next_instruction()", program_skip_next_instruction},
    {R"(ids.a_lsb = ids.a & 1
ids.b_lsb = ids.b & 1)",
     program_lowest_bits},
    {R"(x = ids.x
ids.bit_length = x.bit_length())",
     program_bit_length},
    {"ids.new_ptr = get_simulated_builtin_base(ids.builtin_idx)", program_simulated_base},
    {R"(if 'segment_index_to_arena_index' not in globals():
    # A map from the relocatable value segment index to the index in the arena.
    segment_index_to_arena_index = {}

# The segment is placed at the end of the arena.
index = ids.n_segments

# Create a segment or a temporary segment.
start = segments.add_temp_segment() if index > 0 else segments.add()

# Update 'SegmentInfo::start' and 'segment_index_to_arena_index'.
ids.prev_segment_arena.infos[index].start = start
segment_index_to_arena_index[start.segment_index] = index)",
     program_new_segment},
    {"nondet segment_index_to_arena_index[ids.segment_end.segment_index]", program_finalize_segment},
    {"syscall_handler.send_message_to_l1(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_send_message_to_l1},
    {"syscall_handler.call_contract(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_call_contract},
    {"syscall_handler.deploy(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_deploy},
    {"syscall_handler.emit_event(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_emit_event},
    {"syscall_handler.get_block_number(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_get_block_number},
    {"syscall_handler.get_block_timestamp(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_get_block_timestamp},
    {"syscall_handler.get_caller_address(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_get_caller_address},
    {"syscall_handler.get_contract_address(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_get_contract_address},
    {"syscall_handler.get_sequencer_address(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_get_sequencer_address},
    {"syscall_handler.get_tx_info(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_get_tx_info},
    {"syscall_handler.get_tx_signature(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_get_tx_signature},
    {"syscall_handler.delegate_call(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_delegate_call},
    {"syscall_handler.delegate_l1_handler(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_delegate_l1_handler},
    {"syscall_handler.library_call(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_library_call},
    {"syscall_handler.library_call_l1_handler(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_library_call_l1_handler},
    {"syscall_handler.replace_class(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_replace_class},
    {"syscall_handler.storage_read(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_storage_read},
    {"syscall_handler.storage_write(segments=segments, syscall_ptr=ids.syscall_ptr)", syscall_storage_write},
};
}  // namespace
// clang-format on

std::span<const HintRow> programs_rows() { return kRows; }

}  // namespace asterism::core::cairo::hints
