#include <gtest/gtest.h>

#include "messages/codec.hpp"

namespace asterism::messages {
namespace {

TEST(Codec, EveryDefaultMessageRoundTrips) {
  const auto check = [](const auto& body) {
    const Message message(body);
    const auto bytes = encode_with_kind(message);
    EXPECT_LE(bytes.size() - 1, kind_of(message).cap) << kind_of(message).name;
    const auto back = decode_with_kind(bytes);
    ASSERT_TRUE(back.has_value()) << kind_of(message).name << ": " << to_string(back.error());
    EXPECT_EQ(encode_with_kind(**back), bytes);
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (check(std::variant_alternative_t<I, Message>{}), ...);
  }(std::make_index_sequence<std::variant_size_v<Message>>{});
}

}  // namespace
}  // namespace asterism::messages
