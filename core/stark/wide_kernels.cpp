#include "core/stark/wide_kernels.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/felt/felt8.hpp"
#include "core/stark/domains.hpp"

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
namespace asterism::core::stark::wide {
namespace {

using ifma::Felt8;
using ifma::Lane;
using ifma::reduce;
using ifma::Sum8;

constexpr unsigned kCachedLog = 13;  // so many elements are transformed level by level: 320 KiB

static_assert(sizeof(Block) == sizeof(Felt8));
ASTERISM_WIDE_INLINE Felt8* felts(Block* blocks) { return reinterpret_cast<Felt8*>(blocks); }
ASTERISM_WIDE_INLINE const Felt8* felts(const Block* blocks) { return reinterpret_cast<const Felt8*>(blocks); }

// Elements from[0], from[stride], ...
ASTERISM_WIDE_INLINE Sum8 load_strided(const Felt* from, std::size_t stride) {
  Lane r[4];
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    r[i] =
        __builtin_shufflevector(*reinterpret_cast<const __m256i_u*>(from + stride * i),
                                *reinterpret_cast<const __m256i_u*>(from + stride * (i + 4)), 0, 1, 2, 3, 4, 5, 6, 7);
  }
  const Lane a0 = __builtin_shufflevector(r[0], r[1], 0, 8, 2, 10, 4, 12, 6, 14);
  const Lane a1 = __builtin_shufflevector(r[0], r[1], 1, 9, 3, 11, 5, 13, 7, 15);
  const Lane a2 = __builtin_shufflevector(r[2], r[3], 0, 8, 2, 10, 4, 12, 6, 14);
  const Lane a3 = __builtin_shufflevector(r[2], r[3], 1, 9, 3, 11, 5, 13, 7, 15);
  return ifma::split(__builtin_shufflevector(a0, a2, 0, 1, 8, 9, 4, 5, 12, 13),
                     __builtin_shufflevector(a1, a3, 0, 1, 8, 9, 4, 5, 12, 13),
                     __builtin_shufflevector(a0, a2, 2, 3, 10, 11, 6, 7, 14, 15),
                     __builtin_shufflevector(a1, a3, 2, 3, 10, 11, 6, 7, 14, 15));
}

// Lane l of v[k] becomes lane k of v[l].
ASTERISM_WIDE_INLINE void transpose(Felt8 (&v)[8]) {
#pragma GCC unroll 5
  for (int limb = 0; limb < 5; ++limb) {
    Lane r[8];
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) r[i] = v[i].limb[limb];
    ifma::transpose(r);
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) v[i].limb[limb] = r[i];
  }
}

ASTERISM_WIDE_INLINE void combine(Felt8& even, Felt8& odd, const Felt8& factor) {
  const Sum8 product = odd * factor;
  odd = reduce(Sum8(even) - product);
  even = reduce(Sum8(even) + product);
}

ASTERISM_WIDE_INLINE void separate(Felt8& low, Felt8& high, const Felt8& factor) {
  const Felt8 difference = reduce(Sum8(low) - Sum8(high));
  low = reduce(Sum8(low) + Sum8(high));
  high = difference * factor;
}

// Levels 1 to 3 of eight groups of eight.
void first_levels(const Felt8 (&f)[7], const Felt* in, Felt8* out) {
  Felt8 v[8];
  for (std::size_t k = 0; k < 8; ++k) v[k] = reduce(load_strided(in + k, 8));
  for (std::size_t k = 0; k < 8; k += 2) combine(v[k], v[k + 1], f[0]);
  for (std::size_t k = 0; k < 8; k += 4) {
    combine(v[k], v[k + 2], f[1]);
    combine(v[k + 1], v[k + 3], f[2]);
  }
  for (std::size_t k = 0; k < 4; ++k) combine(v[k], v[k + 4], f[3 + k]);
  transpose(v);
  for (std::size_t k = 0; k < 8; ++k) out[k] = v[k];
}

void last_levels(const Felt8 (&f)[7], const Felt8& scale, const Felt8* in, Felt* out) {
  Felt8 v[8];
  for (std::size_t k = 0; k < 8; ++k) v[k] = in[k];
  transpose(v);
  for (std::size_t k = 0; k < 4; ++k) separate(v[k], v[k + 4], f[3 + k]);
  for (std::size_t k = 0; k < 8; k += 4) {
    separate(v[k], v[k + 2], f[1]);
    separate(v[k + 1], v[k + 3], f[2]);
  }
  for (std::size_t k = 0; k < 8; k += 2) separate(v[k], v[k + 1], f[0]);
  for (std::size_t k = 0; k < 8; ++k) v[k] = v[k] * scale;
  transpose(v);
  for (std::size_t k = 0; k < 8; ++k) v[k].store(out + 8 * k);
}

const Felt8* level_factors(const Block* factors, unsigned level) {
  return felts(factors) + (std::size_t{1} << (level - 4)) - 1;
}

// One level, of a transform of 2^level elements.
void combine_level(const Block* factors, Felt8* data, unsigned level) {
  const std::size_t half = std::size_t{1} << (level - 4);
  const Felt8* t = level_factors(factors, level);
  for (std::size_t i = 0; i < half; ++i) {
    Felt8 a = data[i], b = data[half + i];
    combine(a, b, t[i]);
    data[i] = a;
    data[half + i] = b;
  }
}

void separate_level(const Block* factors, Felt8* data, unsigned level) {
  const std::size_t half = std::size_t{1} << (level - 4);
  const Felt8* t = level_factors(factors, level);
  for (std::size_t i = 0; i < half; ++i) {
    Felt8 a = data[i], b = data[half + i];
    separate(a, b, t[i]);
    data[i] = a;
    data[half + i] = b;
  }
}

// Levels level-1 and level together: each element is loaded once.
void combine_two_levels(const Block* factors, Felt8* data, unsigned level) {
  const std::size_t quarter = std::size_t{1} << (level - 5);
  const Felt8* lower = level_factors(factors, level - 1);
  const Felt8* upper = level_factors(factors, level);
  for (std::size_t i = 0; i < quarter; ++i) {
    Felt8 a = data[i], b = data[quarter + i], c = data[2 * quarter + i], d = data[3 * quarter + i];
    combine(a, b, lower[i]);
    combine(c, d, lower[i]);
    combine(a, c, upper[i]);
    combine(b, d, upper[quarter + i]);
    data[i] = a;
    data[quarter + i] = b;
    data[2 * quarter + i] = c;
    data[3 * quarter + i] = d;
  }
}

void separate_two_levels(const Block* factors, Felt8* data, unsigned level) {
  const std::size_t quarter = std::size_t{1} << (level - 5);
  const Felt8* lower = level_factors(factors, level - 1);
  const Felt8* upper = level_factors(factors, level);
  for (std::size_t i = 0; i < quarter; ++i) {
    Felt8 a = data[i], b = data[quarter + i], c = data[2 * quarter + i], d = data[3 * quarter + i];
    separate(a, c, upper[i]);
    separate(b, d, upper[quarter + i]);
    separate(a, b, lower[i]);
    separate(c, d, lower[i]);
    data[i] = a;
    data[quarter + i] = b;
    data[2 * quarter + i] = c;
    data[3 * quarter + i] = d;
  }
}

// Levels 4 to `level`; depth first above the cache.
void combine_levels(const Block* factors, Felt8* data, unsigned level) {
  if (level <= kCachedLog) {
    unsigned done = 3;
    if ((level - done) % 2 != 0) {
      ++done;
      for (std::size_t i = 0; i < std::size_t{1} << (level - 3); i += std::size_t{1} << (done - 3)) {
        combine_level(factors, data + i, done);
      }
    }
    while (done < level) {
      done += 2;
      for (std::size_t i = 0; i < std::size_t{1} << (level - 3); i += std::size_t{1} << (done - 3)) {
        combine_two_levels(factors, data + i, done);
      }
    }
    return;
  }
  const std::size_t quarter = std::size_t{1} << (level - 5);
  for (std::size_t i = 0; i < 4; ++i) combine_levels(factors, data + i * quarter, level - 2);
  combine_two_levels(factors, data, level);
}

void separate_levels(const Block* factors, Felt8* data, unsigned level) {
  if (level > kCachedLog) {
    separate_two_levels(factors, data, level);
    const std::size_t quarter = std::size_t{1} << (level - 5);
    for (std::size_t i = 0; i < 4; ++i) separate_levels(factors, data + i * quarter, level - 2);
    return;
  }
  unsigned left = level;
  for (; left >= 5; left -= 2) {
    for (std::size_t i = 0; i < std::size_t{1} << (level - 3); i += std::size_t{1} << (left - 3)) {
      separate_two_levels(factors, data + i, left);
    }
  }
  if (left == 4) {
    for (std::size_t i = 0; i < std::size_t{1} << (level - 3); i += 2) separate_level(factors, data + i, 4);
  }
}

}  // namespace

Blocks make_factors(unsigned log_size, const Felt& offset, const Felt& root) {
  const std::size_t top = std::size_t{1} << (log_size - 4);
  Blocks out(2 * top - 1);
  std::array<Felt, 8> start;
  Felt factor = offset;
  for (Felt& value : start) {
    value = factor;
    factor *= root;
  }
  Felt8* values = felts(out.data()) + top - 1;
  // Four chains, so that a product need not wait for the one before it.
  constexpr std::size_t kChains = 4;
  const std::size_t chains = std::min(kChains, top);
  const Felt8 stride = Felt8::broadcast(power(root, 8));
  values[0] = Felt8::load(start.data());
  for (std::size_t i = 1; i < chains; ++i) values[i] = values[i - 1] * stride;
  const Felt8 long_stride = Felt8::broadcast(power(root, 8 * chains));
  for (std::size_t i = chains; i < top; ++i) values[i] = values[i - chains] * long_stride;
  for (unsigned level = log_size - 1; level >= 4; --level) {
    const Felt8* above = felts(out.data()) + (std::size_t{1} << (level - 3)) - 1;
    Felt8* below = felts(out.data()) + (std::size_t{1} << (level - 4)) - 1;
    for (std::size_t i = 0; i < std::size_t{1} << (level - 4); ++i) below[i] = above[i].square();
  }
  return out;
}

void evaluate(unsigned log_size, const Felt* low, const Block* factors, const Felt* in, Felt* out, Scratch& scratch) {
  const std::size_t size = std::size_t{1} << log_size;
  Felt8* data = felts(scratch.room(size / 8));
  Felt8 f[7];
  for (std::size_t i = 0; i < 7; ++i) f[i] = Felt8::broadcast(low[i]);
  for (std::size_t i = 0; i < size; i += 64) first_levels(f, in + i, data + i / 8);
  combine_levels(factors, data, log_size);
  for (std::size_t i = 0; i < size / 8; ++i) data[i].store(out + 8 * i);
}

void interpolate(unsigned log_size, const Felt* low, const Block* factors, const Felt& scale, Felt* values,
                 Scratch& scratch) {
  const std::size_t size = std::size_t{1} << log_size;
  Felt8* data = felts(scratch.room(size / 8));
  for (std::size_t i = 0; i < size / 8; ++i) data[i] = Felt8::load(values + 8 * i);
  separate_levels(factors, data, log_size);
  Felt8 f[7];
  for (std::size_t i = 0; i < 7; ++i) f[i] = Felt8::broadcast(low[i]);
  const Felt8 scale8 = Felt8::broadcast(scale);
  for (std::size_t i = 0; i < size; i += 64) last_levels(f, scale8, data + i / 8, values + i);
}

// Lane l takes the l-th eighth: the coefficients whose index is reverse(l) modulo 8, a polynomial in x^8.
Felt evaluate_reversed(std::span<const Felt> coefficients, const Felt& x) {
  const std::size_t eighth = coefficients.size() / 8;
  const unsigned levels = static_cast<unsigned>(std::countr_zero(eighth));
  Felt8 powers[64];
  Felt8 waiting[65];
  Felt power_of_x = power(x, 8);
  for (unsigned i = 0; i < levels; ++i) {
    powers[levels - 1 - i] = Felt8::broadcast(power_of_x);
    power_of_x = power_of_x.square();
  }
  for (std::size_t i = 0; i < eighth; ++i) {
    Felt8 value = reduce(load_strided(coefficients.data() + i, eighth));
    unsigned level = 0;
    for (; ((i >> level) & 1) != 0; ++level) value = reduce(Sum8(waiting[level]) + Sum8(powers[level] * value));
    waiting[level] = value;
  }
  std::array<Felt, 8> parts;
  waiting[levels].store(parts.data());
  Felt out;
  for (std::size_t i = 8; i-- > 0;) out = out * x + parts[bit_reverse(i, 3)];
  return out;
}

void fold(Felt* a, const Felt* b, const Felt& e, std::size_t count) {
  const Felt8 factor = Felt8::broadcast(e);
  for (std::size_t i = 0; i < count; i += 8) {
    const Sum8 sum = Felt8::load_sum(a + i) + Sum8(Felt8::load(b + i) * factor);
    reduce(sum + sum).store(a + i);
  }
}

void add_fractions(std::span<const Fraction> fractions, const Felt* inverses, std::uint64_t mask, std::size_t begin,
                   std::size_t end, Felt* out) {
  for (std::size_t i = begin; i < end; i += 8) {
    Sum8 total = Felt8::load(out + i);
    for (const Fraction& fraction : fractions) {
      Sum8 sum = Sum8(Felt8::broadcast(Felt())) - Sum8(Felt8::broadcast(fraction.constant));
      for (const Term& term : fraction.terms) {
        sum = sum + Sum8(Felt8::broadcast(term.coefficient) * Felt8::load(term.column + i));
      }
      total = total + Sum8(reduce(sum) * Felt8::load(inverses + ((i + fraction.shift) & mask)));
    }
    reduce(total).store(out + i);
  }
}

}  // namespace asterism::core::stark::wide
ASTERISM_IFMA_END
#endif
