// A program's JSON in any of its formats, and what it does in a few thousand steps.
#include "core/cairo/runner.hpp"

using namespace asterism::core::cairo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  LoadOptions load;
  load.allow_unknown_hints = true;
  load.max_words = 1U << 16;
  const auto program = load_any_program({reinterpret_cast<const char*>(data), size}, load);
  if (!program) return 0;
  for (const bool proof_mode : {false, true}) {
    RunOptions options{.layout = *find_layout("starknet_with_keccak")};
    options.proof_mode = proof_mode;
    options.allow_missing_builtins = true;
    options.limits.max_steps = 1U << 12;
    options.limits.max_cells = 1U << 16;
    auto runner = Runner::create(*program, options);
    if (!runner || !(*runner)->run()) continue;
    (void)(*runner)->write_trace([](asterism::core::ByteView) {});
    (void)(*runner)->write_memory([](asterism::core::ByteView) {});
    if (proof_mode) {
      (void)(*runner)->public_input();
      (void)(*runner)->private_input("trace", "memory");
    }
  }
  return 0;
}
