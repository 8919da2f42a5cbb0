// Instructions by their fields, and small programs made of them.
#pragma once
#include <memory>
#include <vector>

#include "core/cairo/runner.hpp"

namespace asterism::test {

using namespace core::cairo;  // NOLINT: a header of tests only

enum class Reg { kAp = 0, kFp = 1 };

// The whitepaper's flags by name; offsets are unbiased.
struct Encoding {
  int dst = 0, op0 = -1, op1 = 0;
  Reg dst_reg = Reg::kAp;
  Reg op0_reg = Reg::kFp;
  Op1Source op1_source = Op1Source::kFp;
  Res res = Res::kOp1;
  PcUpdate pc = PcUpdate::kRegular;
  ApUpdate ap = ApUpdate::kRegular;
  Opcode opcode = Opcode::kNop;

  std::uint64_t word() const {
    const auto one_of = [](unsigned value, unsigned first) {
      return value == 0 ? std::uint64_t{0} : std::uint64_t{1} << (first + value - 1);
    };
    std::uint64_t flags = static_cast<std::uint64_t>(dst_reg) | (static_cast<std::uint64_t>(op0_reg) << 1);
    flags |= one_of(static_cast<unsigned>(op1_source), 2);
    if (res != Res::kUnconstrained) flags |= one_of(static_cast<unsigned>(res), 5);
    flags |= one_of(static_cast<unsigned>(pc), 7);
    if (ap != ApUpdate::kAdd2) flags |= one_of(static_cast<unsigned>(ap), 10);
    flags |= one_of(static_cast<unsigned>(opcode), 12);
    const auto biased = [](int offset) { return static_cast<std::uint64_t>(offset + kOffsetBias); };
    return biased(dst) | (biased(op0) << 16) | (biased(op1) << 32) | (flags << 48);
  }
};

inline Encoding assert_imm(int dst, Reg reg = Reg::kAp, bool advance_ap = true) {
  return {.dst = dst,
          .op1 = 1,
          .dst_reg = reg,
          .op1_source = Op1Source::kImmediate,
          .ap = advance_ap ? ApUpdate::kAdd1 : ApUpdate::kRegular,
          .opcode = Opcode::kAssertEq};
}
inline Encoding ret() {
  return {.dst = -2,
          .op0 = -1,
          .op1 = -1,
          .dst_reg = Reg::kFp,
          .op1_source = Op1Source::kFp,
          .pc = PcUpdate::kJump,
          .opcode = Opcode::kRet};
}
inline Encoding call_rel() {
  return {.dst = 0,
          .op0 = 1,
          .op1 = 1,
          .op0_reg = Reg::kAp,
          .op1_source = Op1Source::kImmediate,
          .pc = PcUpdate::kJumpRel,
          .ap = ApUpdate::kAdd2,
          .opcode = Opcode::kCall};
}

// A program without hints whose main is its first word.
inline std::shared_ptr<const Program> make_program(const std::vector<Value>& words,
                                                   std::vector<std::string> builtins = {}) {
  auto program = std::make_shared<Program>();
  program->data.assign(words.begin(), words.end());
  program->builtins = std::move(builtins);
  Identifier main;
  main.kind = Identifier::Kind::kFunction;
  program->identifiers.emplace("__main__.main", main);
  program->finish();
  return program;
}
inline RunOptions plain() { return RunOptions{.layout = *find_layout("plain")}; }
inline Value word(const Encoding& encoding) { return Value::integer(encoding.word()); }
inline Value number(std::int64_t n) { return Value(core::Felt::from_i64(n)); }

// A machine on a fresh memory: program segment 0, stack segment 1 with `stack` below fp = ap, an end segment 2.
struct Bench {
  Memory memory;
  std::unique_ptr<Machine> machine;
  Value end;

  explicit Bench(std::shared_ptr<const Program> program, const std::vector<Value>& stack = {}) {
    memory.add_segment();
    memory.add_segment();
    end = memory.add_segment();
    std::int64_t at = 0;
    for (const Value& value : program->data) memory.load(Value::pointer(0, at++), value);
    at = 0;
    for (const Value& value : stack) memory.load(Value::pointer(1, at++), value);
    memory.load(Value::pointer(1, at++), Value::pointer(1, 0));
    memory.load(Value::pointer(1, at++), end);
    machine = std::make_unique<Machine>(std::move(program), memory, true);
    machine->pc = Value::pointer(0, 0);
    machine->ap = machine->fp = Value::pointer(1, at);
  }
  std::int64_t base() const { return machine->fp.offset(); }
  Value at(std::int64_t offset) const { return memory.get(Value::pointer(1, offset)); }
};

}  // namespace asterism::test
