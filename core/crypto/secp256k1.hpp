// Ethereum's signatures by libsecp256k1: deterministic (RFC 6979), low s, recoverable.
#pragma once
#include <optional>

#include "core/base/bytes.hpp"
#include "core/chain/keys.hpp"

namespace asterism::core {

class Secp256k1Secret {
 public:
  static Secp256k1Secret generate();
  static std::optional<Secp256k1Secret> from_bytes(const Word& bytes);  // nullopt: zero or not below the order
  Secp256k1Secret(const Secp256k1Secret&) = default;
  Secp256k1Secret& operator=(const Secp256k1Secret&) = default;
  ~Secp256k1Secret();

  EthSignature sign(const Word& digest) const;
  EthAddress address() const { return address_; }
  const Word& bytes() const { return secret_; }  // for the key file and nothing else

 private:
  Secp256k1Secret() = default;
  Word secret_{};
  EthAddress address_{};
};

// The signer's address; nullopt for a malformed signature, a high s or a v other than 27 and 28.
std::optional<EthAddress> recover_address(const Word& digest, const EthSignature& signature);

}  // namespace asterism::core
