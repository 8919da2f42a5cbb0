#include "storage/keys.hpp"

#include "core/base/check.hpp"

namespace asterism::storage {

std::string number_value(std::uint64_t value) {
  std::string out(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<char>(value >> (56 - 8 * i));
  return out;
}

std::optional<std::uint64_t> value_number(std::string_view bytes) {
  if (bytes.size() != 8) return std::nullopt;
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

std::string number_key(std::string_view prefix, std::uint64_t number) {
  return std::string(prefix) + number_value(number);
}

std::optional<std::uint64_t> key_number(std::string_view prefix, std::string_view key) {
  if (!key.starts_with(prefix)) return std::nullopt;
  return value_number(key.substr(prefix.size()));
}

std::optional<std::uint64_t> read_marker(const KeyValue& store, std::string_view key) {
  const auto bytes = store.get(key);
  if (!bytes) return std::nullopt;
  const auto value = value_number(*bytes);
  ASTERISM_CHECK(value.has_value(), key);
  return value;
}

void put_marker(WriteBatch& batch, std::string key, std::uint64_t value) {
  batch.put(std::move(key), number_value(value));
}

}  // namespace asterism::storage
