// Reading JSON with libsimdjson's on-demand parser: typed access that fails with a Fault kProgram which names the
// field.
#pragma once
#include <simdjson.h>

#include <string>
#include <string_view>
#include <utility>

#include "core/cairo/bigint.hpp"
#include "core/cairo/fault.hpp"

namespace asterism::core::cairo::json {

using simdjson::ondemand::array;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

[[noreturn]] inline void bad(std::string_view what) {
  fail(ErrorKind::kProgram, "Malformed JSON: " + std::string(what) + ".");
}

template <class T>
T take(simdjson::simdjson_result<T> result, std::string_view what) {
  T out;
  if (std::move(result).get(out) != simdjson::SUCCESS) bad(what);
  return out;
}
inline std::string_view string_of(value v, std::string_view what) { return take(v.get_string(), what); }
inline std::string text_of(value v, std::string_view what) { return std::string(string_of(v, what)); }
inline std::int64_t int_of(value v, std::string_view what) { return take(v.get_int64(), what); }
inline object object_of(value v, std::string_view what) { return take(v.get_object(), what); }
inline array array_of(value v, std::string_view what) { return take(v.get_array(), what); }
inline bool is_null(value v) {
  const auto result = v.is_null();
  return result.error() == simdjson::SUCCESS && result.value_unsafe();
}

// A text that is one JSON object, at most 1 GiB.
class Document {
 public:
  Document(std::string_view text, std::string_view what) : what_(what) {
    constexpr std::size_t kMaxSize = std::size_t{1} << 30;
    if (text.size() > kMaxSize) fail(ErrorKind::kProgram, std::string(what) + " file too large");
    padded_ = simdjson::padded_string(text);
  }
  // From the start again where it was called before.
  object root() {
    object out;
    if (std::exchange(open_, true)) {
      document_.rewind();
    } else if (parser_.iterate(padded_).get(document_) != simdjson::SUCCESS) {
      bad("the " + std::string(what_));
    }
    if (document_.get_object().get(out) != simdjson::SUCCESS) bad("the " + std::string(what_) + " is not an object");
    return out;
  }
  // After the root was read to its end.
  void check_end() {
    if (document_.current_location().error() != simdjson::OUT_OF_BOUNDS) bad("text behind the " + std::string(what_));
  }

 private:
  std::string_view what_;
  bool open_ = false;
  simdjson::padded_string padded_;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
};

// A number of any size.
inline BigInt integer_of(value v) {
  std::string_view token = v.raw_json_token();
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) {
    token.remove_suffix(1);
  }
  return BigInt::parse(token);
}

template <class F>
void each_field(object o, std::string_view what, F&& f) {
  for (auto field : o) {
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) bad(what);
    value v;
    if (field.value().get(v) != simdjson::SUCCESS) bad(what);
    f(key, v);
  }
}
template <class F>
void each_element(array a, std::string_view what, F&& f) {
  for (auto element : a) {
    value v;
    if (element.get(v) != simdjson::SUCCESS) bad(what);
    f(v);
  }
}

}  // namespace asterism::core::cairo::json
