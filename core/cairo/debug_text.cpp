#include "core/cairo/debug_text.hpp"

#include <cstdio>
#include <optional>
#include <vector>

namespace asterism::core::cairo {

namespace {

constexpr std::size_t kWordBytes = 31;

// Marks the serialization of a byte array among the felts of a panic.
const Felt& byte_array_magic() {
  static const Felt magic = *Felt::from_hex("0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3");
  return magic;
}

bool is_printable(std::uint8_t byte) {
  return (byte > 0x20 && byte < 0x7f) || byte == ' ' || byte == '\t' || byte == '\n' || byte == '\f' || byte == '\r';
}

// Big-endian without leading zeros; zero is one byte.
Bytes significant_bytes(const Felt& felt) {
  const Word word = felt.to_be();
  std::size_t from = 0;
  while (from + 1 < word.size() && word[from] == 0) ++from;
  return Bytes(word.begin() + static_cast<std::ptrdiff_t>(from), word.end());
}

std::optional<std::string> short_string(const Felt& felt) {
  std::string out;
  bool ended = false;
  for (const std::uint8_t byte : significant_bytes(felt)) {
    if (byte == 0) {
      ended = true;
    } else if (ended || !is_printable(byte)) {
      return std::nullopt;
    } else {
      out.push_back(static_cast<char>(byte));
    }
  }
  return out;
}

// `length` bytes of a byte array's word, zeros and unprintable ones escaped.
std::optional<std::string> word_string(const Felt& felt, std::size_t length) {
  if (length == 0) return felt.is_zero() ? std::optional<std::string>(std::string()) : std::nullopt;
  const Bytes bytes = significant_bytes(felt);
  if (length > kWordBytes || bytes.size() > length) return std::nullopt;
  std::string out;
  for (std::size_t i = bytes.size(); i < length; ++i) out += "\\0";
  for (const std::uint8_t byte : bytes) {
    char escaped[8];
    if (byte == 0) {
      out += "\\0";
    } else if (is_printable(byte)) {
      out.push_back(static_cast<char>(byte));
    } else {
      std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
      out += escaped;
    }
  }
  return out;
}

// Full words, the pending word and its length; `felts` moves on only if they are a byte array.
std::optional<std::string> take_byte_array(std::span<const Felt>& felts) {
  const auto full_words = felts.empty() ? std::nullopt : felts[0].to_u64();
  if (!full_words || *full_words + 3 > felts.size() || *full_words > felts.size()) return std::nullopt;
  const std::size_t count = static_cast<std::size_t>(*full_words);
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto word = word_string(felts[1 + i], kWordBytes);
    if (!word) return std::nullopt;
    out += *word;
  }
  const auto length = felts[2 + count].to_u64();
  if (!length) return std::nullopt;
  const auto pending = word_string(felts[1 + count], static_cast<std::size_t>(*length));
  if (!pending) return std::nullopt;
  felts = felts.subspan(3 + count);
  return out + *pending;
}

struct Item {
  std::string text;
  bool is_string = false;
};

std::vector<Item> items_of(std::span<const Felt> felts) {
  std::vector<Item> out;
  while (!felts.empty()) {
    const Felt first = felts[0];
    felts = felts.subspan(1);
    if (first == byte_array_magic()) {
      if (auto text = take_byte_array(felts)) {
        out.push_back({std::move(*text), true});
        continue;
      }
    }
    const auto spelled = short_string(first);
    out.push_back({first.to_hex() + (spelled ? " ('" + *spelled + "')" : "")});
  }
  return out;
}

}  // namespace

std::string debug_text(std::span<const Felt> felts) {
  const std::vector<Item> items = items_of(felts);
  if (items.size() == 1 && items[0].is_string) return items[0].text;
  std::string out;
  for (const Item& item : items) out += (item.is_string ? "" : "[DEBUG]\t") + item.text + "\n";
  return out;
}

std::string panic_text(std::span<const Felt> felts) {
  const std::vector<Item> items = items_of(felts);
  std::string out;
  for (const Item& item : items) {
    out += (out.empty() ? "" : ", ") + (item.is_string ? "\"" + item.text + "\"" : item.text);
  }
  return "Panicked with " + (items.size() == 1 ? out : "(" + out + ")") + ".";
}

}  // namespace asterism::core::cairo
