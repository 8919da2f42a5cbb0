// A number with a name of its own: block heights, spans and validators do not mix.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>

namespace asterism::core {

template <class Tag, class Rep = std::uint64_t>
struct StrongId {
  Rep value{};
  constexpr StrongId() = default;
  constexpr explicit StrongId(Rep v) : value(v) {}
  constexpr auto operator<=>(const StrongId&) const = default;
  constexpr StrongId next() const { return StrongId(static_cast<Rep>(value + 1)); }
};

using BlockNumber = StrongId<struct BlockNumberTag>;
using SpanId = StrongId<struct SpanIdTag>;
using Round = StrongId<struct RoundTag, std::uint32_t>;
using ValidatorIndex = StrongId<struct ValidatorIndexTag, std::uint16_t>;

}  // namespace asterism::core

template <class Tag, class Rep>
struct std::hash<asterism::core::StrongId<Tag, Rep>> {
  std::size_t operator()(const asterism::core::StrongId<Tag, Rep>& id) const noexcept {
    return std::hash<Rep>{}(id.value);
  }
};
