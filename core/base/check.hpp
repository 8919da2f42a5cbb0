// Invariants: a broken one is a bug, and the process ends with where and why. Expected failures are values, never this.
#pragma once
#include <string_view>

namespace asterism::core {
[[noreturn]] void check_failed(const char* file, int line, const char* condition, std::string_view context);
}  // namespace asterism::core

#define ASTERISM_CHECK(condition, context) \
  (static_cast<bool>(condition) ? void(0) : ::asterism::core::check_failed(__FILE__, __LINE__, #condition, (context)))
