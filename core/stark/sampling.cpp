#include "core/stark/sampling.hpp"

#include <mutex>

#include "core/stark/domains.hpp"

namespace asterism::core::stark {
namespace {

constexpr std::size_t kGrain = 1024;

void add_shifted_products(const Felt* column, std::span<const std::uint64_t> shifts, const PointInverses& inverses,
                          std::size_t begin, std::size_t end, Felt* out) {
  if (inverses.felts.empty()) {
    return wide::add_shifted_products(column, shifts, inverses.limbs, inverses.length - 1, begin, end, out);
  }
  for (std::size_t j = 0; j < shifts.size(); ++j) {
    for (std::size_t i = begin; i < end; ++i) {
      out[j] += column[i] * inverses.felts[(i + shifts[j]) & (inverses.length - 1)];
    }
  }
}

}  // namespace

std::vector<Felt> sample_mask(ThreadPool& pool, const SamplingInput& input, const PointInverses& inverses) {
  const auto& mask = input.air.mask();
  const std::uint64_t length = inverses.length;
  std::vector<std::uint64_t> shifts;
  for (const MaskCell& cell : mask) shifts.push_back((length - cell.row % length) % length);
  std::vector<Felt> sums(mask.size());
  std::mutex mutex;
  pool.ranges(length, kGrain, [&](std::size_t begin, std::size_t end) {
    std::vector<Felt> own(mask.size());
    for (std::size_t first = 0, last = 0; first < mask.size(); first = last) {
      while (last < mask.size() && mask[last].column == mask[first].column) ++last;
      add_shifted_products(input.columns[mask[first].column], std::span(shifts).subspan(first, last - first), inverses,
                           begin, end, own.data() + first);
    }
    const std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < own.size(); ++i) sums[i] += own[i];
  });
  const Felt& z = input.z;
  const Felt offset_power = power(Felt(kCosetOffset), length);
  const Felt factor = (offset_power - power(z, length)) * (Felt(length) * offset_power).inverse();
  for (std::size_t i = 0; i < mask.size(); ++i) {
    sums[i] = factor * (Felt(length) * input.at_zero[mask[i].column] + z * sums[i]);
  }
  return sums;
}

}  // namespace asterism::core::stark
