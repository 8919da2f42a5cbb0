// Number theory on BigInt: what hints import from starkware.python.math_utils.
#include <optional>

#include "core/cairo/bigint.hpp"
#include "core/cairo/fault.hpp"
#include "core/felt/modular_inverse.hpp"

namespace asterism::core::cairo {

namespace {
[[noreturn]] void assertion() { fail(ErrorKind::kHint, "AssertionError"); }

struct Bezout {
  BigInt x;  // x * a = g modulo b
  BigInt g;  // not negative
};
BigInt magnitude(const BigInt& n) { return n.is_negative() ? -n : n; }
Bezout extended_gcd(const BigInt& value, const BigInt& modulus) {
  BigInt b = magnitude(modulus);
  BigInt a = value % b;
  BigInt x0(1);
  BigInt x1(0);
  while (!b.is_zero()) {
    const auto [quotient, rest] = BigInt::divmod(a, b);
    a = b;
    b = rest;
    const BigInt next = x0 - quotient * x1;
    x0 = x1;
    x1 = next;
  }
  return {x0, a};
}

// The primes of the curves that programs compute with, whose inverses need no long division.
constexpr U256 secp256k1_prime() {
  return *U256::from_hex("0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
}
constexpr U256 secp256k1_order() {
  return *U256::from_hex("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
}
constexpr U256 secp256r1_prime() {
  return *U256::from_hex("0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
}
constexpr U256 secp256r1_order() {
  return *U256::from_hex("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
}
constexpr U256 curve25519_prime() {
  return *U256::from_hex("0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
}
struct KnownPrime {
  U256 prime;
  U256 (*inverse)(const U256&);
};
constexpr KnownPrime kKnownPrimes[] = {
    {secp256k1_prime(), ModularInverse<secp256k1_prime>::of},
    {secp256k1_order(), ModularInverse<secp256k1_order>::of},
    {secp256r1_prime(), ModularInverse<secp256r1_prime>::of},
    {secp256r1_order(), ModularInverse<secp256r1_order>::of},
    {curve25519_prime(), ModularInverse<curve25519_prime>::of},
};
// 1 / value; nullopt when p is none of these or divides the value.
std::optional<BigInt> known_inverse(const BigInt& value, const BigInt& p) {
  if (p.is_negative() || p.bit_length() < 255 || p.bit_length() > 256) return std::nullopt;
  const U256 modulus = p.to_u256();
  for (const KnownPrime& known : kKnownPrimes) {
    if (!(known.prime == modulus)) continue;
    const BigInt rest = value % p;
    if (rest.is_zero()) return std::nullopt;
    return BigInt::from_u256(known.inverse(rest.to_u256()));
  }
  return std::nullopt;
}
}  // namespace

BigInt pow_mod(const BigInt& base, const BigInt& exponent, const BigInt& modulus) {
  if (exponent.is_negative()) return pow_mod(inverse_mod(base, modulus), -exponent, modulus);
  if (modulus.is_zero()) fail(ErrorKind::kHint, "ValueError: pow() 3rd argument cannot be 0");
  BigInt result = BigInt(1) % modulus;
  const BigInt reduced = base % modulus;
  for (unsigned i = exponent.bit_length(); i-- > 0;) {
    result = result * result % modulus;
    if (exponent.bit(i)) result = result * reduced % modulus;
  }
  return result;
}

BigInt gcd(BigInt a, BigInt b) {
  while (!b.is_zero()) {
    const BigInt rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

BigInt inverse_mod(const BigInt& value, const BigInt& modulus) {
  if (auto known = known_inverse(value, modulus)) return *known;
  const Bezout bezout = extended_gcd(value, modulus);
  if (!(bezout.g == BigInt(1))) fail(ErrorKind::kHint, "ValueError: base is not invertible for the given modulus");
  return bezout.x % modulus;
}

BigInt div_mod(const BigInt& n, const BigInt& m, const BigInt& p) {
  if (p.is_zero()) fail(ErrorKind::kHint, "ZeroDivisionError: integer division or modulo by zero");
  if (const auto known = known_inverse(m, p)) return n * *known % p;
  const Bezout bezout = extended_gcd(m, p);
  if (!(bezout.g == BigInt(1))) assertion();
  return n * bezout.x % p;
}

BigInt safe_div(const BigInt& x, const BigInt& y) {
  if (y.is_zero()) assertion();
  const auto [quotient, rest] = BigInt::divmod(x, y);
  if (!rest.is_zero()) {
    fail(ErrorKind::kHint, "AssertionError: " + x.to_decimal() + " is not divisible by " + y.to_decimal() + ".");
  }
  return quotient;
}

BigInt isqrt(const BigInt& n) {
  if (n.is_negative()) assertion();
  if (n.is_zero()) return n;
  BigInt x = BigInt::power_of_two(n.bit_length() / 2 + 1);
  while (true) {
    const BigInt y = (x + n / x) >> 1;
    if (y >= x) return x;
    x = y;
  }
}

bool is_quad_residue(const BigInt& n, const BigInt& p) {
  const BigInt value = n % p;
  return value.is_zero() || pow_mod(value, (p - BigInt(1)) / BigInt(2), p) == BigInt(1);
}

// Tonelli and Shanks.
BigInt sqrt_mod(const BigInt& n, const BigInt& p) {
  const BigInt value = n % p;
  if (value.is_zero()) return value;
  if (!is_quad_residue(value, p)) assertion();
  unsigned s = 0;
  BigInt q = p - BigInt(1);
  while (!q.is_odd()) {
    q = q >> 1;
    ++s;
    if (q.is_zero()) assertion();
  }
  BigInt z(2);
  for (int tries = 0; is_quad_residue(z, p); ++tries) {
    if (tries == 1000) assertion();
    z = z + BigInt(1);
  }
  BigInt c = pow_mod(z, q, p);
  BigInt root = pow_mod(value, (q + BigInt(1)) / BigInt(2), p);
  BigInt t = pow_mod(value, q, p);
  unsigned m = s;
  while (!(t == BigInt(1))) {
    unsigned i = 0;
    for (BigInt square = t; !(square == BigInt(1)); square = square * square % p) {
      if (++i >= m) assertion();
    }
    BigInt b = c;
    for (unsigned k = 0; k + i + 1 < m; ++k) b = b * b % p;
    m = i;
    c = b * b % p;
    t = t * c % p;
    root = root * b % p;
  }
  const BigInt other = p - root;
  return root < other ? root : other;
}

BigInt as_int(const BigInt& value) {
  const BigInt& prime = BigInt::prime();
  return value < prime / BigInt(2) ? value : value - prime;
}

}  // namespace asterism::core::cairo
