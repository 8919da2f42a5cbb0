#include "core/chain/strict_json.hpp"

#include <algorithm>
#include <set>

namespace asterism::core {
namespace {

const OrderedJson kNull;
const OrderedJson kEmptyList = OrderedJson::array();

bool plain_text(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
}

}  // namespace

std::optional<OrderedJson> parse_strict_json(std::string_view text, std::size_t max_bytes, std::size_t max_depth) {
  if (text.size() > max_bytes) return std::nullopt;
  using Event = OrderedJson::parse_event_t;
  std::vector<std::set<std::string>> keys;
  bool good = true;
  const auto watch = [&](int depth, Event event, OrderedJson& parsed) {
    if (static_cast<std::size_t>(depth) > max_depth) good = false;
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end && !keys.empty()) keys.pop_back();
    if (event == Event::key && !keys.empty()) good = keys.back().insert(parsed.get<std::string>()).second && good;
    return good;  // false drops what follows, so a hostile depth costs no memory
  };
  OrderedJson out = OrderedJson::parse(text, watch, false);
  if (!good || out.is_discarded()) return std::nullopt;
  return out;
}

JsonObject::JsonObject(const OrderedJson& value, std::string path, std::optional<JsonFault>& fault)
    : value_(value), path_(std::move(path)), fault_(fault) {
  if (!value_.is_object() && !fault_) fault_ = {JsonFault::Kind::kWrongField, path_ + ": an object"};
}

bool JsonObject::has(std::string_view key) const { return value_.is_object() && value_.contains(key); }

const OrderedJson& JsonObject::take(std::string_view key) {
  known_.emplace_back(key);
  if (!value_.is_object()) return kNull;
  const auto found = value_.find(key);
  if (found == value_.end()) {
    fail(JsonFault::Kind::kWrongField, key, "is missing");
    return kNull;
  }
  return *found;
}

void JsonObject::fail(JsonFault::Kind kind, std::string_view key, std::string_view expected) {
  if (!fault_) fault_ = {kind, path_of(key) + ": " + std::string(expected)};
}

std::string JsonObject::text(std::string_view key, std::size_t max_size) {
  const OrderedJson& value = take(key);
  if (!value.is_string()) {
    fail(JsonFault::Kind::kWrongField, key, "text");
    return {};
  }
  auto out = value.get<std::string>();
  if (out.size() > max_size || !plain_text(out)) {
    fail(JsonFault::Kind::kOutOfRange, key, "at most " + std::to_string(max_size) + " plain characters");
    return {};
  }
  return out;
}

Felt JsonObject::felt(std::string_view key) {
  const auto value = Felt::from_hex(text(key, 66));
  if (!value) fail(JsonFault::Kind::kOutOfRange, key, "a felt as 0x-hex");
  return value.value_or(Felt());
}

std::vector<Felt> JsonObject::felts(std::string_view key, std::size_t max_count) {
  std::vector<Felt> out;
  for (const OrderedJson& item : list(key, max_count)) {
    const auto value = item.is_string() ? Felt::from_hex(item.get_ref<const std::string&>()) : std::nullopt;
    if (!value) {
      fail(JsonFault::Kind::kOutOfRange, key, "felts as 0x-hex");
      return {};
    }
    out.push_back(*value);
  }
  return out;
}

U256 JsonObject::hex_number(std::string_view key, unsigned max_bits) {
  const auto value = U256::from_hex(text(key, 66));
  if (value && value->bit_length() <= max_bits) return *value;
  fail(JsonFault::Kind::kOutOfRange, key, "0x-hex of at most " + std::to_string(max_bits) + " bits");
  return {};
}

Uint128 JsonObject::decimal(std::string_view key, Uint128 max) {
  const std::string digits = text(key, 39);
  Uint128 value = 0;
  bool good = !digits.empty() && (digits.size() == 1 || digits.front() != '0');
  for (const char c : digits) {
    const auto digit = static_cast<unsigned>(c - '0');
    good = good && c >= '0' && c <= '9' && value <= (max - digit) / 10 && digit <= max;
    if (!good) break;
    value = value * 10 + digit;
  }
  if (good) return value;
  fail(JsonFault::Kind::kOutOfRange, key, "a decimal number as text, at most " + to_decimal(max));
  return 0;
}

Bytes JsonObject::bytes(std::string_view key, std::size_t size) {
  const std::string hex = text(key, 2 + 2 * size);
  auto out = hex.starts_with("0x") ? from_hex(hex) : std::nullopt;
  if (out && out->size() == size) return *out;
  fail(JsonFault::Kind::kOutOfRange, key, std::to_string(size) + " bytes as 0x-hex");
  return Bytes(size);
}

JsonObject JsonObject::object(std::string_view key) { return JsonObject(take(key), path_of(key), fault_); }

const OrderedJson& JsonObject::list(std::string_view key, std::size_t max_count) {
  const OrderedJson& value = take(key);
  if (value.is_array() && value.size() <= max_count) return value;
  fail(JsonFault::Kind::kWrongField, key, "a list of at most " + std::to_string(max_count));
  return kEmptyList;
}

void JsonObject::finish() {
  if (!value_.is_object()) return;
  for (const auto& [key, value] : value_.items()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      fail(JsonFault::Kind::kWrongField, key.substr(0, 40), "is not known");
    }
  }
}

std::string to_decimal(Uint128 value) { return U256::from_u128(value).to_decimal(); }

}  // namespace asterism::core
