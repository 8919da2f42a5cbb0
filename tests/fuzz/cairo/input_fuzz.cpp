// Layout parameters, references and numbers as texts.
#include "core/cairo/bigint.hpp"
#include "core/cairo/expression.hpp"
#include "core/cairo/layout.hpp"

using namespace asterism::core::cairo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)parse_dynamic_layout(text);
  (void)guarded([&] { return parse_expression(text).steps.size(); });
  (void)guarded([&] { return BigInt::parse(text).to_decimal(); });
  return 0;
}
