// The kernels that have a version of their own for AVX-512 IFMA. Call them only where cpu().avx512ifma; sizes are
// multiples of eight, transforms have at least kLeastWideLog.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/felt/felt.hpp"

namespace asterism::core::stark::wide {

constexpr unsigned kLeastWideLog = 6;

// Eight felts in the wide form, opaque here.
struct alignas(64) Block {
  std::uint64_t words[40];
};

// 64-byte aligned, not initialised.
class Blocks {
 public:
  Blocks() = default;
  explicit Blocks(std::size_t size)
      : data_(static_cast<Block*>(::operator new(size * sizeof(Block), std::align_val_t(64)))) {}
  Block* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(Block* data) const { ::operator delete(data, std::align_val_t(64)); }
  };
  std::unique_ptr<Block, Free> data_;
};

// Factors of the levels from 4 on: level l has 2^(l-4) blocks, from block 2^(l-4) - 1 on.
Blocks make_factors(unsigned log_size, const Felt& offset, const Felt& root);

// As evaluate and interpolate of fft.hpp; `low` are the seven factors of levels 1 to 3.
void evaluate(unsigned log_size, const Felt* low, const Block* factors, const Felt* in, Felt* out);
void interpolate(unsigned log_size, const Felt* low, const Block* factors, const Felt& scale, Felt* data);

Felt evaluate_reversed(std::span<const Felt> coefficients, const Felt& x);

// a[i] = 2 * (a[i] + e * b[i]).
void fold(Felt* a, const Felt* b, const Felt& e, std::size_t count);

// One fraction of the DEEP function: (sum of coefficient * column - constant) * inverses[i + shift].
struct Term {
  const Felt* column;
  Felt coefficient;
};
struct Fraction {
  std::uint64_t shift = 0;
  std::vector<Term> terms;
  Felt constant;
};
// out[i] += the fractions, for begin <= i < end; `inverses` has length mask + 1, padded by its first eight.
void add_fractions(std::span<const Fraction> fractions, const Felt* inverses, std::uint64_t mask, std::size_t begin,
                   std::size_t end, Felt* out);

}  // namespace asterism::core::stark::wide
