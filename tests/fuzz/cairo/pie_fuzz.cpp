// A PIE file, and the run that starts from it.
#include "core/cairo/pie.hpp"

using namespace asterism::core::cairo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto pie = read_pie({data, size}, 1U << 22);
  if (!pie || pie->resources.steps > (1U << 12)) return 0;
  RunOptions options{.layout = *find_layout("starknet_with_keccak")};
  options.from_pie = &*pie;
  options.steps = pie->resources.steps;
  options.limits.max_cells = 1U << 18;
  auto runner = Runner::create(program_of(*pie), options);
  if (!runner || !(*runner)->run()) return 0;
  const auto again = make_pie(**runner);
  if (again) (void)difference(*pie, *again);
  return 0;
}
