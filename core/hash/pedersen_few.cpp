#include <algorithm>
#include <array>
#include <bit>

#include "core/curve/window_gather.hpp"
#include "core/felt/felt8.hpp"
#include "core/hash/pedersen_wide.hpp"

namespace asterism::core {

#ifdef ASTERISM_HAVE_WIDE
namespace {

using Pair = std::pair<Felt, Felt>;

constexpr unsigned kWindows = PedersenTables::kWindows;
constexpr unsigned kTerms = 2 * kWindows + 1;

ASTERISM_IFMA_BEGIN
using ifma::Felt8;
using ifma::Lane;
using ifma::PointSum8;

struct Jacobian8 {
  Felt8 x;
  Felt8 y;
  Felt8 z;
};

// Adds a table entry. Equal abscissas give z = 0, and so does everything that follows.
ASTERISM_WIDE_INLINE Jacobian8 add(const Jacobian8& p, const TableRows& rows) {
  const PointSum8 q = ifma::gather_unsigned(rows);
  const Felt8 zz = p.z.square();
  const Felt8 h = reduce(as_factor(q.x) * zz - p.x);
  const Felt8 r = reduce(ifma::negate_if(rows.negated, as_factor(q.y) * (zz * p.z)) - p.y);
  const Felt8 hh = h.square();
  const Felt8 hhh = hh * h;
  const Felt8 v = p.x * hh;
  const Felt8 x = reduce(r.square() - hhh - v - v);
  return {x, reduce(r * reduce(v - x) - p.y * hhh), p.z * h};
}

template <int kDistance>
ASTERISM_WIDE_INLINE Felt8 from_other_lane(const Felt8& value) {
  Felt8 out;
#pragma GCC unroll 5
  for (int i = 0; i < 5; ++i) {
    const Lane a = value.limb[i];
    if constexpr (kDistance == 1) out.limb[i] = __builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6);
    if constexpr (kDistance == 2) out.limb[i] = __builtin_shufflevector(a, a, 2, 3, 0, 1, 6, 7, 4, 5);
    if constexpr (kDistance == 4) out.limb[i] = __builtin_shufflevector(a, a, 4, 5, 6, 7, 0, 1, 2, 3);
  }
  return out;
}

// In each lane the sum of its point and of the one whose lane number differs by kDistance.
template <int kDistance>
Jacobian8 merge(const Jacobian8& p) {
  const Felt8 z = from_other_lane<kDistance>(p.z);
  const Felt8 zz = z.square();
  const Felt8 u = p.x * zz;
  const Felt8 s = p.y * (zz * z);
  const Felt8 h = reduce(from_other_lane<kDistance>(u) - u);
  const Felt8 r = reduce(from_other_lane<kDistance>(s) - s);
  const Felt8 hh = h.square();
  const Felt8 hhh = hh * h;
  const Felt8 v = u * hh;
  const Felt8 x = reduce(r.square() - hhh - v - v);
  return {x, reduce(r * reduce(v - x) - s * hhh), p.z * z * h};
}

ASTERISM_WIDE_INLINE Felt8 choose(unsigned lanes, const Felt8& when_set, const Felt8& otherwise) {
  Felt8 out;
#pragma GCC unroll 5
  for (int i = 0; i < 5; ++i) {
    out.limb[i] = _mm512_mask_mov_epi64(otherwise.limb[i], static_cast<__mmask8>(lanes), when_set.limb[i]);
  }
  return out;
}

// Term t of a hash is in lane t mod `spread` of those that belong to the hash.
bool hash_vector(const PedersenTables& tables, std::span<const Pair> in, unsigned spread, std::span<Felt> out) {
  const unsigned rounds = (kTerms + spread - 1) / spread;
  std::array<TableRows, kTerms> rows;
  unsigned last = 0;  // lanes that have a term in the last round
  for (unsigned lane = 0; lane < 8; ++lane) {
    const Pair& pair = in[std::min<std::size_t>(lane / spread, in.size() - 1)];
    const PedersenInput input(tables, pair.first, pair.second);
    for (unsigned k = 0; k < rounds; ++k) {
      const unsigned term = k * spread + lane % spread;
      if (term < kWindows) {
        rows[k].set(lane, tables.low_a, term, input.a);
      } else if (term < 2 * kWindows) {
        rows[k].set(lane, tables.low_b, term - kWindows, input.b);
      } else {
        rows[k].set(lane, *input.start);
      }
      __builtin_prefetch(rows[k].entry[lane]);
      if (k + 1 == rounds && term < kTerms) last |= 1U << lane;
    }
  }
  const PointSum8 first = ifma::gather(rows[0]);
  Jacobian8 sum{reduce(first.x), reduce(first.y), Felt8::broadcast(Felt::one())};
  for (unsigned k = 1; k + 1 < rounds; ++k) sum = add(sum, rows[k]);
  const Jacobian8 all = add(sum, rows[rounds - 1]);
  sum = {choose(last, all.x, sum.x), choose(last, all.y, sum.y), choose(last, all.z, sum.z)};
  if (spread > 1) sum = merge<1>(sum);
  if (spread > 2) sum = merge<2>(sum);
  if (spread > 4) sum = merge<4>(sum);

  std::array<Felt, 8> x;
  std::array<Felt, 8> z;
  sum.x.store(x.data());
  sum.z.square().store(z.data());
  std::array<Felt, 8> before;
  Felt product = Felt::one();
  for (std::size_t i = 0; i < in.size(); ++i) {
    before[i] = product;
    product *= z[i * spread];
  }
  if (product.is_zero()) return false;
  Felt inverse = product.inverse();
  for (std::size_t i = in.size(); i-- > 0;) {
    out[i] = x[i * spread] * (inverse * before[i]);
    inverse *= z[i * spread];
  }
  return true;
}
ASTERISM_IFMA_END

}  // namespace

bool pedersen_few(const PedersenTables& tables, std::span<const Pair> in, std::span<Felt> out) {
  while (!in.empty()) {
    const std::size_t count = std::min<std::size_t>(8, in.size());
    const auto spread = static_cast<unsigned>(8 / std::bit_ceil(count));
    if (!hash_vector(tables, in.first(count), spread, out.first(count))) return false;
    in = in.subspan(count);
    out = out.subspan(count);
  }
  return true;
}

#else
bool pedersen_few(const PedersenTables&, std::span<const std::pair<Felt, Felt> >, std::span<Felt>) { return false; }
#endif

}  // namespace asterism::core
