// Felt8 of felt8.hpp as eight Felts.
#pragma once
#include <array>

#include "core/felt/felt.hpp"

namespace asterism::core::portable {

struct Felt8 {
  std::array<Felt, 8> lane;

  static Felt8 broadcast(const Felt& value) {
    Felt8 out;
    out.lane.fill(value);
    return out;
  }
  static Felt8 load(const Felt* from) {
    Felt8 out;
    for (std::size_t i = 0; i < 8; ++i) out.lane[i] = from[i];
    return out;
  }
  static Felt8 load_sum(const Felt* from) { return load(from); }
  static Felt8 zero() { return Felt8(); }
  void store(Felt* to) const {
    for (std::size_t i = 0; i < 8; ++i) to[i] = lane[i];
  }
  Felt8 square() const {
    Felt8 out;
    for (std::size_t i = 0; i < 8; ++i) out.lane[i] = lane[i].square();
    return out;
  }
};

using Sum8 = Felt8;
using Factor = Felt;

inline Felt8 operator*(const Felt8& a, const Felt8& b) {
  Felt8 out;
  for (std::size_t i = 0; i < 8; ++i) out.lane[i] = a.lane[i] * b.lane[i];
  return out;
}
inline Sum8 operator+(const Sum8& a, const Sum8& b) {
  Sum8 out;
  for (std::size_t i = 0; i < 8; ++i) out.lane[i] = a.lane[i] + b.lane[i];
  return out;
}
inline Sum8 operator-(const Sum8& a, const Sum8& b) {
  Sum8 out;
  for (std::size_t i = 0; i < 8; ++i) out.lane[i] = a.lane[i] - b.lane[i];
  return out;
}
inline Felt8 reduce(const Sum8& sum) { return sum; }
inline Felt8 lift(const Sum8& sum) { return sum; }
inline Felt8 as_factor(const Sum8& sum) { return sum; }
inline Sum8 product(const Felt8& a, const Felt8& b) { return a * b; }

struct Products {
  Sum8 sum{};
  void add(const Felt8& a, const Felt8& b) { sum = sum + a * b; }
  Sum8 total() const { return sum; }
};

}  // namespace asterism::core::portable
