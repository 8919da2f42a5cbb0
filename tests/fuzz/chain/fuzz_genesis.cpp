// genesis.json: what is accepted is its own encoding.
#include "core/base/check.hpp"
#include "core/chain/genesis.hpp"
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asterism;
  const auto text = fuzz::text_of(data, size);
  const auto genesis = core::decode_genesis(text);
  if (!genesis) return 0;
  ASTERISM_CHECK(core::encode_genesis(*genesis) == text, "a second encoding was accepted");
  (void)core::configuration_hash(*genesis);
  return 0;
}
