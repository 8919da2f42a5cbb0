// Texts of merkle_multi_update, merkle_update, small_merkle_tree, patricia: the functions stand in hints/merkle.cpp.
#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo::hints {

// clang-format off
void merkle_multi_update_enter(Hint& h);
void merkle_multi_update_inner(Hint& h);
void merkle_enter_right(Hint& h);
void merkle_enter_left(Hint& h);
void merkle_case_is_leaf(Hint& h);
void merkle_case_is_both(Hint& h);
void merkle_case_is_right(Hint& h);
void merkle_case_not_left(Hint& h);
void merkle_update_end(Hint& h);
void merkle_update_bit(Hint& h);
void merkle_update_right_sibling(Hint& h);
void merkle_update_left_sibling(Hint& h);
void small_merkle_tree_update(Hint& h);
void patricia_build(Hint& h);
void patricia_enter_node(Hint& h);
void patricia_enter_left(Hint& h);
void patricia_enter_right(Hint& h);
void patricia_open_edge(Hint& h);
void patricia_traverse_binary(Hint& h);
void patricia_has_descent(Hint& h);
void patricia_follow_word(Hint& h);
void patricia_edge_bit(Hint& h);
void patricia_decode_not_both(Hint& h);
void patricia_right_xor_bit(Hint& h);
void patricia_enter_on_bit(Hint& h);
void patricia_enter_off_bit(Hint& h);
void patricia_edge_preimage(Hint& h);
void patricia_descend(Hint& h);
void patricia_descend_siblings(Hint& h);
void patricia_empty_child(Hint& h);
void patricia_is_binary_or_leaf(Hint& h);

namespace {
constexpr HintRow kRows[] = {
    {R"(from starkware.python.merkle_tree import build_update_tree

# Build modifications list.
modifications = []
for i in range(ids.n_updates):
    curr_update_ptr = ids.update_ptr.address_ + i * ids.DictAccess.SIZE
    modifications.append((
        memory[curr_update_ptr + ids.DictAccess.key],
        memory[curr_update_ptr + ids.DictAccess.new_value]))

node = build_update_tree(ids.height, modifications)
del modifications
__merkle_multi_update_skip_validation_runner = globals().get(
    '__merkle_multi_update_skip_validation_runner', None)
vm_enter_scope(dict(
    node=node, preimage=preimage,
    __merkle_multi_update_skip_validation_runner=
        __merkle_multi_update_skip_validation_runner)
))",
     merkle_multi_update_enter},
    {R"(if ids.height == 0:
    assert node == ids.new_root, f'Expected node {ids.new_root}. Got {node}.'
    case = 'leaf'
else:
    prev_left, prev_right = preimage[ids.prev_root]
    new_left, new_right = preimage[ids.new_root]

    from starkware.python.merkle_tree import decode_node
    left_child, right_child, case = decode_node(node)

    # Fill non deterministic hashes.
    hash_ptr = ids.hash_ptr.address_
    memory[hash_ptr + 0 * ids.HashBuiltin.SIZE + ids.HashBuiltin.x] = prev_left
    memory[hash_ptr + 0 * ids.HashBuiltin.SIZE + ids.HashBuiltin.y] = prev_right
    memory[hash_ptr + 1 * ids.HashBuiltin.SIZE + ids.HashBuiltin.x] = new_left
    memory[hash_ptr + 1 * ids.HashBuiltin.SIZE + ids.HashBuiltin.y] = new_right

    if __merkle_multi_update_skip_validation_runner is not None:
        # Skip validation of the preimage dict to speed up the VM. Note that mistakes in the
        # preimage dict will be discovered only in the prover.
        __merkle_multi_update_skip_validation_runner.verified_addresses.add(
            hash_ptr + 0 * ids.HashBuiltin.SIZE + ids.HashBuiltin.result)
        __merkle_multi_update_skip_validation_runner.verified_addresses.add(
            hash_ptr + 1 * ids.HashBuiltin.SIZE + ids.HashBuiltin.result)

memory[ap] = int(case != 'right'))",
     merkle_multi_update_inner},
    {R"(vm_enter_scope(dict(
    node=right_child, preimage=preimage,
    __merkle_multi_update_skip_validation_runner=
        __merkle_multi_update_skip_validation_runner)
))",
     merkle_enter_right},
    {R"(vm_enter_scope(dict(
    node=left_child, preimage=preimage,
    __merkle_multi_update_skip_validation_runner=
        __merkle_multi_update_skip_validation_runner)
))",
     merkle_enter_left},
    {"assert case == 'leaf'", merkle_case_is_leaf},
    {"assert case == 'both'", merkle_case_is_both},
    {"assert case == 'right'", merkle_case_is_right},
    {"memory[ap] = int(case != 'left')", merkle_case_not_left},
    {R"(# Check that auth_path had the right number of elements.
assert len(auth_path) == 0, 'Got too many values in auth_path.')",
     merkle_update_end},
    {"memory[ap] = ids.index % 2", merkle_update_bit},
    {R"(# Hash hints.
sibling = auth_path.pop()
ids.prev_node_hash.y = sibling
ids.new_node_hash.y = sibling)",
     merkle_update_right_sibling},
    {R"(# Hash hints.
sibling = auth_path.pop()
ids.prev_node_hash.x = sibling
ids.new_node_hash.x = sibling)",
     merkle_update_left_sibling},
    {R"(# Compute the roots and the preimage dictionary.
from starkware.cairo.common.small_merkle_tree import get_preimage_dictionary
from starkware.python.math_utils import safe_div

new_dict = __dict_manager.get_dict(ids.squashed_dict_end.address_)

DICT_ACCESS_SIZE = ids.DictAccess.SIZE
squashed_dict_start = ids.squashed_dict_start.address_
squashed_dict_size = ids.squashed_dict_end.address_ - squashed_dict_start
assert squashed_dict_size >= 0 and squashed_dict_size % DICT_ACCESS_SIZE == 0, \
    f'squashed_dict size must be non-negative and divisible by DictAccess.SIZE. ' \
    f'Found: {squashed_dict_size}.'
squashed_dict_length = safe_div(squashed_dict_size, DICT_ACCESS_SIZE)

# Compute the modifications backwards: from the new values to the previous values.
modifications = []
for i in range(squashed_dict_length):
    key = memory[squashed_dict_start + i * DICT_ACCESS_SIZE + ids.DictAccess.key]
    prev_value = memory[
        squashed_dict_start + i * DICT_ACCESS_SIZE + ids.DictAccess.prev_value]
    new_value = memory[
        squashed_dict_start + i * DICT_ACCESS_SIZE + ids.DictAccess.new_value]
    assert new_dict[key] == new_value, \
        f'Inconsistent dictionary values. Expected new value: {new_dict[key]}, ' \
        f'found: {new_value}'
    modifications.append((key, prev_value))

ids.new_root, ids.prev_root, preimage = get_preimage_dictionary(
    initial_leaves=new_dict.items(),
    modifications=modifications,
    tree_height=ids.height,
    default_leaf=0))",
     small_merkle_tree_update},
    {R"(from starkware.cairo.common.patricia_utils import canonic, patricia_guess_descents
from starkware.python.merkle_tree import build_update_tree

# Build modifications list.
modifications = []
DictAccess_key = ids.DictAccess.key
DictAccess_new_value = ids.DictAccess.new_value
DictAccess_SIZE = ids.DictAccess.SIZE
for i in range(ids.n_updates):
    curr_update_ptr = ids.update_ptr.address_ + i * DictAccess_SIZE
    modifications.append((
        memory[curr_update_ptr + DictAccess_key],
        memory[curr_update_ptr + DictAccess_new_value]))

node = build_update_tree(ids.height, modifications)
descent_map = patricia_guess_descents(
    ids.height, node, preimage, ids.prev_root, ids.new_root)
del modifications
__patricia_skip_validation_runner = globals().get(
    '__patricia_skip_validation_runner')

common_args = dict(
    preimage=preimage, descent_map=descent_map,
    __patricia_skip_validation_runner=__patricia_skip_validation_runner)
common_args['common_args'] = common_args)",
     patricia_build},
    {"vm_enter_scope(dict(node=node, **common_args))", patricia_enter_node},
    {"vm_enter_scope(dict(node=left_child, **common_args))", patricia_enter_left},
    {"vm_enter_scope(dict(node=right_child, **common_args))", patricia_enter_right},
    {R"(ids.edge = segments.add()
ids.edge.length, ids.edge.path, ids.edge.bottom = preimage[ids.node]
ids.hash_ptr.result = ids.node - ids.edge.length
if __patricia_skip_validation_runner is not None:
    # Skip validation of the preimage dict to speed up the VM. When this flag is set,
    # mistakes in the preimage dict will be discovered only in the prover.
    __patricia_skip_validation_runner.verified_addresses.add(
        ids.hash_ptr + ids.HashBuiltin.result))",
     patricia_open_edge},
    {R"(from starkware.python.merkle_tree import decode_node
left_child, right_child, case = decode_node(node)
left_hash, right_hash = preimage[ids.node]

# Fill non deterministic hashes.
hash_ptr = ids.current_hash.address_
memory[hash_ptr + ids.HashBuiltin.x] = left_hash
memory[hash_ptr + ids.HashBuiltin.y] = right_hash

if __patricia_skip_validation_runner:
    # Skip validation of the preimage dict to speed up the VM. When this flag is set,
    # mistakes in the preimage dict will be discovered only in the prover.
    __patricia_skip_validation_runner.verified_addresses.add(
        hash_ptr + ids.HashBuiltin.result)

memory[ap] = int(case != 'both'))",
     patricia_traverse_binary},
    {R"(descend = descent_map.get((ids.height, ids.path))
memory[ap] = 0 if descend is None else 1)",
     patricia_has_descent},
    {R"(new_node = node
for i in range(ids.length - 1, -1, -1):
    new_node = new_node[(ids.word >> i) & 1]
vm_enter_scope(dict(node=new_node, **common_args)))",
     patricia_follow_word},
    {"ids.bit = (ids.edge.path >> ids.new_length) & 1", patricia_edge_bit},
    {R"(from starkware.python.merkle_tree import decode_node
left_child, right_child, case = decode_node(node)
memory[ap] = int(case != 'both'))",
     patricia_decode_not_both},
    {R"(from starkware.python.merkle_tree import decode_node
left_child, right_child, case = decode_node(node)
memory[ap] = 1 if case != 'both' else 0)",
     patricia_decode_not_both},
    {"memory[ap] = int(case == 'right') ^ ids.bit", patricia_right_xor_bit},
    {R"(new_node = left_child if ids.bit == 0 else right_child
vm_enter_scope(dict(node=new_node, **common_args)))",
     patricia_enter_on_bit},
    {R"(new_node = left_child if ids.bit == 1 else right_child
vm_enter_scope(dict(node=new_node, **common_args)))",
     patricia_enter_off_bit},
    {R"(ids.hash_ptr.x, ids.hash_ptr.y = preimage[ids.edge.bottom]
if __patricia_skip_validation_runner:
    # Skip validation of the preimage dict to speed up the VM. When this flag is
    # set, mistakes in the preimage dict will be discovered only in the prover.
    __patricia_skip_validation_runner.verified_addresses.add(
        ids.hash_ptr + ids.HashBuiltin.result))",
     patricia_edge_preimage},
    {"ids.length, ids.word = descend", patricia_descend},
    {"memory[ids.siblings], ids.word = descend", patricia_descend_siblings},
    {R"(ids.child_bit = 0 if case == 'left' else 1
new_node = left_child if case == 'left' else right_child
vm_enter_scope(dict(node=new_node, **common_args)))",
     patricia_empty_child},
    {"memory[ap] = 1 if ids.height == 0 or len(preimage[ids.node]) == 2 else 0", patricia_is_binary_or_leaf},
};
}  // namespace
// clang-format on

std::span<const HintRow> merkle_rows() { return kRows; }

}  // namespace asterism::core::cairo::hints
