#include "core/base/check.hpp"
#include "core/state/witness.hpp"
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asterism;
  const core::ByteView bytes(data, size);
  const auto witness = core::decode_block_witness(bytes);
  if (witness)
    ASTERISM_CHECK(std::ranges::equal(core::encode_block_witness(*witness), bytes), "a second encoding was accepted");
  return 0;
}
