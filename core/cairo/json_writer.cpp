#include "core/cairo/json_writer.hpp"

#include <cstdio>

namespace asterism::core::cairo {

void JsonWriter::new_line() {
  if (!indented_) return;
  out_.push_back('\n');
  out_.append(4 * depth_, ' ');
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (depth_ == 0) return;
  if (!first_) out_.push_back(',');
  new_line();
  first_ = false;
}

void JsonWriter::open(char c) {
  separate();
  out_.push_back(c);
  ++depth_;
  first_ = true;
}

void JsonWriter::close(char c) {
  --depth_;
  if (!first_) new_line();
  out_.push_back(c);
  first_ = false;
}

void JsonWriter::quote(std::string_view value) {
  out_.push_back('"');
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      out_.push_back('\\');
      out_.push_back(c);
    } else if (c == '\n') {
      out_.append("\\n");
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out_.append(escaped);
    } else {
      out_.push_back(c);
    }
  }
  out_.push_back('"');
}

void JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  out_.append(indented_ ? ": " : ":");
  after_key_ = true;
}

void JsonWriter::text(std::string_view value) {
  separate();
  quote(value);
}

void JsonWriter::raw(std::string_view token) {
  separate();
  out_.append(token);
}

}  // namespace asterism::core::cairo
