// Timer ids: step u8 ‖ low 24 bits of the height ‖ round u32, so that a timer of an earlier height is known as stale.
#pragma once
#include "actors/consensus/tendermint.hpp"
#include "actors/machine.hpp"

namespace asterism::actors::consensus {

inline constexpr TimerId kTickTimer = ~TimerId{0};

inline TimerId timer_of(core::BlockNumber height, const ScheduleTimeout& timeout) {
  return TimerId{static_cast<std::uint8_t>(timeout.step)} << 56 | (height.value & 0xffffff) << 32 | timeout.round.value;
}

// Nothing: of another height.
inline std::optional<ScheduleTimeout> timeout_of(TimerId timer, core::BlockNumber height) {
  if ((timer >> 32 & 0xffffff) != (height.value & 0xffffff)) return std::nullopt;
  return ScheduleTimeout{static_cast<Step>(timer >> 56), core::Round(static_cast<std::uint32_t>(timer))};
}

}  // namespace asterism::actors::consensus
