// The table of builtins. Each is a file of this folder, which defines its maker, and a row here.
#include "core/cairo/builtin.hpp"

namespace asterism::core::cairo {

std::unique_ptr<Builtin> make_output(const BuiltinRow&);
std::unique_ptr<Builtin> make_pedersen(const BuiltinRow&);
std::unique_ptr<Builtin> make_range_check(const BuiltinRow&);
std::unique_ptr<Builtin> make_ecdsa(const BuiltinRow&);
std::unique_ptr<Builtin> make_bitwise(const BuiltinRow&);
std::unique_ptr<Builtin> make_ec_op(const BuiltinRow&);
std::unique_ptr<Builtin> make_keccak(const BuiltinRow&);
std::unique_ptr<Builtin> make_poseidon(const BuiltinRow&);
std::unique_ptr<Builtin> make_add_mod(const BuiltinRow&);
std::unique_ptr<Builtin> make_mul_mod(const BuiltinRow&);
std::unique_ptr<Builtin> make_segment_arena(const BuiltinRow&);
std::unique_ptr<Builtin> make_gas(const BuiltinRow&);
std::unique_ptr<Builtin> make_system(const BuiltinRow&);

std::span<const BuiltinRow> builtin_rows() {
  static constexpr BuiltinRow rows[] = {
      {.name = "output", .cells = 1, .inputs = 1, .make = make_output},
      {.name = "pedersen", .cells = 3, .inputs = 2, .input_names = {"x", "y"}, .make = make_pedersen},
      {.name = "range_check",
       .cells = 1,
       .inputs = 1,
       .input_names = {"value"},
       .make = make_range_check,
       .range_check_parts = 8},
      {.name = "ecdsa", .cells = 2, .inputs = 2, .input_names = {"pubkey", "msg"}, .make = make_ecdsa},
      {.name = "bitwise",
       .cells = 5,
       .inputs = 2,
       .input_names = {"x", "y"},
       .input_bits = 251,
       .make = make_bitwise,
       .diluted_units = 68},
      {.name = "ec_op", .cells = 7, .inputs = 5, .input_names = {"p_x", "p_y", "q_x", "q_y", "m"}, .make = make_ec_op},
      {.name = "keccak",
       .cells = 16,
       .inputs = 8,
       .input_names = {"input_s0", "input_s1", "input_s2", "input_s3", "input_s4", "input_s5", "input_s6", "input_s7"},
       .input_bits = 200,
       .make = make_keccak,
       .instances_per_component = 16,
       .diluted_units = 16384},
      {.name = "poseidon",
       .cells = 6,
       .inputs = 3,
       .input_names = {"input_s0", "input_s1", "input_s2"},
       .make = make_poseidon},
      {.name = "range_check96",
       .cells = 1,
       .inputs = 1,
       .input_names = {"value"},
       .make = make_range_check,
       .range_check_parts = 6},
      {.name = "segment_arena", .cells = 3, .inputs = 3, .make = make_segment_arena, .of_layouts = false},
      {.name = "add_mod", .cells = 7, .inputs = 7, .make = make_add_mod, .extra_memory_units = 15, .zero_cells = 4},
      {.name = "mul_mod", .cells = 7, .inputs = 7, .make = make_mul_mod, .extra_memory_units = 15, .zero_cells = 4},
      {.name = "gas", .cells = 1, .inputs = 1, .make = make_gas, .of_layouts = false, .metered = false},
      {.name = "system", .cells = 1, .inputs = 1, .make = make_system, .of_layouts = false, .metered = false},
  };
  return rows;
}

}  // namespace asterism::core::cairo
