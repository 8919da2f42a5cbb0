// A join token: all that a new worker must know to reach and recognise its coordinator, and a seed that proves it was
// invited. The text is base64url of the fields; whoever has it can join once, until it expires.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/chain/keys.hpp"

namespace asterism::cluster {

struct JoinToken {
  std::vector<std::string> addresses;  // of the coordinator's peers' listener
  core::LinkKey coordinator{};
  core::Word genesis_hash{};
  core::Word seed{};         // of a one-time Ed25519 key
  std::uint64_t expiry = 0;  // unix seconds
};

std::string encode_token(const JoinToken& token);
std::optional<JoinToken> decode_token(std::string_view text);

}  // namespace asterism::cluster
