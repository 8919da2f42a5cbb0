#include "core/cairo/memory.hpp"

#include <gtest/gtest.h>

#include "tests/core/cairo/assembly.hpp"

namespace asterism::test {
namespace {

ErrorKind kind_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Fault& fault) {
    return fault.kind;
  }
  return static_cast<ErrorKind>(0);
}

TEST(CairoMemory, CellsAreWrittenOnce) {
  Memory memory;
  const Value segment = memory.add_segment();
  EXPECT_TRUE(memory.get(segment).is_empty());
  EXPECT_EQ(kind_of([&] { memory.read(segment); }), ErrorKind::kMemory);
  memory.set(segment, number(5));
  memory.set(segment, number(5));
  EXPECT_EQ(kind_of([&] { memory.set(segment, number(6)); }), ErrorKind::kMemory);
  EXPECT_EQ(kind_of([&] { memory.set(Value::pointer(7, 0), number(6)); }), ErrorKind::kMemory);
}

TEST(CairoMemory, GrowsAcrossTheStepFromHeapToPages) {
  Memory memory;
  const Value segment = memory.add_segment();
  constexpr std::int64_t kCells = 300000;
  for (std::int64_t i = 0; i < kCells; ++i)
    memory.load(advance(segment, i), Value::integer(static_cast<std::uint64_t>(i)));
  EXPECT_EQ(memory.used(0), static_cast<std::size_t>(kCells));
  for (std::int64_t i = 0; i < kCells; i += 997) ASSERT_EQ(memory.get(advance(segment, i)), number(i));
  EXPECT_TRUE(memory.get(advance(segment, kCells)).is_empty());
}

TEST(CairoMemory, TheCellLimitIsAnError) {
  Memory memory(1000);
  const Value segment = memory.add_segment();
  // A cell beyond the limit is kept apart, a few of them at most: the run fails when it ends.
  memory.load(advance(segment, 1000), number(1));
  EXPECT_EQ(memory.written_elsewhere(), advance(segment, 1000));
  EXPECT_EQ(kind_of([&] {
              for (std::int64_t i = 0; i < 1000; ++i) memory.load(advance(segment, 1000 + i), number(1));
            }),
            ErrorKind::kLimit);
  memory.load(advance(segment, 600), number(1));
  const Value second = memory.add_segment();
  EXPECT_EQ(kind_of([&] { memory.load(advance(second, 600), number(1)); }), ErrorKind::kLimit);
}

TEST(CairoMemory, TemporarySegmentsAreRedirectedThenMoved) {
  Memory memory;
  const Value real = memory.add_segment();
  const Value temporary = memory.add_temporary_segment();
  memory.load(temporary, number(1));
  memory.load(advance(temporary, 1), advance(temporary, 2));
  memory.load(advance(real, 9), advance(temporary, 3));
  EXPECT_EQ(memory.get(advance(real, 9)), advance(temporary, 3));
  memory.add_relocation_rule(temporary, advance(real, 4));
  EXPECT_EQ(memory.get(advance(real, 9)), advance(real, 7));
  EXPECT_TRUE(memory.get(advance(real, 4)).is_empty());  // addresses only at the end
  EXPECT_EQ(kind_of([&] { memory.add_relocation_rule(temporary, real); }), ErrorKind::kMemory);
  EXPECT_EQ(kind_of([&] { memory.add_relocation_rule(real, real); }), ErrorKind::kMemory);
  memory.relocate_temporary();
  EXPECT_EQ(memory.get(advance(real, 4)), number(1));
  EXPECT_EQ(memory.get(advance(real, 5)), advance(real, 6));
  EXPECT_EQ(memory.get(advance(real, 9)), advance(real, 7));
}

TEST(CairoMemory, ConflictsOnRelocationFail) {
  Memory memory;
  const Value real = memory.add_segment();
  const Value first = memory.add_temporary_segment();
  memory.load(real, number(1));
  memory.load(first, number(2));
  memory.add_relocation_rule(first, real);
  EXPECT_EQ(kind_of([&] { memory.relocate_temporary(); }), ErrorKind::kMemory);
}

TEST(CairoMemory, RulesInACycleFailWhoReadsThrough) {
  Memory memory;
  const Value real = memory.add_segment();
  const Value first = memory.add_temporary_segment();
  const Value second = memory.add_temporary_segment();
  memory.load(real, number(1));
  memory.load(advance(real, 1), advance(first, 5));
  memory.add_relocation_rule(first, second);
  memory.add_relocation_rule(second, first);
  EXPECT_EQ(memory.read(real), number(1));
  EXPECT_EQ(kind_of([&] { memory.read(advance(real, 1)); }), ErrorKind::kMemory);
  EXPECT_EQ(kind_of([&] { memory.relocate_temporary(); }), ErrorKind::kMemory);
}

}  // namespace
}  // namespace asterism::test
