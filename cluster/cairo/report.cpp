#include "cluster/cairo/report.hpp"

#include <cstdio>

namespace asterism::cluster {

using namespace core::cairo;

namespace {

// to_field_element: the representative nearest to zero.
std::string signed_text(const Value& value) {
  if (!value.is_felt()) return to_string(value);
  const BigInt number = BigInt::from_felt(value.felt());
  return (number > BigInt::prime() / BigInt(2) ? number - BigInt::prime() : number).to_decimal();
}
std::string address_text(Runner& runner, const Value& value, bool relocated) {
  if (!relocated || !value.is_pointer()) return to_string(value);
  return Relocation(runner.segment_bases()).relocate(value).to_decimal();
}

}  // namespace

std::string output_report(const Runner& runner) {
  bool has_output = false;
  for (const auto& builtin : runner.builtins()) has_output = has_output || builtin->name() == "output";
  if (!has_output) return {};
  std::string out = "Program output:\n";
  for (const Value& value : runner.output()) out += "  " + (value.is_empty() ? "<missing>" : signed_text(value)) + "\n";
  return out + "\n";
}

std::string info_report(Runner& runner, bool relocated) {
  const Machine& machine = runner.machine();
  std::string out = "Number of steps: " + std::to_string(runner.steps()) + " ";
  if (!runner.options().no_end) out += "(originally, " + std::to_string(runner.original_steps()) + ")";
  out +=
      "\nUsed memory cells: " + std::to_string(runner.memory().cell_count()) + "\nRegister values after execution:\n";
  out += "pc = " + address_text(runner, machine.pc, relocated) + "\n";
  out += "ap = " + address_text(runner, machine.ap, relocated) + "\n";
  out += "fp = " + address_text(runner, machine.fp, relocated) + "\n";
  return out + "\n";
}

std::string builtin_usage_report(Runner& runner) {
  if (runner.builtins().empty()) return "\n";
  std::string out = "\nBuiltin usage:\n";
  for (const auto& builtin : runner.builtins()) {
    const std::uint64_t used = builtin->used_cells(runner.memory());
    std::uint64_t size = 0;
    try {
      size = builtin->allocated_size(runner.memory(), runner.steps());
    } catch (const InsufficientCells&) {
      size = used;
    }
    char percentage[32];
    if (size > 0) {
      std::snprintf(percentage, sizeof percentage, "%.2f%%",
                    static_cast<double>(used) / static_cast<double>(size) * 100);
    } else {
      std::snprintf(percentage, sizeof percentage, "100%%");
    }
    char line[160];
    std::snprintf(line, sizeof line, "%-30s %7s (used %llu cells)\n",
                  (std::string(builtin->name()) + "_builtin").c_str(), percentage,
                  static_cast<unsigned long long>(used));
    out += line;
  }
  return out + "\n";
}

std::string memory_report(Runner& runner, bool relocated) {
  std::string out = "Addr  Value\n-----------\n";
  std::string expected;
  const std::vector<std::uint64_t> bases = relocated ? runner.segment_bases() : std::vector<std::uint64_t>();
  std::uint64_t next = 0;
  for (std::size_t s = 0; s < runner.memory().segment_count(); ++s) {
    const CellArray& cells = runner.memory().segment(static_cast<std::int64_t>(s)).cells;
    if (!relocated) next = UINT64_MAX;
    for (std::size_t i = 0; i < cells.filled(); ++i) {
      const Value& value = cells.data()[i];
      if (value.is_empty()) continue;
      const std::uint64_t at = relocated ? bases[s] + i : i;
      if (at != next) out += "\u22ee\n";
      next = at + 1;
      std::string address = relocated ? std::to_string(at) : std::to_string(s) + ":" + std::to_string(i);
      address.resize(std::max<std::size_t>(address.size(), 5), ' ');
      const std::string shown =
          relocated && value.is_pointer() ? address_text(runner, value, true) : signed_text(value);
      out += address + " " + shown + "\n";
    }
  }
  return out + "\n";
}

std::string segments_report(Runner& runner) {
  std::string out = "Segment relocation table:\n";
  const auto& bases = runner.segment_bases();
  for (std::size_t i = 0; i < bases.size(); ++i) {
    std::string index = std::to_string(i);
    index.resize(std::max<std::size_t>(index.size(), 5), ' ');
    out += index + " " + std::to_string(bases[i]) + "\n";
  }
  return out;
}

}  // namespace asterism::cluster
