// What a node answers, as the shell shows it.
#include "cluster/shell/render.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* text = reinterpret_cast<const char*>(data);
  const auto json = nlohmann::ordered_json::parse(text, text + size, nullptr, false);
  if (!json.is_discarded()) (void)asterism::cluster::render(json);
  return 0;
}
