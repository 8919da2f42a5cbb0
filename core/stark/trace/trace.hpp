// The trace: columns of N felts in the order of rows, and the pools that span them.
//
// Every cell not written is zero. The order of writing is fixed (cpu, public memory, builtins, then the fills), because
// pools fill their free entries in ascending order with what was not used. Pools keep what the interaction trace needs,
// so that the columns themselves may be given away once they are committed.
#pragma once
#include <atomic>
#include <cstdint>
#include <vector>

#include "core/stark/air/air.hpp"
#include "core/stark/column.hpp"
#include "core/stark/failure.hpp"
#include "core/stark/trace/private_input.hpp"

namespace asterism::core::stark {

// Small numbers at the entries of a virtual column, each used or free.
class ValuePool {
 public:
  ValuePool(const VirtualColumn& cells, std::uint64_t rows)
      : cells_(cells), used_(rows / cells.step), values_(rows / cells.step) {}
  std::size_t size() const { return values_.size(); }
  const VirtualColumn& cells() const { return cells_; }
  std::uint64_t entry_of_row(std::uint64_t row) const { return (row - cells_.first) / cells_.step; }
  bool used(std::size_t entry) const { return used_[entry]; }
  std::uint64_t value(std::size_t entry) const { return values_[entry]; }
  std::vector<std::uint64_t> sorted() const;
  void use(std::size_t entry, std::uint64_t value) {
    used_[entry] = true;
    values_[entry] = value;
  }
  // Free entries, ascending, take from `unused` in order and then `last` for ever; false when there are too few.
  bool fill(const std::vector<std::uint64_t>& unused, std::uint64_t last);

 private:
  VirtualColumn cells_;
  std::vector<bool> used_;
  std::vector<std::uint64_t> values_;
};

// Address and value at each unit of the memory pool. Public units hold in the trace zeros, here what they stand for.
struct MemoryPool {
  std::vector<std::uint64_t> address;
  Column value;
  std::vector<bool> used;
  std::vector<bool> is_public;
};

class Trace {
 public:
  Trace(const Layout& layout, std::uint64_t rows);

  const Layout& layout() const { return layout_; }
  std::uint64_t rows() const { return rows_; }
  std::vector<Column>& columns() { return columns_; }
  const std::vector<Column>& columns() const { return columns_; }

  void set(const VirtualColumn& cells, std::uint64_t index, const Felt& value) {
    columns_[cells.column][cells.row(index)] = value;
  }
  // A memory access; also enters the memory pool.
  void set_memory(const MemoryCells& cells, std::uint64_t index, std::uint64_t address, const Felt& value);
  void set_public(const MemoryCells& cells, std::uint64_t index, std::uint64_t address, const Felt& value);
  void set_range_check(const VirtualColumn& cells, std::uint64_t index, std::uint64_t value);
  void set_diluted(const VirtualColumn& cells, std::uint64_t index, std::uint64_t value);

  Expected<void> fill_range_check(std::uint64_t rc_min, std::uint64_t rc_max);
  Expected<void> fill_diluted();
  Expected<void> fill_memory();
  void write_sorted();

  const MemoryPool& memory() const { return memory_; }
  const std::vector<std::uint32_t>& memory_order() const { return memory_order_; }
  const ValuePool& range_check() const { return range_check_; }
  const ValuePool* diluted() const { return diluted_ ? &*diluted_ : nullptr; }

 private:
  const Layout& layout_;
  std::uint64_t rows_;
  std::vector<Column> columns_;
  MemoryPool memory_;
  std::vector<std::uint32_t> memory_order_;  // units by address
  ValuePool range_check_;
  std::optional<ValuePool> diluted_;
};

// The first trace of a run. Fails with bad_trace, no_room or cancelled; whether the constraints hold is not checked.
Expected<Trace> generate_trace(const Layout& layout, const PublicInput& input, const PrivateInput& secret,
                               const std::atomic<bool>* cancel = nullptr);

// The columns of the interaction trace, from the challenges.
std::vector<Column> generate_interaction(const Trace& trace, const Globals& globals);

}  // namespace asterism::core::stark
