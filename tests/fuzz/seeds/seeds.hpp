// Where seeds go, and how an input of several pieces is put together (tests/fuzz/input.hpp reads it).
#pragma once
#include <filesystem>
#include <string>

#include "core/base/bytes.hpp"

namespace asterism::fuzz {

class Seeds {
 public:
  explicit Seeds(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void add(const std::string& target, core::ByteView bytes);
  void add(const std::string& target, std::string_view text) { add(target, core::as_bytes(text)); }

 private:
  std::filesystem::path folder_;
};

// With its length before it, two bytes.
inline core::Bytes counted(core::ByteView bytes) {
  return core::ByteWriter().u16(static_cast<std::uint16_t>(bytes.size())).raw(bytes).take();
}
// After the byte that chooses.
inline core::Bytes chosen(std::uint8_t which, core::ByteView bytes) {
  return core::ByteWriter().u8(which).raw(bytes).take();
}

// Of each program its own: records.cpp (with texts.cpp), programs.cpp.
void add_all(Seeds& seeds);
void add_texts(Seeds& seeds);  // JSON, TOML, tokens, keys

}  // namespace asterism::fuzz
