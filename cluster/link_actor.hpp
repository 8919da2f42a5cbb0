// The broker of one connection: moves bytes between a socket and a Session, publishes the link to the router while it
// is up, and ends it on the first fault. It never waits for anything; all brokers share CAF's one network thread.
#pragma once
#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include "cluster/link_book.hpp"
#include "cluster/link_context.hpp"

namespace asterism::cluster {

struct ConnectionStart {
  int fd = -1;
  Side side = Side::kResponder;
  ListenerKind listener = ListenerKind::kPeers;
  std::optional<core::LinkKey> expected;
  std::string address;     // of the other side, for people
  std::string limited_as;  // address that the rate limiter knows; empty: dialed
};

caf::behavior connection_actor(caf::io::broker* self, ConnectionStart start, std::shared_ptr<LinkContext> context);

// The owner of the links to one process: dials with back-off and jitter until a link is up, from either side.
caf::behavior peer_actor(caf::event_based_actor* self, Member member, std::shared_ptr<LinkContext> context);

// Told to the owner by connections.
struct LinkChanged {
  core::LinkKey key{};
  bool up = false;
};
// From a dialer's thread.
struct Dialed {
  int fd = -1;
  std::string address, error;
};

using wake_atom = caf::atom_constant<caf::atom("wake")>;
using tick_atom = caf::atom_constant<caf::atom("tick")>;
using retry_atom = caf::atom_constant<caf::atom("retry")>;
using leave_atom = caf::atom_constant<caf::atom("leave")>;  // goodbye with the final tag
using drop_atom = caf::atom_constant<caf::atom("drop")>;    // at once: superseded

}  // namespace asterism::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(asterism::cluster::LinkChanged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(asterism::cluster::Dialed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(asterism::cluster::ConnectionStart)
