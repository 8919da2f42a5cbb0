// Table entries for eight lanes at once; see core/felt/felt8.hpp for where ifma may be used.
#pragma once
#include <array>

#include "core/curve/window_table.hpp"
#include "core/felt/felt8.hpp"

namespace asterism::core {

// Eight entries, and which of them are to be negated.
struct TableRows {
  std::array<const TablePoint*, 8> entry;
  unsigned negated = 0;

  void set(unsigned lane, const WindowTable& table, unsigned window, const U256& value) {
    bool negative = false;
    entry[lane] = &table.entry(window, value, negative);
    negated = (negated & ~(1U << lane)) | (unsigned{negative} << lane);
  }
  void set(unsigned lane, const TablePoint& point) {
    entry[lane] = &point;
    negated &= ~(1U << lane);
  }
  void prefetch() const {
    for (const TablePoint* point : entry) __builtin_prefetch(point);
  }
};

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
namespace ifma {

struct Point8 {
  Felt8 x;
  Felt8 y;
};
struct PointSum8 {
  Sum8 x;
  Sum8 y;
};

ASTERISM_WIDE_INLINE Sum8 negate_if(unsigned lanes, const Sum8& value) {
  Sum8 out;
#pragma GCC unroll 5
  for (int i = 0; i < 5; ++i) {
    out.limb[i] =
        _mm512_mask_sub_epi64(value.limb[i], static_cast<__mmask8>(lanes), _mm512_setzero_si512(), value.limb[i]);
  }
  return out;
}

// The entries as they stand, not negated: sums, but with limbs below 2^52 and values below 16 p.
ASTERISM_WIDE_INLINE PointSum8 gather_unsigned(const TableRows& rows) {
  Lane r[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) r[i] = *reinterpret_cast<const Lane*>(rows.entry[i]);
  transpose(r);
  return {split(r[0], r[1], r[2], r[3]), split(r[4], r[5], r[6], r[7])};
}

ASTERISM_WIDE_INLINE PointSum8 gather(const TableRows& rows) {
  const PointSum8 point = gather_unsigned(rows);
  return {point.x, negate_if(rows.negated, point.y)};
}

}  // namespace ifma
ASTERISM_IFMA_END
#endif

}  // namespace asterism::core
