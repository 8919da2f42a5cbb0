// Builtins: segments whose cells obey a rule.
//
// A builtin is a class that derives from Builtin in a file of core/cairo/builtins, and a row of the table there
// (builtin_rows): name, cells of an instance, how many of them are inputs, what it costs a layout. The base class does
// what all have in common: the segment, stop pointer, capacity, missing-cell checks, the private input of plain cells.
// Tests add one of their own by passing more rows to the runner.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/cairo/json_writer.hpp"
#include "core/cairo/layout.hpp"
#include "core/cairo/memory.hpp"

namespace asterism::core::cairo {

class Builtin;

struct BuiltinRow {
  std::string_view name;
  unsigned cells = 1;                                // of one instance
  unsigned inputs = 1;                               // the first cells; the rest follow from them
  std::array<std::string_view, 8> input_names = {};  // in the private input
  unsigned input_bits = 0;                           // inputs are below 2^input_bits when outputs are asked for; 0: any
  std::unique_ptr<Builtin> (*make)(const BuiltinRow&) = nullptr;
  unsigned instances_per_component = 1;
  unsigned extra_memory_units = 0;  // per instance, beyond its cells
  unsigned range_check_parts = 0;   // 16-bit limbs of each cell
  unsigned diluted_units = 0;       // per instance
  unsigned zero_cells = 0;          // of the zero segment it wants
  bool of_layouts = true;           // may stand in %builtins; false: only entry points of contracts receive it
  bool metered = true;              // its instances are resources of a run
};

// The builtins of this machine in the order in which %builtins must list them.
std::span<const BuiltinRow> builtin_rows();

// More cells than the steps give room for: run more steps.
struct InsufficientCells {
  std::string message;
};

// Turns a pointer into the address it has in the relocated memory.
class Relocation {
 public:
  explicit Relocation(std::vector<std::uint64_t> bases) : bases_(std::move(bases)) {}
  std::uint64_t base(std::int64_t segment) const { return bases_[static_cast<std::size_t>(segment)]; }
  std::span<const std::uint64_t> bases() const { return bases_; }
  Felt relocate(const Value& value) const;

 private:
  std::vector<std::uint64_t> bases_;
};

class Builtin : public SegmentRules {
 public:
  explicit Builtin(const BuiltinRow& row) : row_(row) {}

  const BuiltinRow& row() const { return row_; }
  std::string_view name() const { return row_.name; }
  bool included = false;  // in the program's %builtins
  LayoutBuiltin share;    // of the layout
  std::int64_t segment = -1;
  std::optional<Value> stop;  // set at the end of the run

  Value base() const { return Value::pointer(segment, 0); }
  // What an entry point receives for this builtin, and whether what it returned for it can be; both once, around a run.
  virtual Value argument(Memory&) { return base(); }
  virtual bool accepts(const Memory& memory, const Value& returned) const {
    return returned == cell(used_instances(memory) * row_.cells);
  }
  Value cell(std::uint64_t offset) const { return Value::pointer(segment, static_cast<std::int64_t>(offset)); }

  // --- SegmentRules
  void validate(Memory&, std::uint64_t) override {}
  // Calls `compute` for an output cell whose inputs are all there, and remembers that the cell follows its rule.
  Value deduce(Memory& memory, std::uint64_t offset) final;

  // --- capacity; `steps` of the run so far
  virtual std::uint64_t used_cells(const Memory& memory) const { return memory.used(segment); }
  std::uint64_t used_instances(const Memory& memory) const;
  virtual std::uint64_t allocated_instances(std::uint64_t steps) const;                   // throws InsufficientCells
  virtual std::uint64_t allocated_size(const Memory& memory, std::uint64_t steps) const;  // throws InsufficientCells
  virtual std::uint64_t memory_units(std::uint64_t steps) const;
  virtual bool counts_as_accessed() const { return true; }
  // Further cells that the builtin itself reads: f(address).
  virtual void accessed_elsewhere(const Memory&, const std::function<void(const Value&)>&) const {}

  // --- end of the run
  // Fault when an assigned output disagrees with its rule.
  void verify_outputs(Memory& memory);
  // The checks of secure_run: instances complete, rules that can fail do not.
  virtual void check_security(Memory& memory);
  // Appends this builtin's part of the private input, if it has one.
  virtual void private_input(const Memory& memory, const Relocation& relocation, JsonWriter& out) const;

 protected:
  // The instance's outputs from its inputs (all felts): row().cells - row().inputs values.
  virtual void compute(std::span<const Felt>, std::span<Felt>) const {}
  // compute for `count` instances at once, one behind the other: a builtin whose rule is cheaper in a batch overrides
  // it.
  virtual void compute_batch(std::size_t count, std::span<const Felt> in, std::span<Felt> out) const;
  // As in the official runner: raises if the instance's outputs could not be computed, without the price of doing so.
  virtual void check_inputs(std::span<const Felt>) const {}
  // False while an input is missing; Fault for one that is no felt or too large.
  bool read_inputs(const Memory& memory, std::uint64_t instance, std::span<Felt> out) const;

 private:
  void verify_batch(const Memory& memory, std::span<const std::uint64_t> instances, std::span<const Felt> in) const;
  bool is_open(const Memory& memory, std::uint64_t offset) const;
  static constexpr std::uint64_t kNone = UINT64_MAX;
  BuiltinRow row_;
  std::uint64_t cached_instance_ = kNone;
  std::array<Felt, 16> cached_{};
  std::vector<bool> follows_rule_;  // by offset
};

// {"index": i, "x": "0x.."} lists and the like.
void write_hex(JsonWriter& out, std::string_view key, const Felt& value);

}  // namespace asterism::core::cairo
