#include "cluster/shell/join_token.hpp"

#include <gtest/gtest.h>

namespace asterism::cluster {
namespace {

JoinToken some_token() {
  JoinToken token{.addresses = {"127.0.0.1:7001"}, .expiry = 1'800'000'000};
  token.coordinator.bytes.fill(1);
  return token;
}

TEST(JoinToken, IsReadBack) {
  const std::string text = encode_token(some_token());
  for (const std::string& pasted : {text, text + "\n", text + " \n"}) {
    const auto token = decode_token(pasted);
    ASSERT_TRUE(token.has_value());
    EXPECT_EQ(encode_token(*token), text);
  }
}

// Found by fuzz_join_token: libsodium read the byte 0xC8 as a digit.
TEST(JoinToken, HasOneText) {
  const std::string text = encode_token(some_token());
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const int byte : {0x00, 0x20, 0x2B, 0x3D, 0x80, 0xC8, 0xFF}) {
      std::string other = text;
      other[i] = static_cast<char>(byte);
      EXPECT_FALSE(decode_token(other).has_value()) << i << " " << byte;
    }
  }
  EXPECT_FALSE(decode_token(text.substr(0, text.size() - 1)).has_value());
  EXPECT_FALSE(decode_token(text + "A").has_value());
  EXPECT_FALSE(decode_token("").has_value());
  EXPECT_FALSE(decode_token("asterism-join-").has_value());
}

}  // namespace
}  // namespace asterism::cluster
