// Brings a message to the role that its kind names, in the process that the destination names: a mailbox here, or a
// link. Machines do not know the difference. Called from every role's thread and from the links' thread; it locks
// itself and never blocks on anything else.
//
// Nothing is lost silently: what cannot be delivered is counted by reason, and a client's request is answered
// (kTryAgain when a queue is full, kUnavailable when the role is not there). Only requests and gossip are shed from a
// full mailbox; votes and the talk of a validator's own roles are not: those are bounded by the machines' request and
// reply.
#pragma once
#include <map>
#include <memory>
#include <shared_mutex>
#include <vector>

#include "cluster/link/outbound.hpp"
#include "cluster/membership.hpp"
#include "cluster/metrics.hpp"

namespace asterism::cluster {

inline constexpr std::size_t kMailboxBound = 4096;

// The inbox of a local role.
class Mailbox {
 public:
  virtual ~Mailbox() = default;
  virtual void deliver(actors::Inbound inbound) = 0;
  virtual void link_changed(const actors::Sender& peer, bool up) = 0;
  virtual std::size_t depth() const = 0;
};

// A link that is up.
class LinkPort {
 public:
  virtual ~LinkPort() = default;
  virtual std::expected<void, QueueError> push(Packet packet) = 0;
};

// RemoteInquiry::role of the process itself: `peers`, `actors`, `alarms`, `metrics`, `config`, `log`, `actor`.
inline constexpr std::uint8_t kProcessRole = 255;

class Router {
 public:
  Router(const Membership& membership, Metrics& metrics, std::size_t mailbox_bound = kMailboxBound)
      : membership_(membership), metrics_(metrics), bound_(mailbox_bound) {}

  void attach(core::Role role, std::shared_ptr<Mailbox> mailbox);
  void detach(core::Role role);
  // Answers RemoteInquiry with kProcessRole.
  void attach_process(std::shared_ptr<Mailbox> mailbox);
  void link_up(const Access& access, ListenerKind listener, std::shared_ptr<LinkPort> port);
  // Does nothing when another link has taken its place.
  void link_down(const Access& access, ListenerKind listener, const LinkPort* port);
  bool linked(const core::LinkKey& key) const;

  void send(core::Role from, const actors::Destination& to, const messages::MessagePtr& message);
  // Over each link to a validator's process.
  void tell_processes(const messages::Message& message);
  // `back` takes the answer when the message is refused.
  void arrive(const actors::Sender& from, const messages::MessagePtr& message, LinkPort& back);

 private:
  using Ports = std::map<core::LinkKey, std::shared_ptr<LinkPort>>;
  // One message on its way: encoded at most once, each link at most once.
  struct Route {
    const messages::MessagePtr& message;
    messages::ReceiverSet receivers = 0;
    messages::ReceiverSet here = 0;  // roles of this process
    std::vector<core::LinkKey> links;
    std::optional<Packet> packet;
  };
  Route resolve(const actors::Destination& to, const messages::MessagePtr& message) const;
  bool dispatch(Route& route);
  std::shared_ptr<LinkPort> port_of(const core::LinkKey& key) const;
  void to_validator(Route& route, core::ValidatorIndex index) const;
  void to_process(Route& route, const core::LinkKey& key) const;
  enum class Delivery : std::uint8_t { kDone, kFull, kAbsent };
  Delivery deliver_here(const actors::Sender& from, const messages::MessagePtr& message, messages::ReceiverSet roles);
  void drop(const messages::Message& message, std::string_view reason);
  bool push(Route& route, LinkPort& port, const core::LinkKey& key);
  messages::ReceiverSet receivers_of(const messages::Message& message) const;
  void announce(const Access& access, bool up);

  const Membership& membership_;
  Metrics& metrics_;
  const std::size_t bound_;
  mutable std::shared_mutex mutex_;
  std::map<core::Role, std::shared_ptr<Mailbox>> mailboxes_;
  std::shared_ptr<Mailbox> process_;
  Ports peers_, clients_;
};

Packet encode_packet(const messages::Message& message);
// What a requester is told whose request could not be delivered; nullopt for kinds that nobody waits for.
std::optional<messages::Message> refusal(const messages::Message& request, messages::SubmitCode code);

}  // namespace asterism::cluster
