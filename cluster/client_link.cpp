#include "cluster/client_link.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>

#include "cluster/link/sockets.hpp"
#include "cluster/membership.hpp"
#include "messages/codec.hpp"

namespace asterism::cluster {
namespace {

Millis now() { return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch()); }

// Who was dialed may answer with anything that is for a client.
class Servers : public Admission {
 public:
  explicit Servers(const std::optional<DeploymentView>& deployment) {
    if (deployment) members_.emplace(deployment->genesis, deployment->genesis_hash, core::LinkKey{}, RoleSet{0});
  }
  std::expected<Access, LinkFault> admit(const core::LinkKey& key, ListenerKind, Side) const override {
    const auto member = members_ ? members_->find(key) : std::nullopt;
    if (members_ && (!member || member->roles == 0))
      return std::unexpected(LinkFault{LinkError::kWrongKey, "who answers there is no process of this deployment"});
    return Access{{actors::PeerKind::kValidator, key, std::nullopt}, 0xFFFF, 0xFFFF, "server"};
  }
  bool allows(const Access&, const messages::KindInfo&) const override { return true; }
  void learn(const messages::ProcessCertificate& certificate) override {
    if (members_) members_->learn(certificate);
  }

 private:
  std::optional<Membership> members_;
};

SessionOptions options_for(const ClientLinkOptions& options) {
  SessionOptions out{{Side::kInitiator, options.listener, options.expected, {}}, {}};
  randombytes_buf(out.handshake.ephemeral_secret.data(), out.handshake.ephemeral_secret.size());
  out.times.handshake = options.bound;
  // Nobody runs between calls: silence means nothing here, each call has its own bound.
  out.times.ping_after = out.times.idle = out.times.frame = std::chrono::hours(24 * 365);
  return out;
}

}  // namespace

std::string unreachable(const std::string& address, const LinkFault& fault, std::string_view wanted) {
  const std::string what = "cannot reach " + address + ": ";
  switch (fault.error) {
    case LinkError::kDialFailed:
      return what + (fault.text.starts_with(address + ": ") ? fault.text.substr(address.size() + 2) : fault.text);
    case LinkError::kOversized:
    case LinkError::kMalformed:
      return what + "something else answers there; it must be a " + std::string(wanted);
    case LinkError::kCut:
    case LinkError::kClosed:
    case LinkError::kWrongListener:
      return what + fault.text + "; it must be a " + std::string(wanted) + ", and this key one that it knows";
    default:
      return what + fault.text;
  }
}

struct ClientLink::Impl {
  Impl(const LinkIdentity& own, const ClientLinkOptions& link_options, int socket)
      : identity(own),
        server(link_options.deployment),
        bound(link_options.bound),
        fd(socket),
        session(identity, server, options_for(link_options), now()) {}
  ~Impl() { close_socket(fd); }

  std::optional<LinkFault> fault() const {
    if (session.fault()) return session.fault();
    return cut;
  }

  // Writes what there is, reads what comes, until `done` or the time is over.
  template <class Done>
  void run(Millis until, Done done) {
    while (!fault() && !done()) {
      if (sent == pending.size()) {
        pending.clear();
        sent = 0;
        session.produce(pending, 256 << 10, now());
      }
      const Millis left = until - now();
      const bool writing = sent < pending.size();
      pollfd wait{fd, static_cast<short>(POLLIN | (writing ? POLLOUT : 0)), 0};
      if (poll(&wait, 1, static_cast<int>(std::max<std::int64_t>(0, left.count()))) == 0) {
        session.tick(now());
        return;
      }
      if (writing) write_some();
      if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) != 0) read_some();
    }
  }

  void write_some() {
    const auto wrote = ::send(fd, pending.data() + sent, pending.size() - sent, MSG_NOSIGNAL);
    if (wrote > 0) {
      sent += static_cast<std::size_t>(wrote);
    } else if (errno != EAGAIN && errno != EINTR) {
      cut = LinkFault{LinkError::kCut, std::strerror(errno)};
    }
  }

  void read_some() {
    std::array<std::uint8_t, 64 << 10> buffer;
    const auto got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got > 0) {
      for (auto& message : session.feed({buffer.data(), static_cast<std::size_t>(got)}, now())) {
        received.push_back(std::move(message));
      }
    } else if (got == 0) {
      cut = LinkFault{LinkError::kCut, "the other side closed the connection"};
    } else if (errno != EAGAIN && errno != EINTR) {
      cut = LinkFault{LinkError::kCut, std::strerror(errno)};
    }
  }

  LinkIdentity identity;
  Servers server;
  Millis bound;
  int fd;
  Session session;
  core::Bytes pending;
  std::size_t sent = 0;
  std::deque<messages::MessagePtr> received;
  std::optional<LinkFault> cut;
};

ClientLink::ClientLink(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ClientLink::~ClientLink() { close(); }

std::expected<std::unique_ptr<ClientLink>, LinkFault> ClientLink::connect(const LinkIdentity& identity,
                                                                          const ClientLinkOptions& options) {
  const auto fd = dial(options.address, options.bound);
  if (!fd) return std::unexpected(LinkFault{LinkError::kDialFailed, fd.error()});
  auto impl = std::make_unique<Impl>(identity, options, *fd);
  impl->run(now() + options.bound, [&] { return impl->session.established(); });
  // The own confirmation must leave too, or the other side never has the link.
  impl->session.produce(impl->pending, 256 << 10, now());
  impl->run(now() + options.bound, [&] { return impl->sent == impl->pending.size(); });
  if (const auto fault = impl->fault()) return std::unexpected(*fault);
  if (!impl->session.established()) {
    return std::unexpected(LinkFault{LinkError::kHandshakeTimeout, options.address + " does not answer"});
  }
  return std::unique_ptr<ClientLink>(new ClientLink(std::move(impl)));
}

std::expected<void, LinkFault> ClientLink::send(const messages::Message& message) {
  auto body = std::make_shared<const core::Bytes>(messages::encode_with_kind(message));
  if (!impl_->session.outbound()->push({messages::kind_of(message).priority, std::move(body)})) {
    return std::unexpected(impl_->fault().value_or(LinkFault{LinkError::kCut, "the link is closed"}));
  }
  const auto& impl = *impl_;
  impl_->run(now() + impl.bound,
             [&] { return impl.sent == impl.pending.size() && impl.session.outbound()->depth() == 0; });
  if (const auto fault = impl.fault()) return std::unexpected(*fault);
  return {};
}

std::expected<messages::MessagePtr, LinkFault> ClientLink::receive(Millis timeout) {
  impl_->run(now() + timeout, [&] { return !impl_->received.empty(); });
  if (!impl_->received.empty()) {
    auto out = std::move(impl_->received.front());
    impl_->received.pop_front();
    return out;
  }
  if (const auto fault = impl_->fault()) return std::unexpected(*fault);
  return nullptr;
}

bool ClientLink::alive() {
  impl_->run(now(), [] { return false; });
  return !impl_->fault();
}

void ClientLink::close() {
  if (!impl_ || impl_->fault()) return;
  impl_->session.say_goodbye();
  impl_->run(now() + Millis(200), [this] { return impl_->session.outbound()->depth() == 0 && impl_->pending.empty(); });
  impl_->session.produce(impl_->pending, 1 << 20, now());
  impl_->write_some();
  impl_->cut = LinkFault{LinkError::kShutdown, "closed"};
}

core::LinkKey ClientLink::peer() const { return impl_->session.peer(); }
const core::Word& ClientLink::transcript() const { return impl_->session.transcript(); }

}  // namespace asterism::cluster
