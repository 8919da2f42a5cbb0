#include "cluster/router.hpp"

#include <mutex>
#include <vector>

#include "messages/codec.hpp"

namespace asterism::cluster {

using actors::Sender;
using core::LinkKey;
using core::Role;
using messages::MessagePtr;
using messages::ReceiverSet;

namespace {

constexpr ReceiverSet kRoleBits = (1U << 9) - 1;

template <class... Ts>
bool is_one_of(const messages::Message& message) {
  return (std::holds_alternative<Ts>(message) || ...);
}

// What may be refused when a mailbox is full: somebody is told, or another replica has it.
bool sheddable(const messages::Message& message) {
  using namespace messages;
  return is_one_of<SubmitTransaction, AdmitTransaction, Query, StateQuery, PoolQuery, TransactionGossip, LedgerSubmit,
                   LedgerBlocksRequest, LedgerStateRequest, SignedCommand, CatchUpRequest>(message);
}

}  // namespace

Packet encode_packet(const messages::Message& message) {
  return {messages::kind_of(message).priority,
          std::make_shared<const core::Bytes>(messages::encode_with_kind(message))};
}

std::optional<messages::Message> refusal(const messages::Message& request, messages::SubmitCode code) {
  using namespace messages;
  const auto number = static_cast<std::uint8_t>(code);
  const std::string text = code == SubmitCode::kTryAgain ? "busy: try again" : "the role that must answer is down";
  const std::string json = "{\"error\":\"" + text + "\"}";
  if (const auto* it = std::get_if<SubmitTransaction>(&request)) return SubmitReply{it->request, {}, number, text};
  if (const auto* it = std::get_if<AdmitTransaction>(&request)) return AdmitReply{it->request, {}, number, text};
  if (const auto* it = std::get_if<Query>(&request)) return QueryReply{it->request, json};
  if (const auto* it = std::get_if<StateQuery>(&request)) return StateQueryReply{it->request, json};
  if (const auto* it = std::get_if<PoolQuery>(&request)) return PoolQueryReply{it->request, json};
  if (const auto* it = std::get_if<LedgerSubmit>(&request)) return LedgerSubmitReply{it->request, false, {}, text};
  if (const auto* it = std::get_if<LedgerReorg>(&request)) return LedgerReorgReply{it->request, false, text};
  if (const auto* it = std::get_if<SignedCommand>(&request)) return CommandReply{it->request, it->nonce, json};
  if (const auto* it = std::get_if<RemoteInquiry>(&request)) return RemoteInquiryReply{it->request, json};
  return std::nullopt;
}

void Router::attach(Role role, std::shared_ptr<Mailbox> mailbox) {
  const std::unique_lock lock(mutex_);
  mailboxes_[role] = std::move(mailbox);
}

void Router::detach(Role role) {
  const std::unique_lock lock(mutex_);
  mailboxes_.erase(role);
}

void Router::attach_process(std::shared_ptr<Mailbox> mailbox) {
  const std::unique_lock lock(mutex_);
  process_ = std::move(mailbox);
}

void Router::link_up(const Access& access, ListenerKind listener, std::shared_ptr<LinkPort> port) {
  {
    const std::unique_lock lock(mutex_);
    (listener == ListenerKind::kPeers ? peers_ : clients_)[access.sender.process] = std::move(port);
  }
  if (listener == ListenerKind::kPeers) announce(access, true);
}

void Router::link_down(const Access& access, ListenerKind listener, const LinkPort* port) {
  {
    const std::unique_lock lock(mutex_);
    Ports& ports = listener == ListenerKind::kPeers ? peers_ : clients_;
    const auto found = ports.find(access.sender.process);
    if (found == ports.end() || found->second.get() != port) return;
    ports.erase(found);
  }
  if (listener == ListenerKind::kPeers) announce(access, false);
}

bool Router::linked(const LinkKey& key) const {
  const std::shared_lock lock(mutex_);
  return peers_.contains(key);
}

// Roles hear of the links of those whose messages they can receive.
void Router::announce(const Access& access, bool up) {
  ReceiverSet interested = 0;
  for (const auto& kind : messages::all_kinds()) {
    if (membership_.allows(access, kind)) interested |= kind.receivers;
  }
  const std::shared_lock lock(mutex_);
  for (const auto& [role, mailbox] : mailboxes_) {
    if ((interested & messages::to(role)) != 0) mailbox->link_changed(access.sender, up);
  }
}

ReceiverSet Router::receivers_of(const messages::Message& message) const {
  if (const auto* inquiry = std::get_if<messages::RemoteInquiry>(&message)) {
    return inquiry->role > 8 ? ReceiverSet{0} : static_cast<ReceiverSet>(1U << inquiry->role);
  }
  return messages::kind_of(message).receivers;
}

void Router::to_validator(Route& route, core::ValidatorIndex index) const {
  const auto wanted = static_cast<RoleSet>(route.receivers & kRoleBits);
  if (membership_.own_validator() == index) {
    for (const auto& [role, mailbox] : mailboxes_)
      route.here = static_cast<ReceiverSet>(route.here | (wanted & bit(role)));
  }
  // One of each role answers; news are for all of them.
  const bool news = is_one_of<messages::BlockCommitted, messages::Heads>(*route.message);
  for (const LinkKey& key : membership_.holders(index, news ? wanted : wanted & static_cast<RoleSet>(~route.here))) {
    route.links.push_back(key);
  }
}

void Router::to_process(Route& route, const LinkKey& key) const {
  if (key.is_zero() || key == membership_.own_key()) {
    for (const auto& [role, mailbox] : mailboxes_)
      route.here = static_cast<ReceiverSet>(route.here | (route.receivers & messages::to(role)));

    return;
  }
  route.links.push_back(key);
}

bool Router::push(Route& route, LinkPort& port, const LinkKey& key) {
  if (!route.packet) route.packet = encode_packet(*route.message);
  const auto pushed = port.push(*route.packet);
  if (pushed) return true;
  drop(*route.message, pushed.error() == QueueError::kFull ? "link_full" : "link_down");
  metrics_.count("asterism_link_refused_total", 1, "peer", membership_.name_of(key));
  return false;
}

void Router::drop(const messages::Message& message, std::string_view reason) {
  metrics_.count("asterism_messages_dropped_total", 1, "reason",
                 std::string(reason) + ":" + std::string(messages::kind_of(message).name));
}

Router::Delivery Router::deliver_here(const Sender& from, const MessagePtr& message, ReceiverSet roles) {
  Delivery out = Delivery::kAbsent;
  for (const auto& [role, mailbox] : mailboxes_) {
    if ((roles & messages::to(role)) == 0) continue;
    const bool full = mailbox->depth() >= bound_ && sheddable(*message);
    if (full) {
      drop(*message, "mailbox_full");
      out = Delivery::kFull;
      continue;
    }
    mailbox->deliver({from, message});
    if (out == Delivery::kAbsent) out = Delivery::kDone;
  }
  return out;
}

Router::Route Router::resolve(const actors::Destination& to, const MessagePtr& message) const {
  Route route{message, receivers_of(*message), 0, {}, std::nullopt};
  const auto own = membership_.own_validator();
  if (const auto* validator = std::get_if<actors::ToValidator>(&to)) {
    to_validator(route, validator->index);
  } else if (std::holds_alternative<actors::ToOthers>(to)) {
    for (std::uint16_t i = 0; i < membership_.validators(); ++i) {
      if (own != core::ValidatorIndex(i)) to_validator(route, core::ValidatorIndex(i));
    }
  } else if (const auto* process = std::get_if<actors::ToProcess>(&to)) {
    to_process(route, process->key);
  } else if (std::holds_alternative<actors::ToLedger>(to)) {
    to_process(route, membership_.ledger());
  } else if (std::holds_alternative<actors::ToCoordinator>(to)) {
    to_validator(route, membership_.coordinator());
  } else if (own) {
    to_validator(route, *own);
  } else {
    to_process(route, {});
  }
  return route;
}

std::shared_ptr<LinkPort> Router::port_of(const LinkKey& key) const {
  if (const auto peer = peers_.find(key); peer != peers_.end()) return peer->second;
  const auto client = clients_.find(key);
  return client == clients_.end() ? nullptr : client->second;
}

// True when at least one link took it.
bool Router::dispatch(Route& route) {
  bool any = false;
  for (const LinkKey& key : route.links) {
    if (const auto port = port_of(key)) {
      any = push(route, *port, key) || any;
    } else {
      drop(*route.message, "link_down");
    }
  }
  return any;
}

void Router::send(Role from, const actors::Destination& to, const MessagePtr& message) {
  const std::shared_lock lock(mutex_);
  Route route = resolve(to, message);
  const Sender self{actors::PeerKind::kSelf, {}, membership_.own_validator()};
  const auto* inquiry = std::get_if<messages::RemoteInquiry>(message.get());
  if (inquiry != nullptr && inquiry->role == kProcessRole && route.links.empty() && process_) {
    process_->deliver({self, message});
    return;
  }
  const Delivery here = route.here == 0 ? Delivery::kAbsent : deliver_here(self, message, route.here);
  if (route.here == 0 && route.links.empty()) drop(*message, "unroutable");
  if (dispatch(route) || here == Delivery::kDone) return;
  // The requester is one of this process's own roles: it must not wait for ever.
  const auto code = here == Delivery::kFull ? messages::SubmitCode::kTryAgain : messages::SubmitCode::kUnavailable;
  const auto requester = mailboxes_.find(from);
  if (const auto answer = refusal(*message, code); answer && requester != mailboxes_.end()) {
    requester->second->deliver({self, messages::make_message(*answer)});
  }
}

void Router::tell_processes(const messages::Message& message) {
  const Packet packet = encode_packet(message);
  const std::shared_lock lock(mutex_);
  for (const auto& [key, port] : peers_) {
    const auto member = membership_.find(key);
    if (member && member->validator) (void)port->push(packet);
  }
}

void Router::arrive(const Sender& from, const MessagePtr& message, LinkPort& back) {
  const std::shared_lock lock(mutex_);
  const auto* inquiry = std::get_if<messages::RemoteInquiry>(message.get());
  if (inquiry != nullptr && inquiry->role == kProcessRole && process_) {
    process_->deliver({from, message});
    return;
  }
  const Delivery delivery = deliver_here(from, message, receivers_of(*message));
  if (delivery == Delivery::kDone) return;
  if (delivery == Delivery::kAbsent) drop(*message, "unroutable");
  const bool full = delivery == Delivery::kFull;
  const auto code = full ? messages::SubmitCode::kTryAgain : messages::SubmitCode::kUnavailable;
  if (const auto answer = refusal(*message, code)) (void)back.push(encode_packet(*answer));
}

}  // namespace asterism::cluster
