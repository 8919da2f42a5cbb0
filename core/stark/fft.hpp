// Transforms between coefficients in bit-reversed order and values in natural order, so that no pass reverses bits.
//
// evaluate:    coefficients (bit-reversed) -> values at offset * g^i, i = 0 .. n-1, g = root_of_unity(n). Decimation in
//              time: the first half of the coefficients are the even ones, out[i] = even[i] + t[i] * odd[i].
// interpolate: the inverse, decimation in frequency.
// A Twiddles holds what one offset and size need, for any number of polynomials. Depth first, so that sub-transforms
// stay in cache.
#pragma once
#include <span>
#include <vector>

#include "core/felt/felt.hpp"
#include "core/stark/wide_kernels.hpp"

namespace asterism::core::stark {

class Twiddles {
 public:
  // The domain offset * <g>, of 2^log_size points.
  static Twiddles forward(unsigned log_size, const Felt& offset);
  static Twiddles inverse(unsigned log_size, const Felt& offset);

  unsigned log_size() const { return log_size_; }
  // The 2^(level-1) factors of the butterflies that make transforms of size 2^level.
  const Felt* level(unsigned level) const { return factors_.data() + (std::size_t{1} << (level - 1)) - 1; }
  const Felt& scale() const { return scale_; }
  // Where the processor has wide kernels and the size suits them; then level() is for the levels up to 3.
  const wide::Block* wide_factors() const { return wide_.empty() ? nullptr : wide_.data(); }

 private:
  Twiddles(unsigned log_size, const Felt& offset, const Felt& root);

  unsigned log_size_;
  Column factors_;
  wide::Blocks wide_;
  Felt scale_ = Felt::one();
};

// out may be in; both have 2^log_size elements.
void evaluate(const Twiddles& twiddles, std::span<const Felt> coefficients, std::span<Felt> out,
              wide::Scratch& scratch);
void interpolate(const Twiddles& twiddles, std::span<Felt> values, wide::Scratch& scratch);
inline void evaluate(const Twiddles& twiddles, std::span<const Felt> coefficients, std::span<Felt> out) {
  wide::Scratch scratch;
  evaluate(twiddles, coefficients, out, scratch);
}
inline void interpolate(const Twiddles& twiddles, std::span<Felt> values) {
  wide::Scratch scratch;
  interpolate(twiddles, values, scratch);
}

// What is left of a polynomial of n coefficients modulo x^(n/8) - w^(n/8) for w each of the first eight points of a
// domain offset * <g_n>: part s, at s*n/8, has its values at every eighth point from s on, and is again in bit-reversed
// order. `twiddles` are of size 8, for the offset offset^(n/8).
void split_in_eight(const Twiddles& twiddles, std::span<const Felt> coefficients, std::span<Felt> parts);

// f(x) = h0(x^2) + x*h1(x^2), value by value: see wide::Halves.
void break_in_halves(const wide::Halves& halves, const Felt& first, const Felt& step, std::size_t begin,
                     std::size_t end);

// The value at x of a polynomial whose coefficients are in bit-reversed order.
Felt evaluate_reversed(std::span<const Felt> coefficients, const Felt& x);

// Polynomials that are runs of the coefficients of a longer one, each at the same points.
class RunPowers {
 public:
  // A run has 2^k coefficients.
  RunPowers(std::span<const Felt> points, std::size_t run);
  // values[j][i] becomes the value of run i at point j, for begin <= i < end.
  void evaluate(std::span<const Felt> coefficients, std::size_t begin, std::size_t end,
                std::span<const std::span<Felt>> values) const;

 private:
  std::size_t run_;
  std::vector<Felt> points_;
  std::vector<wide::Blocks> tables_;  // where the processor has wide kernels
};

}  // namespace asterism::core::stark
