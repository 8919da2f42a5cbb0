// The pool of 16-bit values: a permutation of a sorted column without gaps, from rc_min to rc_max (whitepaper, 9.9);
// and the range_check builtin, whose values are eight of them (9.10).
#pragma once
#include "core/stark/air/evaluation.hpp"

namespace asterism::core::stark {

struct RangeCheckPool {
  VirtualColumn pool, sorted, product;
  Domain first, last, entries_but_last;

  explicit RangeCheckPool(const Binder& b)
      : pool(b.layout.at("range_check16_pool")),
        sorted(b.layout.at("range_check16/sorted")),
        product(b.layout.at("range_check16/perm/cum_prod0")),
        first(b.rows.first()),
        last(b.rows.last(pool.step)),
        entries_but_last(b.rows.every_but_last(pool.step)) {}

  template <class E>
  void constrain(E& e) const {
    const auto z = e.global(Global::range_check_z);
    e.constrain({"range_check16/perm/", "init0"}, (z - e.at(sorted, 0)) * e.at(product, 0) + e.at(pool, 0) - z, first);
    e.constrain({"range_check16/perm/", "step0"},
                (z - e.at(sorted, 1)) * e.at(product, 1) - (z - e.at(pool, 1)) * e.at(product, 0), entries_but_last);
    e.constrain({"range_check16/perm/", "last"}, e.at(product, 0) - e.number(1), last);
    const auto gap = e.at(sorted, 1) - e.at(sorted, 0);
    e.constrain({"range_check16/", "diff_is_bit"}, gap * gap - gap, entries_but_last);
    e.constrain({"range_check16/", "minimum"}, e.at(sorted, 0) - e.global(Global::rc_min), first);
    e.constrain({"range_check16/", "maximum"}, e.at(sorted, 0) - e.global(Global::rc_max), last);
  }
};

struct RangeCheckBuiltin {
  static constexpr unsigned kParts = 8;
  MemoryCells memory;
  VirtualColumn parts;
  Domain instances, instances_but_last, first;

  explicit RangeCheckBuiltin(const Binder& b)
      : memory(b.layout.memory_at("range_check_builtin/mem")),
        parts(b.layout.at("range_check_builtin/inner_range_check")),
        instances(b.rows.every(memory.address.step)),
        instances_but_last(b.rows.every_but_last(memory.address.step)),
        first(b.rows.first()) {}

  template <class E>
  void constrain(E& e) const {
    typename E::Value value = e.at(parts, 0);
    for (unsigned i = 1; i < kParts; ++i) value = value * e.number(1 << 16) + e.at(parts, i);
    e.constrain({"range_check_builtin/", "value"}, value - e.at(memory.value, 0), instances);
    e.constrain({"range_check_builtin/", "addr_step"},
                e.at(memory.address, 1) - (e.at(memory.address, 0) + e.number(1)), instances_but_last);
    e.constrain({"range_check_builtin/", "init_addr"}, e.at(memory.address, 0) - e.global(Global::range_check_begin),
                first);
  }
};

}  // namespace asterism::core::stark
