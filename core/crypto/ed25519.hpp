// Ed25519 by libsodium. Secret keys scrub themselves and never convert to text.
#pragma once
#include <optional>

#include "core/base/bytes.hpp"
#include "core/chain/keys.hpp"

namespace asterism::core {

class Ed25519Secret {
 public:
  static Ed25519Secret generate();
  static Ed25519Secret from_seed(const Word& seed);
  Ed25519Secret(const Ed25519Secret& other) = default;
  Ed25519Secret& operator=(const Ed25519Secret& other) = default;
  ~Ed25519Secret();

  Ed25519Signature sign(ByteView message) const;
  const std::array<std::uint8_t, 32>& public_bytes() const { return public_; }
  // The 32-byte seed, for the key file and nothing else.
  Word seed() const;

 private:
  Ed25519Secret() = default;
  std::array<std::uint8_t, 64> secret_{};
  std::array<std::uint8_t, 32> public_{};
};

bool ed25519_verify(const std::array<std::uint8_t, 32>& key, ByteView message, const Ed25519Signature& signature);

Word blake2b_256(ByteView bytes);

}  // namespace asterism::core
