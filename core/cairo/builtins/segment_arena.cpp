#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

namespace {
// (infos, number of segments, number of finalised segments): what Cairo 1 dictionaries are squashed through. The first
// instance is written before the program starts, and a pointer behind it is what the program gets.
class SegmentArenaBuiltin : public Builtin {
 public:
  using Builtin::Builtin;
  Value argument(Memory& memory) override {
    memory.load(cell(0), memory.add_segment());
    memory.load(cell(1), Value(Felt()));
    memory.load(cell(2), Value(Felt()));
    return cell(3);
  }
  std::uint64_t allocated_instances(std::uint64_t) const override { return 0; }
  std::uint64_t allocated_size(const Memory& memory, std::uint64_t) const override { return used_cells(memory); }
  std::uint64_t memory_units(std::uint64_t) const override { return 0; }
  void private_input(const Memory&, const Relocation&, JsonWriter&) const override {}
};
}  // namespace

std::unique_ptr<Builtin> make_segment_arena(const BuiltinRow& row) {
  return std::make_unique<SegmentArenaBuiltin>(row);
}

}  // namespace asterism::core::cairo
