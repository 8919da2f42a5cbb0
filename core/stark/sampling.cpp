#include "core/stark/sampling.hpp"

#include <algorithm>

#include "core/stark/domains.hpp"
#include "core/stark/fft.hpp"
#include "core/stark/residues.hpp"

namespace asterism::core::stark {
namespace {

// The polynomial at each of the points.
void evaluate_at(ThreadPool& pool, std::span<const Felt> coefficients, std::span<const Felt> points, Felt* out) {
  const std::size_t run = std::min(kMostRun, coefficients.size());
  const std::size_t runs = coefficients.size() / run;
  std::vector<Column> parts(points.size(), Column(runs));
  std::vector<std::span<Felt>> places(parts.begin(), parts.end());
  std::vector<Felt> powers;
  for (const Felt& point : points) powers.push_back(power(point, runs));
  const RunPowers tables(powers, run);
  pool.ranges(runs, 16, [&](std::size_t begin, std::size_t end) { tables.evaluate(coefficients, begin, end, places); });
  for (std::size_t j = 0; j < points.size(); ++j) out[j] = evaluate_reversed(parts[j], points[j]);
}

}  // namespace

std::vector<Felt> sample_mask(ThreadPool& pool, const SamplingInput& input) {
  const auto& mask = input.air.mask();
  const std::uint64_t length = input.air.trace_length();
  const Felt g = root_of_unity(length);
  std::vector<Felt> points;
  for (const MaskCell& cell : mask) points.push_back(input.z * power(g, cell.row));
  std::vector<Felt> out(mask.size());
  for (std::size_t first = 0, last = 0; first < mask.size(); first = last) {
    while (last < mask.size() && mask[last].column == mask[first].column) ++last;
    evaluate_at(pool, {input.coefficients[mask[first].column], length}, std::span(points).subspan(first, last - first),
                out.data() + first);
  }
  return out;
}

}  // namespace asterism::core::stark
