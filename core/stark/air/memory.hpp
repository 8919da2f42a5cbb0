// The memory: its cells in the order of use are a permutation of the same cells sorted by address, in which addresses
// are continuous and each has one value (Cairo whitepaper, 9.7). Public cells are (0, 0) in the order of use; what they
// stand for enters through the product that the last constraint demands (9.8).
#pragma once
#include "core/stark/air/evaluation.hpp"

namespace asterism::core::stark {

struct Memory {
  MemoryCells pool, public_cells;
  VirtualColumn sorted_address, sorted_value, product;
  Domain units_but_last, first, last, public_rows;

  explicit Memory(const Binder& b)
      : pool(b.layout.memory_at("mem_pool")),
        public_cells(b.layout.memory_at("orig/public_memory")),
        sorted_address(b.layout.at("memory/sorted/addr")),
        sorted_value(b.layout.at("memory/sorted/value")),
        product(b.layout.at("memory/multi_column_perm/perm/cum_prod0")),
        units_but_last(b.rows.every_but_last(pool.address.step)),
        first(b.rows.first()),
        last(b.rows.last(pool.address.step)),
        public_rows(b.rows.every(public_cells.address.step)) {}

  template <class E>
  void constrain(E& e) const {
    const auto z = e.global(Global::memory_z);
    const auto alpha = e.global(Global::memory_alpha);
    const auto in_order = [&](unsigned i) { return e.at(pool.address, i) + alpha * e.at(pool.value, i); };
    const auto sorted = [&](unsigned i) { return e.at(sorted_address, i) + alpha * e.at(sorted_value, i); };
    const auto one = e.number(1);
    e.constrain({"memory/multi_column_perm/perm/", "init0"}, (z - sorted(0)) * e.at(product, 0) + in_order(0) - z,
                first);
    e.constrain({"memory/multi_column_perm/perm/", "step0"},
                (z - sorted(1)) * e.at(product, 1) - (z - in_order(1)) * e.at(product, 0), units_but_last);
    e.constrain({"memory/multi_column_perm/perm/", "last"}, e.at(product, 0) - e.global(Global::public_memory_product),
                last);
    const auto gap = e.at(sorted_address, 1) - e.at(sorted_address, 0);
    e.constrain({"memory/", "diff_is_bit"}, gap * gap - gap, units_but_last);
    e.constrain({"memory/", "is_func"}, (gap - one) * (e.at(sorted_value, 0) - e.at(sorted_value, 1)), units_but_last);
    e.constrain({"memory/", "initial_addr"}, e.at(sorted_address, 0) - one, first);
    e.constrain({"", "public_memory_addr_zero"}, e.at(public_cells.address, 0), public_rows);
    e.constrain({"", "public_memory_value_zero"}, e.at(public_cells.value, 0), public_rows);
  }
};

}  // namespace asterism::core::stark
