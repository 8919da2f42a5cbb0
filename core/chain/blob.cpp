#include "core/chain/blob.hpp"

#include <algorithm>

#include "core/felt/u256.hpp"

namespace asterism::core {
namespace {

// r, the order of BLS12-381; all values below are kept times 2^256 modulo r (Montgomery's form).
constexpr U256 kModulus({0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805, 0x73eda753299d7d48});
constexpr std::uint64_t kMinusInverse = 0xfffffffeffffffff;  // of r modulo 2^64
constexpr U256 kOne({0x00000001fffffffe, 0x5884b7fa00034802, 0x998c4fefecbc4ff5, 0x1824b159acc5056f});
constexpr U256 kSquare({0xc999e990f3f29c6d, 0x2b6cedcb87925c23, 0x05d314967254398f, 0x0748d9d99f59ff11});  // 2^512
// 7^((r-1)/4096)
constexpr U256 kRoot({0xf2df262c09458a39, 0x048cdf5b99dff177, 0x16857bc5c7cce57b, 0x043b3dbca4a915ae});

U256 reduced(const U256& value, std::uint64_t carry) {
  U256 less = value;
  const std::uint64_t borrow = less.sub(kModulus);
  return carry != 0 || borrow == 0 ? less : value;
}

U256 plus(U256 a, const U256& b) {
  const std::uint64_t carry = a.add(b);
  return reduced(a, carry);
}

U256 minus(U256 a, const U256& b) {
  if (a.sub(b) != 0) a.add(kModulus);
  return a;
}

U256 times(const U256& a, const U256& b) {
  std::array<std::uint64_t, 5> sum{};
  for (const std::uint64_t digit : b.limb) {
    std::uint64_t high = 0, carry = 0;
    for (std::size_t i = 0; i < 4; ++i) sum[i] = mul_add(a.limb[i], digit, sum[i], high, high);
    sum[4] = add_carry(sum[4], high, carry);
    const std::uint64_t factor = sum[0] * kMinusInverse;
    std::uint64_t rest = 0, over = 0;
    static_cast<void>(mul_add(factor, kModulus.limb[0], sum[0], 0, rest));
    for (std::size_t i = 1; i < 4; ++i) sum[i - 1] = mul_add(factor, kModulus.limb[i], sum[i], rest, rest);
    sum[3] = add_carry(sum[4], rest, over);
    sum[4] = carry + over;
  }
  return reduced(U256({sum[0], sum[1], sum[2], sum[3]}), sum[4]);
}

// Decimation in frequency: coefficients in their order become values in bit-reversed order.
void transform(std::vector<U256>& values) {
  U256 root = kRoot;
  for (std::size_t block = values.size(); block > 1; block /= 2) {
    const std::size_t half = block / 2;
    U256 power = kOne;
    for (std::size_t j = 0; j < half; ++j) {
      for (std::size_t i = j; i < values.size(); i += block) {
        const U256 a = values[i], b = values[i + half];
        values[i] = plus(a, b);
        values[i + half] = times(minus(a, b), power);
      }
      power = times(power, root);
    }
    root = times(root, root);
  }
}

}  // namespace

std::vector<Bytes> blobs_of(std::span<const Felt> data) {
  std::vector<Bytes> out;
  for (std::size_t from = 0; from < data.size(); from += kBlobElements) {
    const auto chunk = data.subspan(from, std::min(kBlobElements, data.size() - from));
    std::vector<U256> values(kBlobElements);
    for (std::size_t i = 0; i < chunk.size(); ++i) values[i] = times(chunk[i].to_u256(), kSquare);
    transform(values);
    Bytes& blob = out.emplace_back();
    blob.reserve(kBlobElements * 32);
    for (const U256& value : values) {
      const Word word = times(value, U256(1)).to_be();
      blob.insert(blob.end(), word.begin(), word.end());
    }
  }
  return out;
}

}  // namespace asterism::core
