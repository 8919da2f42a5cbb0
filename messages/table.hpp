// Every kind of message: its frozen number, cap, priority, who receives it and who may send it. The links and the
// router decide by this table alone; `asterism version --messages` prints it and README shows it.
//
// Invariants (checked when table.cpp is compiled): one row for each alternative of Message, numbers distinct and never
// zero. A number, once released, is never given to another kind.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "messages/messages.hpp"

namespace asterism::messages {

inline constexpr std::uint16_t kWireVersion = 1;                // said in the handshake
inline constexpr std::size_t kMaxFrameBytes = (1U << 20) + 64;  // ciphertext, after authentication
inline constexpr std::size_t kMaxHandshakeBytes = 4U << 10;     // before it
inline constexpr std::size_t kChunkBytes = 64U << 10;           // of a blob

// Queues of a link, most urgent first (protocol.md, "Links").
enum class Priority : std::uint8_t { kVotes = 0, kProposals = 1, kControl = 2, kTransactions = 3, kProofs = 4 };

// Bits of a set of receivers: a role each, and the two ends that are no role. With several roles, each of them in the
// addressed validator gets the message.
using ReceiverSet = std::uint16_t;
constexpr ReceiverSet to(core::Role role) { return static_cast<ReceiverSet>(1U << static_cast<unsigned>(role)); }
inline constexpr ReceiverSet kToClient = 1U << 14;  // the client or shell program at the other end
inline constexpr ReceiverSet kToLink = 1U << 15;    // the link itself

// Bits of a set of senders, as a link has authenticated them. The first eight are actors::PeerKind in its order.
using SenderSet = std::uint16_t;
enum : SenderSet {
  kFromSelf = 1U << 0,
  kFromSibling = 1U << 1,
  kFromValidator = 1U << 2,  // any process of any validator
  kFromWorker = 1U << 3,
  kFromLedger = 1U << 4,
  kFromAdmin = 1U << 5,
  kFromClient = 1U << 6,
  kFromJoiner = 1U << 7,
  kFromCoordinator = 1U << 8,  // a process of the coordinator's validator; it counts as kFromValidator too
};
inline constexpr SenderSet kFromOwn = kFromSelf | kFromSibling;

struct KindInfo {
  std::uint8_t number = 0;
  std::string_view name;
  std::size_t cap = 0;  // bytes of msgpack
  Priority priority = Priority::kControl;
  ReceiverSet receivers = 0;
  SenderSet senders = 0;
  // A message above kMaxFrameBytes can only travel as a blob.
  constexpr bool may_be_blob() const { return cap + 1 > kChunkBytes; }
  constexpr bool goes_to(core::Role role) const { return (receivers & to(role)) != 0; }
  constexpr bool may_come_from(SenderSet who) const { return (senders & who) != 0; }
};

// In the order of Message's alternatives.
std::span<const KindInfo> all_kinds();
const KindInfo& kind_of(const Message& message);
// By number; nullptr when there is none.
const KindInfo* find_kind(std::uint8_t number);
// Index into Message's alternatives.
std::size_t index_of(const KindInfo& kind);

template <class T, std::size_t I = 0>
consteval std::size_t alternative_of() {
  if constexpr (std::is_same_v<std::variant_alternative_t<I, Message>, T>) {
    return I;
  } else {
    return alternative_of<T, I + 1>();
  }
}
template <class T>
const KindInfo& kind_of_type() {
  return all_kinds()[alternative_of<T>()];
}

std::string_view to_string(Priority priority);
std::string receivers_text(ReceiverSet receivers);
std::string senders_text(SenderSet senders);
// The whole table, as README shows it.
std::string table_markdown();

}  // namespace asterism::messages
