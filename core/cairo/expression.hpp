// References: the little expressions over ap, fp and memory by which a compiled program says where a variable lives,
// such as `[cast([fp + (-5)] + 2, Struct**)]`.
//
// Parsed once per hint site into postfix steps; a reference whose outermost operation is a dereference has an address.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/cairo/bigint.hpp"
#include "core/cairo/memory.hpp"

namespace asterism::core::cairo {

// A type as references and struct members spell it: `felt`, `a.b.Struct`, a tuple, and how often it is pointed to.
struct CairoType {
  std::string base;
  unsigned pointers = 0;
  bool is_felt() const { return base == "felt"; }
};
CairoType parse_type(std::string_view text);

struct Expression {
  enum class Op : std::uint8_t { kConstant, kAp, kFp, kDereference, kAdd, kSubtract, kMultiply, kDivide, kNegate };
  struct Step {
    Op op;
    std::int64_t number = 0;  // kAp: added to it
    Felt constant;
  };
  std::vector<Step> steps;
  CairoType type;
  bool uses_ap() const;
  bool is_dereference() const { return !steps.empty() && steps.back().op == Op::kDereference; }
  // Moves every ap by `distance`: the reference was made when ap stood elsewhere.
  void shift_ap(std::int64_t distance);
};

// Fault kProgram when the text is no such expression.
Expression parse_expression(std::string_view text);

// Fault where memory is missing or the arithmetic has no meaning. The address of a dereference is the value of all
// steps but the last.
Value evaluate_address(const Expression& expression, const Value& ap, const Value& fp, const Memory& memory);
Value evaluate(const Expression& expression, const Value& ap, const Value& fp, const Memory& memory);

}  // namespace asterism::core::cairo
