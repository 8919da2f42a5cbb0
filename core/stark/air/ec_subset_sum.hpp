// A chain of 256 rows that adds, to a starting point, those of 256 given points that the bits of a number select.
//
// Row j holds the partial sum before bit j and the number shifted right by j ("selector"); the slope is that of the
// line through partial sum and point, 0 where the bit is 0. pedersen and ec_op must show that the number is below p:
// its bits 251, 196 and 192 cannot all be set unless the bits between vanish (p = 2^251 + 2^196 + 2^192 + 1).
// ecdsa and ec_op must show that no point is added to one with the same x: x_diff_inv is the inverse of the difference.
#pragma once
#include <string>

#include "core/stark/air/evaluation.hpp"

namespace asterism::core::stark {

constexpr unsigned kScalarRows = 256;

struct EcSubsetSum {
  std::string scope;
  VirtualColumn x, y, slope, selector;
  std::optional<VirtualColumn> prod_ones196, prod_ones192, x_diff_inv;
  Domain bits, last_bit, end, chains;

  // `scope` ends with "/"; the number has `n_bits` bits.
  EcSubsetSum(const Binder& b, std::string scope_name, unsigned n_bits)
      : scope(std::move(scope_name)),
        x(b.layout.at(scope + "partial_sum/x")),
        y(b.layout.at(scope + "partial_sum/y")),
        slope(b.layout.at(scope + "slope")),
        selector(b.layout.at(scope + "selector")),
        prod_ones196(b.layout.find(scope + "bit_unpacking/prod_ones196")),
        prod_ones192(b.layout.find(scope + "bit_unpacking/prod_ones192")),
        x_diff_inv(b.layout.find(scope + "x_diff_inv")),
        bits(b.rows.every(x.step).but(kScalarRows * x.step, (kScalarRows - 1) * x.step)),
        last_bit(b.rows.within(kScalarRows * x.step, (kScalarRows - 1) * x.step)),
        end(b.rows.within(kScalarRows * x.step, n_bits * x.step)),
        chains(b.rows.every(kScalarRows * x.step)) {}

  template <class E>
  void constrain(E& e, const typename E::Value& point_x, const typename E::Value& point_y) const {
    if (prod_ones192) unpack(e);
    const auto one = e.number(1);
    const auto bit = bit_at(e, 0);
    const auto not_bit = one - bit;
    const auto x0 = e.at(x, 0), x1 = e.at(x, 1), y0 = e.at(y, 0), y1 = e.at(y, 1), m = e.at(slope, 0);
    e.constrain({scope, "booleanity_test"}, bit * (bit - one), bits);
    e.constrain({scope, "bit_extraction_end"}, e.at(selector, 0), end);
    e.constrain({scope, "zeros_tail"}, e.at(selector, 0), last_bit);
    e.constrain({scope, "add_points/slope"}, bit * (y0 - point_y) - m * (x0 - point_x), bits);
    e.constrain({scope, "add_points/x"}, m * m - bit * (x0 + point_x + x1), bits);
    e.constrain({scope, "add_points/y"}, bit * (y0 + y1) - m * (x0 - x1), bits);
    if (x_diff_inv) e.constrain({scope, "add_points/x_diff_inv"}, e.at(*x_diff_inv, 0) * (x0 - point_x) - one, bits);
    e.constrain({scope, "copy_point/x"}, not_bit * (x1 - x0), bits);
    e.constrain({scope, "copy_point/y"}, not_bit * (y1 - y0), bits);
  }

 private:
  template <class E>
  auto bit_at(E& e, unsigned i) const {
    const auto next = e.at(selector, i + 1);
    return e.at(selector, i) - (next + next);
  }
  static constexpr Felt kTwo191 = Felt::reduce(U256(1) << 191);
  static constexpr Felt kTwo54 = Felt::reduce(U256(1) << 54);

  template <class E>
  void unpack(E& e) const {
    const auto ones192 = e.at(*prod_ones192, 0);
    const auto ones196 = e.at(*prod_ones196, 0);
    const auto bit251 = bit_at(e, 251);
    e.constrain({scope, "bit_unpacking/last_one_is_zero"}, ones192 * bit_at(e, 0), chains);
    e.constrain({scope, "bit_unpacking/zeroes_between_ones0"},
                ones192 * (e.at(selector, 1) - e.constant(kTwo191) * e.at(selector, 192)), chains);
    e.constrain({scope, "bit_unpacking/cumulative_bit192"}, ones192 - ones196 * bit_at(e, 192), chains);
    e.constrain({scope, "bit_unpacking/zeroes_between_ones192"},
                ones196 * (e.at(selector, 193) - e.number(8) * e.at(selector, 196)), chains);
    e.constrain({scope, "bit_unpacking/cumulative_bit196"}, ones196 - bit251 * bit_at(e, 196), chains);
    e.constrain({scope, "bit_unpacking/zeroes_between_ones196"},
                bit251 * (e.at(selector, 197) - e.constant(kTwo54) * e.at(selector, 251)), chains);
  }
};

}  // namespace asterism::core::stark
