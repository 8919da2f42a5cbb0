// A configuration file: refused with problems, or its resolved form parses back to itself.
#include <cstdlib>

#include "config/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asterism;
  const auto config = config::parse({reinterpret_cast<const char*>(data), size}, "/conf/node.toml");
  if (!config) {
    if (config.error().empty()) std::abort();
    for (const auto& problem : config.error()) (void)config::to_string(problem);
    return 0;
  }
  const std::string resolved = config::render(*config);
  const auto again = config::parse(resolved, "/conf/node.toml");
  if (!again || config::render(*again) != resolved) std::abort();
  return 0;
}
