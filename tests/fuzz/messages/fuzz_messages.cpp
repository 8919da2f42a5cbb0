// kind byte ‖ msgpack: no input crashes, and what is accepted encodes back to itself.
#include <algorithm>

#include "core/base/check.hpp"
#include "messages/codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asterism;
  const core::ByteView input(data, size);
  const auto decoded = messages::decode_with_kind(input);
  if (decoded) {
    const auto again = messages::encode_with_kind(**decoded);
    ASTERISM_CHECK(std::ranges::equal(again, input), "a second encoding was accepted");
  }
  return 0;
}
