#include "core/stark/stark.hpp"
#include "core/stark/stone_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace stark = asterism::core::stark;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)stark::parse_private_input(text);
  const auto file = stark::parse_proof_file(text);
  if (file) (void)stark::verify(file->proof, file->parameters, file->public_input);
  return 0;
}
