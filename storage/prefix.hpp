// Ranges of keys that share a prefix.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace asterism::storage {

// The smallest key greater than every key with `prefix`; none when there is no such key (empty, or only 0xff bytes).
inline std::optional<std::string> after_prefix(std::string_view prefix) {
  std::string limit(prefix);
  while (!limit.empty() && limit.back() == '\xff') limit.pop_back();
  if (limit.empty()) return std::nullopt;
  limit.back() = static_cast<char>(limit.back() + 1);
  return limit;
}

}  // namespace asterism::storage
