// The pedersen builtin: hash(x, y) = x of shift + two subset sums, the second chain continuing the first. Layouts with
// several chains side by side ("hash0" ...) give instance i to chain i mod their number.
#pragma once
#include "core/stark/air/curve_points.hpp"
#include "core/stark/air/ec_subset_sum.hpp"

namespace asterism::core::stark {

struct Pedersen {
  static constexpr unsigned kBits = 252;
  MemoryCells input0, input1, output;
  std::vector<EcSubsetSum> chains;
  std::vector<std::string> scopes;
  PeriodicId points_x = 0, points_y = 0;
  Domain instances, instances_but_last, first, hashes, joints;

  explicit Pedersen(const Binder& b)
      : input0(b.layout.memory_at("pedersen/input0")),
        input1(b.layout.memory_at("pedersen/input1")),
        output(b.layout.memory_at("pedersen/output")),
        instances(b.rows.every(input0.address.step)),
        instances_but_last(b.rows.every_but_last(input0.address.step)),
        first(b.rows.first()) {
    for (unsigned i = 0;; ++i) {
      std::string scope = "pedersen/hash" + std::to_string(i) + "/";
      if (!b.layout.find(scope + "ec_subset_sum/slope")) break;
      chains.emplace_back(b, scope + "ec_subset_sum/", kBits);
      scopes.push_back(std::move(scope));
    }
    const std::uint64_t step = chains[0].x.step;
    std::vector<Felt> xs, ys;
    for (const AffinePoint& point : pedersen_points()) {
      xs.push_back(point.x);
      ys.push_back(point.y);
    }
    points_x = b.add_periodic(step, std::move(xs));
    points_y = b.add_periodic(step, std::move(ys));
    hashes = b.rows.every(2 * kScalarRows * step);
    joints = b.rows.every(kScalarRows * step).but(2 * kScalarRows * step, kScalarRows * step);
  }

  template <class E>
  void constrain(E& e) const {
    const auto point_x = e.periodic(points_x);
    const auto point_y = e.periodic(points_y);
    for (std::size_t i = 0; i < chains.size(); ++i) {
      const EcSubsetSum& chain = chains[i];
      chain.constrain(e, point_x, point_y);
      e.constrain({scopes[i], "copy_point/x"}, e.at(chain.x, 256) - e.at(chain.x, 255), joints);
      e.constrain({scopes[i], "copy_point/y"}, e.at(chain.y, 256) - e.at(chain.y, 255), joints);
      e.constrain({scopes[i], "init/x"}, e.at(chain.x, 0) - e.constant(kShiftPoint.x), hashes);
      e.constrain({scopes[i], "init/y"}, e.at(chain.y, 0) - e.constant(kShiftPoint.y), hashes);
    }
    const auto one = e.number(1);
    for_each_chain("input0_value", [&](unsigned i, std::string_view name) {
      e.constrain({"pedersen/", name}, e.at(input0.value, i) - e.at(chains[i].selector, 0), hashes);
    });
    e.constrain({"pedersen/", "input0_addr"}, e.at(input0.address, 1) - (e.at(output.address, 0) + one),
                instances_but_last);
    e.constrain({"pedersen/", "init_addr"}, e.at(input0.address, 0) - e.global(Global::pedersen_begin), first);
    for_each_chain("input1_value", [&](unsigned i, std::string_view name) {
      e.constrain({"pedersen/", name}, e.at(input1.value, i) - e.at(chains[i].selector, 256), hashes);
    });
    e.constrain({"pedersen/", "input1_addr"}, e.at(input1.address, 0) - (e.at(input0.address, 0) + one), instances);
    for_each_chain("output_value", [&](unsigned i, std::string_view name) {
      e.constrain({"pedersen/", name}, e.at(output.value, i) - e.at(chains[i].x, 511), hashes);
    });
    e.constrain({"pedersen/", "output_addr"}, e.at(output.address, 0) - (e.at(input1.address, 0) + one), instances);
  }

 private:
  template <class F>
  void for_each_chain(std::string_view name, const F& body) const {
    std::array<char, 24> numbered{};
    std::copy(name.begin(), name.end(), numbered.begin());
    for (unsigned i = 0; i < chains.size(); ++i) {
      numbered[name.size()] = static_cast<char>('0' + i);
      body(i, std::string_view(numbered.data(), name.size() + 1));
    }
  }
};

}  // namespace asterism::core::stark
