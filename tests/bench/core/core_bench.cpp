// Figures of the mathematics: field, curve, hashes. CPU time is what counts on a shared machine.
#include <benchmark/benchmark.h>

#include <vector>

#include "core/curve/ecdsa.hpp"
#include "core/hash/blake2s.hpp"
#include "core/hash/keccak.hpp"
#include "core/hash/pedersen.hpp"
#include "core/hash/pedersen_tables.hpp"
#include "core/hash/poseidon.hpp"

namespace asterism::core {
namespace {

Felt sample(std::uint64_t i) { return Felt(i + 3).inverse(); }

std::vector<std::pair<Felt, Felt>> sample_pairs(std::size_t count) {
  std::vector<std::pair<Felt, Felt>> out;
  for (std::size_t i = 0; i < count; ++i) out.emplace_back(sample(2 * i), sample(2 * i + 1));
  return out;
}

void per_item(benchmark::State& state, std::size_t items) {
  state.SetItemsProcessed(static_cast<std::int64_t>(static_cast<std::size_t>(state.iterations()) * items));
}

void felt_add(benchmark::State& state) {
  Felt a = sample(1);
  const Felt b = sample(2);
  for (auto _ : state) benchmark::DoNotOptimize(a = a + b);
}
BENCHMARK(felt_add);

void felt_mul_latency(benchmark::State& state) {
  Felt a = sample(1);
  const Felt b = sample(2);
  for (auto _ : state) benchmark::DoNotOptimize(a = a * b);
}
BENCHMARK(felt_mul_latency);

void felt_square_latency(benchmark::State& state) {
  Felt a = sample(1);
  for (auto _ : state) benchmark::DoNotOptimize(a = a.square());
}
BENCHMARK(felt_square_latency);

void felt_mul_throughput(benchmark::State& state) {
  std::vector<Felt> values;
  for (std::uint64_t i = 0; i < 64; ++i) values.push_back(sample(i));
  const Felt b = sample(99);
  for (auto _ : state) {
    for (Felt& value : values) value *= b;
    benchmark::ClobberMemory();
  }
  per_item(state, values.size());
}
BENCHMARK(felt_mul_throughput);

void felt_inverse(benchmark::State& state) {
  Felt a = sample(1);
  for (auto _ : state) benchmark::DoNotOptimize(a = a.inverse() + Felt::one());
}
BENCHMARK(felt_inverse);

void felt_sqrt(benchmark::State& state) {
  Felt a = sample(1);
  for (auto _ : state) {
    a += Felt::one();
    benchmark::DoNotOptimize(a.square().sqrt());
  }
}
BENCHMARK(felt_sqrt);

void scalar_mul_latency(benchmark::State& state) {
  Scalar a = Scalar::reduce(sample(1));
  const Scalar b = Scalar::reduce(sample(2));
  for (auto _ : state) benchmark::DoNotOptimize(a = a * b);
}
BENCHMARK(scalar_mul_latency);

void pedersen_single(benchmark::State& state) {
  Felt a = sample(1);
  const Felt b = sample(2);
  for (auto _ : state) benchmark::DoNotOptimize(a = pedersen(a, b));
}
BENCHMARK(pedersen_single);

void pedersen_in_batch(benchmark::State& state) {
  const auto in = sample_pairs(static_cast<std::size_t>(state.range(0)));
  std::vector<Felt> out(in.size());
  for (auto _ : state) {
    pedersen_batch(in, out);
    benchmark::ClobberMemory();
  }
  per_item(state, in.size());
}
BENCHMARK(pedersen_in_batch)->Arg(2)->Arg(4)->Arg(8)->Arg(16)->Arg(32)->Arg(64)->Arg(256)->Arg(4096);

void pedersen_tables(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(PedersenTables());
}
BENCHMARK(pedersen_tables);

void poseidon_single(benchmark::State& state) {
  Felt a = sample(1);
  const Felt b = sample(2);
  for (auto _ : state) benchmark::DoNotOptimize(a = poseidon(a, b));
}
BENCHMARK(poseidon_single);

void poseidon_in_batch(benchmark::State& state) {
  const auto in = sample_pairs(static_cast<std::size_t>(state.range(0)));
  std::vector<Felt> out(in.size());
  for (auto _ : state) {
    poseidon_batch(in, out);
    benchmark::ClobberMemory();
  }
  per_item(state, in.size());
}
BENCHMARK(poseidon_in_batch)->Arg(8)->Arg(256);

void ecdsa_sign(benchmark::State& state) {
  const Felt key = Felt(123456789);
  Felt message = sample(5);
  for (auto _ : state) benchmark::DoNotOptimize(message = sign(key, message).r);
}
BENCHMARK(ecdsa_sign);

void ecdsa_verify(benchmark::State& state) {
  const Felt key = Felt(123456789);
  const Felt message = sample(5);
  const Signature signature = sign(key, message);
  const Felt x = public_key(key).x;
  for (auto _ : state) {
    if (!verify(x, message, signature)) state.SkipWithError("refused");
  }
}
BENCHMARK(ecdsa_verify);

void keccak_permutation(benchmark::State& state) {
  std::array<std::uint64_t, 25> lanes{};
  for (auto _ : state) {
    keccak_f1600(lanes);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(keccak_permutation);

void keccak_of_64_bytes_in_batch(benchmark::State& state) {
  const Bytes data(64 * 256, 7);
  std::vector<Word> out(256);
  for (auto _ : state) {
    keccak256_batch(data, 64, out);
    benchmark::ClobberMemory();
  }
  per_item(state, out.size());
}
BENCHMARK(keccak_of_64_bytes_in_batch);

void blake2s_of_64_bytes_in_batch(benchmark::State& state) {
  const Bytes data(64 * 256, 7);
  std::vector<Word> out(256);
  for (auto _ : state) {
    blake2s_batch(data, 64, out);
    benchmark::ClobberMemory();
  }
  per_item(state, out.size());
}
BENCHMARK(blake2s_of_64_bytes_in_batch);

void blake2s_of_1_kib(benchmark::State& state) {
  const Bytes data(1024, 7);
  for (auto _ : state) benchmark::DoNotOptimize(blake2s(data));
}
BENCHMARK(blake2s_of_1_kib);

}  // namespace
}  // namespace asterism::core
