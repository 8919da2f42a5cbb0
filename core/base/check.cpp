#include "core/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace asterism::core {

void check_failed(const char* file, int line, const char* condition, std::string_view context) {
  std::fprintf(stderr, "%s:%d: invariant broken: %s: %.*s\n", file, line, condition, static_cast<int>(context.size()),
               context.data());
  std::abort();
}

}  // namespace asterism::core
