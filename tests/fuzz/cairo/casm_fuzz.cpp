// Cairo 1 executables and contract classes, and a few thousand steps of what they hold.
#include "core/cairo/runner.hpp"

using namespace asterism::core::cairo;

namespace {
RunOptions options() {
  RunOptions out{.layout = *find_layout("starknet_with_keccak")};
  out.allow_missing_builtins = true;
  out.limits.max_steps = 1U << 12;
  out.limits.max_cells = 1U << 16;
  return out;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  LoadOptions load;
  load.allow_unknown_hints = true;
  load.max_words = 1U << 16;
  const auto program = load_any_program({reinterpret_cast<const char*>(data), size}, load);
  if (!program) return 0;
  if (auto runner = Runner::create(*program, options()); runner && (*runner)->run()) {
    (void)(*runner)->write_memory([](asterism::core::ByteView) {});
  }
  constexpr std::size_t kEntries = 4;
  for (std::size_t i = 0; i < std::min(kEntries, (*program)->entry_points.size()); ++i) {
    const std::array calldata{asterism::core::Felt(1), asterism::core::Felt(2)};
    auto runner = Runner::create(*program, options());
    if (runner) (void)(*runner)->run_entry_point((*program)->entry_points[i], calldata, 1000000);
  }
  return 0;
}
