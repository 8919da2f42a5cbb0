// The pool of diluted values (16 bits, spread to every fourth place): a permutation of a sorted column whose set of
// values is all 65536 of them. The running value folds the differences of the sorted column so that its last entry is
// the same for every column with that set; diluted_final_value computes it.
#pragma once
#include "core/stark/air/evaluation.hpp"

namespace asterism::core::stark {

struct DilutedPool {
  static constexpr unsigned kBits = 16;
  static constexpr unsigned kSpacing = 4;
  VirtualColumn pool, sorted, product, running;
  Domain first, last, entries_but_last;

  explicit DilutedPool(const Binder& b)
      : pool(b.layout.at("diluted_pool")),
        sorted(b.layout.at("diluted_check/permuted_values")),
        product(b.layout.at("diluted_check/permutation/cum_prod0")),
        running(b.layout.at("diluted_check/cumulative_value")),
        first(b.rows.first()),
        last(b.rows.last(pool.step)),
        entries_but_last(b.rows.every_but_last(pool.step)) {}

  template <class E>
  void constrain(E& e) const {
    const auto z = e.global(Global::diluted_permutation_z);
    const auto one = e.number(1);
    e.constrain({"diluted_check/permutation/", "init0"}, (z - e.at(sorted, 0)) * e.at(product, 0) + e.at(pool, 0) - z,
                first);
    e.constrain({"diluted_check/permutation/", "step0"},
                (z - e.at(sorted, 1)) * e.at(product, 1) - (z - e.at(pool, 1)) * e.at(product, 0), entries_but_last);
    e.constrain({"diluted_check/permutation/", "last"}, e.at(product, 0) - one, last);
    e.constrain({"diluted_check/", "init"}, e.at(running, 0) - one, first);
    e.constrain({"diluted_check/", "first_element"}, e.at(sorted, 0), first);
    const auto gap = e.at(sorted, 1) - e.at(sorted, 0);
    e.constrain({"diluted_check/", "step"},
                e.at(running, 1) - (e.at(running, 0) * (one + e.global(Global::diluted_z) * gap) +
                                    e.global(Global::diluted_alpha) * gap * gap),
                entries_but_last);
    e.constrain({"diluted_check/", "last"}, e.at(running, 0) - e.global(Global::diluted_final_value), last);
  }
};

// Spreads the 16 bits of `value` to every fourth place.
constexpr std::uint64_t dilute(std::uint64_t value) {
  std::uint64_t out = 0;
  for (unsigned i = 0; i < DilutedPool::kBits; ++i) out |= ((value >> i) & 1) << (DilutedPool::kSpacing * i);
  return out;
}

// The last entry of the running value, for challenges z and alpha.
Felt diluted_final_value(const Felt& z, const Felt& alpha);

}  // namespace asterism::core::stark
