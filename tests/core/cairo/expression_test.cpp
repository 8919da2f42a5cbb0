#include "core/cairo/expression.hpp"

#include <gtest/gtest.h>

#include "tests/core/cairo/assembly.hpp"

namespace asterism::test {
namespace {

class CairoExpression : public ::testing::Test {
 protected:
  void SetUp() override {
    memory_.add_segment();
    for (std::int64_t i = 0; i < 20; ++i) memory_.load(Value::pointer(0, i), number(100 + i));
    memory_.add_segment();
    memory_.load(Value::pointer(1, 0), Value::pointer(0, 7));
    memory_.load(Value::pointer(1, 1), number(3));
  }
  Value eval(std::string_view text) {
    return evaluate(parse_expression(text), Value::pointer(0, 10), Value::pointer(1, 1), memory_);
  }
  Memory memory_;
};

TEST_F(CairoExpression, ShapesThatCompilersWrite) {
  EXPECT_EQ(eval("[cast(ap + (-3), felt*)]"), number(107));
  EXPECT_EQ(eval("[cast(ap - 2 + (-1), felt*)]"), number(107));
  EXPECT_EQ(eval("cast([fp + (-1)] + 2, felt*)"), Value::pointer(0, 9));
  EXPECT_EQ(eval("[cast([fp + (-1)] + 2, felt**)]"), number(109));
  EXPECT_EQ(eval("cast([fp + (-1)] + [fp], felt*)"), Value::pointer(0, 10));
  EXPECT_EQ(eval("cast([[fp + (-1)] + 1], felt)"), number(108));
  EXPECT_EQ(eval("cast([fp] * (-2) + 1, felt)"), number(-5));
  EXPECT_EQ(eval("cast((\n    4 - [fp]) / 2, felt)"), Value(core::Felt(2).inverse()));
  EXPECT_EQ(eval("cast(7, felt)"), number(7));
}

TEST_F(CairoExpression, TypesAndAssignability) {
  const Expression member = parse_expression("[cast(fp + (-4), a.b.Struct**)]");
  EXPECT_EQ(member.type.base, "a.b.Struct");
  EXPECT_EQ(member.type.pointers, 1U);
  EXPECT_TRUE(member.is_dereference());
  const Expression plain = parse_expression("cast(fp + (-4), a.b.Struct*)");
  EXPECT_EQ(plain.type.pointers, 1U);
  EXPECT_FALSE(plain.is_dereference());
  EXPECT_EQ(parse_expression("[cast(fp, (a: felt, b: felt)*)]").type.base, "(a: felt, b: felt)");
}

TEST_F(CairoExpression, MalformedAndMeaninglessOnesFail) {
  for (const char* wrong : {"", "[", "cast(", "cast(fp, felt", "fp +", "fp fp", "[fp]]", "0x", "1 +* 2"}) {
    EXPECT_THROW(parse_expression(wrong), Fault) << wrong;
  }
  EXPECT_THROW(parse_expression(std::string(300, '[') + "fp" + std::string(300, ']')), Fault);
  EXPECT_THROW(eval("[ap + 100]"), Fault);
  EXPECT_THROW(eval("fp * fp"), Fault);
  EXPECT_THROW(eval("1 / 0"), Fault);
}

}  // namespace
}  // namespace asterism::test
