#include "actors/machine.hpp"

#include "messages/table.hpp"

namespace asterism::actors {

// The table names senders by these bits.
static_assert(messages::kFromSelf == 1U << static_cast<unsigned>(PeerKind::kSelf));
static_assert(messages::kFromSibling == 1U << static_cast<unsigned>(PeerKind::kSibling));
static_assert(messages::kFromValidator == 1U << static_cast<unsigned>(PeerKind::kValidator));
static_assert(messages::kFromWorker == 1U << static_cast<unsigned>(PeerKind::kWorker));
static_assert(messages::kFromLedger == 1U << static_cast<unsigned>(PeerKind::kLedger));
static_assert(messages::kFromAdmin == 1U << static_cast<unsigned>(PeerKind::kAdmin));
static_assert(messages::kFromClient == 1U << static_cast<unsigned>(PeerKind::kClient));
static_assert(messages::kFromJoiner == 1U << static_cast<unsigned>(PeerKind::kJoiner));

void Effects::reply(const Sender& to, messages::MessagePtr message) {
  // In this process by the kind of the message; elsewhere to the process that asked, of several with the same role.
  const bool own = to.kind == PeerKind::kSelf || (to.kind == PeerKind::kSibling && to.process.is_zero());
  all_.push_back(Send{own ? Destination(ToOwn{}) : Destination(ToProcess{to.process}), std::move(message)});
}

}  // namespace asterism::actors
