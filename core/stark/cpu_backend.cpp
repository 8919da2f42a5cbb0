#include "core/stark/cpu_backend.hpp"

#include <bit>

#include "core/stark/domains.hpp"
#include "core/stark/grinding.hpp"

namespace asterism::core::stark {
namespace {

constexpr std::size_t kGrain = 1024;

unsigned log2_of(std::size_t size) { return static_cast<unsigned>(std::countr_zero(size)); }

}  // namespace

void CpuBackend::interpolate(std::span<Column> columns, const Felt& offset) {
  const Twiddles twiddles = Twiddles::inverse(log2_of(columns.front().size()), offset);
  pool_.run(pool_.size(), [&](std::size_t part) {
    wide::Scratch scratch;
    for (std::size_t i = part; i < columns.size(); i += pool_.size()) {
      stark::interpolate(twiddles, columns[i], scratch);
    }
  });
}

void CpuBackend::evaluate(std::span<const Column> coefficients, const Felt& offset, std::vector<Column>& out) {
  const std::size_t size = coefficients.front().size();
  const Twiddles twiddles = Twiddles::forward(log2_of(size), offset);
  out.resize(coefficients.size());
  pool_.run(pool_.size(), [&](std::size_t part) {
    wide::Scratch scratch;
    for (std::size_t i = part; i < out.size(); i += pool_.size()) {
      out[i].resize(size + kColumnPadding);
      stark::evaluate(twiddles, coefficients[i], std::span(out[i]).first(size), scratch);
      for (std::size_t k = 0; k < kColumnPadding; ++k) out[i][size + k] = out[i][k % size];
    }
  });
}

Layer CpuBackend::hash_rows(const Parameters& parameters, const CosetRows& rows) {
  return low_layers(pool_, parameters, rows);
}

Column CpuBackend::compose(const CompositionInput& input) {
  const CosetTables tables(pool_, input);
  Column out(input.air.trace_length());
  const auto compose = wide::usable() ? compose_ifma : compose_portable;
  pool_.ranges(out.size(), 64,
               [&](std::size_t begin, std::size_t end) { compose(tables, input.columns, begin, end, out.data()); });
  return out;
}

std::vector<Column> CpuBackend::break_in_halves(std::array<Column, 2> f, const Felt& first) {
  const std::size_t n = f[0].size();
  std::vector<Column> h(2, Column(n));
  const wide::Halves halves{{f[0].data(), f[1].data()}, {h[0].data(), h[1].data()}, n / 2};
  const Felt step = root_of_unity(2 * n);
  pool_.ranges(n, kGrain,
               [&](std::size_t begin, std::size_t end) { stark::break_in_halves(halves, first, step, begin, end); });
  return h;
}

std::vector<Felt> CpuBackend::sample(const SamplingInput& input) { return sample_mask(pool_, input); }

void CpuBackend::add_deep(const DeepInput& input, Column& out) { stark::add_deep(pool_, input, out); }

void CpuBackend::fold(Column& coefficients, const Felt& challenge) {
  const std::size_t half = coefficients.size() / 2;
  if (wide::usable() && half % 8 == 0) {
    wide::fold(coefficients.data(), coefficients.data() + half, challenge, half);
  } else {
    for (std::size_t i = 0; i < half; ++i) {
      coefficients[i] = (coefficients[i] + challenge * coefficients[half + i]).double_();
    }
  }
  coefficients.resize(half);
}

std::optional<std::uint64_t> CpuBackend::grind(const ProofOfWork& work, const std::atomic<bool>* cancel) {
  return stark::grind(pool_, work, cancel);
}

}  // namespace asterism::core::stark
