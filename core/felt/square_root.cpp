// Square roots. p - 1 = 2^192 * q with q odd, so a^q is a power of an element g of order 2^192, and half the exponent
// gives the root. The exponent is found six bits at a time from the lowest (Pohlig and Hellman), with tables of the
// powers of 1/g in place of the squarings that each digit would cost otherwise (Sarkar 2020, "Computing square roots
// faster than the Tonelli-Shanks/Bernstein algorithm").
#include <algorithm>
#include <array>
#include <vector>

#include "core/base/check.hpp"
#include "core/felt/felt.hpp"

namespace asterism::core {
namespace {

constexpr U256 kOdd{(std::uint64_t{1} << 59) + 17};
constexpr unsigned kBits = 6;
constexpr unsigned kDigits = 192 / kBits;
constexpr std::size_t kRow = std::size_t{1} << kBits;

struct RootTables {
  // inverse_power[k][d] = g^(-d * 2^(192 - kBits (k + 1))): what digit d takes away from the digit that is k places
  // higher.
  std::vector<std::array<Felt, kRow>> inverse_power;
  static constexpr unsigned kSlotBits = 10;
  std::array<std::uint8_t, 1U << kSlotBits> digit_of{};  // of g^(d * 2^(192 - kBits)), by slot
  std::uint64_t multiplier = 1;                          // one for which no two digits share a slot

  std::size_t slot(const Felt& value) const { return (value.montgomery()[0] * multiplier) >> (64 - kSlotBits); }

  RootTables() : inverse_power(kDigits) {
    Felt base = Felt(3).pow(kOdd).inverse();  // 3 is not a square
    for (unsigned k = kDigits; k-- > 0;) {
      inverse_power[k][0] = Felt::one();
      for (std::size_t d = 1; d < kRow; ++d) inverse_power[k][d] = inverse_power[k][d - 1] * base;
      base = inverse_power[k][kRow - 1] * base;
    }
    while (!fill_slots()) multiplier = multiplier * 6364136223846793005ULL + 2;  // stays odd
  }
  bool fill_slots() {
    std::array<bool, 1U << kSlotBits> taken{};
    for (std::size_t d = 0; d < kRow; ++d) {
      const std::size_t at = slot(inverse_power[0][(kRow - d) % kRow]);
      if (taken[at]) return false;
      taken[at] = true;
      digit_of[at] = static_cast<std::uint8_t>(d);
    }
    return true;
  }
  static const RootTables& get() {
    static const RootTables tables;
    return tables;
  }
};

}  // namespace

std::optional<Felt> Felt::sqrt() const {
  if (is_zero()) return zero();
  const RootTables& tables = RootTables::get();
  const Felt power = pow((kOdd - U256(1)) >> 1);
  Felt root = *this * power;
  // raised[i] = (a^q)^(2^(192 - kBits (i + 1))): its exponent has digit i on top, and the lower digits below.
  std::array<Felt, kDigits> raised;
  raised[kDigits - 1] = root * power;
  for (unsigned i = kDigits - 1; i-- > 0;) {
    raised[i] = raised[i + 1];
    for (unsigned k = 0; k < kBits; ++k) raised[i] = raised[i].square();
  }
  std::array<std::size_t, kDigits + 1> digit{};
  for (unsigned i = 0; i < kDigits; ++i) {
    Felt top = raised[i];
    for (unsigned j = 0; j < i; ++j) top *= tables.inverse_power[i - j][digit[j]];
    digit[i] = tables.digit_of[tables.slot(top)];
    if (i == 0 && digit[0] % 2 != 0) return std::nullopt;  // an odd exponent
  }
  for (unsigned i = 0; i < kDigits; ++i) {
    const std::size_t half = digit[i] / 2 + (digit[i + 1] % 2) * (kRow / 2);
    root *= tables.inverse_power[kDigits - 1 - i][half];
  }
  ASTERISM_CHECK(root.square() == *this, "a square root");
  return std::min(root, -root);
}

}  // namespace asterism::core
