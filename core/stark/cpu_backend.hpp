// The steps on the host's processors: wide kernels where there are some, else portable ones.
#pragma once
#include <optional>

#include "core/stark/backend.hpp"
#include "core/stark/fft.hpp"

namespace asterism::core::stark {

class CpuBackend final : public Backend {
 public:
  explicit CpuBackend(ThreadPool& pool) : pool_(pool) {}

  ThreadPool& pool() override { return pool_; }
  void interpolate(std::span<Column> columns, const Felt& offset) override;
  void evaluate(std::span<const Column> coefficients, const Felt& offset, std::vector<Column>& out) override;
  Layer hash_rows(const Parameters& parameters, const CosetRows& rows) override;
  Column compose(const CompositionInput& input) override;
  std::vector<Column> break_in_halves(std::array<Column, 2> f, const Felt& first) override;
  std::vector<Felt> sample(const SamplingInput& input) override;
  void add_deep(const DeepInput& input, Column& out) override;
  void fold(Column& coefficients, const Felt& challenge) override;
  std::optional<std::uint64_t> grind(const ProofOfWork& work, const std::atomic<bool>* cancel) override;

 private:
  ThreadPool& pool_;
};

}  // namespace asterism::core::stark
