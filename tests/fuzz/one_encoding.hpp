// What decodes as T encodes back to the same bytes.
#pragma once
#include <algorithm>

#include "core/base/check.hpp"
#include "messages/codec.hpp"

namespace asterism::fuzz {

template <class T>
void check_one_encoding(core::ByteView bytes) {
  const auto value = messages::decode_value<T>(bytes, std::size_t{1} << 20);
  if (value)
    ASTERISM_CHECK(std::ranges::equal(messages::encode_value(*value), bytes), "a second encoding was accepted");
}

}  // namespace asterism::fuzz
