#include "core/crypto/ed25519.hpp"

#include <sodium.h>

#include "core/base/check.hpp"

namespace asterism::core {
namespace {

void ensure_sodium() {
  static const bool ready = sodium_init() >= 0;
  ASTERISM_CHECK(ready, "libsodium cannot start");
}

}  // namespace

Ed25519Secret Ed25519Secret::generate() {
  ensure_sodium();
  Word seed;
  randombytes_buf(seed.data(), seed.size());
  Ed25519Secret out = from_seed(seed);
  sodium_memzero(seed.data(), seed.size());
  return out;
}

Ed25519Secret Ed25519Secret::from_seed(const Word& seed) {
  ensure_sodium();
  Ed25519Secret out;
  crypto_sign_seed_keypair(out.public_.data(), out.secret_.data(), seed.data());
  return out;
}

Ed25519Secret::~Ed25519Secret() { sodium_memzero(secret_.data(), secret_.size()); }

Ed25519Signature Ed25519Secret::sign(ByteView message) const {
  Ed25519Signature out;
  crypto_sign_detached(out.data(), nullptr, message.data(), message.size(), secret_.data());
  return out;
}

Word Ed25519Secret::seed() const {
  Word out;
  crypto_sign_ed25519_sk_to_seed(out.data(), secret_.data());
  return out;
}

bool ed25519_verify(const std::array<std::uint8_t, 32>& key, ByteView message, const Ed25519Signature& signature) {
  ensure_sodium();
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

Word blake2b_256(ByteView bytes) {
  ensure_sodium();
  Word out;
  crypto_generichash(out.data(), out.size(), bytes.data(), bytes.size(), nullptr, 0);
  return out;
}

}  // namespace asterism::core
