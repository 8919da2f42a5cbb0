#include "core/crypto/secp256k1.hpp"

#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <sodium.h>

#include <algorithm>

#include "core/base/check.hpp"
#include "core/hash/keccak.hpp"

namespace asterism::core {
namespace {

const secp256k1_context* context() {
  static const secp256k1_context* const made = [] {
    ASTERISM_CHECK(sodium_init() >= 0, "libsodium cannot start");
    secp256k1_context* fresh = secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
    Word seed;
    randombytes_buf(seed.data(), seed.size());
    const int blinded = secp256k1_context_randomize(fresh, seed.data());  // against side channels
    sodium_memzero(seed.data(), seed.size());
    ASTERISM_CHECK(blinded == 1, "libsecp256k1 cannot start");
    return fresh;
  }();
  return made;
}

EthAddress address_of(const secp256k1_pubkey& key) {
  std::array<std::uint8_t, 65> point{};
  std::size_t size = point.size();
  secp256k1_ec_pubkey_serialize(context(), point.data(), &size, &key, SECP256K1_EC_UNCOMPRESSED);
  const Word hash = keccak256(ByteView(point).subspan(1));
  EthAddress out;
  std::copy(hash.begin() + 12, hash.end(), out.bytes.begin());
  return out;
}

}  // namespace

Secp256k1Secret Secp256k1Secret::generate() {
  context();
  for (;;) {
    Word bytes;
    randombytes_buf(bytes.data(), bytes.size());
    auto secret = from_bytes(bytes);
    sodium_memzero(bytes.data(), bytes.size());
    if (secret) return *secret;
  }
}

std::optional<Secp256k1Secret> Secp256k1Secret::from_bytes(const Word& bytes) {
  secp256k1_pubkey key;
  if (secp256k1_ec_pubkey_create(context(), &key, bytes.data()) != 1) return std::nullopt;
  Secp256k1Secret out;
  out.secret_ = bytes;
  out.address_ = address_of(key);
  return out;
}

Secp256k1Secret::~Secp256k1Secret() { sodium_memzero(secret_.data(), secret_.size()); }

EthSignature Secp256k1Secret::sign(const Word& digest) const {
  secp256k1_ecdsa_recoverable_signature signature;
  const int done =
      secp256k1_ecdsa_sign_recoverable(context(), &signature, digest.data(), secret_.data(), nullptr, nullptr);
  ASTERISM_CHECK(done == 1, "a valid key always signs");
  EthSignature out{};
  int recovery = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(context(), out.data(), &recovery, &signature);
  // 2 and 3 mean r above the order: nobody can make that happen.
  ASTERISM_CHECK(recovery == 0 || recovery == 1, "recovery id");
  out[64] = static_cast<std::uint8_t>(27 + recovery);
  return out;
}

std::optional<EthAddress> recover_address(const Word& digest, const EthSignature& signature) {
  if (signature[64] != 27 && signature[64] != 28) return std::nullopt;
  secp256k1_ecdsa_signature plain;
  if (secp256k1_ecdsa_signature_parse_compact(context(), &plain, signature.data()) != 1) return std::nullopt;
  if (secp256k1_ecdsa_signature_normalize(context(), nullptr, &plain) != 0) return std::nullopt;  // a high s
  secp256k1_ecdsa_recoverable_signature recoverable;
  if (secp256k1_ecdsa_recoverable_signature_parse_compact(context(), &recoverable, signature.data(),
                                                          signature[64] - 27) != 1) {
    return std::nullopt;
  }
  secp256k1_pubkey key;
  if (secp256k1_ecdsa_recover(context(), &key, &recoverable, digest.data()) != 1) return std::nullopt;
  return address_of(key);
}

}  // namespace asterism::core
