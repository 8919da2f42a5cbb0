// A span's witness as a worker gets it, and what it does with it: executes, whatever nodes, leaves and transactions
// stand in it.
#include "core/base/check.hpp"
#include "core/state/witness.hpp"
#include "tests/core/state/transition_fixture.hpp"
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asterism;
  const core::ByteView bytes(data, size);
  const auto witness = core::decode_span_witness(bytes);
  if (!witness) return 0;
  ASTERISM_CHECK(std::ranges::equal(core::encode_span_witness(*witness), bytes), "a second encoding was accepted");
  static const core::Genesis genesis = core::test::make_genesis({}, 0);
  (void)core::execute_span(*witness, genesis);
  return 0;
}
