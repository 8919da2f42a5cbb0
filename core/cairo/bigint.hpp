// Python's integers, as hints compute with them: signed, exact, division rounding down.
//
// Sign and magnitude in a fixed buffer of 2048 bits: the widest value a library hint makes is 1652 bits (a Keccak state
// as one number). A result beyond that raises, so that no hint can be made to run without bound.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/felt/felt.hpp"

namespace asterism::core::cairo {

class BigInt {
 public:
  static constexpr unsigned kLimbs = 32;

  BigInt() = default;
  BigInt(std::int64_t number);  // NOLINT: integers mix freely in hints
  BigInt(int number) : BigInt(static_cast<std::int64_t>(number)) {}
  BigInt(const BigInt& other) { *this = other; }
  BigInt& operator=(const BigInt& other);
  static BigInt from_u64(std::uint64_t number);
  static BigInt from_u256(const U256& number);
  static BigInt from_felt(const Felt& felt) { return from_u256(felt.to_u256()); }
  // Decimal or "0x" digits with an optional '-'; throws Fault kProgram on anything else.
  static BigInt parse(std::string_view text);
  static BigInt power_of_two(unsigned exponent);
  static const BigInt& prime();

  bool is_zero() const { return size_ == 0; }
  bool is_negative() const { return negative_; }
  bool is_odd() const { return size_ > 0 && (limb_[0] & 1) != 0; }
  unsigned bit_length() const;
  bool bit(unsigned index) const { return index / 64 < size_ && ((limb_[index / 64] >> (index % 64)) & 1) != 0; }
  std::uint64_t low64() const { return size_ > 0 ? limb_[0] : 0; }  // of the magnitude
  bool fits_u64() const { return !negative_ && size_ <= 1; }
  Felt to_felt() const;  // modulo p
  U256 to_u256() const;  // of the magnitude, modulo 2^256
  std::string to_decimal() const;

  friend BigInt operator+(const BigInt& a, const BigInt& b);
  friend BigInt operator-(const BigInt& a, const BigInt& b);
  friend BigInt operator*(const BigInt& a, const BigInt& b);
  friend BigInt operator/(const BigInt& a, const BigInt& b) { return divmod(a, b).first; }   // //
  friend BigInt operator%(const BigInt& a, const BigInt& b) { return divmod(a, b).second; }  // sign of b
  friend BigInt operator<<(const BigInt& a, unsigned count);
  friend BigInt operator>>(const BigInt& a, unsigned count);  // rounds down
  friend BigInt operator&(const BigInt& a, const BigInt& b);  // b >= 0
  BigInt operator-() const;
  friend std::strong_ordering operator<=>(const BigInt& a, const BigInt& b);
  friend bool operator==(const BigInt& a, const BigInt& b) { return (a <=> b) == 0; }

  // Python's divmod; ZeroDivisionError as a Fault.
  static std::pair<BigInt, BigInt> divmod(const BigInt& a, const BigInt& b);

 private:
  void trim();
  static int compare_magnitude(const BigInt& a, const BigInt& b);
  static BigInt add_magnitude(const BigInt& a, const BigInt& b);
  static BigInt subtract_magnitude(const BigInt& a, const BigInt& b);  // |a| >= |b|
  static void divide_magnitude(const BigInt& a, const BigInt& b, BigInt& quotient, BigInt& remainder);

  std::uint32_t size_ = 0;
  bool negative_ = false;
  std::uint64_t limb_[kLimbs];
};

// starkware.python.math_utils, by the names used there.
BigInt pow_mod(const BigInt& base, const BigInt& exponent, const BigInt& modulus);
BigInt div_mod(const BigInt& n, const BigInt& m,
               const BigInt& p);                                 // n / m modulo p; AssertionError when gcd(m, p) != 1
BigInt inverse_mod(const BigInt& value, const BigInt& modulus);  // pow(value, -1, modulus): ValueError
BigInt safe_div(const BigInt& x, const BigInt& y);               // AssertionError unless y divides x
BigInt isqrt(const BigInt& n);
bool is_quad_residue(const BigInt& n, const BigInt& p);
BigInt sqrt_mod(const BigInt& n, const BigInt& p);  // the smaller root; p an odd prime
BigInt as_int(const BigInt& value);                 // in (-p/2, p/2)
BigInt gcd(BigInt a, BigInt b);

}  // namespace asterism::core::cairo
