// The kernels that have a version of their own for AVX-512 IFMA. Call them only where usable(); sizes are multiples of
// eight, transforms have at least kLeastWideLog.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/cpu.hpp"
#include "core/base/wide.hpp"
#include "core/stark/column.hpp"

namespace asterism::core::stark::wide {

constexpr unsigned kLeastWideLog = 6;

// Constant where they were not compiled, so that nothing calls them.
inline bool usable() {
#ifdef ASTERISM_HAVE_WIDE
  return cpu().avx512ifma;
#else
  return false;
#endif
}

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

// Factors of the levels from 4 on: level l has 2^(l-4) blocks, from block 2^(l-4) - 1 on. After them the lower levels'
// once more, prepared, two blocks each.
Blocks make_factors(unsigned log_size, const Felt& offset, const Felt& root);

// As evaluate and interpolate of fft.hpp; `low` are the seven factors of levels 1 to 3.
void evaluate(unsigned log_size, const Felt* low, const Block* factors, const Felt* in, Felt* out, Scratch& scratch);
void interpolate(unsigned log_size, const Felt* low, const Block* factors, Felt* values, Scratch& scratch);

Felt evaluate_reversed(std::span<const Felt> coefficients, const Felt& x);
// x^reverse(i) for i < count, a multiple of eight; and what RunPowers::evaluate does with such tables.
Blocks reversed_powers(const Felt& x, std::size_t count);
void evaluate_runs(const Felt* coefficients, std::size_t run, std::span<const Blocks> tables, std::size_t begin,
                   std::size_t end, std::span<const std::span<Felt>> values);

// values[j][i] becomes the value of run i of a part (split_in_eight of fft.hpp): powers are reversed_powers of the
// point, of run <= kMostRun coefficients, a multiple of eight.
struct PartPowers {
  std::size_t part;
  Blocks powers;
};
void evaluate_parts(const Felt* low, std::span<const Felt> coefficients, std::size_t run,
                    std::span<const PartPowers> points, std::span<const std::span<Felt>> values);

// a[i] = 2 * (a[i] + e * b[i]).
void fold(Felt* a, const Felt* b, const Felt& e, std::size_t count);

// h[0][j] = (f(x) + f(-x))/2 and h[1][j] = (f(x) - f(-x))/(2x) for begin <= j < end, x = first * step^j: f[j % 2][j /
// 2] is f(x) and f[j % 2][j / 2 + half] is f(-x).
struct Halves {
  std::array<const Felt*, 2> f;
  std::array<Felt*, 2> h;
  std::size_t half;
};
void break_in_halves(const Halves& halves, const Felt& first, const Felt& step, std::size_t begin, std::size_t end);

// A table of felts as five arrays of limbs, so that eight neighbours are five loads from any place. Its first eight
// entries follow the last.
class LimbTable {
 public:
  LimbTable() = default;
  explicit LimbTable(std::size_t size) : stride_(size + 8), words_(5 * stride_) {}
  std::uint64_t* limb(std::size_t i) { return words_.data() + i * stride_; }
  const std::uint64_t* limb(std::size_t i) const { return words_.data() + i * stride_; }
  void pad();

 private:
  std::size_t stride_ = 0;
  std::vector<std::uint64_t, PageAllocator<std::uint64_t>> words_;
};

// Entry i becomes 1/(first * g^i - point), for begin <= i < end.
void inverses(const Felt& first, const Felt& g, const Felt& point, std::size_t begin, std::size_t end, Felt* out);
void inverses(const Felt& first, const Felt& g, const Felt& point, std::size_t begin, std::size_t end, LimbTable& out);

// (sum of coefficient * column - constant) * table[i + shift].
struct Term {
  std::uint32_t column;
  Felt coefficient;
};
struct Fraction {
  const LimbTable* table = nullptr;
  std::uint64_t shift = 0;
  std::vector<Term> terms;
  Felt constant;
};
// out[i] += the sum of the fractions, for begin <= i < end; `mask` of places in the tables.
void sum_fractions(std::span<const Fraction> fractions, std::span<const Felt* const> columns, std::uint64_t mask,
                   std::size_t begin, std::size_t end, Felt* out);

}  // namespace asterism::core::stark::wide
