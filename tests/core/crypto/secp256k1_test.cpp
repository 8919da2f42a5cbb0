// Ethereum's signatures: known addresses, recovery, and every refusal.
#include "core/crypto/secp256k1.hpp"

#include <gtest/gtest.h>

#include "core/felt/u256.hpp"
#include "core/hash/keccak.hpp"

namespace asterism::core {
namespace {

constexpr U256 kOrder({0xbfd25e8cd0364141ULL, 0xbaaedce6af48a03bULL, 0xfffffffffffffffeULL, 0xffffffffffffffffULL});

TEST(Secp256k1, KnownAddresses) {
  // The keys 1 and 2, and the first account of the usual development mnemonic.
  const auto address = [](const U256& key) { return Secp256k1Secret::from_bytes(key.to_be())->address().hex(); };
  EXPECT_EQ(address(U256(1)), "7e5f4552091a69125d5dfcb7b8c2659029395bdf");
  EXPECT_EQ(address(U256(2)), "2b5ad5c4795c026514f8317c7a215e218dccd6cf");
  EXPECT_EQ(address(*U256::from_hex("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")),
            "f39fd6e51aad88f6f4ce6ab8827279cfffb92266");
}

TEST(Secp256k1, SecretsOutOfRange) {
  EXPECT_FALSE(Secp256k1Secret::from_bytes(Word{}));
  EXPECT_FALSE(Secp256k1Secret::from_bytes(kOrder.to_be()));
  EXPECT_TRUE(Secp256k1Secret::from_bytes((kOrder - U256(1)).to_be()));
}

TEST(Secp256k1, SignsDeterministicallyAndRecovers) {
  for (std::uint64_t i = 1; i < 40; ++i) {
    const auto secret = *Secp256k1Secret::from_bytes(keccak256(U256(i).to_be()));
    const Word digest = keccak256(U256(1000 + i).to_be());
    const EthSignature signature = secret.sign(digest);
    EXPECT_EQ(signature, secret.sign(digest));
    EXPECT_EQ(recover_address(digest, signature), secret.address());
    Word other = digest;
    other[31] ^= 1;
    EXPECT_NE(recover_address(other, signature), secret.address());
  }
}

TEST(Secp256k1, RefusesHighSAndOtherV) {
  const auto secret = Secp256k1Secret::generate();
  const Word digest = keccak256(as_bytes("digest"));
  const EthSignature good = secret.sign(digest);
  EthSignature bad = good;
  for (const int v : {0, 1, 26, 29, 30, 255}) {
    bad[64] = static_cast<std::uint8_t>(v);
    EXPECT_FALSE(recover_address(digest, bad));
  }
  bad = good;
  Word s;
  std::copy(good.begin() + 32, good.begin() + 64, s.begin());
  const Word high = (kOrder - U256::from_be(s)).to_be();
  std::copy(high.begin(), high.end(), bad.begin() + 32);
  bad[64] = good[64] == 27 ? 28 : 27;  // the twin that many libraries would accept
  EXPECT_FALSE(recover_address(digest, bad));
  bad = good;
  std::fill(bad.begin(), bad.begin() + 32, std::uint8_t{0});
  EXPECT_FALSE(recover_address(digest, bad));
  std::fill(bad.begin(), bad.begin() + 64, std::uint8_t{0xff});
  EXPECT_FALSE(recover_address(digest, bad));
}

}  // namespace
}  // namespace asterism::core
