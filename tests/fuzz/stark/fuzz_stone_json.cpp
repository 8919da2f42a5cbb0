// The prover's inputs: parameters, public input, private input, and the two binary files. The first byte chooses.
#include "core/stark/stone_json.hpp"
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asterism;
  namespace stark = core::stark;
  fuzz::Input input(data, size);
  const std::uint8_t kind = input.byte();
  const auto rest = input.all();
  switch (kind % 5) {
    case 0:
      (void)stark::parse_parameters(core::as_text(rest));
      break;
    case 1:
      (void)stark::parse_public_input(core::as_text(rest));
      break;
    case 2:
      (void)stark::parse_private_input(core::as_text(rest));
      break;
    case 3:
      (void)stark::parse_execution(rest);
      break;
    default:
      (void)stark::parse_memory(rest);
  }
  return 0;
}
