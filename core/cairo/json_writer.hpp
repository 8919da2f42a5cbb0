// JSON text, written as it comes: with an indent of 4 as the official runner's files, or without blanks.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace asterism::core::cairo {

class JsonWriter {
 public:
  explicit JsonWriter(bool indented) : indented_(indented) {}

  void open_object() { open('{'); }
  void close_object() { close('}'); }
  void open_array() { open('['); }
  void close_array() { close(']'); }
  void key(std::string_view name);
  void text(std::string_view value);
  void number(std::uint64_t value) { raw(std::to_string(value)); }
  void raw(std::string_view token);  // a number, true, false or null
  const std::string& str() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void open(char c);
  void close(char c);
  void separate();
  void new_line();
  void quote(std::string_view value);

  std::string out_;
  std::size_t depth_ = 0;
  bool indented_;
  bool first_ = true;
  bool after_key_ = false;
};

}  // namespace asterism::core::cairo
