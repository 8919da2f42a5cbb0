// Transforms of wide_kernels.hpp. The factors of the levels whose tables stay in cache are prepared ones; above, where
// twice the table would cost more than it saves, they are not. Sums are reduced late: a butterfly of evaluate adds at
// most 13 p to a value, or 3 p above, so that 16 p of a loaded one and all levels stay below the 256 p of lift_far();
// one of interpolate doubles the lower value, which is reduced once in two levels.
#include <algorithm>
#include <array>

#include "core/base/check.hpp"
#include "core/felt/felt8.hpp"
#include "core/stark/domains.hpp"
#include "core/stark/wide_lanes.hpp"

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
namespace asterism::core::stark::wide {
namespace {

constexpr unsigned kCachedLog = 13;    // so many elements are transformed level by level: 320 KiB
constexpr unsigned kPreparedLog = 14;  // levels of prepared factors: 1.3 MiB

// What make_factors() made.
struct Factors {
  const Felt8* plain_levels;
  const Prepared* prepared_levels;

  Factors(const Block* blocks, unsigned log_size)
      : plain_levels(felts(blocks)), prepared_levels(prepared(blocks + (std::size_t{2} << (log_size - 4)) - 1)) {}
  const Felt8* plain(unsigned level) const { return plain_levels + (std::size_t{1} << (level - 4)) - 1; }
  const Prepared* prepared_at(unsigned level) const { return prepared_levels + (std::size_t{1} << (level - 4)) - 1; }
};

// Lane l of v[k] becomes lane k of v[l].
ASTERISM_WIDE_INLINE void transpose(Sum8 (&v)[8]) {
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

ASTERISM_WIDE_INLINE void combine_factor(Sum8& even, Sum8& odd, const Felt8& odd_factor, const Prepared& factor) {
  const Sum8 term = product(odd_factor, factor);
  odd = even - term;
  even = even + term;
}
ASTERISM_WIDE_INLINE void combine(Sum8& even, Sum8& odd, const Prepared& factor) {
  combine_factor(even, odd, lift_far(odd), factor);
}

template <class Factor>
struct Butterfly {
  Sum8& even;
  Sum8& odd;
  const Factor& factor;
};
ASTERISM_WIDE_INLINE void combine_pair(const Butterfly<Prepared>& a, const Butterfly<Prepared>& b) {
  combine(a.even, a.odd, a.factor);
  combine(b.even, b.odd, b.factor);
}
// Two at once: the multipliers wait less.
ASTERISM_WIDE_INLINE void combine_pair(const Butterfly<Felt8>& a, const Butterfly<Felt8>& b) {
  const Felt8 x[2] = {lift_far(a.odd), lift_far(b.odd)};
  const Felt8 y[2] = {a.factor, b.factor};
  Sum8 term[2];
  ifma::products_of(x, y, term);
  a.odd = a.even - term[0];
  a.even = a.even + term[0];
  b.odd = b.even - term[1];
  b.even = b.even + term[1];
}

ASTERISM_WIDE_INLINE void separate(Sum8& low, Sum8& high, const Prepared& factor) {
  const Sum8 difference = low - high;
  low = low + high;
  high = product(lift_far(difference), factor);
}
ASTERISM_WIDE_INLINE void separate(Sum8& low, Sum8& high, const Felt8& factor) {
  const Sum8 difference = low - high;
  low = low + high;
  high = product(lift(difference), factor);
}
// By a factor of one.
ASTERISM_WIDE_INLINE void separate(Sum8& low, Sum8& high) {
  const Sum8 difference = low - high;
  low = low + high;
  high = difference;
}

// Levels 1 to 3 of eight groups of eight: lane l of v[k] is element k of group l.
ASTERISM_WIDE_INLINE void combine_groups(const Prepared (&f)[7], const Felt* in, Sum8 (&v)[8]) {
  for (std::size_t k = 0; k < 8; ++k) v[k] = load_strided(in + k, 8);
  for (std::size_t k = 0; k < 8; k += 2) combine_factor(v[k], v[k + 1], as_factor(v[k + 1]), f[0]);
  for (std::size_t k = 0; k < 8; k += 4) {
    combine(v[k], v[k + 2], f[1]);
    combine(v[k + 1], v[k + 3], f[2]);
  }
  for (std::size_t k = 0; k < 4; ++k) combine(v[k], v[k + 4], f[3 + k]);
}

void first_levels(const Prepared (&f)[7], const Felt* in, Sum8* out) {
  Sum8 v[8];
  combine_groups(f, in, v);
  transpose(v);
  for (std::size_t k = 0; k < 8; ++k) out[k] = v[k];
}

// Levels 3 to 1, from values below 50 p, and the division by 2^(bits - 4). kSubgroup: the domain has no offset, and
// some factors are one.
template <bool kSubgroup>
void last_levels(const Prepared (&f)[7], unsigned bits, const Sum8* in, Felt* out) {
  Sum8 v[8];
  for (std::size_t k = 0; k < 8; ++k) v[k] = in[k];
  transpose(v);
  if constexpr (kSubgroup) {
    separate(v[0], v[4]);
  } else {
    separate(v[0], v[4], f[3]);
  }
  for (std::size_t k = 1; k < 4; ++k) separate(v[k], v[k + 4], f[3 + k]);
  for (std::size_t k = 0; k < 8; k += 4) {
    if constexpr (kSubgroup) {
      separate(v[k], v[k + 2]);
    } else {
      separate(v[k], v[k + 2], f[1]);
    }
    separate(v[k + 1], v[k + 3], f[2]);
  }
  for (std::size_t k = 0; k < 8; k += 2) {
    if constexpr (kSubgroup) {
      separate(v[k], v[k + 1]);
    } else {
      separate(v[k], v[k + 1], f[0]);
    }
  }
  transpose(v);
  for (std::size_t k = 0; k < 8; ++k) reduce(v[k]).store_divided(out + 8 * k, bits);
}

// One level, of a transform of 2^level elements.
void combine_level(const Factors& factors, Sum8* data, unsigned level) {
  const std::size_t half = std::size_t{1} << (level - 4);
  const Prepared* t = factors.prepared_at(level);
  for (std::size_t i = 0; i < half; ++i) {
    Sum8 a = data[i], b = data[half + i];
    combine(a, b, t[i]);
    data[i] = a;
    data[half + i] = b;
  }
}

void separate_level(const Factors& factors, Sum8* data, unsigned level) {
  const std::size_t half = std::size_t{1} << (level - 4);
  const Prepared* t = factors.prepared_at(level);
  for (std::size_t i = 0; i < half; ++i) {
    Sum8 a = data[i], b = data[half + i];
    separate(a, b, t[i]);
    data[i] = a;
    data[half + i] = b;
  }
}

// Where a pass over two levels takes its values from and puts them: blocks, or felts at the ends of a transform.
struct BlockPlace {
  Sum8* data;
  ASTERISM_WIDE_INLINE Sum8 get(std::size_t i) const { return data[i]; }
  ASTERISM_WIDE_INLINE void put(std::size_t i, const Sum8& value) const { data[i] = value; }
};
struct FeltPlace {
  Felt* data;
  ASTERISM_WIDE_INLINE Sum8 get(std::size_t i) const { return Felt8::load_sum(data + 8 * i); }
  ASTERISM_WIDE_INLINE void put(std::size_t i, const Sum8& value) const { reduce(value).store(data + 8 * i); }
};

// Levels level-1 and level together: each element is loaded once.
template <class Factor, class To>
void combine_two(const Factor* lower, const Factor* upper, const Sum8* data, const To& to, std::size_t quarter) {
  for (std::size_t i = 0; i < quarter; ++i) {
    Sum8 a = data[i], b = data[quarter + i], c = data[2 * quarter + i], d = data[3 * quarter + i];
    combine_pair(Butterfly<Factor>{a, b, lower[i]}, Butterfly<Factor>{c, d, lower[i]});
    combine_pair(Butterfly<Factor>{a, c, upper[i]}, Butterfly<Factor>{b, d, upper[quarter + i]});
    to.put(i, a);
    to.put(quarter + i, b);
    to.put(2 * quarter + i, c);
    to.put(3 * quarter + i, d);
  }
}
template <class To>
void combine_two_levels(const Factors& factors, const Sum8* data, const To& to, unsigned level) {
  const std::size_t quarter = std::size_t{1} << (level - 5);
  if (level <= kPreparedLog) {
    combine_two(factors.prepared_at(level - 1), factors.prepared_at(level), data, to, quarter);
  } else {
    combine_two(factors.plain(level - 1), factors.plain(level), data, to, quarter);
  }
}

template <class Factor, class From>
void separate_two(const Factor* lower, const Factor* upper, const From& from, Sum8* data, std::size_t quarter) {
  for (std::size_t i = 0; i < quarter; ++i) {
    Sum8 a = from.get(i), b = from.get(quarter + i), c = from.get(2 * quarter + i), d = from.get(3 * quarter + i);
    separate(a, c, upper[i]);
    separate(b, d, upper[quarter + i]);
    separate(a, b, lower[i]);
    separate(c, d, lower[i]);
    data[i] = reduce(a);
    data[quarter + i] = b;
    data[2 * quarter + i] = c;
    data[3 * quarter + i] = d;
  }
}
template <class From>
void separate_two_levels(const Factors& factors, const From& from, Sum8* data, unsigned level) {
  const std::size_t quarter = std::size_t{1} << (level - 5);
  if (level <= kPreparedLog) {
    separate_two(factors.prepared_at(level - 1), factors.prepared_at(level), from, data, quarter);
  } else {
    separate_two(factors.plain(level - 1), factors.plain(level), from, data, quarter);
  }
}

struct Evaluation {
  Factors factors;
  Prepared low[7];

  // A transform of 2^level elements; depth first above the cache.
  void run(const Felt* in, Sum8* data, unsigned level) const {
    if (level > kCachedLog) {
      quarters(in, data, level);
      return combine_two_levels(factors, data, BlockPlace{data}, level);
    }
    const std::size_t blocks = std::size_t{1} << (level - 3);
    for (std::size_t i = 0; i < blocks; i += 8) first_levels(low, in + 8 * i, data + i);
    unsigned done = 3;
    if ((level - done) % 2 != 0) {
      ++done;
      for (std::size_t i = 0; i < blocks; i += std::size_t{1} << (done - 3)) combine_level(factors, data + i, done);
    }
    while (done < level) {
      done += 2;
      for (std::size_t i = 0; i < blocks; i += std::size_t{1} << (done - 3)) {
        combine_two_levels(factors, data + i, BlockPlace{data + i}, done);
      }
    }
  }
  void quarters(const Felt* in, Sum8* data, unsigned level) const {
    const std::size_t quarter = std::size_t{1} << (level - 5);
    for (std::size_t i = 0; i < 4; ++i) run(in + 8 * i * quarter, data + i * quarter, level - 2);
  }
};

template <bool kSubgroup>
struct Interpolation {
  Factors factors;
  unsigned bits;
  Prepared low[7];

  void run(Sum8* data, Felt* out, unsigned level) const {
    if (level > kCachedLog) {
      separate_two_levels(factors, BlockPlace{data}, data, level);
      return quarters(data, out, level);
    }
    const std::size_t blocks = std::size_t{1} << (level - 3);
    unsigned left = level;
    for (; left >= 5; left -= 2) {
      for (std::size_t i = 0; i < blocks; i += std::size_t{1} << (left - 3)) {
        separate_two_levels(factors, BlockPlace{data + i}, data + i, left);
      }
    }
    if (left == 4) {
      for (std::size_t i = 0; i < blocks; i += 2) separate_level(factors, data + i, 4);
    }
    for (std::size_t i = 0; i < blocks; i += 8) last_levels<kSubgroup>(low, bits, data + i, out + 8 * i);
  }
  void quarters(Sum8* data, Felt* out, unsigned level) const {
    const std::size_t quarter = std::size_t{1} << (level - 5);
    for (std::size_t i = 0; i < 4; ++i) run(data + i * quarter, out + 8 * i * quarter, level - 2);
  }
  void whole(Felt* values, Sum8* data, unsigned level) const {
    if (level > kCachedLog) {
      separate_two_levels(factors, FeltPlace{values}, data, level);
      return quarters(data, values, level);
    }
    const std::size_t blocks = std::size_t{1} << (level - 3);
    for (std::size_t i = 0; i < blocks; ++i) data[i] = Felt8::load(values + 8 * i);
    run(data, values, level);
  }
};

}  // namespace

Blocks make_factors(unsigned log_size, const Felt& offset, const Felt& root) {
  const std::size_t top = std::size_t{1} << (log_size - 4);
  const unsigned prepared_levels = std::min(log_size, kPreparedLog);
  const std::size_t count = (std::size_t{1} << (prepared_levels - 3)) - 1;  // of prepared factors
  Blocks out(2 * top - 1 + 2 * count);
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
  Prepared* to = prepared(out.data() + 2 * top - 1);
  for (std::size_t i = 0; i < count; ++i) to[i] = prepare(felts(out.data())[i]);
  return out;
}

void evaluate(unsigned log_size, const Felt* low, const Block* factors, const Felt* in, Felt* out, Scratch& scratch) {
  const std::size_t blocks = std::size_t{1} << (log_size - 3);
  Sum8* data = sums(scratch.room(blocks));
  Evaluation evaluation{{factors, log_size}, {}};
  for (std::size_t i = 0; i < 7; ++i) evaluation.low[i] = prepare(Felt8::broadcast(low[i]));
  if (log_size > kCachedLog) {
    evaluation.quarters(in, data, log_size);
    return combine_two_levels(evaluation.factors, data, FeltPlace{out}, log_size);
  }
  evaluation.run(in, data, log_size);
  for (std::size_t i = 0; i < blocks; ++i) reduce(data[i]).store(out + 8 * i);
}

// Parts are not written: what is made of a run of them is used up in cache.
void evaluate_parts(const Felt* low, std::span<const Felt> coefficients, std::size_t run,
                    std::span<const PartPowers> points, std::span<const std::span<Felt>> values) {
  Prepared f[7];
  for (std::size_t i = 0; i < 7; ++i) f[i] = prepare(Felt8::broadcast(low[i]));
  const std::size_t blocks = run / 8;
  Blocks made(8 * blocks);
  Felt8* parts = felts(made.data());
  for (std::size_t i = 0; i < coefficients.size() / (8 * run); ++i) {
    for (std::size_t k = 0; k < blocks; ++k) {
      Sum8 v[8];
      combine_groups(f, coefficients.data() + 8 * (i * run + 8 * k), v);
      for (std::size_t s = 0; s < 8; ++s) parts[s * blocks + k] = lift(v[s]);
    }
    for (std::size_t j = 0; j < points.size(); ++j) {
      const Felt8* powers = felts(points[j].powers.data());
      Products products;
      for (std::size_t k = 0; k < blocks; ++k) products.add(parts[points[j].part * blocks + k], powers[k]);
      std::array<Felt, 8> lanes;
      reduce(products.total()).store(lanes.data());
      Felt sum;
      for (const Felt& lane : lanes) sum += lane;
      values[j][i] = sum;
    }
  }
}

void interpolate(unsigned log_size, const Felt* low, const Block* factors, Felt* values, Scratch& scratch) {
  ASTERISM_CHECK(log_size <= 32, "the division by the size is one step");
  Sum8* data = sums(scratch.room(std::size_t{1} << (log_size - 3)));
  const auto run = [&](auto transform) {
    for (std::size_t i = 0; i < 7; ++i) transform.low[i] = prepare(Felt8::broadcast(low[i]));
    transform.whole(values, data, log_size);
  };
  if (low[3] == Felt::one()) {
    run(Interpolation<true>{{factors, log_size}, log_size + 4, {}});
  } else {
    run(Interpolation<false>{{factors, log_size}, log_size + 4, {}});
  }
}

}  // namespace asterism::core::stark::wide
ASTERISM_IFMA_END
#endif
