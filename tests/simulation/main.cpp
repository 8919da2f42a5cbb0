// consensus_simulation [--seed N] [--first N] [--runs N] [--trace] [--expect-violation]
// Runs seeds and prints what faults occurred; a failing seed is printed and reproduces with --seed.
// With --expect-violation (builds with a planted bug) it succeeds when some seed finds a violation.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/simulation/simulation.hpp"

namespace {

using namespace asterism::simulation;

constexpr std::uint64_t kHeights = 20, kFaults = 10;

struct Arguments {
  std::uint64_t first = 1, runs = 1000;
  bool trace = false, expect_violation = false;
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) + static_cast<double>(usage.ru_utime.tv_usec) / 1e6;
}

// Too few heights or faults: the run has not shown what it must.
std::optional<std::string> shortfall(const Report& report) {
  if (report.violation) return report.violation;
  if (report.heights < kHeights) return "only " + std::to_string(report.heights) + " heights";
  if (report.faults.total() < kFaults) return "only " + std::to_string(report.faults.total()) + " faults";
  return std::nullopt;
}

int run_all(const Arguments& arguments) {
  Faults faults;
  std::uint64_t heights = 0, steps = 0, virtual_ms = 0;
  std::uint64_t fewest_heights = ~std::uint64_t{0}, fewest_faults = ~std::uint64_t{0};
  std::uint32_t highest_round = 0;
  int failures = 0;
  for (auto seed = arguments.first; seed < arguments.first + arguments.runs; ++seed) {
    Simulation simulation(make_plan(seed));
    simulation.trace(arguments.trace);
    const auto report = simulation.run();
    faults.add(report.faults);
    heights += report.heights, steps += report.steps, virtual_ms += report.virtual_ms;
    highest_round = std::max(highest_round, report.highest_round);
    fewest_heights = std::min(fewest_heights, report.heights);
    fewest_faults = std::min(fewest_faults, report.faults.total());
    const auto failed = shortfall(report);
    if (!failed) continue;
    ++failures;
    std::printf("seed=%llu after %llu ms: %s\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(report.virtual_ms), failed->c_str());
    // A bug of safety: a stall would be found without it as well.
    if (arguments.expect_violation && report.violation && !report.stalled) {
      std::printf("found after %llu runs\n", static_cast<unsigned long long>(seed - arguments.first + 1));
      return 0;
    }
  }
  std::printf("runs=%llu failures=%d heights=%llu steps=%llu virtual_s=%llu highest_round=%u cpu_s=%.1f\n",
              static_cast<unsigned long long>(arguments.runs), failures, static_cast<unsigned long long>(heights),
              static_cast<unsigned long long>(steps), static_cast<unsigned long long>(virtual_ms / 1000), highest_round,
              cpu_seconds());
  std::printf("in every run at least %llu heights and %llu faults; in all:\n",
              static_cast<unsigned long long>(fewest_heights), static_cast<unsigned long long>(fewest_faults));
  for (const auto& [name, count] : faults.named()) {
    std::printf("  %-32s %llu\n", name.c_str(), static_cast<unsigned long long>(count));
  }
  if (arguments.expect_violation) std::printf("the planted bug was not found\n");
  return failures == 0 && !arguments.expect_violation ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--trace") {
      arguments.trace = true;
    } else if (name == "--expect-violation") {
      arguments.expect_violation = true;
    } else if (i + 1 < argc && (name == "--seed" || name == "--first" || name == "--runs")) {
      const auto value = std::strtoull(argv[++i], nullptr, 10);
      if (name == "--runs") arguments.runs = value;
      if (name != "--runs") arguments.first = value;
      if (name == "--seed") arguments.runs = 1;
    } else {
      std::fprintf(stderr, "usage: %s [--seed N] [--first N] [--runs N] [--trace] [--expect-violation]\n", argv[0]);
      return 2;
    }
  }
  return run_all(arguments);
}
