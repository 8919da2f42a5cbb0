// Texts of dict, default_dict, squash_dict: the functions stand in hints/dict.cpp.
#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo::hints {

// clang-format off
void dict_new(Hint& h);
void default_dict_new(Hint& h);
void dict_read(Hint& h);
void dict_write(Hint& h);
void dict_update(Hint& h);
void dict_squash_enter(Hint& h);
void dict_squash_update(Hint& h);
void small_merkle_enter(Hint& h);
void dict_peek(Hint& h);
void squash_dict(Hint& h);
void squash_first_index(Hint& h);
void squash_skip_loop(Hint& h);
void squash_next_index(Hint& h);
void squash_continue(Hint& h);
void squash_loop_end(Hint& h);
void squash_used_accesses(Hint& h);
void squash_no_keys(Hint& h);
void squash_next_key(Hint& h);

namespace {
constexpr HintRow kRows[] = {
    {R"(if '__dict_manager' not in globals():
    from starkware.cairo.common.dict import DictManager
    __dict_manager = DictManager()

memory[ap] = __dict_manager.new_dict(segments, initial_dict)
del initial_dict)",
     dict_new},
    {R"(if '__dict_manager' not in globals():
    from starkware.cairo.common.dict import DictManager
    __dict_manager = DictManager()

memory[ap] = __dict_manager.new_default_dict(segments, ids.default_value))",
     default_dict_new},
    {R"(dict_tracker = __dict_manager.get_tracker(ids.dict_ptr)
dict_tracker.current_ptr += ids.DictAccess.SIZE
ids.value = dict_tracker.data[ids.key])",
     dict_read},
    {R"(dict_tracker = __dict_manager.get_tracker(ids.dict_ptr)
dict_tracker.current_ptr += ids.DictAccess.SIZE
ids.dict_ptr.prev_value = dict_tracker.data[ids.key]
dict_tracker.data[ids.key] = ids.new_value)",
     dict_write},
    {R"(# Verify dict pointer and prev value.
dict_tracker = __dict_manager.get_tracker(ids.dict_ptr)
current_value = dict_tracker.data[ids.key]
assert current_value == ids.prev_value, \
    f'Wrong previous value in dict. Got {ids.prev_value}, expected {current_value}.'

# Update value.
dict_tracker.data[ids.key] = ids.new_value
dict_tracker.current_ptr += ids.DictAccess.SIZE)",
     dict_update},
    {R"(# Prepare arguments for dict_new. In particular, the same dictionary values should be copied
# to the new (squashed) dictionary.
vm_enter_scope({
    # Make __dict_manager accessible.
    '__dict_manager': __dict_manager,
    # Create a copy of the dict, in case it changes in the future.
    'initial_dict': dict(__dict_manager.get_dict(ids.dict_accesses_end)),
}))",
     dict_squash_enter},
    {R"(# Update the DictTracker's current_ptr to point to the end of the squashed dict.
__dict_manager.get_tracker(ids.squashed_dict_start).current_ptr = \
    ids.squashed_dict_end.address_)",
     dict_squash_update},
    {"vm_enter_scope({'__dict_manager': __dict_manager})", small_merkle_enter},
    {R"(dict_access_size = ids.DictAccess.SIZE
address = ids.dict_accesses.address_
assert ids.ptr_diff % dict_access_size == 0, \
    'Accesses array size must be divisible by DictAccess.SIZE'
n_accesses = ids.n_accesses
if '__squash_dict_max_size' in globals():
    assert n_accesses <= __squash_dict_max_size, \
        f'squash_dict() can only be used with n_accesses<={__squash_dict_max_size}. ' \
        f'Got: n_accesses={n_accesses}.'
# A map from key to the list of indices accessing it.
access_indices = {}
for i in range(n_accesses):
    key = memory[address + dict_access_size * i]
    access_indices.setdefault(key, []).append(i)
# Descending list of keys.
keys = sorted(access_indices.keys(), reverse=True)
# Are the keys used bigger than range_check bound.
ids.big_keys = 1 if keys[0] >= range_check_builtin.bound else 0
ids.first_key = key = keys.pop())",
     squash_dict},
    {R"(current_access_indices = sorted(access_indices[key])[::-1]
current_access_index = current_access_indices.pop()
memory[ids.range_check_ptr] = current_access_index)",
     squash_first_index},
    {"ids.should_skip_loop = 0 if current_access_indices else 1", squash_skip_loop},
    {R"(new_access_index = current_access_indices.pop()
ids.loop_temps.index_delta_minus1 = new_access_index - current_access_index - 1
current_access_index = new_access_index)",
     squash_next_index},
    {"ids.loop_temps.should_continue = 1 if current_access_indices else 0", squash_continue},
    {"assert len(current_access_indices) == 0", squash_loop_end},
    {"assert ids.n_used_accesses == len(access_indices[key])", squash_used_accesses},
    {"assert len(keys) == 0", squash_no_keys},
    {R"(assert len(keys) > 0, 'No keys left but remaining_accesses > 0.'
ids.next_key = key = keys.pop())",
     squash_next_key},
    {"ids.val = __dict_manager.get_dict(ids.dict_ptr)[ids.key]", dict_peek},
};
}  // namespace
// clang-format on

std::span<const HintRow> dict_rows() { return kRows; }

}  // namespace asterism::core::cairo::hints
