#include "core/stark/claim.hpp"

#include <map>

#include "core/hash/poseidon.hpp"

namespace asterism::core::stark {

Claim claim_of(const PublicInput& input) {
  std::map<std::uint64_t, Felt> cells;
  for (const PublicCell& cell : input.memory) cells.emplace(cell.address, cell.value);
  Claim out;
  const auto range = [&](std::uint64_t begin, std::uint64_t end) -> std::optional<std::vector<Felt>> {
    std::vector<Felt> values;
    if (end < begin || end - begin > cells.size()) return std::nullopt;
    for (std::uint64_t address = begin; address < end; ++address) {
      const auto cell = cells.find(address);
      if (cell == cells.end()) return std::nullopt;
      values.push_back(cell->second);
    }
    return values;
  };
  // The program is what lies before the two cells in front of the first frame.
  const std::uint64_t first_frame = input.segment("execution").begin_addr;
  if (first_frame >= 2) {
    if (const auto program = range(input.segment("program").begin_addr, first_frame - 2)) {
      out.program_hash = poseidon_many(*program);
    }
  }
  const Segment output = input.segment("output");
  out.output = range(output.begin_addr, output.stop_ptr).value_or(std::vector<Felt>{});
  return out;
}

}  // namespace asterism::core::stark
