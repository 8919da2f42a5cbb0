#include "cluster/shell/join_token.hpp"

#include <sodium.h>

#include "messages/codec.hpp"

namespace asterism::cluster {
namespace {

struct TokenFields {
  std::uint8_t version = 1;
  std::vector<std::string> addresses;
  core::LinkKey coordinator{};
  core::Word genesis_hash{}, seed{};
  std::uint64_t expiry = 0;
  MSGPACK_DEFINE(version, addresses, coordinator, genesis_hash, seed, expiry)
};

constexpr std::string_view kPrefix = "asterism-join-";
constexpr std::size_t kMaxToken = 4096;
constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

}  // namespace

std::string encode_token(const JoinToken& token) {
  const core::Bytes bytes = messages::encode_value(TokenFields{.version = 1,
                                                               .addresses = token.addresses,
                                                               .coordinator = token.coordinator,
                                                               .genesis_hash = token.genesis_hash,
                                                               .seed = token.seed,
                                                               .expiry = token.expiry});
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
  text.resize(text.find('\0'));
  return std::string(kPrefix) + text;
}

std::optional<JoinToken> decode_token(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  const std::string_view whole = text;
  if (!text.starts_with(kPrefix) || text.size() > kMaxToken) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  if (text.empty()) return std::nullopt;  // libsodium wants a place to write to
  core::Bytes bytes(text.size());
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, &end, kVariant) != 0 ||
      end != text.data() + text.size())
    return std::nullopt;
  bytes.resize(size);
  const auto fields = messages::decode_value<TokenFields>(bytes, kMaxToken);
  if (!fields || fields->version != 1 || fields->addresses.empty()) return std::nullopt;
  JoinToken token{.addresses = fields->addresses,
                  .coordinator = fields->coordinator,
                  .genesis_hash = fields->genesis_hash,
                  .seed = fields->seed,
                  .expiry = fields->expiry};
  // libsodium takes some bytes above 127 for digits.
  if (encode_token(token) != whole) return std::nullopt;
  return token;
}

}  // namespace asterism::cluster
