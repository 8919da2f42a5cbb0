#include "core/stark/memory_plan.hpp"

#include <algorithm>
#include <array>

#include "core/stark/composition.hpp"
#include "core/stark/fri.hpp"

namespace asterism::core::stark {
namespace {

using Keep = TableSpec::Keep;
constexpr double kFelt = sizeof(Felt);

// Sizes in columns: felts of the trace's length.
class Peak {
 public:
  Peak(const Air& air, const Parameters& parameters, const MemoryPlan& plan, unsigned threads)
      : rows_(static_cast<double>(air.trace_length())),
        blow_up_(static_cast<double>(std::uint64_t{1} << parameters.log_n_cosets)),
        first_(air.layout().columns_first),
        second_(air.layout().columns_second),
        kept_(plan.keep == Keep::all    ? blow_up_
              : plan.keep == Keep::two  ? 2
              : plan.keep == Keep::half ? 1
                                        : 0),
        threads_(threads),
        plan_(plan),
        air_(air) {}

  std::uint64_t bytes() const {
    const double columns = std::max({trace(), interaction(), composition(), halves(), deep(), fri()});
    return static_cast<std::uint64_t>((columns + trees()) * kFelt * rows_) + kBase;
  }

 private:
  static constexpr std::uint64_t kBase = std::uint64_t{24} << 20;  // the process, small vectors, openings

  double traces() const { return first_ + second_; }
  double columns_of_part() const { return static_cast<double>(MemoryPlan::columns_of_part(air_, plan_.deep_parts)); }
  // Factors and a buffer for each thread, in the wide form; the hashes of a coset.
  double transform() const { return 1.25 * (1 + threads_) + 1.0 / 16; }
  // The columns of a table on a coset that is being hashed or kept.
  double cosets(double columns) const { return columns * std::max(kept_, 1.0); }
  // The execution and its memory as given, at most some five cells a step; addresses, values and order of the pools.
  double inputs() const { return (24.0 / 16 + 40.0 * 5 / 16) / kFelt; }
  double pools() const {
    double entries = 44.0 / air_.layout().memory_at("mem_pool").address.step;
    entries += 9.0 / air_.layout().at("range_check16_pool").step;
    if (const auto diluted = air_.layout().find("diluted_pool")) entries += 9.0 / diluted->step;
    return entries / kFelt;
  }

  double trace() const {
    // While it is written the memory lies there once more by address, and pools are sorted.
    const double writing = first_ + pools() + 1;
    return inputs() + std::max(writing, first_ + pools() + cosets(first_) + transform());
  }
  double interaction() const {
    const double made = first_ * (1 + kept_) + second_;
    return inputs() + std::max(made + pools() + 1.5 + 8.0 / kFelt, made + cosets(second_) + transform());
  }
  double composition() const {
    const double tables = static_cast<double>(CosetTables::bytes(air_)) / (kFelt * rows_);
    const double on_half = traces() * (1 + std::max(kept_, 1.0)) + std::max(kept_ == 0 ? transform() : 0, tables + 1);
    const double left = plan_.keep == Keep::all ? kept_ : 1;  // the first coset
    const double on_first = traces() * (1 + left) + 1 + std::max(kept_ < 2 ? transform() : 0, tables + 1);
    return inputs() + std::max(on_half, on_first);
  }
  double keeps_first() const { return plan_.keep == Keep::all ? kept_ : plan_.keep == Keep::two ? 1 : 0; }
  double halves() const {
    const double values = keeps_first() == 0 ? 1 : kept_;
    const double part = plan_.deep_parts == 1 ? 0 : columns_of_part();  // kept for DEEP
    return inputs() + traces() * (1 + keeps_first()) + part + std::max(4.0, 2 + 2 * values + transform());
  }
  double deep() const {
    const double kept = traces() * (1 + keeps_first()) + 2 * (1 + (keeps_first() == 0 ? 0 : kept_));
    const double made = keeps_first() != 0 ? 0 : plan_.deep_parts == 1 ? traces() + 2 : columns_of_part();
    const double tables = plan_.deep_parts == 1 ? 2.5 : 1.25;
    return inputs() + kept + made + 1 + std::max(made == 0 ? 2.5 : transform(), tables);
  }
  double fri() const {
    const double kept = traces() * (1 + keeps_first()) + 2 * (1 + (keeps_first() == 0 ? 0 : kept_));
    // The layer, its copy in the table, its values; later layers are at most half as long.
    const double values = plan_.keep == Keep::all ? 2 * blow_up_ : 1;
    return inputs() + kept + 3 + values + std::max(2.5, static_cast<double>(threads_));
  }
  // Kept layers: one node in 2^6 leaves, and those above; three tables and the layers of FRI.
  double trees() const { return 5 * 2 * blow_up_ / 64; }

  double rows_, blow_up_, first_, second_, kept_;
  unsigned threads_;
  const MemoryPlan& plan_;
  const Air& air_;
};

}  // namespace

std::uint64_t predict_peak(const Air& air, const Parameters& parameters, const MemoryPlan& plan, unsigned threads) {
  return Peak(air, parameters, plan, threads).bytes();
}

Expected<MemoryPlan> plan_memory(const Air& air, const Parameters& parameters, const Budget& budget) {
  const unsigned threads = std::max(1U, budget.threads);
  MemoryPlan plan;
  const auto predicted = [&](Keep keep, unsigned parts) {
    plan = {keep, parts, 0};
    plan.peak = predict_peak(air, parameters, plan, threads);
    return plan.peak;
  };
  if (budget.memory == 0) {
    predicted(Keep::two, 1);
    return plan;
  }
  std::uint64_t least = ~std::uint64_t{0};
  constexpr std::array<std::pair<Keep, unsigned>, 4> kFastestFirst{
      {{Keep::all, 1}, {Keep::two, 1}, {Keep::half, 1}, {Keep::half, 2}}};
  for (const auto& [keep, parts] : kFastestFirst) {
    if (predicted(keep, parts) <= budget.memory) return plan;
    least = std::min(least, plan.peak);
  }
  return std::unexpected(Failure{.error = Error::out_of_memory,
                                 .detail = std::to_string(least >> 20) + " MiB are needed, the budget is " +
                                           std::to_string(budget.memory >> 20) + " MiB",
                                 .bytes = least});
}

}  // namespace asterism::core::stark
