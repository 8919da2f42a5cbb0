// The smallest run there is, in any layout: `jmp rel 4` to an endless `jmp rel 0`, where the contracts on Ethereum want
// it. The builtins' segments lie one after another.
#pragma once
#include "core/stark/air/air.hpp"
#include "core/stark/trace/private_input.hpp"

namespace asterism::core::stark {

struct Loop {
  Loop(const Layout& layout, std::uint64_t n_steps) {
    constexpr std::uint64_t kBegin = 1, kEnd = 5, kFrame = 10;
    input.layout = layout.name;
    input.n_steps = n_steps;
    input.rc_min = 32767;
    input.rc_max = 32769;
    std::uint64_t next = kFrame + 1;
    for (const std::string_view name : layout.segment_names()) {
      if (name == "program") {
        input.segments["program"] = {kBegin, kEnd};
      } else if (name == "execution") {
        input.segments["execution"] = {kFrame, kFrame};
      } else {
        input.segments[std::string(name)] = {next, next};
        if (const std::uint64_t rows = layout.instance_rows(name); rows != 0) {
          next += n_steps * kRowsPerStep / rows * layout.instance_cells(name);
        }
      }
    }
    const Felt jump = Felt::literal("0x10780017fff7fff");
    input.memory = {{kBegin, jump, 0}, {kBegin + 1, Felt(kEnd - kBegin), 0}, {kEnd, jump, 0}, {kEnd + 1, Felt(), 0}};
    secret.steps.assign(n_steps, {kFrame, kFrame, kEnd});
    secret.steps.front().pc = kBegin;
    for (const PublicCell& cell : input.memory) secret.memory.emplace_back(cell.address, cell.value);
    secret.memory.emplace_back(kFrame - 1, Felt());
  }
  PublicInput input;
  PrivateInput secret;
};

struct Size {
  const char* layout;
  unsigned log_steps;
  bool v1 = false;  // as Stone v1 and the contracts on Ethereum have it
  const Layout& table() const { return *find_layout(layout, v1); }
  std::string name() const { return std::string(layout) + (v1 ? "_v1" : ""); }
};

// Few queries: for the verdict, not for security.
inline Parameters quick_parameters(const Size& size) {
  Parameters out = default_parameters(size.log_steps + 4);
  out.log_n_cosets = 1;
  out.fri.n_queries = 3;
  out.fri.proof_of_work_bits = 0;
  out.evm = size.v1;
  return out;
}

}  // namespace asterism::core::stark
