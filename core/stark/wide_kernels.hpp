// The kernels that have a version of their own for AVX-512 IFMA. Call them only where cpu().avx512ifma; sizes are
// multiples of eight, transforms have at least kLeastWideLog.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/stark/column.hpp"

namespace asterism::core::stark::wide {

constexpr unsigned kLeastWideLog = 6;

// Eight felts in the wide form, opaque here.
struct alignas(64) Block {
  Block() {}  // NOLINT: not initialised on purpose
  std::uint64_t words[40];
};

using Blocks = std::vector<Block, PageAllocator<Block>>;

// Room that transforms use again: fresh pages cost as much as a level of butterflies.
class Scratch {
 public:
  Block* room(std::size_t size) {
    if (size > blocks_.size()) blocks_ = Blocks(size);
    return blocks_.data();
  }

 private:
  Blocks blocks_;
};

// Factors of the levels from 4 on: level l has 2^(l-4) blocks, from block 2^(l-4) - 1 on.
Blocks make_factors(unsigned log_size, const Felt& offset, const Felt& root);

// As evaluate and interpolate of fft.hpp; `low` are the seven factors of levels 1 to 3.
void evaluate(unsigned log_size, const Felt* low, const Block* factors, const Felt* in, Felt* out, Scratch& scratch);
void interpolate(unsigned log_size, const Felt* low, const Block* factors, const Felt& scale, Felt* data,
                 Scratch& scratch);

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
