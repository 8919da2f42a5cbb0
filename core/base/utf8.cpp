#include "core/base/utf8.hpp"

#include <cstdint>

namespace asterism::core {
namespace {

constexpr bool continues(char c) { return (static_cast<std::uint8_t>(c) & 0xc0) == 0x80; }

// Bytes of the character that `text` (not empty) begins with; 0: none.
std::size_t first_character(std::string_view text) {
  const auto head = static_cast<std::uint8_t>(text[0]);
  if (head < 0x80) return 1;
  const std::size_t size = head >= 0xf0 ? 4 : head >= 0xe0 ? 3 : 2;
  if (head < 0xc2 || head > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (!continues(text[i])) return 0;
  }
  const auto second = static_cast<std::uint8_t>(text[1]);
  const bool overlong = (head == 0xe0 && second < 0xa0) || (head == 0xf0 && second < 0x90);
  const bool surrogate = head == 0xed && second > 0x9f;
  const bool beyond = head == 0xf4 && second > 0x8f;
  return overlong || surrogate || beyond ? 0 : size;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = first_character(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && continues(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

}  // namespace asterism::core
