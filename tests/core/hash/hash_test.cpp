#include <gtest/gtest.h>

#include <thread>

#include "core/curve/stark_curve.hpp"
#include "core/hash/blake2s.hpp"
#include "core/hash/keccak.hpp"
#include "core/hash/pedersen.hpp"
#include "core/hash/poseidon.hpp"
#include "core/hash/sha256.hpp"
#include "tests/core/felt/arbitrary_felt.hpp"
#include "tests/core/vectors.hpp"

namespace asterism::core {
namespace {

using tests::felt;

TEST(Vectors, StarknetJs) {
  const auto vectors = tests::load_vectors("starknet-js/vectors.json");
  if (!vectors) return;
  std::vector<std::pair<Felt, Felt>> pairs;
  std::vector<Felt> expected;
  for (const auto& row : (*vectors)["pedersen"]) {
    pairs.emplace_back(felt(row["a"]), felt(row["b"]));
    expected.push_back(felt(row["hash"]));
    EXPECT_EQ(pedersen(pairs.back().first, pairs.back().second), expected.back());
  }
  std::vector<Felt> batch(pairs.size());
  pedersen_batch(pairs, batch);
  EXPECT_EQ(batch, expected);
  for (const auto& row : (*vectors)["poseidon"]) {
    std::vector<Felt> input;
    for (const auto& value : row["input"]) input.push_back(felt(value));
    EXPECT_EQ(poseidon_many(input), felt(row["hash"]));
  }
  for (const auto& row : (*vectors)["selectors"]) {
    EXPECT_EQ(selector(row["name"].get<std::string>()), felt(row["selector"]));
  }
}

TEST(Selector, DefaultEntryPointsAreZero) {
  EXPECT_EQ(selector("__default__"), Felt::zero());
  EXPECT_EQ(selector("__l1_default__"), Felt::zero());
  EXPECT_EQ(selector("__execute__"),
            Felt::literal("0x15d40a3d6ca2ac30f4031e42be28da9b056fef9bb7357ac5e85627ee876e5ad"));
}

// By the definition, with affine sums one bit at a time.
Felt pedersen_by_definition(const Felt& a, const Felt& b) {
  const auto point = [](const char* x, const char* y) {
    return AffinePoint{Felt::from_hex(x).value(), Felt::from_hex(y).value(), false};
  };
  const AffinePoint shift = point("0x49ee3eba8c1600700ee1b87eb599f16716b0b1022947733551fde4050ca6804",
                                  "0x3ca0cfe4b3bc6ddf346d49d06ea0ed34e621062c0e056c1d0405d266e10268a");
  const std::array<AffinePoint, 4> points{point("0x234287dcbaffe7f969c748655fca9e58fa8120b6d56eb0c1080d17957ebe47b",
                                                "0x3b056f100f96fb21e889527d41f4e39940135dd7a6c94cc6ed0268ee89e5615"),
                                          point("0x4fa56f376c83db33f9dab2656558f3399099ec1de5e3018b7a6932dba8aa378",
                                                "0x3fa0984c931c9e38113e0c0e47e4401562761f92a7a23b45168f4e80ff5b54d"),
                                          point("0x4ba4cc166be8dec764910f75b45f74b40c690c74709e90f3aa372f0bd2d6997",
                                                "0x40301cf5c1751f4b971e46c4ede85fcac5c59a5ce5ae7c48151f27b24b219c"),
                                          point("0x54302dcb0e6cc1c6e44cca8f61a63bb2ca65048d53fb325d36ff12c49a58202",
                                                "0x1b77b3e37d13504b348046268d8ae25ce98ad783c25561a879dcc77e99c2426")};
  const U256 mask = (U256(1) << 248) - U256(1);
  AffinePoint sum = shift;
  for (std::size_t side = 0; side < 2; ++side) {
    const U256 value = (side == 0 ? a : b).to_u256();
    U256 low = value;
    for (std::size_t i = 0; i < 4; ++i) low.limb[i] &= mask.limb[i];
    sum = add(sum, add(multiply(points[2 * side], low), multiply(points[2 * side + 1], value >> 248)));
  }
  return sum.x;
}

TEST(Pedersen, Edges) {
  const Felt most = -Felt::one();
  const Felt low = Felt::reduce((U256(1) << 248) - U256(1));
  const Felt high = Felt::reduce(U256(1) << 248);
  const Felt top = Felt::reduce(U256(1) << 251);
  // From an affine double-and-add in Python.
  const std::vector<std::tuple<Felt, Felt, const char*>> rows{
      {Felt::zero(), Felt::zero(), "0x49ee3eba8c1600700ee1b87eb599f16716b0b1022947733551fde4050ca6804"},
      {Felt::one(), Felt::zero(), "0x268a9d47dde48af4b6e2c33932ed1c13adec25555abaa837c376af4ea2f8a94"},
      {Felt::zero(), Felt::one(), "0x46c9aeb066cc2f41c7124af30514f9e607137fbac950524f5fdace5788f9d43"},
      {most, most, "0x7258fccaf3371fad51b117471d9d888a1786c5694c3e6099160477b593a576e"},
      {low, high, "0x5e30b6a09b4534a3be6623be4d70fb8415e4471685d0990456fc9efa9653c6f"},
      {top, top, "0x7ded16e494cded8e33a214c8ae04b4da3e1890e8d55d42016a996cbdd001ea0"}};
  for (const auto& [a, b, text] : rows) {
    EXPECT_EQ(pedersen(a, b).to_hex(), text);
    const std::vector<std::pair<Felt, Felt>> in(5, {a, b});
    std::vector<Felt> out(5);
    pedersen_batch(in, out);
    for (const Felt& value : out) EXPECT_EQ(value.to_hex(), text);
  }
}

TEST(Pedersen, SingleAndBatchFollowTheDefinition) {
  EXPECT_TRUE(rc::check([](const std::vector<std::pair<Felt, Felt>>& in) {
    std::vector<Felt> out(in.size());
    pedersen_batch(in, out);
    for (std::size_t i = 0; i < in.size(); ++i) {
      RC_ASSERT(out[i] == pedersen(in[i].first, in[i].second));
      if (i == 0) RC_ASSERT(out[i] == pedersen_by_definition(in[i].first, in[i].second));
    }
  }));
}

TEST(Pedersen, Arrays) {
  EXPECT_EQ(pedersen_array({}), pedersen(Felt::zero(), Felt::zero()));
  const std::vector<Felt> values{Felt(5), Felt(6)};
  EXPECT_EQ(pedersen_array(values), pedersen(pedersen(pedersen(Felt::zero(), Felt(5)), Felt(6)), Felt(2)));
}

TEST(Pedersen, ThreadsShareTheTables) {
  std::vector<std::thread> threads;
  std::array<Felt, 4> results;
  for (Felt& result : results) threads.emplace_back([&result] { result = pedersen(Felt(1), Felt(2)); });
  for (std::thread& thread : threads) thread.join();
  for (const Felt& result : results) EXPECT_EQ(result, pedersen_by_definition(Felt(1), Felt(2)));
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

TEST(Poseidon, PermutationKnownAnswers) {
  std::array<Felt, 3> zeros{};
  hades(zeros);
  EXPECT_EQ(zeros[0].to_hex(), "0x79e8d1e78258000a28fc9d49e233bc6852357968577b1e386550ed6a9086133");
  std::array<Felt, 3> counted{Felt(1), Felt(2), Felt(3)};
  hades(counted);
  EXPECT_EQ(counted[1].to_hex(), "0x4f04deca4cb7f9f2bd16b1d25b817ca2d16fba2151e4252a2e2111cde08bfe6");
}

// One state in hundreds meets the limits of sums that are not reduced.
TEST(Poseidon, PermutationFollowsTheDefinition) {
  std::array<std::array<Felt, 3>, 91> constants;
  for (std::size_t i = 0; i < 3 * constants.size(); ++i) {
    constants[i / 3][i % 3] = Felt::reduce_be(sha256(as_bytes("Hades" + std::to_string(i))));
  }
  std::array<Felt, 3> state{-Felt(1), -Felt(1), -Felt(1)};
  for (int repeat = 0; repeat < 3000; ++repeat) {
    std::array<Felt, 3> expected = state;
    for (std::size_t round = 0; round < constants.size(); ++round) {
      for (std::size_t k = 0; k < 3; ++k) expected[k] += constants[round][k];
      const bool full = round < 4 || round >= constants.size() - 4;
      for (std::size_t k = full ? 0 : 2; k < 3; ++k) expected[k] *= expected[k].square();
      const auto [a, b, c] = expected;
      expected = {a + a + a + b + c, a - b + c, a + b - c - c};
    }
    hades(state);
    ASSERT_EQ(state, expected) << repeat;
  }
}

TEST(Poseidon, BatchesOfStates) {
  EXPECT_TRUE(rc::check([](std::vector<std::array<Felt, 3>> states) {
    std::vector<std::array<Felt, 3>> expected = states;
    for (auto& state : expected) hades(state);
    hades_batch(states);
    RC_ASSERT(states == expected);
  }));
}

TEST(Poseidon, SpongeFollowsTheDefinition) {
  EXPECT_TRUE(rc::check([](const std::vector<Felt>& values) {
    std::vector<Felt> padded = values;
    padded.push_back(Felt::one());
    if (padded.size() % 2 != 0) padded.push_back(Felt::zero());
    std::array<Felt, 3> state{};
    for (std::size_t i = 0; i < padded.size(); i += 2) {
      state[0] += padded[i];
      state[1] += padded[i + 1];
      hades(state);
    }
    RC_ASSERT(poseidon_many(values) == state[0]);
    PoseidonHasher hasher;
    hasher.add(values);
    RC_ASSERT(hasher.finish() == state[0]);
    RC_ASSERT(hasher.finish() == poseidon_many({}));
  }));
}

TEST(Poseidon, BatchesOfLists) {
  EXPECT_TRUE(rc::check([](const std::vector<std::vector<Felt>>& lists) {
    const std::vector<std::span<const Felt>> in(lists.begin(), lists.end());
    std::vector<Felt> out(in.size());
    poseidon_many_batch(in, out);
    for (std::size_t i = 0; i < in.size(); ++i) RC_ASSERT(out[i] == poseidon_many(in[i]));
  }));
  std::vector<Felt> numbers(700);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = Felt(i + 1).inverse();
  std::vector<std::span<const Felt>> in;
  for (std::size_t i = 0; i < 300; ++i) in.push_back(std::span(numbers).subspan(i, (i * 7) % 23));
  std::vector<Felt> out(in.size());
  poseidon_many_batch(in, out);
  for (std::size_t i = 0; i < in.size(); ++i) ASSERT_EQ(out[i], poseidon_many(in[i]));
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

using Known = std::vector<std::pair<std::size_t, const char*>>;  // of counting(n)

TEST(Blake2s, KnownDigests) {
  EXPECT_EQ(to_hex(blake2s(as_bytes("abc"))), "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982");
  const Known rows{
      {0, "69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9"},
      {1, "e34d74dbaf4ff4c6abd871cc220451d2ea2648846c7757fbaac82fe51ad64bea"},
      {63, "e57cb79487dd57902432b250733813bd96a84efce59f650fac26e6696aefafc3"},
      {64, "56f34e8b96557e90c1f24b52d0c89d51086acf1b00f634cf1dde9233b8eaaa3e"},
      {65, "1b53ee94aaf34e4b159d48de352c7f0661d0a40edff95a0b1639b4090e974472"},
      {128, "1fa877de67259d19863a2a34bcc6962a2b25fcbf5cbecd7ede8f1fa36688a796"},
      {129, "5bd169e67c82c2c2e98ef7008bdf261f2ddf30b1c00f9e7f275bb3e8a28dc9a2"},
      {200, "6d244e1a06ce4ef578dd0f63aff0936706735119ca9c8d22d86c801414ab9741"},
      {300, "203d6441349213c6b2b727d0ac6beb365f32938cef2cd0677f2a6b7f8cb02dd7"},
  };
  for (const auto& [length, digest] : rows) EXPECT_EQ(to_hex(blake2s(counting(length))), digest) << length;
}

TEST(Keccak, KnownDigests) {
  EXPECT_EQ(to_hex(keccak256({})), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(to_hex(keccak256(as_bytes("abc"))), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  const Known rows{
      {135, "cbdfd9dee5faad3818d6b06f95a219fd290b0e1706f6a82e5a595b9ce9faca62"},
      {136, "7ce759f1ab7f9ce437719970c26b0a66ff11fe3e38e17df89cf5d29c7d7f807e"},
      {137, "ac73d4fae68b8453f764007c1a20ce95994187861f0c3227a3a8e99a73a3b1db"},
      {272, "8e2476e65823b24d96ebe239f2c1534cdf763e689e2410c3b1cb0c74e6177bfc"},
      {300, "4699841dafd5e26cca72b05a41d38c96b4b468e5a6cbf694cbebe77dacdf6528"},
  };
  for (const auto& [length, digest] : rows) EXPECT_EQ(to_hex(keccak256(counting(length))), digest) << length;
}

TEST(Hashers, PiecesGiveTheSameDigest) {
  EXPECT_TRUE(rc::check([](const std::vector<Bytes>& pieces) {
    Bytes whole;
    Keccak256 keccak;
    Blake2s blake;
    for (const Bytes& piece : pieces) {
      const Bytes longer(piece.size() * 5, std::uint8_t{7});
      for (const Bytes& part : {piece, longer}) {
        whole.insert(whole.end(), part.begin(), part.end());
        keccak.update(part);
        blake.update(part);
      }
    }
    RC_ASSERT(keccak.finish() == keccak256(whole));
    RC_ASSERT(blake.finish() == blake2s(whole));
    RC_ASSERT(keccak.finish() == keccak256({}));
    RC_ASSERT(blake.finish() == blake2s({}));
  }));
}

TEST(Sha256, KnownDigests) {
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const Known rows{
      {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {55, "463eb28e72f82e0a96c0a4cc53690c571281131f672aa229e0d45ae59b598b59"},
      {64, "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108"},
      {200, "1901da1c9f699b48f6b2636e65cbf73abf99d0441ef67f5c540a42f7051dec6f"},
  };
  for (const auto& [length, digest] : rows) EXPECT_EQ(to_hex(sha256(counting(length))), digest) << length;
}

}  // namespace
}  // namespace asterism::core
