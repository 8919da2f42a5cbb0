// What a proof is made of: a field multiplication, transforms, hashes of rows and nodes. Time per item is what the
// README multiplies the counts by.
#include <benchmark/benchmark.h>

#include "core/base/cpu.hpp"
#include "core/felt/felt8.hpp"
#include "core/stark/domains.hpp"
#include "core/stark/fft.hpp"
#include "core/stark/hashes.hpp"

namespace asterism::core::stark {
namespace {

Column sample(std::size_t count) {
  Column out;
  Felt value(12345);
  for (std::size_t i = 0; i < count; ++i) {
    value = value.square() + Felt(i);
    out.push_back(value);
  }
  return out;
}

void per_item(benchmark::State& state, std::size_t items) {
  state.SetItemsProcessed(static_cast<std::int64_t>(static_cast<std::size_t>(state.iterations()) * items));
}

void multiply(benchmark::State& state) {
  Column values = sample(64);
  const Felt b = values[7];
  for (auto _ : state) {
    for (Felt& value : values) value *= b;
    benchmark::ClobberMemory();
  }
  per_item(state, values.size());
}
BENCHMARK(multiply);

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
void multiply_lanes(const Felt* values, std::size_t rounds, Felt* out) {
  using ifma::Felt8;
  Felt8 v[4];
  for (int i = 0; i < 4; ++i) v[i] = Felt8::load(values + 8 * i);
  const Felt8 b = Felt8::load(values + 32);
  for (std::size_t round = 0; round < rounds; ++round) {
    for (int i = 0; i < 4; ++i) v[i] = v[i] * b;
  }
  for (int i = 0; i < 4; ++i) v[i].store(out + 8 * i);
}
ASTERISM_IFMA_END

void multiply_wide(benchmark::State& state) {
  if (!cpu().avx512ifma) return state.SkipWithError("no AVX-512 IFMA");
  const Column values = sample(40);
  Column out(32);
  for (auto _ : state) {
    multiply_lanes(values.data(), 64, out.data());
    benchmark::DoNotOptimize(out.data());
  }
  per_item(state, 64 * 32);
}
BENCHMARK(multiply_wide);
#endif

// Items are butterflies: n/2 * log n.
void evaluate_polynomial_values(benchmark::State& state) {
  const auto bits = static_cast<unsigned>(state.range(0));
  const std::size_t size = std::size_t{1} << bits;
  const Column coefficients = sample(size);
  Column values(size);
  const Twiddles twiddles = Twiddles::forward(bits, Felt(3));
  wide::Scratch scratch;
  for (auto _ : state) evaluate(twiddles, coefficients, values, scratch);
  per_item(state, size / 2 * bits);
}
BENCHMARK(evaluate_polynomial_values)->Arg(10)->Arg(14)->Arg(18)->Arg(20)->Arg(22);

void interpolate_values(benchmark::State& state) {
  const auto bits = static_cast<unsigned>(state.range(0));
  Column values = sample(std::size_t{1} << bits);
  const Twiddles twiddles = Twiddles::inverse(bits, Felt(3));
  wide::Scratch scratch;
  for (auto _ : state) interpolate(twiddles, values, scratch);
  per_item(state, values.size() / 2 * bits);
}
BENCHMARK(interpolate_values)->Arg(10)->Arg(14)->Arg(18)->Arg(20)->Arg(22);

// Items are coefficients.
void evaluate_at_point(benchmark::State& state) {
  const Column coefficients = sample(1 << 16);
  const Felt x(987654321);
  for (auto _ : state) benchmark::DoNotOptimize(evaluate_reversed(coefficients, x));
  per_item(state, coefficients.size());
}
BENCHMARK(evaluate_at_point);

void hash_nodes(benchmark::State& state, HashKind kind) {
  std::vector<Word> nodes(2048, Word{1, 2, 3});
  std::vector<Word> out(1024);
  for (auto _ : state) hash_pairs(kind, nodes, out);
  per_item(state, out.size());
}
BENCHMARK_CAPTURE(hash_nodes, keccak, HashKind::keccak256_masked160_msb);
BENCHMARK_CAPTURE(hash_nodes, blake2s, HashKind::blake256_masked248_lsb);

}  // namespace
}  // namespace asterism::core::stark
