#include "cluster/shell/join_token.hpp"
#include "core/base/check.hpp"
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asterism;
  const auto token = cluster::decode_token(fuzz::text_of(data, size));
  if (!token) return 0;
  const std::string text = cluster::encode_token(*token);
  ASTERISM_CHECK(fuzz::text_of(data, size).starts_with(text), "a second text of the same token was accepted");
  return 0;
}
