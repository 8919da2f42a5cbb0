// The typed interfaces of actors: what may be sent to whom inside a process. Between roles only messages::Message
// travel, through the router; these are the envelopes of a role's own shell.
#pragma once
#include <caf/all.hpp>

#include "actors/machine.hpp"

namespace asterism::actors {

struct LinkChange {
  Sender peer;
  bool up = false;
};
struct TimerFired {
  TimerId id = 0;
  std::uint64_t generation = 0;  // of the StartTimer it belongs to: a replaced timer is told apart
};
struct StartRole {};
struct RestartRole {
  std::string why;
};
struct StopRole {};

// The shell of one machine. StopRole answers when the last effect has been performed; RestartRole says whether it did.
using RoleActor = caf::typed_actor<caf::reacts_to<Inbound>, caf::reacts_to<LinkChange>, caf::reacts_to<TimerFired>,
                                   caf::reacts_to<StartRole>, caf::replies_to<RestartRole>::with<bool>,
                                   caf::replies_to<StopRole>::with<bool>>;

}  // namespace asterism::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(asterism::actors::Inbound)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(asterism::actors::LinkChange)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(asterism::actors::TimerFired)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(asterism::actors::StartRole)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(asterism::actors::RestartRole)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(asterism::actors::StopRole)
