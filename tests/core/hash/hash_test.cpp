#include <gtest/gtest.h>

#include "core/curve/ecdsa.hpp"
#include "core/hash/blake2s.hpp"
#include "core/hash/keccak.hpp"
#include "core/hash/pedersen.hpp"
#include "core/hash/poseidon.hpp"
#include "core/hash/sha256.hpp"
#include "tests/core/vectors.hpp"

namespace asterism::core {
namespace {

Felt felt(const nlohmann::json& text) { return Felt::from_hex(text.get<std::string>()).value(); }

TEST(Vectors, StarknetJs) {
  const auto vectors = tests::load_vectors("starknet-js/vectors.json");
  if (!vectors) return;
  for (const auto& row : (*vectors)["pedersen"]) EXPECT_EQ(pedersen(felt(row["a"]), felt(row["b"])), felt(row["hash"]));
  for (const auto& row : (*vectors)["poseidon"]) {
    std::vector<Felt> input;
    for (const auto& value : row["input"]) input.push_back(felt(value));
    EXPECT_EQ(poseidon_many(input), felt(row["hash"]));
  }
  for (const auto& row : (*vectors)["selectors"])
    EXPECT_EQ(selector(row["name"].get<std::string>()), felt(row["selector"]));
  for (const auto& row : (*vectors)["ecdsa"]) {
    const Felt key = felt(row["private_key"]);
    const Felt message = felt(row["message"]);
    const Signature expected{felt(row["r"]), felt(row["s"])};
    EXPECT_EQ(public_key(key).x, felt(row["public_key_x"]));
    EXPECT_EQ(sign(key, message), expected);
    EXPECT_TRUE(verify(felt(row["public_key_x"]), message, expected));
    EXPECT_FALSE(verify(felt(row["public_key_x"]), message + Felt::one(), expected));
  }
}

TEST(Pedersen, BatchEqualsSingle) {
  std::vector<std::pair<Felt, Felt>> in;
  for (std::uint64_t i = 0; i < 150; ++i) in.emplace_back(Felt(i).inverse(), -Felt(i * i));
  for (std::size_t n : {0, 1, 3, 4, 9, 64, 65, 150}) {
    std::vector<Felt> out(n);
    pedersen_batch(std::span(in).first(n), out);
    for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(out[i], pedersen(in[i].first, in[i].second));
  }
}

TEST(Poseidon, BatchEqualsSingle) {
  std::vector<std::pair<Felt, Felt>> in;
  for (std::uint64_t i = 0; i < 150; ++i) in.emplace_back(Felt(i).inverse(), -Felt(i * i));
  for (std::size_t n : {0, 1, 2, 3, 7, 8, 9, 16, 17, 64, 65, 150}) {
    std::vector<Felt> out(n);
    poseidon_batch(std::span(in).first(n), out);
    for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(out[i], poseidon(in[i].first, in[i].second));
  }
}

Bytes counting(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i % 251);
  return out;
}

TEST(Batches, EqualSingleHashesForEveryLength) {
  for (std::size_t length = 0; length <= 300; ++length) {
    const std::size_t count = length % 3 == 0 ? 29 : 8;
    const Bytes data = counting(length * count);
    std::vector<Word> blake(count);
    std::vector<Word> keccak(count);
    blake2s_batch(data, length, blake);
    keccak256_batch(data, length, keccak);
    for (std::size_t i = 0; i < count; ++i) {
      const ByteView message = ByteView(data).subspan(i * length, length);
      ASSERT_EQ(blake[i], blake2s(message)) << length;
      ASSERT_EQ(keccak[i], keccak256(message)) << length;
    }
  }
}

TEST(Blake2s, KnownDigests) {
  EXPECT_EQ(to_hex(blake2s({})), "69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9");
  EXPECT_EQ(to_hex(blake2s(as_bytes("abc"))), "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982");
  EXPECT_EQ(to_hex(blake2s(counting(64))), "56f34e8b96557e90c1f24b52d0c89d51086acf1b00f634cf1dde9233b8eaaa3e");
  EXPECT_EQ(to_hex(blake2s(counting(200))), "6d244e1a06ce4ef578dd0f63aff0936706735119ca9c8d22d86c801414ab9741");
}

TEST(Keccak, KnownDigests) {
  EXPECT_EQ(to_hex(keccak256({})), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(to_hex(keccak256(as_bytes("abc"))), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

TEST(Sha256, KnownDigests) {
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace asterism::core
