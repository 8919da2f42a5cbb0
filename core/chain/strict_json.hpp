// JSON from outside, read strictly: bounded size and depth, no key twice, no key that is not asked for.
// The first fault is kept with the path of its key; reads after it return zero values.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/felt/felt.hpp"

namespace asterism::core {

using OrderedJson = nlohmann::ordered_json;

// nullopt: not JSON, too large or deep, or an object with a key twice.
std::optional<OrderedJson> parse_strict_json(std::string_view text, std::size_t max_bytes, std::size_t max_depth);

struct JsonFault {
  enum class Kind : std::uint8_t { kWrongField, kOutOfRange };
  Kind kind = Kind::kWrongField;
  std::string where;  // key path, and what was expected
};

// One object. finish() complains of keys that nobody asked for.
class JsonObject {
 public:
  JsonObject(const OrderedJson& value, std::string path, std::optional<JsonFault>& fault);

  bool has(std::string_view key) const;
  // The value, marked as known; null (with a fault) when it is absent.
  const OrderedJson& take(std::string_view key);
  std::string text(std::string_view key, std::size_t max_size);  // printable ASCII without '"' and '\'
  Felt felt(std::string_view key);                               // "0x.."
  std::vector<Felt> felts(std::string_view key, std::size_t max_count);
  U256 hex_number(std::string_view key, unsigned max_bits);  // "0x.."
  Uint128 decimal(std::string_view key, Uint128 max);        // "123", no leading zeros
  Bytes bytes(std::string_view key, std::size_t size);       // "0x" and lower-case digits
  JsonObject object(std::string_view key);
  // Empty (with a fault) when it is not a list or longer.
  const OrderedJson& list(std::string_view key, std::size_t max_count);
  std::string path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  }
  void fail(JsonFault::Kind kind, std::string_view key, std::string_view expected);
  void finish();

 private:
  const OrderedJson& value_;
  std::string path_;
  std::optional<JsonFault>& fault_;
  std::vector<std::string> known_;
};

std::string to_decimal(Uint128 value);

}  // namespace asterism::core
