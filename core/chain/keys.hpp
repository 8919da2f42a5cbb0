// Public keys by what they are for. Each is a type of its own, so that a link key never stands where a consensus key
// must.
#pragma once
#include <array>
#include <compare>
#include <cstring>
#include <functional>
#include <string>

#include "core/base/bytes.hpp"

namespace asterism::core {

template <class Tag, std::size_t N>
struct KeyBytes {
  std::array<std::uint8_t, N> bytes{};
  constexpr auto operator<=>(const KeyBytes&) const = default;
  bool is_zero() const { return *this == KeyBytes{}; }
  std::string hex() const { return to_hex(bytes); }
};

using LinkKey = KeyBytes<struct LinkKeyTag, 32>;            // Ed25519
using ConsensusKey = KeyBytes<struct ConsensusKeyTag, 32>;  // Ed25519
using AdminKey = KeyBytes<struct AdminKeyTag, 32>;          // Ed25519
using EthAddress = KeyBytes<struct EthAddressTag, 20>;      // of a secp256k1 key
using Ed25519Signature = std::array<std::uint8_t, 64>;
using EthSignature = std::array<std::uint8_t, 65>;  // r ‖ s ‖ v, low s, v 27 or 28

}  // namespace asterism::core

template <class Tag, std::size_t N>
struct std::hash<asterism::core::KeyBytes<Tag, N>> {
  std::size_t operator()(const asterism::core::KeyBytes<Tag, N>& key) const noexcept {
    std::size_t out;
    std::memcpy(&out, key.bytes.data(), sizeof out);
    return out;
  }
};
