// UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once
#include <string_view>

namespace asterism::core {

bool is_utf8(std::string_view text);
// The longest prefix of at most `bytes` bytes that does not cut a character of UTF-8.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

}  // namespace asterism::core
