#include "core/stark/fft.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/base/check.hpp"
#include "core/stark/domains.hpp"

namespace asterism::core::stark {
namespace {

void combine(const Felt* factors, Felt* data, std::size_t half) {
  for (std::size_t i = 0; i < half; ++i) {
    const Felt odd = factors[i] * data[half + i];
    data[half + i] = data[i] - odd;
    data[i] += odd;
  }
}

void split(const Felt* factors, Felt* data, std::size_t half) {
  for (std::size_t i = 0; i < half; ++i) {
    const Felt difference = data[i] - data[half + i];
    data[i] += data[half + i];
    data[half + i] = factors[i] * difference;
  }
}

void evaluate_in_place(const Twiddles& twiddles, Felt* data, unsigned level) {
  if (level == 0) return;
  const std::size_t half = std::size_t{1} << (level - 1);
  evaluate_in_place(twiddles, data, level - 1);
  evaluate_in_place(twiddles, data + half, level - 1);
  combine(twiddles.level(level), data, half);
}

void interpolate_in_place(const Twiddles& twiddles, Felt* data, unsigned level) {
  if (level == 0) return;
  const std::size_t half = std::size_t{1} << (level - 1);
  split(twiddles.level(level), data, half);
  interpolate_in_place(twiddles, data, level - 1);
  interpolate_in_place(twiddles, data + half, level - 1);
}

bool use_wide(unsigned log_size) { return wide::usable() && log_size >= wide::kLeastWideLog; }

}  // namespace

// Level by level from the largest: half the size means the square of the offset and of the root.
Twiddles::Twiddles(unsigned log_size, const Felt& offset, const Felt& root) : log_size_(log_size) {
  unsigned levels = log_size;
  Felt top_offset = offset;
  Felt top_root = root;
  if (use_wide(log_size)) {
    wide_ = wide::make_factors(log_size, offset, root);
    for (; levels > 3; --levels) {
      top_offset = top_offset.square();
      top_root = top_root.square();
    }
  }
  if (levels == 0) return;
  factors_.resize((std::size_t{1} << levels) - 1);
  Felt* top = factors_.data() + (std::size_t{1} << (levels - 1)) - 1;
  for (std::size_t i = 0; i < std::size_t{1} << (levels - 1); ++i) {
    top[i] = top_offset;
    top_offset *= top_root;
  }
  for (unsigned level = levels - 1; level >= 1; --level) {
    const Felt* above = factors_.data() + (std::size_t{1} << level) - 1;
    Felt* factors = factors_.data() + (std::size_t{1} << (level - 1)) - 1;
    for (std::size_t i = 0; i < std::size_t{1} << (level - 1); ++i) factors[i] = above[i].square();
  }
}

Twiddles Twiddles::forward(unsigned log_size, const Felt& offset) {
  return Twiddles(log_size, offset, root_of_unity(std::uint64_t{1} << log_size));
}

Twiddles Twiddles::inverse(unsigned log_size, const Felt& offset) {
  Twiddles out(log_size, offset.inverse(), root_of_unity(std::uint64_t{1} << log_size).inverse());
  out.scale_ = Felt(std::uint64_t{1} << log_size).inverse();
  return out;
}

void evaluate(const Twiddles& twiddles, std::span<const Felt> coefficients, std::span<Felt> out,
              wide::Scratch& scratch) {
  ASTERISM_CHECK(out.size() == std::size_t{1} << twiddles.log_size() && coefficients.size() == out.size(),
                 "sizes agree");
  if (twiddles.wide_factors() != nullptr) {
    return wide::evaluate(twiddles.log_size(), twiddles.level(1), twiddles.wide_factors(), coefficients.data(),
                          out.data(), scratch);
  }
  if (out.data() != coefficients.data()) std::ranges::copy(coefficients, out.begin());
  evaluate_in_place(twiddles, out.data(), twiddles.log_size());
}

void interpolate(const Twiddles& twiddles, std::span<Felt> values, wide::Scratch& scratch) {
  ASTERISM_CHECK(values.size() == std::size_t{1} << twiddles.log_size(), "sizes agree");
  if (twiddles.wide_factors() != nullptr) {
    return wide::interpolate(twiddles.log_size(), twiddles.level(1), twiddles.wide_factors(), values.data(), scratch);
  }
  interpolate_in_place(twiddles, values.data(), twiddles.log_size());
  for (Felt& value : values) value *= twiddles.scale();
}

void split_in_eight(const Twiddles& twiddles, std::span<const Felt> coefficients, std::span<Felt> parts) {
  ASTERISM_CHECK(twiddles.log_size() == 3 && coefficients.size() % 8 == 0, "eight parts");
  const std::size_t eighth = coefficients.size() / 8;
  for (std::size_t i = 0; i < eighth; ++i) {
    std::array<Felt, 8> group;
    std::copy_n(coefficients.begin() + static_cast<std::ptrdiff_t>(8 * i), 8, group.begin());
    evaluate_in_place(twiddles, group.data(), 3);
    for (std::size_t s = 0; s < 8; ++s) parts[s * eighth + i] = group[s];
  }
}

void break_in_halves(const wide::Halves& halves, const Felt& first, const Felt& step, std::size_t begin,
                     std::size_t end) {
  if (wide::usable() && (end - begin) % 8 == 0) return wide::break_in_halves(halves, first, step, begin, end);
  const Felt half = Felt(2).inverse();
  const Felt step_inverse = step.inverse();
  Felt half_over_x = half * first.inverse() * power(step_inverse, begin);
  for (std::size_t j = begin; j < end; ++j) {
    const Felt& plus = halves.f[j % 2][j / 2];
    const Felt& minus = halves.f[j % 2][j / 2 + halves.half];
    halves.h[0][j] = half * (plus + minus);
    halves.h[1][j] = half_over_x * (plus - minus);
    half_over_x *= step_inverse;
  }
}

// Neighbours are the coefficients i and i + n/2 of even and odd index alike: pairs fold with x^(n/2), then x^(n/4), ...
Felt evaluate_reversed(std::span<const Felt> coefficients, const Felt& x) {
  ASTERISM_CHECK(std::has_single_bit(coefficients.size()), "a power of two");
  const unsigned levels = static_cast<unsigned>(std::countr_zero(coefficients.size()));
  if (use_wide(levels)) return wide::evaluate_reversed(coefficients, x);
  std::vector<Felt> powers{x};  // x^(2^k)
  for (unsigned i = 1; i < levels; ++i) powers.push_back(powers.back().square());
  // A stack of partial results, one a level: no second array.
  std::vector<Felt> waiting(levels + 1);
  for (std::size_t i = 0; i < coefficients.size(); ++i) {
    Felt value = coefficients[i];
    unsigned level = 0;
    for (; ((i >> level) & 1) != 0; ++level) value = waiting[level] + powers[levels - 1 - level] * value;
    waiting[level] = value;
  }
  return waiting[levels];
}

RunPowers::RunPowers(std::span<const Felt> points, std::size_t run) : run_(run), points_(points.begin(), points.end()) {
  if (!wide::usable() || run < 8) return;
  for (const Felt& point : points) tables_.push_back(wide::reversed_powers(point, run));
}

void RunPowers::evaluate(std::span<const Felt> coefficients, std::size_t begin, std::size_t end,
                         std::span<const std::span<Felt>> values) const {
  if (!tables_.empty()) return wide::evaluate_runs(coefficients.data(), run_, tables_, begin, end, values);
  for (std::size_t j = 0; j < points_.size(); ++j) {
    for (std::size_t i = begin; i < end; ++i) {
      values[j][i] = evaluate_reversed(coefficients.subspan(i * run_, run_), points_[j]);
    }
  }
}

}  // namespace asterism::core::stark
