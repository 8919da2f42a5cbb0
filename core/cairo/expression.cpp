#include "core/cairo/expression.hpp"

#include <cctype>

namespace asterism::core::cairo {

namespace {

constexpr int kMaxDepth = 64;

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

// sum = product {(+|-) product}; product = unary {(*|/) unary}; unary = [-] atom;
// atom = number | ap | fp | (sum) | [sum] | cast(sum, type)
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Expression parse() {
    Expression out;
    sum(out, 0);
    skip();
    if (at_ < text_.size()) bad();
    return out;
  }

 private:
  using Op = Expression::Op;
  [[noreturn]] void bad() const {
    fail(ErrorKind::kProgram, "Malformed reference: " + std::string(text_.substr(0, 200)));
  }
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool accept(std::string_view token) {
    skip();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  void expect(std::string_view token) {
    if (!accept(token)) bad();
  }
  static void push(Expression& out, Op op) { out.steps.push_back({.op = op, .number = 0, .constant = {}}); }

  void sum(Expression& out, int depth) {
    if (depth > kMaxDepth) bad();
    product(out, depth);
    while (true) {
      if (accept("+")) {
        product(out, depth);
        combine(out, Op::kAdd);
      } else if (accept("-")) {
        product(out, depth);
        combine(out, Op::kSubtract);
      } else {
        return;
      }
    }
  }
  void product(Expression& out, int depth) {
    unary(out, depth);
    while (true) {
      if (accept("*")) {
        unary(out, depth);
        push(out, Op::kMultiply);
      } else if (accept("/")) {
        unary(out, depth);
        push(out, Op::kDivide);
      } else {
        return;
      }
    }
  }
  void unary(Expression& out, int depth) {
    if (depth > kMaxDepth) bad();
    if (accept("-")) {
      unary(out, depth + 1);
      if (out.steps.back().op == Op::kConstant) {
        out.steps.back().constant = -out.steps.back().constant;
      } else {
        push(out, Op::kNegate);
      }
      return;
    }
    atom(out, depth + 1);
  }
  void atom(Expression& out, int depth) {
    if (accept("cast(")) {
      sum(out, depth);
      expect(",");
      out.type = parse_type(type_text());
      expect(")");
    } else if (accept("(")) {
      sum(out, depth);
      expect(")");
    } else if (accept("[")) {
      sum(out, depth);
      expect("]");
      push(out, Op::kDereference);
      // `[cast(E, T*)]` is a T: the dereference takes a star from the type of what it reads.
      if (out.type.pointers > 0) --out.type.pointers;
    } else if (accept("ap")) {
      push(out, Op::kAp);
    } else if (accept("fp")) {
      push(out, Op::kFp);
    } else {
      number(out);
    }
  }
  void number(Expression& out) {
    skip();
    const std::size_t from = at_;
    while (at_ < text_.size() && std::isalnum(static_cast<unsigned char>(text_[at_]))) ++at_;
    if (from == at_) bad();
    const BigInt value = BigInt::parse(text_.substr(from, at_ - from));
    out.steps.push_back({.op = Op::kConstant, .number = 0, .constant = value.to_felt()});
  }
  // Up to the parenthesis that closes the cast.
  std::string_view type_text() {
    const std::size_t from = at_;
    int open = 0;
    while (at_ < text_.size() && (open > 0 || text_[at_] != ')')) {
      if (text_[at_] == '(') ++open;
      if (text_[at_] == ')') --open;
      ++at_;
    }
    return text_.substr(from, at_ - from);
  }
  // register + constant becomes one step.
  void combine(Expression& out, Op op) {
    auto& steps = out.steps;
    const std::size_t count = steps.size();
    std::int64_t distance = 0;
    if (count >= 2 && steps[count - 1].op == Op::kConstant && as_small(steps[count - 1].constant, distance) &&
        (steps[count - 2].op == Op::kAp || steps[count - 2].op == Op::kFp)) {
      steps[count - 2].number += op == Op::kAdd ? distance : -distance;
      steps.pop_back();
      return;
    }
    push(out, op);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

CairoType parse_type(std::string_view text) {
  CairoType out;
  text = trim(text);
  while (text.ends_with('*')) {
    ++out.pointers;
    text = trim(text.substr(0, text.size() - 1));
  }
  out.base = std::string(text);
  return out;
}

bool Expression::uses_ap() const {
  for (const Step& step : steps) {
    if (step.op == Op::kAp) return true;
  }
  return false;
}

void Expression::shift_ap(std::int64_t distance) {
  for (Step& step : steps) {
    if (step.op == Op::kAp) step.number += distance;
  }
}

Expression parse_expression(std::string_view text) {
  if (text.size() > 4096) fail(ErrorKind::kProgram, "a reference of more than 4096 characters");
  return Parser(text).parse();
}

namespace {
using Op = Expression::Op;

using Steps = std::span<const Expression::Step>;

Value evaluate_stack(Steps steps, const Value& ap, const Value& fp, const Memory& memory) {
  std::vector<Value> stack;
  stack.reserve(steps.size());
  const auto pop = [&stack] {
    const Value top = stack.back();
    stack.pop_back();
    return top;
  };
  for (const Expression::Step& step : steps) {
    switch (step.op) {
      case Op::kConstant:
        stack.push_back(step.constant);
        break;
      case Op::kAp:
        stack.push_back(advance(ap, step.number));
        break;
      case Op::kFp:
        stack.push_back(advance(fp, step.number));
        break;
      case Op::kDereference:
        stack.back() = memory.read(stack.back());
        break;
      case Op::kNegate:
        stack.back() = subtract(Felt(), stack.back());
        break;
      default: {
        const Value b = pop();
        Value& a = stack.back();
        if (step.op == Op::kAdd) a = add(a, b);
        if (step.op == Op::kSubtract) a = subtract(a, b);
        if (step.op == Op::kMultiply) a = multiply(a, b);
        if (step.op != Op::kDivide) break;
        if (!b.is_felt()) fail(ErrorKind::kPureValue, "division by a pointer");
        if (b.felt().is_zero()) fail(ErrorKind::kMemory, "Division by zero.");
        a = multiply(a, b.felt().inverse());
      }
    }
  }
  return stack.front();
}
// Nearly all references are one register with an offset, once or twice dereferenced.
Value evaluate_steps(Steps steps, const Value& ap, const Value& fp, const Memory& memory) {
  if (steps.empty()) fail(ErrorKind::kProgram, "an empty reference");
  if (steps[0].op != Op::kFp && steps[0].op != Op::kAp) return evaluate_stack(steps, ap, fp, memory);
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i].op != Op::kDereference) return evaluate_stack(steps, ap, fp, memory);
  }
  Value value = advance(steps[0].op == Op::kFp ? fp : ap, steps[0].number);
  for (std::size_t i = 1; i < steps.size(); ++i) value = memory.read(value);
  return value;
}
}  // namespace

Value evaluate(const Expression& expression, const Value& ap, const Value& fp, const Memory& memory) {
  return evaluate_steps(expression.steps, ap, fp, memory);
}
Value evaluate_address(const Expression& expression, const Value& ap, const Value& fp, const Memory& memory) {
  return evaluate_steps(Steps(expression.steps).first(expression.steps.size() - 1), ap, fp, memory);
}

}  // namespace asterism::core::cairo
