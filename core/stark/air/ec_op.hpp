// The ec_op builtin: r = p + m*q on the curve, by the doublings of q and a subset sum that starts at p.
#pragma once
#include "core/stark/air/doubling.hpp"

namespace asterism::core::stark {

struct EcOp {
  static constexpr unsigned kBits = 252;
  MemoryCells p_x, p_y, q_x, q_y, m, r_x, r_y;
  DoublingChain doubling;
  EcSubsetSum sum;
  Domain instances, instances_but_last, first;

  explicit EcOp(const Binder& b)
      : p_x(b.layout.memory_at("ec_op/p_x")),
        p_y(b.layout.memory_at("ec_op/p_y")),
        q_x(b.layout.memory_at("ec_op/q_x")),
        q_y(b.layout.memory_at("ec_op/q_y")),
        m(b.layout.memory_at("ec_op/m")),
        r_x(b.layout.memory_at("ec_op/r_x")),
        r_y(b.layout.memory_at("ec_op/r_y")),
        doubling(b, "ec_op/doubling_q/", "ec_op/doubled_points", "ec_op/doubling_slope"),
        sum(b, "ec_op/ec_subset_sum/", kBits),
        instances(b.rows.every(p_x.address.step)),
        instances_but_last(b.rows.every_but_last(p_x.address.step)),
        first(b.rows.first()) {}

  template <class E>
  void constrain(E& e) const {
    e.constrain({"ec_op/", "init_addr"}, e.at(p_x.address, 0) - e.global(Global::ec_op_begin), first);
    e.constrain({"ec_op/", "p_x_addr"}, e.at(p_x.address, 1) - (e.at(p_x.address, 0) + e.number(7)),
                instances_but_last);
    const auto follows = [&](const MemoryCells& cell, const MemoryCells& before, std::string_view name) {
      e.constrain({"ec_op/", name}, e.at(cell.address, 0) - (e.at(before.address, 0) + e.number(1)), instances);
    };
    follows(p_y, p_x, "p_y_addr");
    follows(q_x, p_y, "q_x_addr");
    follows(q_y, q_x, "q_y_addr");
    follows(m, q_y, "m_addr");
    follows(r_x, m, "r_x_addr");
    follows(r_y, r_x, "r_y_addr");
    doubling.constrain(e);
    e.constrain({"ec_op/", "get_q_x"}, e.at(q_x.value, 0) - e.at(doubling.x, 0), instances);
    e.constrain({"ec_op/", "get_q_y"}, e.at(q_y.value, 0) - e.at(doubling.y, 0), instances);
    sum.constrain(e, e.at(doubling.x, 0), e.at(doubling.y, 0));
    e.constrain({"ec_op/", "get_m"}, e.at(sum.selector, 0) - e.at(m.value, 0), instances);
    e.constrain({"ec_op/", "get_p_x"}, e.at(p_x.value, 0) - e.at(sum.x, 0), instances);
    e.constrain({"ec_op/", "get_p_y"}, e.at(p_y.value, 0) - e.at(sum.y, 0), instances);
    e.constrain({"ec_op/", "set_r_x"}, e.at(r_x.value, 0) - e.at(sum.x, 255), instances);
    e.constrain({"ec_op/", "set_r_y"}, e.at(r_y.value, 0) - e.at(sum.y, 255), instances);
  }
};

}  // namespace asterism::core::stark
