#include "cluster/links.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <thread>

#include "cluster/link/sockets.hpp"
#include "cluster/link_actor.hpp"

namespace asterism::cluster {

Millis monotonic_now() {
  return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
}

std::uint64_t unix_ms_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<Millis>(now).count());
}

namespace {

std::string host_of(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "?";
  if (address.ss_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text, sizeof text);
  } else {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
  }
  return text;
}

std::string port_of(const sockaddr_storage& address) {
  const auto raw = address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                                 : reinterpret_cast<const sockaddr_in&>(address).sin_port;
  return std::to_string(ntohs(raw));
}

}  // namespace

struct Links::Impl {
  Impl(caf::actor_system& actor_system, const LinkParts& parts, const LinkSettings& settings)
      : system(actor_system), context(std::make_shared<LinkContext>(parts, settings)) {}

  std::expected<void, std::string> open(const std::string& where, ListenerKind kind) {
    if (where.empty()) return {};
    const auto at = parse_host_port(where);
    const std::string key = kind == ListenerKind::kPeers ? "listen.peers: " : "listen.clients: ";
    if (!at) return std::unexpected(key + where + " is not host:port");
    const auto listening = listen_on(at->host, at->port);
    if (!listening) return std::unexpected(key + listening.error());
    (kind == ListenerKind::kPeers ? peers : clients) = *listening;
    return {};
  }

  void accept_all() {
    while (!context->stopping) {
      pollfd wait[2] = {{peers.fd, POLLIN, 0}, {clients.fd, POLLIN, 0}};  // -1 is passed over
      if (poll(wait, 2, 100) <= 0) continue;
      if ((wait[0].revents & POLLIN) != 0) accept_one(peers.fd, ListenerKind::kPeers);
      if ((wait[1].revents & POLLIN) != 0) accept_one(clients.fd, ListenerKind::kClients);
    }
  }

  void accept_one(int listener, ListenerKind kind) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int fd = accept4(listener, reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const std::string host = host_of(from), address = host + ":" + port_of(from);
    bool allowed = false;
    {
      const std::lock_guard lock(context->mutex);
      allowed = (kind == ListenerKind::kClients ? context->client_limits : context->peer_limits).connect(host);
    }
    if (!allowed) {
      close_socket(fd);
      context->metrics.count("asterism_link_faults_total", 1, "reason", to_string(LinkError::kTooManyLinks));
      return;
    }
    context->enter();
    system.middleman().spawn_broker(connection_actor,
                                    ConnectionStart{fd, Side::kResponder, kind, std::nullopt, address, host}, context);
  }

  void own(Member member) {
    const std::lock_guard lock(context->own_mutex);
    {
      const std::lock_guard inner(context->mutex);
      if (context->stopping || context->owners.contains(member.key)) return;
    }
    const core::LinkKey key = member.key;
    context->enter();
    const auto owner = system.spawn(peer_actor, std::move(member), context);
    const std::lock_guard inner(context->mutex);
    if (context->stopping)
      caf::anon_send(owner, leave_atom::value);  // stop() has been through the owners
    else
      context->owners[key] = owner;
  }

  caf::actor_system& system;
  std::shared_ptr<LinkContext> context;
  Listening peers, clients;
  std::thread acceptor;
  bool started = false;
};

Links::Links(caf::actor_system& system, const LinkParts& parts, const LinkSettings& settings)
    : impl_(std::make_unique<Impl>(system, parts, settings)) {}

Links::~Links() { stop(); }

std::expected<void, std::string> Links::start() {
  auto& context = impl_->context;
  if (auto opened = impl_->open(context->settings.peers_listen, ListenerKind::kPeers); !opened) return opened;
  if (auto opened = impl_->open(context->settings.clients_listen, ListenerKind::kClients); !opened) return opened;
  for (Member& member : context->membership.to_dial()) impl_->own(std::move(member));
  impl_->acceptor = std::thread([impl = impl_.get()] { impl->accept_all(); });
  impl_->started = true;
  return {};
}

std::uint16_t Links::peers_port() const { return impl_->peers.port; }
std::uint16_t Links::clients_port() const { return impl_->clients.port; }
const LinkBook& Links::book() const { return impl_->context->book; }

void Links::adopt(const messages::ProcessCertificate& certificate) {
  LinkContext& context = *impl_->context;
  context.log(actors::LogLevel::kInfo, "event=certificate process=" + certificate.name + " key=" +
                                           certificate.key.hex() + " serial=" + std::to_string(certificate.serial));
  // What its link may carry follows from the roles that it had when the link came up.
  {
    const std::lock_guard lock(context.mutex);
    const auto live = context.live.find({ListenerKind::kPeers, certificate.key});
    if (live != context.live.end()) caf::anon_send(live->second, leave_atom::value);
  }
  context.router.tell_processes(messages::ProcessCertificates{{certificate}});
  for (Member& member : context.membership.to_dial()) {
    if (member.key == certificate.key) impl_->own(std::move(member));
  }
}

void Links::drop(const core::LinkKey& key) {
  const std::lock_guard lock(impl_->context->mutex);
  const auto live = impl_->context->live.find({ListenerKind::kPeers, key});
  if (live != impl_->context->live.end()) caf::anon_send(live->second, leave_atom::value);
  impl_->context->book.forget({ListenerKind::kPeers, key});
}

void Links::stop() {
  if (impl_->context->stopping.exchange(true)) return;
  if (impl_->acceptor.joinable()) impl_->acceptor.join();
  for (const Listening& each : {impl_->peers, impl_->clients}) {
    if (each.fd >= 0) close_socket(each.fd);
  }
  LinkContext& context = *impl_->context;
  std::unique_lock lock(context.mutex);
  for (const auto& [key, owner] : context.owners) caf::anon_send(owner, leave_atom::value);
  for (const auto& connection : context.connections) caf::anon_send(connection, leave_atom::value);
  context.owners.clear();
  // A connection whose other side takes nothing is cut after a second.
  context.all_left.wait_for(lock, std::chrono::seconds(4), [&] { return context.running == 0; });
}

}  // namespace asterism::cluster
