#include "core/felt/u256.hpp"

#include <algorithm>

namespace asterism::core {

std::string U256::to_hex() const {
  const Word bytes = to_be();
  const std::string digits = core::to_hex(ByteView(bytes));
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  return "0x" + digits.substr(first);
}

std::string U256::to_decimal() const {
  constexpr std::uint64_t kChunk = 10'000'000'000'000'000'000ULL;
  std::string out;
  U256 rest = *this;
  do {
    std::uint64_t low = 0;
    rest = divide_small(rest, kChunk, low);
    std::string digits = std::to_string(low);
    if (!rest.is_zero()) digits.insert(0, 19 - digits.size(), '0');
    out.insert(0, digits);
  } while (!rest.is_zero());
  return out;
}

}  // namespace asterism::core
