// What fuzz targets take from their input piece by piece. A read beyond the end gives zeros, so that every input is
// one.
#pragma once
#include <algorithm>

#include "core/felt/felt.hpp"

namespace asterism::fuzz {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    const auto one = take(1);
    return one.empty() ? std::uint8_t{0} : one[0];
  }
  std::uint16_t word() {
    const std::uint16_t high = byte();
    return static_cast<std::uint16_t>(high << 8 | byte());
  }
  core::ByteView take(std::size_t count) {
    const auto out = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(out.size());
    return out;
  }
  // With its length before it, two bytes.
  core::ByteView counted() { return take(word()); }
  core::ByteView all() { return take(rest_.size()); }
  // A small number, or any felt.
  core::Felt felt() {
    const std::uint8_t first = byte();
    if (first < 0xf0) return core::Felt(first);
    core::Word word{};
    const auto bytes = take(word.size());
    std::ranges::copy(bytes, word.begin());
    word[0] &= 7;
    return core::Felt::from_be(word).value_or(core::Felt());
  }

 private:
  core::ByteView rest_;
};

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace asterism::fuzz
