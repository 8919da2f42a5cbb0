// The ecdsa builtin: a signature (r, w = 1/s) of z by Q verifies when the x of w*(zG + rQ) is r (whitepaper, 9.12).
//
// exponentiate_generator computes zG - S, exponentiate_key's first chain rQ + S; add_results adds them to B, which is
// where the second chain of the key's doublings starts; its sum is wB + S, and extract_r takes S off again.
#pragma once
#include "core/stark/air/curve_points.hpp"
#include "core/stark/air/doubling.hpp"

namespace asterism::core::stark {

struct Ecdsa {
  static constexpr unsigned kBits = 251;
  MemoryCells pubkey, message;
  DoublingChain key;
  EcSubsetSum generator_sum, key_sum;
  VirtualColumn add_slope, add_inv, extract_slope, extract_inv, z_inv, r_w_inv, q_x_squared;
  PeriodicId generator_x = 0, generator_y = 0;
  Domain instances, instances_but_last, first, signatures, chains;

  explicit Ecdsa(const Binder& b)
      : pubkey(b.layout.memory_at("ecdsa/pubkey")),
        message(b.layout.memory_at("ecdsa/message")),
        key(b, "ecdsa/signature0/doubling_key/", "ecdsa/signature0/key_points", "ecdsa/signature0/doubling_slope"),
        generator_sum(b, "ecdsa/signature0/exponentiate_generator/", kBits),
        key_sum(b, "ecdsa/signature0/exponentiate_key/", kBits),
        add_slope(b.layout.at("ecdsa/signature0/add_results_slope")),
        add_inv(b.layout.at("ecdsa/signature0/add_results_inv")),
        extract_slope(b.layout.at("ecdsa/signature0/extract_r_slope")),
        extract_inv(b.layout.at("ecdsa/signature0/extract_r_inv")),
        z_inv(b.layout.at("ecdsa/signature0/z_inv")),
        r_w_inv(b.layout.at("ecdsa/signature0/r_w_inv")),
        q_x_squared(b.layout.at("ecdsa/signature0/q_x_squared")),
        instances(b.rows.every(pubkey.address.step)),
        instances_but_last(b.rows.every_but_last(pubkey.address.step)),
        first(b.rows.first()),
        signatures(b.rows.every(kScalarRows * generator_sum.x.step)),
        chains(b.rows.every(kScalarRows * key_sum.x.step)) {
    std::vector<Felt> xs, ys;
    for (const AffinePoint& point : generator_points()) {
      xs.push_back(point.x);
      ys.push_back(point.y);
    }
    generator_x = b.add_periodic(generator_sum.x.step, std::move(xs));
    generator_y = b.add_periodic(generator_sum.x.step, std::move(ys));
  }

  template <class E>
  void constrain(E& e) const {
    key.constrain(e);
    generator_sum.constrain(e, e.periodic(generator_x), e.periodic(generator_y));
    key_sum.constrain(e, e.at(key.x, 0), e.at(key.y, 0));
    const auto shift_x = e.constant(kShiftPoint.x);
    const auto shift_y = e.constant(kShiftPoint.y);
    e.constrain({"ecdsa/signature0/", "init_gen/x"}, e.at(generator_sum.x, 0) - shift_x, signatures);
    e.constrain({"ecdsa/signature0/", "init_gen/y"}, e.at(generator_sum.y, 0) + shift_y, signatures);
    e.constrain({"ecdsa/signature0/", "init_key/x"}, e.at(key_sum.x, 0) - shift_x, chains);
    e.constrain({"ecdsa/signature0/", "init_key/y"}, e.at(key_sum.y, 0) - shift_y, chains);
    add_results(e);
    extract_r(e);
    inputs(e);
    addresses(e);
  }

 private:
  template <class E>
  void add_results(E& e) const {
    const auto ax = e.at(generator_sum.x, 255), ay = e.at(generator_sum.y, 255);
    const auto bx = e.at(key_sum.x, 255), by = e.at(key_sum.y, 255);
    const auto x = e.at(key.x, 256), y = e.at(key.y, 256), m = e.at(add_slope, 0);
    e.constrain({"ecdsa/signature0/", "add_results/slope"}, ay - (by + m * (ax - bx)), signatures);
    e.constrain({"ecdsa/signature0/", "add_results/x"}, m * m - (ax + bx + x), signatures);
    e.constrain({"ecdsa/signature0/", "add_results/y"}, ay + y - m * (ax - x), signatures);
    e.constrain({"ecdsa/signature0/", "add_results/x_diff_inv"}, e.at(add_inv, 0) * (ax - bx) - e.number(1),
                signatures);
  }

  template <class E>
  void extract_r(E& e) const {
    const auto shift_x = e.constant(kShiftPoint.x);
    const auto bx = e.at(key_sum.x, 511), by = e.at(key_sum.y, 511), m = e.at(extract_slope, 0);
    e.constrain({"ecdsa/signature0/", "extract_r/slope"}, by + e.constant(kShiftPoint.y) - m * (bx - shift_x),
                signatures);
    e.constrain({"ecdsa/signature0/", "extract_r/x"}, m * m - (bx + shift_x + e.at(key_sum.selector, 0)), signatures);
    e.constrain({"ecdsa/signature0/", "extract_r/x_diff_inv"}, e.at(extract_inv, 0) * (bx - shift_x) - e.number(1),
                signatures);
  }

  template <class E>
  void inputs(E& e) const {
    const auto one = e.number(1);
    const auto qx = e.at(key.x, 0), qy = e.at(key.y, 0), squared = e.at(q_x_squared, 0);
    e.constrain({"ecdsa/signature0/", "z_nonzero"}, e.at(generator_sum.selector, 0) * e.at(z_inv, 0) - one, signatures);
    e.constrain({"ecdsa/signature0/", "r_and_w_nonzero"}, e.at(key_sum.selector, 0) * e.at(r_w_inv, 0) - one, chains);
    e.constrain({"ecdsa/signature0/", "q_on_curve/x_squared"}, squared - qx * qx, signatures);
    e.constrain({"ecdsa/signature0/", "q_on_curve/on_curve"},
                qy * qy - (qx * squared + e.constant(kCurveAlpha) * qx + e.constant(kCurveBeta)), signatures);
  }

  template <class E>
  void addresses(E& e) const {
    const auto one = e.number(1);
    e.constrain({"ecdsa/", "init_addr"}, e.at(pubkey.address, 0) - e.global(Global::ecdsa_begin), first);
    e.constrain({"ecdsa/", "message_addr"}, e.at(message.address, 0) - (e.at(pubkey.address, 0) + one), instances);
    e.constrain({"ecdsa/", "pubkey_addr"}, e.at(pubkey.address, 1) - (e.at(message.address, 0) + one),
                instances_but_last);
    e.constrain({"ecdsa/", "message_value0"}, e.at(message.value, 0) - e.at(generator_sum.selector, 0), instances);
    e.constrain({"ecdsa/", "pubkey_value0"}, e.at(pubkey.value, 0) - e.at(key.x, 0), instances);
  }
};

}  // namespace asterism::core::stark
