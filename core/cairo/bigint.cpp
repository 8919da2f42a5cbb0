#include "core/cairo/bigint.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/cairo/fault.hpp"

namespace asterism::core::cairo {

namespace {
[[noreturn]] void overflow() { fail(ErrorKind::kHint, "OverflowError: integer beyond 2048 bits"); }
}  // namespace

BigInt::BigInt(std::int64_t number) {
  if (number == 0) return;
  negative_ = number < 0;
  limb_[0] = negative_ ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
  size_ = 1;
}

BigInt& BigInt::operator=(const BigInt& other) {
  size_ = other.size_;
  negative_ = other.negative_;
  std::memmove(limb_, other.limb_, size_ * sizeof(limb_[0]));
  return *this;
}

BigInt BigInt::from_u64(std::uint64_t number) {
  BigInt out;
  out.limb_[0] = number;
  out.size_ = number != 0 ? 1 : 0;
  return out;
}

BigInt BigInt::from_u256(const U256& number) {
  BigInt out;
  for (unsigned i = 0; i < 4; ++i) out.limb_[i] = number.limb[i];
  out.size_ = 4;
  out.trim();
  return out;
}

BigInt BigInt::parse(std::string_view text) {
  const std::string_view whole = text;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  if (text.empty() || text.size() > 600)
    fail(ErrorKind::kProgram, "not an integer: " + std::string(whole.substr(0, 80)));
  BigInt out;
  for (const char c : text) {
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (hex && c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (hex && c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0) fail(ErrorKind::kProgram, "not an integer: " + std::string(whole.substr(0, 80)));
    out = (hex ? out << 4 : out * BigInt(10)) + BigInt(digit);
  }
  return negative ? -out : out;
}

BigInt BigInt::power_of_two(unsigned exponent) { return BigInt(1) << exponent; }

const BigInt& BigInt::prime() {
  static const BigInt value = from_u256(Felt::kModulus);
  return value;
}

void BigInt::trim() {
  while (size_ > 0 && limb_[size_ - 1] == 0) --size_;
  if (size_ == 0) negative_ = false;
}

unsigned BigInt::bit_length() const {
  return size_ == 0 ? 0 : 64 * size_ - static_cast<unsigned>(std::countl_zero(limb_[size_ - 1]));
}

U256 BigInt::to_u256() const {
  U256 out;
  for (unsigned i = 0; i < 4 && i < size_; ++i) out.limb[i] = limb_[i];
  return out;
}

Felt BigInt::to_felt() const {
  if (!negative_ && size_ <= 3) return Felt::reduce(to_u256());
  return Felt::reduce((*this % prime()).to_u256());
}

std::string BigInt::to_decimal() const {
  if (size_ == 0) return "0";
  BigInt rest = *this;
  rest.negative_ = false;
  std::string digits;
  const std::uint64_t chunk = 1000000000000000000ULL;
  while (rest.size_ > 0) {
    Uint128 remainder = 0;
    for (unsigned i = rest.size_; i-- > 0;) {
      remainder = (remainder << 64) | rest.limb_[i];
      rest.limb_[i] = static_cast<std::uint64_t>(remainder / chunk);
      remainder %= chunk;
    }
    rest.trim();
    auto part = static_cast<std::uint64_t>(remainder);
    for (int i = 0; i < 18 && (rest.size_ > 0 || part > 0); ++i, part /= 10) {
      digits.push_back(static_cast<char>('0' + part % 10));
    }
  }
  if (negative_) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

int BigInt::compare_magnitude(const BigInt& a, const BigInt& b) {
  if (a.size_ != b.size_) return a.size_ < b.size_ ? -1 : 1;
  for (unsigned i = a.size_; i-- > 0;) {
    if (a.limb_[i] != b.limb_[i]) return a.limb_[i] < b.limb_[i] ? -1 : 1;
  }
  return 0;
}

BigInt BigInt::add_magnitude(const BigInt& a, const BigInt& b) {
  const BigInt& longer = a.size_ >= b.size_ ? a : b;
  const BigInt& shorter = a.size_ >= b.size_ ? b : a;
  BigInt out;
  std::uint64_t carry = 0;
  for (unsigned i = 0; i < longer.size_; ++i) {
    out.limb_[i] = add_carry(longer.limb_[i], i < shorter.size_ ? shorter.limb_[i] : 0, carry);
  }
  out.size_ = longer.size_;
  if (carry != 0) {
    if (out.size_ == kLimbs) overflow();
    out.limb_[out.size_++] = carry;
  }
  return out;
}

BigInt BigInt::subtract_magnitude(const BigInt& a, const BigInt& b) {
  BigInt out;
  std::uint64_t borrow = 0;
  for (unsigned i = 0; i < a.size_; ++i) {
    out.limb_[i] = sub_borrow(a.limb_[i], i < b.size_ ? b.limb_[i] : 0, borrow);
  }
  out.size_ = a.size_;
  out.trim();
  return out;
}

BigInt operator+(const BigInt& a, const BigInt& b) {
  BigInt out;
  if (a.negative_ == b.negative_) {
    out = BigInt::add_magnitude(a, b);
    out.negative_ = a.negative_ && out.size_ > 0;
    return out;
  }
  const int order = BigInt::compare_magnitude(a, b);
  if (order == 0) return out;
  out = order > 0 ? BigInt::subtract_magnitude(a, b) : BigInt::subtract_magnitude(b, a);
  out.negative_ = order > 0 ? a.negative_ : b.negative_;
  return out;
}

BigInt BigInt::operator-() const {
  BigInt out = *this;
  out.negative_ = !negative_ && size_ > 0;
  return out;
}

BigInt operator-(const BigInt& a, const BigInt& b) { return a + (-b); }

BigInt operator*(const BigInt& a, const BigInt& b) {
  BigInt out;
  if (a.size_ == 0 || b.size_ == 0) return out;
  if (a.bit_length() + b.bit_length() > 64 * BigInt::kLimbs) overflow();
  const unsigned size = std::min(a.size_ + b.size_, BigInt::kLimbs);
  std::fill(out.limb_, out.limb_ + size, 0);
  for (unsigned i = 0; i < a.size_; ++i) {
    std::uint64_t carry = 0;
    for (unsigned j = 0; j < b.size_; ++j) {
      if (i + j >= size) break;
      out.limb_[i + j] = mul_add(a.limb_[i], b.limb_[j], out.limb_[i + j], carry, carry);
    }
    if (i + b.size_ < size) out.limb_[i + b.size_] = carry;
  }
  out.size_ = size;
  out.trim();
  out.negative_ = a.negative_ != b.negative_;
  return out;
}

BigInt operator<<(const BigInt& a, unsigned count) {
  BigInt out;
  if (a.size_ == 0) return out;
  if (count > 64 * BigInt::kLimbs || a.bit_length() + count > 64 * BigInt::kLimbs) overflow();
  const unsigned words = count / 64;
  const unsigned bits = count % 64;
  out.size_ = std::min(a.size_ + words + 1, BigInt::kLimbs);
  for (unsigned i = 0; i < out.size_; ++i) {
    const std::uint64_t high = i >= words && i - words < a.size_ ? a.limb_[i - words] : 0;
    const std::uint64_t low = i >= words + 1 && i - words - 1 < a.size_ ? a.limb_[i - words - 1] : 0;
    out.limb_[i] = bits == 0 ? high : (high << bits) | (low >> (64 - bits));
  }
  out.negative_ = a.negative_;
  out.trim();
  return out;
}

BigInt operator>>(const BigInt& a, unsigned count) {
  if (a.negative_) return -((-a - BigInt(1)) >> count) - BigInt(1);
  BigInt out;
  const unsigned words = count / 64;
  const unsigned bits = count % 64;
  if (words >= a.size_) return out;
  out.size_ = a.size_ - words;
  for (unsigned i = 0; i < out.size_; ++i) {
    const std::uint64_t low = a.limb_[i + words];
    const std::uint64_t high = i + words + 1 < a.size_ ? a.limb_[i + words + 1] : 0;
    out.limb_[i] = bits == 0 ? low : (low >> bits) | (high << (64 - bits));
  }
  out.trim();
  return out;
}

BigInt operator&(const BigInt& a, const BigInt& b) {
  if (a.negative_) {
    // Two's complement: reduce modulo a power of two that covers b.
    return (a % BigInt::power_of_two(b.bit_length())) & b;
  }
  BigInt out;
  out.size_ = std::min(a.size_, b.size_);
  for (unsigned i = 0; i < out.size_; ++i) out.limb_[i] = a.limb_[i] & b.limb_[i];
  out.trim();
  return out;
}

std::strong_ordering operator<=>(const BigInt& a, const BigInt& b) {
  if (a.negative_ != b.negative_) return a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  const int order = BigInt::compare_magnitude(a, b) * (a.negative_ ? -1 : 1);
  return order < 0 ? std::strong_ordering::less
                   : (order > 0 ? std::strong_ordering::greater : std::strong_ordering::equal);
}

namespace {
// (high * 2^64 + low) / divisor, for high < divisor: one instruction, where the library's 128-bit division is a
// function.
std::uint64_t divide_word(std::uint64_t high, std::uint64_t low, std::uint64_t divisor, std::uint64_t& rest) {
#if defined(__x86_64__)
  std::uint64_t quotient = 0;
  asm("divq %[divisor]" : "=a"(quotient), "=d"(rest) : [divisor] "r"(divisor), "a"(low), "d"(high) : "cc");
  return quotient;
#else
  const Uint128 top = (static_cast<Uint128>(high) << 64) | low;
  rest = static_cast<std::uint64_t>(top % divisor);
  return static_cast<std::uint64_t>(top / divisor);
#endif
}
}  // namespace

// Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D.
void BigInt::divide_magnitude(const BigInt& a, const BigInt& b, BigInt& quotient, BigInt& remainder) {
  if (compare_magnitude(a, b) < 0) {
    quotient = BigInt();
    remainder = a;
    return;
  }
  const unsigned n = b.size_;
  const unsigned m = a.size_ - n;
  const auto shift = static_cast<unsigned>(std::countl_zero(b.limb_[n - 1]));
  std::uint64_t u[kLimbs + 1];
  std::uint64_t v[kLimbs];
  for (unsigned i = 0; i < n; ++i) {
    v[i] = shift == 0 ? b.limb_[i] : (b.limb_[i] << shift) | (i > 0 ? b.limb_[i - 1] >> (64 - shift) : 0);
  }
  u[a.size_] = shift == 0 ? 0 : a.limb_[a.size_ - 1] >> (64 - shift);
  for (unsigned i = 0; i < a.size_; ++i) {
    u[i] = shift == 0 ? a.limb_[i] : (a.limb_[i] << shift) | (i > 0 ? a.limb_[i - 1] >> (64 - shift) : 0);
  }
  quotient.size_ = m + 1;
  for (unsigned j = m + 1; j-- > 0;) {
    std::uint64_t guess = UINT64_MAX;
    Uint128 rest = static_cast<Uint128>(u[j + n - 1]) + v[n - 1];  // of that guess, when u[j + n] is v[n - 1]
    if (u[j + n] < v[n - 1]) {
      std::uint64_t low = 0;
      guess = divide_word(u[j + n], u[j + n - 1], v[n - 1], low);
      rest = low;
    }
    while (n > 1 && (rest >> 64) == 0 && static_cast<Uint128>(guess) * v[n - 2] > ((rest << 64) | u[j + n - 2])) {
      --guess;
      rest += v[n - 1];
    }
    std::uint64_t borrow = 0;
    std::uint64_t carry = 0;
    for (unsigned i = 0; i < n; ++i) {
      const std::uint64_t product = mul_add(guess, v[i], carry, 0, carry);
      u[i + j] = sub_borrow(u[i + j], product, borrow);
    }
    u[j + n] = sub_borrow(u[j + n], carry, borrow);
    if (borrow != 0) {
      --guess;
      std::uint64_t back = 0;
      for (unsigned i = 0; i < n; ++i) u[i + j] = add_carry(u[i + j], v[i], back);
      u[j + n] += back;
    }
    quotient.limb_[j] = guess;
  }
  quotient.trim();
  remainder.size_ = n;
  for (unsigned i = 0; i < n; ++i) {
    remainder.limb_[i] = shift == 0 ? u[i] : (u[i] >> shift) | (u[i + 1] << (64 - shift));
  }
  remainder.trim();
}

std::pair<BigInt, BigInt> BigInt::divmod(const BigInt& a, const BigInt& b) {
  if (b.size_ == 0) fail(ErrorKind::kHint, "ZeroDivisionError: integer division or modulo by zero");
  std::pair<BigInt, BigInt> out;
  divide_magnitude(a, b, out.first, out.second);
  const bool differ = a.negative_ != b.negative_;
  out.first.negative_ = differ && out.first.size_ > 0;
  out.second.negative_ = a.negative_ && out.second.size_ > 0;
  if (differ && out.second.size_ > 0) {
    out.first = out.first - BigInt(1);
    out.second = out.second + b;
  }
  return out;
}

}  // namespace asterism::core::cairo
