#include "core/stark/air/curve_points.hpp"
#include "core/stark/trace/components.hpp"
#include "core/stark/trace/curve_chain.hpp"

namespace asterism::core::stark {
namespace {

const std::array<Felt, 5> kUnused{kShiftPoint.x, kShiftPoint.y, kGenerator.x, kGenerator.y, Felt()};

struct EcOpRows {
  DoublingRows doubling;
  SubsetSumRows sum;
};

EcOpRows rows_of(const std::array<Felt, 5>& input) {
  EcOpRows out;
  out.doubling = doublings({input[2], input[3], false});
  out.sum = subset_sum({input[0], input[1], false}, out.doubling.points, input[4].to_u256());
  return out;
}

}  // namespace

Expected<void> write_ec_op(Trace& trace, std::uint64_t begin, std::span<const Instance<5>> inputs) {
  const Layout& layout = trace.layout();
  const DoublingCells doubling{layout.at("ec_op/doubled_points/x"), layout.at("ec_op/doubled_points/y"),
                               layout.at("ec_op/doubling_slope")};
  const SubsetSumCells sum(layout, "ec_op/ec_subset_sum/");
  const std::array words{layout.memory_at("ec_op/p_x"), layout.memory_at("ec_op/p_y"), layout.memory_at("ec_op/q_x"),
                         layout.memory_at("ec_op/q_y"), layout.memory_at("ec_op/m"),   layout.memory_at("ec_op/r_x"),
                         layout.memory_at("ec_op/r_y")};
  const EcOpRows unused_rows = rows_of(kUnused);
  const std::uint64_t count = trace.rows() / layout.instance_rows("ec_op");
  return for_each_instance(count, inputs, kUnused, [&](std::uint64_t i, const auto& input) -> Expected<void> {
    std::optional<EcOpRows> own;
    if (&input != &kUnused) own = rows_of(input);
    const EcOpRows& rows = own ? *own : unused_rows;
    doubling.write(trace, i, rows.doubling);
    sum.write(trace, i, rows.sum);
    for (unsigned k = 0; k < 5; ++k) trace.set_memory(words[k], i, begin + 7 * i + k, input[k]);
    trace.set_memory(words[5], i, begin + 7 * i + 5, rows.sum.sums.back().x);
    trace.set_memory(words[6], i, begin + 7 * i + 6, rows.sum.sums.back().y);
    return {};
  });
}

}  // namespace asterism::core::stark
