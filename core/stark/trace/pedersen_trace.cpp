#include "core/stark/air/curve_points.hpp"
#include "core/stark/trace/components.hpp"
#include "core/stark/trace/curve_chain.hpp"

namespace asterism::core::stark {
namespace {

struct HashRows {
  SubsetSumRows x, y;
};

HashRows hash_rows(const std::array<Felt, 2>& input) {
  const std::span points(pedersen_points());
  HashRows out;
  out.x = subset_sum(kShiftPoint, points.first(256), input[0].to_u256());
  out.y = subset_sum(out.x.sums.back(), points.subspan(256), input[1].to_u256());
  return out;
}

}  // namespace

Expected<void> write_pedersen(Trace& trace, std::uint64_t begin, std::span<const Instance<2>> inputs) {
  const Layout& layout = trace.layout();
  std::vector<SubsetSumCells> chains;
  for (unsigned i = 0;; ++i) {
    const std::string scope = "pedersen/hash" + std::to_string(i) + "/ec_subset_sum/";
    if (!layout.find(scope + "slope")) break;
    chains.emplace_back(layout, scope);
  }
  const MemoryCells x = layout.memory_at("pedersen/input0");
  const MemoryCells y = layout.memory_at("pedersen/input1");
  const MemoryCells output = layout.memory_at("pedersen/output");
  const std::array<Felt, 2> unused{};
  const HashRows unused_rows = hash_rows(unused);
  const std::uint64_t count = trace.rows() / layout.instance_rows("pedersen");
  return for_each_instance(count, inputs, unused, [&](std::uint64_t i, const auto& input) -> Expected<void> {
    std::optional<HashRows> own;
    if (&input != &unused) own = hash_rows(input);
    const HashRows& rows = own ? *own : unused_rows;
    const SubsetSumCells& chain = chains[i % chains.size()];
    chain.write(trace, 2 * (i / chains.size()), rows.x);
    chain.write(trace, 2 * (i / chains.size()) + 1, rows.y);
    trace.set_memory(x, i, begin + 3 * i, input[0]);
    trace.set_memory(y, i, begin + 3 * i + 1, input[1]);
    trace.set_memory(output, i, begin + 3 * i + 2, rows.y.sums.back().x);
    return {};
  });
}

}  // namespace asterism::core::stark
