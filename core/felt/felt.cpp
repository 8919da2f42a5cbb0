#include "core/felt/felt.hpp"

#include <algorithm>
#include <vector>

#include "core/felt/modular_inverse.hpp"

namespace asterism::core {
namespace {

constexpr U256 modulus() { return Felt::kModulus; }

}  // namespace

Felt Felt::pow(const U256& exponent) const {
  Felt result = one();
  for (unsigned i = exponent.bit_length(); i-- > 0;) {
    result = result.square();
    if (exponent.bit(i)) result *= *this;
  }
  return result;
}

Felt Felt::fermat_inverse() const { return pow(kModulus - U256(2)); }

Felt Felt::inverse() const {
  // The limbs are a R, their inverse is 1 / (a R), and the product with R^3 gives R / a.
  constexpr Felt kRCubed =
      from_montgomery({0xcc7177d1406df18eULL, 0x7545706677ffcc06ULL, 0xf47d84f836300018ULL, 0x038e5f79873c0a6dULL});
  return from_montgomery(ModularInverse<modulus>::of(U256(limb_)).limb) * kRCubed;
}

bool Felt::is_square() const { return is_zero() || pow((kModulus - U256(1)) >> 1) == one(); }

std::optional<Felt> Felt::from_decimal(std::string_view text) {
  if (text.empty() || text.size() > 77) return std::nullopt;  // 10^77 < 2^256
  U256 value;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = (value << 3) + (value << 1) + U256(static_cast<std::uint64_t>(c - '0'));
  }
  return from_u256(value);
}

void batch_inverse(std::span<Felt> values) {
  std::vector<Felt> before(values.size());
  Felt product = Felt::one();
  for (std::size_t i = 0; i < values.size(); ++i) {
    before[i] = product;
    if (!values[i].is_zero()) product *= values[i];
  }
  Felt inverse = product.inverse();
  for (std::size_t i = values.size(); i-- > 0;) {
    if (values[i].is_zero()) continue;
    const Felt value = values[i];
    values[i] = inverse * before[i];
    inverse *= value;
  }
}

std::optional<std::string> as_short_string(const Felt& value) {
  const Word bytes = value.to_be();
  std::string out;
  for (const std::uint8_t byte : bytes) {
    if (byte == 0 && out.empty()) continue;
    if (byte < 0x20 || byte > 0x7e) return std::nullopt;
    out.push_back(static_cast<char>(byte));
  }
  return out.size() <= 31 ? std::optional(out) : std::nullopt;
}

}  // namespace asterism::core
