#include "core/stark/wide_kernels.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/stark/domains.hpp"
#include "core/stark/wide_lanes.hpp"

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
namespace asterism::core::stark::wide {

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

void break_in_halves(const Halves& halves, const Felt& first, const Felt& step, std::size_t begin, std::size_t end) {
  const Felt back = step.inverse();
  std::array<Felt, 8> points;
  Felt point = first.inverse() * power(back, begin);
  for (Felt& value : points) {
    value = point;
    point *= back;
  }
  Felt8 inverse = Felt8::load(points.data());
  const Felt8 stride = Felt8::broadcast(power(back, 8));
  const auto interleaved = [&](std::size_t at) {
    std::array<Felt, 8> values;
    for (std::size_t k = 0; k < 8; ++k) values[k] = halves.f[k % 2][at + k / 2];
    return Felt8::load_sum(values.data());
  };
  constexpr unsigned kHalved = 5;  // bits of store_divided
  for (std::size_t j = begin; j < end; j += 8) {
    const Sum8 plus = interleaved(j / 2);
    const Sum8 minus = interleaved(j / 2 + halves.half);
    reduce(plus + minus).store_divided(halves.h[0] + j, kHalved);
    (reduce(plus - minus) * inverse).store_divided(halves.h[1] + j, kHalved);
    inverse = inverse * stride;
  }
}

namespace {

ASTERISM_WIDE_INLINE Felt8 table_at(const LimbTable& table, std::size_t i) {
  Felt8 out;
#pragma GCC unroll 5
  for (std::size_t k = 0; k < 5; ++k) __builtin_memcpy(&out.limb[k], table.limb(k) + i, sizeof(Lane));
  return out;
}

struct FeltRow {
  Felt* out;
  ASTERISM_WIDE_INLINE void put(std::size_t i, const Felt8& value) const { value.store(out + i); }
};
struct LimbRow {
  LimbTable& out;
  ASTERISM_WIDE_INLINE void put(std::size_t i, const Felt8& value) const {
#pragma GCC unroll 5
    for (std::size_t k = 0; k < 5; ++k) __builtin_memcpy(out.limb(k) + i, &value.limb[k], sizeof(Lane));
  }
};

// Montgomery's trick, lane by lane, in four chains, so that a product need not wait for the one before it.
template <class Row>
void invert_differences(const Felt& first, const Felt& g, const Felt& point, std::size_t begin, std::size_t end,
                        const Row& row) {
  constexpr std::size_t kChains = 4;
  constexpr std::size_t kAtOnce = 128;
  Felt8 differences[kAtOnce];
  Felt8 prefixes[kAtOnce];
  std::array<Felt, 8 * kChains> ends;
  Felt value = first * power(g, begin);
  for (std::size_t i = 0; i < 8; ++i, value *= g) ends[i] = value;
  Felt8 x = Felt8::load(ends.data());
  const Felt8 stride = Felt8::broadcast(power(g, 8));
  const Sum8 z = Felt8::broadcast(point);
  for (std::size_t i = begin; i < end; i += 8 * kAtOnce) {
    const std::size_t count = std::min(kAtOnce, (end - i) / 8);
    ends.fill(Felt::one());
    for (std::size_t k = 0; k < count; ++k) {
      differences[k] = reduce(Sum8(x) - z);
      prefixes[k] = k < kChains ? differences[k] : prefixes[k - kChains] * differences[k];
      x = x * stride;
    }
    for (std::size_t k = count - std::min(count, kChains); k < count; ++k) {
      prefixes[k].store(ends.data() + 8 * (k % kChains));
    }
    batch_inverse(ends);
    Felt8 inverse[kChains];
    for (std::size_t k = 0; k < kChains; ++k) inverse[k] = Felt8::load(ends.data() + 8 * k);
    for (std::size_t k = count; k-- > 0;) {
      Felt8& rest = inverse[k % kChains];
      row.put(i + 8 * k, k < kChains ? rest : rest * prefixes[k - kChains]);
      rest = rest * differences[k];
    }
  }
}

constexpr std::size_t kMostProducts = 128;  // before they are reduced

}  // namespace

// Lane l of block k is x^reverse(8k + l): the lowest three bits of the place are the highest of the exponent.
Blocks reversed_powers(const Felt& x, std::size_t count) {
  const std::size_t blocks = count / 8;
  Blocks out(blocks);
  Felt8* powers = felts(out.data());
  std::array<Felt, 8> first;
  const Felt eighth = power(x, blocks);
  for (std::size_t l = 0; l < 8; ++l) first[l] = power(eighth, bit_reverse(l, 3));
  powers[0] = Felt8::load(first.data());
  std::size_t exponent = blocks / 2;
  for (std::size_t done = 1; done < blocks; done *= 2, exponent /= 2) {
    const Felt8 step = Felt8::broadcast(power(x, exponent));
    for (std::size_t k = 0; k < done; ++k) powers[done + k] = powers[k] * step;
  }
  return out;
}

// Products are summed before they are reduced.
void evaluate_runs(const Felt* coefficients, std::size_t run, std::span<const Blocks> tables, std::size_t begin,
                   std::size_t end, std::span<const std::span<Felt>> values) {
  const std::size_t blocks = run / 8;
  Sum8 cells[kMostProducts];
  std::vector<Sum8, PageAllocator<Sum8>> sums(tables.size());
  for (std::size_t i = begin; i < end; ++i) {
    const Felt* from = coefficients + i * run;
    for (std::size_t first = 0; first < blocks; first += kMostProducts) {
      const std::size_t count = std::min(kMostProducts, blocks - first);
      for (std::size_t k = 0; k < count; ++k) cells[k] = Felt8::load_sum(from + 8 * (first + k));
      for (std::size_t j = 0; j < tables.size(); ++j) {
        const Felt8* powers = felts(tables[j].data()) + first;
        Products products;
        for (std::size_t k = 0; k < count; ++k) products.add(as_factor(cells[k]), powers[k]);
        sums[j] = first == 0 ? products.total() : Sum8(reduce(sums[j] + products.total()));
      }
    }
    for (std::size_t j = 0; j < tables.size(); ++j) {
      std::array<Felt, 8> lanes;
      reduce(sums[j]).store(lanes.data());
      Felt sum;
      for (const Felt& lane : lanes) sum += lane;
      values[j][i] = sum;
    }
  }
}

void LimbTable::pad() {
  for (std::size_t k = 0; k < 5; ++k) std::copy_n(limb(k), 8, limb(k) + stride_ - 8);
}

void inverses(const Felt& first, const Felt& g, const Felt& point, std::size_t begin, std::size_t end, Felt* out) {
  invert_differences(first, g, point, begin, end, FeltRow{out});
}
void inverses(const Felt& first, const Felt& g, const Felt& point, std::size_t begin, std::size_t end, LimbTable& out) {
  invert_differences(first, g, point, begin, end, LimbRow{out});
}

void sum_fractions(std::span<const Fraction> fractions, std::span<const Felt* const> columns, std::uint64_t mask,
                   std::size_t begin, std::size_t end, Felt* out) {
  std::vector<ifma::Factor> coefficients;
  std::vector<ifma::Factor> constants;
  for (const Fraction& fraction : fractions) {
    for (const Term& term : fraction.terms) coefficients.emplace_back(term.coefficient);
    constants.emplace_back(fraction.constant);
  }
  std::vector<Sum8, PageAllocator<Sum8>> cells(columns.size());
  for (std::size_t i = begin; i < end; i += 8) {
    for (std::size_t c = 0; c < columns.size(); ++c) cells[c] = Felt8::load_sum(columns[c] + i);
    const ifma::Factor* coefficient = coefficients.data();
    Sum8 sum = Felt8::load_sum(out + i);
    Products total;
    for (std::size_t f = 0; f < fractions.size(); ++f) {
      Products numerator;
      for (const Term& term : fractions[f].terms) {
        numerator.add(as_factor(cells[term.column]), Felt8::broadcast(*coefficient++));
      }
      total.add(reduce(numerator.total() - Sum8(Felt8::broadcast(constants[f]))),
                table_at(*fractions[f].table, (i + fractions[f].shift) & mask));
      if ((f + 1) % kMostProducts == 0) {
        sum = reduce(sum + total.total());
        total = Products();
      }
    }
    reduce(sum + total.total()).store(out + i);
  }
}

}  // namespace asterism::core::stark::wide
ASTERISM_IFMA_END
#endif
