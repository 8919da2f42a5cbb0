#include "cluster/link_actor.hpp"

#include <sys/socket.h>

#include <algorithm>

namespace asterism::cluster {

using core::Bytes;

namespace {

constexpr std::size_t kInFlight = 128 << 10;  // bytes handed to CAF and not yet to the kernel
constexpr Millis kTick{250};

// The router's end of a link: any thread.
class BrokerPort : public LinkPort {
 public:
  BrokerPort(std::shared_ptr<Outbound> queue, caf::actor broker)
      : queue_(std::move(queue)), broker_(std::move(broker)) {}
  std::expected<void, QueueError> push(Packet packet) override {
    auto pushed = queue_->push(std::move(packet));
    if (pushed && !waking_.exchange(true)) caf::anon_send(broker_, wake_atom::value);
    return pushed;
  }
  void woken() { waking_ = false; }

 private:
  std::shared_ptr<Outbound> queue_;
  caf::actor broker_;
  std::atomic<bool> waking_{false};
};

core::Word fresh_ephemeral() {
  core::Word out;
  randombytes_buf(out.data(), out.size());
  return out;
}

// State of one broker. Only its own thread touches it.
class Connection {
 public:
  Connection(caf::io::broker* self, ConnectionStart start, std::shared_ptr<LinkContext> context)
      : self_(self),
        start_(std::move(start)),
        context_(std::move(context)),
        handle_(self->add_scribe(start_.fd)),
        session_(context_->identity, context_->membership,
                 {{start_.side, start_.listener, start_.expected, fresh_ephemeral()}, context_->settings.times},
                 monotonic_now()) {
    self_->configure_read(handle_, caf::io::receive_policy::at_most(kChunkBytes));
    self_->ack_writes(handle_, true);
    const std::lock_guard lock(context_->mutex);
    context_->connections.insert(caf::actor_cast<caf::actor>(self_));
    if (context_->stopping) self_->send(self_, leave_atom::value);
  }
  ~Connection() { context_->left(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void data(const std::vector<char>& bytes) {
    if (ending_) return;
    const auto messages = session_.feed(core::as_bytes({bytes.data(), bytes.size()}), monotonic_now());
    if (session_.established() && !port_) come_up();
    for (const auto& message : messages) arrive(message);
    after();
  }
  void transferred(std::uint64_t remaining) {
    in_flight_ = remaining;
    after();
    if (ending_ && in_flight_ == 0) ::shutdown(start_.fd, SHUT_RDWR);
  }
  void woken() {
    if (port_) port_->woken();
    after();
  }
  void tick() {
    if (ending_ && (in_flight_ == 0 || ++ticks_ending_ > 4)) ::shutdown(start_.fd, SHUT_RDWR);
    session_.tick(monotonic_now());
    after();
    show();
    self_->delayed_send(self_, kTick, tick_atom::value);
  }
  void leave() {
    if (!ending_) session_.say_goodbye();
    pump();
    end({LinkError::kShutdown, "this side ends"});
  }
  void superseded() { end({LinkError::kSuperseded, "a newer link of this key"}); }
  // The socket is gone; the broker ends after this.
  void closed() {
    end({LinkError::kCut, "closed without goodbye"});
    const std::lock_guard lock(context_->mutex);
    context_->connections.erase(caf::actor_cast<caf::actor>(self_));
    if (start_.limited_as.empty()) return;
    (start_.listener == ListenerKind::kClients ? context_->client_limits : context_->peer_limits)
        .disconnect(start_.limited_as);
  }

 private:
  LinkBook::Key key() const { return {start_.listener, session_.peer()}; }

  void after() {
    if (session_.fault()) end(*session_.fault());
    pump();
  }

  void pump() {
    if (in_flight_ >= kInFlight) return;
    out_.clear();
    session_.produce(out_, kInFlight - in_flight_, monotonic_now());
    if (out_.empty()) return;
    auto& buffer = self_->wr_buf(handle_);
    buffer.insert(buffer.end(), out_.begin(), out_.end());
    in_flight_ += out_.size();
    self_->flush(handle_);
  }

  void come_up() {
    port_ = std::make_shared<BrokerPort>(session_.outbound(), caf::actor_cast<caf::actor>(self_));
    const Access& access = *session_.access();
    {
      const std::lock_guard lock(context_->mutex);
      caf::actor& live = context_->live[key()];
      if (live) caf::anon_send(live, drop_atom::value);
      live = caf::actor_cast<caf::actor>(self_);
    }
    context_->router.link_up(access, start_.listener, port_);
    tell_owner(true);
    tell_certificates(access);
    context_->book.update(key(), [&](LinkStatus& status) {
      status = {access.name,
                start_.address,
                "up",
                status.last_fault,
                access.sender.kind,
                start_.listener,
                unix_ms_now(),
                -1,
                0,
                0,
                0,
                status.attempts};
    });
    context_->log(actors::LogLevel::kInfo, "event=link_up peer=" + access.name + " address=" + start_.address);
  }

  void tell_certificates(const Access& access) {
    constexpr std::size_t kAtOnce = 16;
    if (access.sender.kind != actors::PeerKind::kValidator && access.sender.kind != actors::PeerKind::kSibling) return;
    messages::ProcessCertificates some;
    const auto all = context_->membership.certificates();
    for (std::size_t i = 0; i < all.size(); ++i) {
      some.certificates.push_back(all[i]);
      if (some.certificates.size() < kAtOnce && i + 1 < all.size()) continue;
      (void)port_->push(encode_packet(some));
      some.certificates.clear();
    }
  }

  void arrive(const messages::MessagePtr& message) {
    const Access& access = *session_.access();
    if (start_.listener == ListenerKind::kClients && start_.side == Side::kResponder && !within_rate()) {
      context_->metrics.count("asterism_rate_limited_total");
      if (const auto answer = refusal(*message, messages::SubmitCode::kTryAgain)) {
        (void)port_->push(encode_packet(*answer));
      }
      return;
    }
    context_->router.arrive(access.sender, message, *port_);
  }

  bool within_rate() {
    const std::lock_guard lock(context_->mutex);
    return context_->client_limits.allow(start_.limited_as, monotonic_now());
  }

  void tell_owner(bool up) {
    const std::lock_guard lock(context_->mutex);
    const auto owner = context_->owners.find(session_.peer());
    if (owner != context_->owners.end()) caf::anon_send(owner->second, LinkChanged{session_.peer(), up});
  }

  void show() {
    if (!port_ || ending_) return;
    context_->book.update(key(), [&](LinkStatus& status) {
      status.round_trip_ms = session_.round_trip() ? session_.round_trip()->count() : -1;
      status.bytes_in = session_.bytes_in();
      status.bytes_out = session_.bytes_out();
      status.queued_bytes = session_.outbound()->bytes();
    });
  }

  void end(const LinkFault& fault) {
    if (ending_) return;
    ending_ = true;
    record(fault);
    if (port_) go_down(fault);
    session_.outbound()->close();
    pump();
    if (in_flight_ == 0) ::shutdown(start_.fd, SHUT_RDWR);
  }

  void record(const LinkFault& fault) {
    const bool quiet = fault.error == LinkError::kShutdown || fault.error == LinkError::kClosed;
    context_->metrics.count("asterism_link_faults_total", 1, "reason", to_string(fault.error));
    const std::string name = session_.access() ? session_.access()->name : session_.peer().hex().substr(0, 8);
    context_->log(quiet ? actors::LogLevel::kInfo : actors::LogLevel::kWarn,
                  "event=link_end peer=" + name + " address=" + start_.address +
                      " reason=" + std::string(to_string(fault.error)) + " text=\"" + fault.text + "\"");
    if (!quiet) {
      context_->book.refused({unix_ms_now(), start_.address, std::string(to_string(fault.error)), fault.text});
    }
  }

  void go_down(const LinkFault& fault) {
    context_->router.link_down(*session_.access(), start_.listener, port_.get());
    bool newest = false;
    {
      const std::lock_guard lock(context_->mutex);
      const auto live = context_->live.find(key());
      newest = live != context_->live.end() && live->second == caf::actor_cast<caf::actor>(self_);
      if (newest) context_->live.erase(live);
    }
    if (!newest) return;
    tell_owner(false);
    if (start_.listener == ListenerKind::kClients) {
      context_->book.forget(key());
      return;
    }
    context_->book.update(key(), [&](LinkStatus& status) {
      status.state = "down";
      status.since_ms = unix_ms_now();
      status.last_fault = std::string(to_string(fault.error)) + ": " + fault.text;
    });
  }

  caf::io::broker* self_;
  ConnectionStart start_;
  std::shared_ptr<LinkContext> context_;
  caf::io::connection_handle handle_;
  Session session_;
  std::shared_ptr<BrokerPort> port_;
  Bytes out_;
  std::uint64_t in_flight_ = 0;
  bool ending_ = false;
  int ticks_ending_ = 0;
};

}  // namespace

caf::behavior connection_actor(caf::io::broker* self, ConnectionStart start, std::shared_ptr<LinkContext> context) {
  auto state = std::make_shared<Connection>(self, std::move(start), std::move(context));
  self->send(self, wake_atom::value);
  self->delayed_send(self, kTick, tick_atom::value);
  return {
      [=](const caf::io::new_data_msg& message) { state->data(message.buf); },
      [=](const caf::io::data_transferred_msg& message) { state->transferred(message.remaining); },
      [=](const caf::io::connection_closed_msg&) {
        state->closed();
        self->quit();
      },
      [=](wake_atom) { state->woken(); },
      [=](tick_atom) { state->tick(); },
      [=](leave_atom) { state->leave(); },
      [=](drop_atom) { state->superseded(); },
  };
}

}  // namespace asterism::cluster
