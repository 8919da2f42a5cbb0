// The owner of the links to one process: see link_actor.hpp.
#include <algorithm>
#include <random>

#include "cluster/link/sockets.hpp"
#include "cluster/link_actor.hpp"

namespace asterism::cluster {
namespace {

constexpr Millis kStable{5000};  // a link that lived so long was no failed attempt

class Peer {
 public:
  Peer(caf::event_based_actor* self, Member member, std::shared_ptr<LinkContext> context)
      : self_(self), member_(std::move(member)), context_(std::move(context)), random_(std::random_device{}()) {}

  ~Peer() { context_->left(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void start() { wait(courtesy()); }

  void retry(std::uint64_t generation) {
    if (generation != generation_ || up_ || dialing_ || context_->stopping) return;
    refresh();
    if (member_.addresses.empty() || member_.roles == 0) {
      wait(context_->settings.backoff_last);
      return;
    }
    dialing_ = true;
    ++attempts_;
    const std::string address = member_.addresses[attempts_ % member_.addresses.size()];
    show("dialing", address);
    // A thread of its own: a blackholed address, or a slow resolver, delays nobody else. (With no argument at all
    // CAF 0.17 binds a reference to a null tuple.)
    self_->system().spawn<caf::detached>(
        [owner = caf::actor_cast<caf::actor>(self_), context = context_](caf::event_based_actor*,
                                                                         const std::string& to) {
          auto fd = dial(to, context->settings.dial_bound, &context->stopping);
          caf::anon_send(owner, Dialed{fd.value_or(-1), to, fd ? std::string() : fd.error()});
        },
        address);
  }

  void dialed(const Dialed& result) {
    dialing_ = false;
    if (result.fd < 0) {
      context_->book.update(key(), [&](LinkStatus& status) { status.last_fault = "dial_failed: " + result.error; });
      wait(backoff());
      return;
    }
    if (up_ || context_->stopping) {
      close_socket(result.fd);
      return;
    }
    context_->enter();
    ConnectionStart start{result.fd, Side::kInitiator, ListenerKind::kPeers, member_.key, result.address, {}};
    self_->system().middleman().spawn_broker(connection_actor, std::move(start), context_);
    wait(context_->settings.times.handshake + backoff());
  }

  void changed(bool up) {
    const Millis now = monotonic_now();
    if (!up && now - up_since_ >= kStable) failures_ = 0;
    up_ = up;
    up_since_ = now;
    ++generation_;
    if (!up) wait(std::max(backoff(), courtesy()));
  }

 private:
  LinkBook::Key key() const { return {ListenerKind::kPeers, member_.key}; }

  void refresh() {
    if (auto current = context_->membership.find(member_.key)) member_ = std::move(*current);
  }

  // Both processes may dial: without this they would often do so at once, and each cut the other's link.
  Millis courtesy() const {
    const auto own = context_->membership.find(context_->membership.own_key());
    const bool both = own && own->validator && member_.validator && !own->addresses.empty();
    return both && member_.key < context_->membership.own_key() ? context_->settings.courtesy : Millis(0);
  }

  Millis backoff() {
    const auto& settings = context_->settings;
    const auto grown = settings.backoff_first * (std::int64_t{1} << std::min<std::uint64_t>(failures_++, 10));
    const auto bounded = std::min<std::int64_t>(grown.count(), settings.backoff_last.count());
    return Millis(bounded / 2 + std::uniform_int_distribution<std::int64_t>(0, bounded)(random_));
  }

  void wait(Millis time) {
    ++generation_;
    if (!up_) show("waiting", member_.addresses.empty() ? "" : member_.addresses.front());
    self_->delayed_send(self_, time, retry_atom::value, generation_);
  }

  void show(std::string_view state, const std::string& address) {
    context_->book.update(key(), [&](LinkStatus& status) {
      status.name = member_.name;
      status.kind = member_.validator ? actors::PeerKind::kValidator : actors::PeerKind::kLedger;
      status.address = address;
      if (status.state != state || status.since_ms == 0) status.since_ms = unix_ms_now();
      status.state = state;
      status.attempts = attempts_;
    });
  }

  caf::event_based_actor* self_;
  Member member_;
  std::shared_ptr<LinkContext> context_;
  std::mt19937_64 random_;
  std::uint64_t generation_ = 0, attempts_ = 0, failures_ = 0;
  bool up_ = false, dialing_ = false;
  Millis up_since_{};
};

}  // namespace

caf::behavior peer_actor(caf::event_based_actor* self, Member member, std::shared_ptr<LinkContext> context) {
  auto state = std::make_shared<Peer>(self, std::move(member), std::move(context));
  state->start();
  return {
      [=](retry_atom, std::uint64_t generation) { state->retry(generation); },
      [=](const Dialed& result) { state->dialed(result); },
      [=](const LinkChanged& change) { state->changed(change.up); },
      [=](leave_atom) { self->quit(); },
  };
}

}  // namespace asterism::cluster
