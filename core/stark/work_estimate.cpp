#include "core/stark/work_estimate.hpp"

#include <numeric>

namespace asterism::core::stark {
namespace {

// Units: a tenth of the transform of one column, some 2 nanoseconds a row on the wide path.
constexpr std::uint64_t kTransform = 10;
constexpr std::uint64_t kHash = 5;    // of a column's share of a row
constexpr std::uint64_t kTrace = 25;  // a column of cells
constexpr std::uint64_t kInteraction = 40;
constexpr std::uint64_t kConstraint = 3;
constexpr std::uint64_t kMaskCell = 1;
constexpr std::uint64_t kDeepCell = 2;
constexpr std::uint64_t kNonce = 15;

}  // namespace

WorkEstimate::WorkEstimate(const Air& air, const Parameters& parameters)
    : coset_of_composition_(kConstraint * air.constraints().size()) {
  const std::uint64_t cosets = std::uint64_t{1} << parameters.log_n_cosets;
  const auto committed = [&](std::uint64_t columns) { return columns * kTransform + cosets * coset(columns); };
  const Layout& layout = air.layout();
  const auto set = [&](Phase phase, std::uint64_t cost) { cost_[static_cast<std::size_t>(phase)] = cost; };
  set(Phase::trace, layout.columns_first * kTrace);
  set(Phase::commit, committed(layout.columns_first));
  set(Phase::interaction, layout.columns_second * kInteraction + committed(layout.columns_second));
  set(Phase::composition, 2 * coset_of_composition_ + committed(2));
  set(Phase::sampling, kMaskCell * air.mask().size());
  set(Phase::fri, kDeepCell * air.mask().size() + 2 * cosets * coset(1));
  set(Phase::grinding, (kNonce << parameters.fri.proof_of_work_bits) / air.trace_length());
  set(Phase::opening, 1);
}

std::uint64_t WorkEstimate::total() const { return std::accumulate(cost_.begin(), cost_.end(), std::uint64_t{0}); }

std::uint64_t WorkEstimate::before(Phase phase) const {
  return std::accumulate(cost_.begin(), cost_.begin() + static_cast<std::ptrdiff_t>(phase), std::uint64_t{0});
}

std::uint64_t WorkEstimate::coset(std::size_t columns) { return columns * (kTransform + kHash); }

}  // namespace asterism::core::stark
