#include "core/curve/ecdsa.hpp"

#include <sodium.h>

#include <initializer_list>

#include "core/base/check.hpp"
#include "core/base/wipe.hpp"

namespace asterism::core {
namespace {

static_assert(crypto_auth_hmacsha256_BYTES == 32);

Word hmac(const Word& key, std::initializer_list<ByteView> parts) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  for (const ByteView part : parts) crypto_auth_hmacsha256_update(&state, part.data(), part.size());
  Word out;
  crypto_auth_hmacsha256_final(&state, out.data());
  wipe(state);
  return out;
}

// The generator of RFC 6979 section 3.2: candidates for the nonce, the first of which is nearly always taken.
class NonceSource {
 public:
  NonceSource(const Word& key, const Word& message) {
    value_.fill(1);
    constexpr std::uint8_t kFirst[] = {0};
    constexpr std::uint8_t kSecond[] = {1};
    key_ = hmac(key_, {value_, kFirst, key, message});
    value_ = hmac(key_, {value_});
    key_ = hmac(key_, {value_, kSecond, key, message});
    value_ = hmac(key_, {value_});
  }
  NonceSource(const NonceSource&) = delete;
  NonceSource& operator=(const NonceSource&) = delete;
  ~NonceSource() {
    wipe(key_);
    wipe(value_);
  }

  // 252 bits. starknet.js drops leading zero bytes before it cuts, so a word that starts with one keeps its 248 bits;
  // both results are computed and one is selected, because the word is secret.
  U256 next() {
    if (used_) {
      constexpr std::uint8_t kRetry[] = {0};
      key_ = hmac(key_, {value_, kRetry});
      value_ = hmac(key_, {value_});
    }
    used_ = true;
    value_ = hmac(key_, {value_});
    const U256 word = U256::from_be(value_);
    const std::uint64_t first = word.limb[3] >> 56;
    const std::uint64_t keep = ((first | (0 - first)) >> 63) - 1;  // all ones when the first byte is zero
    U256 out = word >> 4;
    for (std::size_t i = 0; i < 4; ++i) out.limb[i] ^= (out.limb[i] ^ word.limb[i]) & keep;
    return out;
  }

 private:
  Word key_{};
  Word value_{};
  bool used_ = false;
};

// Constant time, unlike the comparison of U256.
bool below_order(U256 value) { return value.sub(kCurveOrder) != 0; }

}  // namespace

bool valid_private_key(const Felt& key) { return !key.is_zero() && below_order(key.to_u256()); }

AffinePoint public_key(const Felt& private_key) {
  ASTERISM_CHECK(valid_private_key(private_key), "private key out of range");
  Scalar key = Scalar::reduce(private_key);
  const AffinePoint out = multiply_generator_secret(key);
  wipe(key);
  return out;
}

Signature sign(const Felt& private_key, const Felt& message_hash) {
  ASTERISM_CHECK(valid_private_key(private_key), "private key out of range");
  Scalar key = Scalar::reduce(private_key);
  const Scalar message = Scalar::reduce(message_hash);
  Word key_bytes = key.to_be();
  NonceSource source(key_bytes, message.to_be());
  wipe(key_bytes);
  for (;;) {
    U256 candidate = source.next();
    if (candidate.is_zero() || !below_order(candidate)) continue;  // says nothing about the nonce that is used
    Scalar nonce = Scalar::reduce(candidate);
    const Scalar r = Scalar::reduce(multiply_generator_secret(nonce).x);
    Scalar inverse = nonce.inverse();
    const Scalar s = inverse * (message + r * key);
    wipe(candidate);
    wipe(nonce);
    wipe(inverse);
    if (r.is_zero() || s.is_zero()) continue;
    wipe(key);
    return {Felt::reduce(r.to_u256()), Felt::reduce(s.to_u256())};
  }
}

}  // namespace asterism::core
