// What each phase of a proof costs, estimated from the sizes: tells a caller how much is left. Nothing else follows
// from it.
#pragma once
#include <array>

#include "core/stark/stark.hpp"

namespace asterism::core::stark {

class WorkEstimate {
 public:
  WorkEstimate(const Air& air, const Parameters& parameters);
  std::uint64_t total() const;
  std::uint64_t before(Phase phase) const;  // of all phases before it
  // Extending a table to one coset and hashing it.
  static std::uint64_t coset(std::size_t columns);
  std::uint64_t coset_of_composition() const { return coset_of_composition_; }

 private:
  std::array<std::uint64_t, kPhases> cost_{};
  std::uint64_t coset_of_composition_;
};

}  // namespace asterism::core::stark
