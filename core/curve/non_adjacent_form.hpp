// Signed digits of a scalar, odd or zero, with at most one that is not zero in any kWidth successive places.
#pragma once
#include <array>
#include <cstdint>

#include "core/felt/u256.hpp"

namespace asterism::core {

struct NonAdjacentForm {
  static constexpr unsigned kWidth = 5;
  static constexpr std::size_t kOddMultiples = std::size_t{1}
                                               << (kWidth - 2);  // 1, 3, .. of a point that digits refer to

  std::array<std::int8_t, 257> digit{};
  unsigned length = 0;

  // The value must be below 2^255. Variable time.
  explicit NonAdjacentForm(U256 value) {
    unsigned i = 0;
    while (!value.is_zero()) {
      const auto zeros = static_cast<unsigned>(std::countr_zero(value.limb[0]));
      if (zeros != 0) {
        const unsigned skip = zeros < 63 ? zeros : 63;
        value = value >> skip;
        i += skip;
        continue;
      }
      const auto low = static_cast<int>(value.limb[0] & ((1U << kWidth) - 1));
      const int signed_low = low >= (1 << (kWidth - 1)) ? low - (1 << kWidth) : low;
      digit[i] = static_cast<std::int8_t>(signed_low);
      length = i + 1;
      if (signed_low > 0) {
        value.sub(U256(static_cast<std::uint64_t>(signed_low)));
      } else {
        value.add(U256(static_cast<std::uint64_t>(-signed_low)));
      }
    }
  }
};

}  // namespace asterism::core
