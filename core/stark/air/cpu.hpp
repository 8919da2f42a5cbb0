// The CPU: decoding of an instruction, its operands and the update of pc, ap and fp (Cairo whitepaper, 9.4 and 9.5).
// One step is 16 rows. The flags column holds the 15 flags shifted: row i is flags >> i, so that a flag is the
// difference of a row and twice the next.
#pragma once
#include "core/stark/air/evaluation.hpp"

namespace asterism::core::stark {

struct Cpu {
  VirtualColumn flags, off0, off1, off2, ap, fp, ops_mul, res, tmp0, tmp1;
  MemoryCells instruction, dst, op0, op1;
  Domain flag_rows, flag_end, steps, steps_but_last, first, last;

  explicit Cpu(const Binder& b)
      : flags(b.layout.at("cpu/decode/opcode_range_check/column")),
        off0(b.layout.at("cpu/decode/off0")),
        off1(b.layout.at("cpu/decode/off1")),
        off2(b.layout.at("cpu/decode/off2")),
        ap(b.layout.at("cpu/registers/ap")),
        fp(b.layout.at("cpu/registers/fp")),
        ops_mul(b.layout.at("cpu/operands/ops_mul")),
        res(b.layout.at("cpu/operands/res")),
        tmp0(b.layout.at("cpu/update_registers/update_pc/tmp0")),
        tmp1(b.layout.at("cpu/update_registers/update_pc/tmp1")),
        instruction(b.layout.memory_at("cpu/decode/mem_inst")),
        dst(b.layout.memory_at("cpu/operands/mem_dst")),
        op0(b.layout.memory_at("cpu/operands/mem_op0")),
        op1(b.layout.memory_at("cpu/operands/mem_op1")),
        flag_rows(b.rows.every(1).but(16, 15)),
        flag_end(b.rows.within(16, 15)),
        steps(b.rows.every(16)),
        steps_but_last(b.rows.every_but_last(16)),
        first(b.rows.first()),
        last(b.rows.last(16)) {}

  template <class E>
  void constrain(E& e) const {
    decode(e);
    operands(e);
    update_registers(e);
    opcodes(e);
    boundary(e);
  }

 private:
  // The whitepaper's f_i.
  enum Flag : std::uint8_t {
    dst_fp,
    op0_fp,
    op1_imm,
    op1_fp,
    op1_ap,
    res_add,
    res_mul,
    jump_abs,
    jump_rel,
    jnz,
    ap_add,
    ap_add1,
    call,
    ret,
    assert_eq
  };
  template <class E>
  auto flag(E& e, unsigned i) const {
    const auto next = e.at(flags, i + 1);
    return e.at(flags, i) - (next + next);
  }
  template <class E>
  auto op1_base_op0(E& e) const {
    return e.number(1) - (flag(e, op1_imm) + flag(e, op1_ap) + flag(e, op1_fp));
  }
  template <class E>
  auto res_op1(E& e) const {
    return e.number(1) - (flag(e, res_add) + flag(e, res_mul) + flag(e, jnz));
  }
  template <class E>
  auto pc_regular(E& e) const {
    return e.number(1) - (flag(e, jump_abs) + flag(e, jump_rel) + flag(e, jnz));
  }
  template <class E>
  auto fp_regular(E& e) const {
    return e.number(1) - (flag(e, call) + flag(e, ret));
  }
  // pc after an instruction that does not jump: its size is 2 with an immediate, else 1.
  template <class E>
  auto next_pc(E& e) const {
    return e.at(instruction.address, 0) + flag(e, op1_imm) + e.number(1);
  }

  template <class E>
  void decode(E& e) const {
    const auto is_bit = [&](const auto& value, std::string_view name) {
      e.constrain({"cpu/decode/", name}, value * value - value, steps);
    };
    const auto bit = flag(e, 0);
    e.constrain({"cpu/decode/opcode_range_check/", "bit"}, bit * bit - bit, flag_rows);
    e.constrain({"cpu/decode/opcode_range_check/", "zero"}, e.at(flags, 0), flag_end);
    const auto shift = e.number(1 << 16);
    e.constrain({"cpu/decode/", "opcode_range_check_input"},
                e.at(instruction.value, 0) -
                    (((e.at(flags, 0) * shift + e.at(off2, 0)) * shift + e.at(off1, 0)) * shift + e.at(off0, 0)),
                steps);
    is_bit(op1_base_op0(e), "flag_op1_base_op0_bit");
    is_bit(res_op1(e), "flag_res_op1_bit");
    is_bit(pc_regular(e), "flag_pc_update_regular_bit");
    is_bit(fp_regular(e), "fp_update_regular_bit");
  }

  template <class E>
  void operands(E& e) const {
    const auto half = e.number(1 << 15);
    const auto one = e.number(1);
    const auto at_ap = e.at(ap, 0);
    const auto at_fp = e.at(fp, 0);
    const auto value0 = e.at(op0.value, 0);
    const auto value1 = e.at(op1.value, 0);
    e.constrain(
        {"cpu/operands/", "mem_dst_addr"},
        e.at(dst.address, 0) + half - (flag(e, dst_fp) * at_fp + (one - flag(e, dst_fp)) * at_ap + e.at(off0, 0)),
        steps);
    e.constrain(
        {"cpu/operands/", "mem0_addr"},
        e.at(op0.address, 0) + half - (flag(e, op0_fp) * at_fp + (one - flag(e, op0_fp)) * at_ap + e.at(off1, 0)),
        steps);
    e.constrain({"cpu/operands/", "mem1_addr"},
                e.at(op1.address, 0) + half -
                    (flag(e, op1_imm) * e.at(instruction.address, 0) + flag(e, op1_ap) * at_ap +
                     flag(e, op1_fp) * at_fp + op1_base_op0(e) * value0 + e.at(off2, 0)),
                steps);
    e.constrain({"cpu/operands/", "ops_mul"}, e.at(ops_mul, 0) - value0 * value1, steps);
    e.constrain({"cpu/operands/", "res"},
                (one - flag(e, jnz)) * e.at(res, 0) -
                    (flag(e, res_add) * (value0 + value1) + flag(e, res_mul) * e.at(ops_mul, 0) + res_op1(e) * value1),
                steps);
  }

  template <class E>
  void update_registers(E& e) const {
    const auto one = e.number(1);
    const auto at_tmp0 = e.at(tmp0, 0);
    const auto at_res = e.at(res, 0);
    const auto pc = e.at(instruction.address, 0);
    const auto following = e.at(instruction.address, 1);
    const auto is_jnz = flag(e, jnz);
    e.constrain({"cpu/update_registers/update_pc/", "tmp0"}, at_tmp0 - is_jnz * e.at(dst.value, 0), steps_but_last);
    e.constrain({"cpu/update_registers/update_pc/", "tmp1"}, e.at(tmp1, 0) - at_tmp0 * at_res, steps_but_last);
    e.constrain({"cpu/update_registers/update_pc/", "pc_cond_negative"},
                (one - is_jnz) * following + at_tmp0 * (following - (pc + e.at(op1.value, 0))) -
                    (pc_regular(e) * next_pc(e) + flag(e, jump_abs) * at_res + flag(e, jump_rel) * (pc + at_res)),
                steps_but_last);
    e.constrain({"cpu/update_registers/update_pc/", "pc_cond_positive"},
                (e.at(tmp1, 0) - is_jnz) * (following - next_pc(e)), steps_but_last);
    const auto is_call = flag(e, call);
    e.constrain({"cpu/update_registers/update_ap/", "ap_update"},
                e.at(ap, 1) - (e.at(ap, 0) + flag(e, ap_add) * at_res + flag(e, ap_add1) + is_call + is_call),
                steps_but_last);
    e.constrain({"cpu/update_registers/update_fp/", "fp_update"},
                e.at(fp, 1) - (fp_regular(e) * e.at(fp, 0) + flag(e, ret) * e.at(dst.value, 0) +
                               is_call * (e.at(ap, 0) + e.number(2))),
                steps_but_last);
  }

  template <class E>
  void opcodes(E& e) const {
    const auto one = e.number(1);
    const auto half = e.number(1 << 15);
    const auto is_call = flag(e, call);
    const auto is_ret = flag(e, ret);
    const auto dst_value = e.at(dst.value, 0);
    e.constrain({"cpu/opcodes/call/", "push_fp"}, is_call * (dst_value - e.at(fp, 0)), steps);
    e.constrain({"cpu/opcodes/call/", "push_pc"}, is_call * (e.at(op0.value, 0) - next_pc(e)), steps);
    e.constrain({"cpu/opcodes/call/", "off0"}, is_call * (e.at(off0, 0) - half), steps);
    e.constrain({"cpu/opcodes/call/", "off1"}, is_call * (e.at(off1, 0) - (half + one)), steps);
    e.constrain({"cpu/opcodes/call/", "flags"},
                is_call * (is_call + is_call + one + one - (flag(e, dst_fp) + flag(e, op0_fp) + e.number(4))), steps);
    e.constrain({"cpu/opcodes/ret/", "off0"}, is_ret * (e.at(off0, 0) + e.number(2) - half), steps);
    e.constrain({"cpu/opcodes/ret/", "off2"}, is_ret * (e.at(off2, 0) + one - half), steps);
    e.constrain({"cpu/opcodes/ret/", "flags"},
                is_ret * (flag(e, jump_abs) + flag(e, dst_fp) + flag(e, op1_fp) + res_op1(e) - e.number(4)), steps);
    e.constrain({"cpu/opcodes/assert_eq/", "assert_eq"}, flag(e, assert_eq) * (dst_value - e.at(res, 0)), steps);
  }

  template <class E>
  void boundary(E& e) const {
    const auto initial_ap = e.global(Global::initial_ap);
    e.constrain({"", "initial_ap"}, e.at(ap, 0) - initial_ap, first);
    e.constrain({"", "initial_fp"}, e.at(fp, 0) - initial_ap, first);
    e.constrain({"", "initial_pc"}, e.at(instruction.address, 0) - e.global(Global::initial_pc), first);
    e.constrain({"", "final_ap"}, e.at(ap, 0) - e.global(Global::final_ap), last);
    e.constrain({"", "final_fp"}, e.at(fp, 0) - initial_ap, last);
    e.constrain({"", "final_pc"}, e.at(instruction.address, 0) - e.global(Global::final_pc), last);
  }
};

}  // namespace asterism::core::stark
