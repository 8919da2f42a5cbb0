// The registers and how an instruction moves them: the last part of the whitepaper's state transition (section 4.5).
#pragma once
#include "core/cairo/instruction.hpp"
#include "core/cairo/memory.hpp"

namespace asterism::core::cairo {

struct Registers {
  Value pc, ap, fp;
  bool operator==(const Registers&) const = default;
};

struct Operands {
  Value dst, op0, op1;
  Value res;  // empty: unconstrained
};

// The registers after a step; Fault where the instruction cannot move them.
Registers successor(const Registers& at, const Instruction& in, const Operands& operands);

// op0 + op1, op0 * op1 or op1, as the instruction says.
Value result(const Instruction& in, const Value& op0, const Value& op1);

// Where op1 is; op0 is asked only where it points there.
Value op1_address(const Registers& at, const Instruction& in, const Value& op0);

}  // namespace asterism::core::cairo
