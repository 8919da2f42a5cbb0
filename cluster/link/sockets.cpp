#include "cluster/link/sockets.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

namespace asterism::cluster {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

std::expected<Addresses, std::string> resolve(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(host.empty() ? nullptr : host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (code != 0) return std::unexpected(host + ": " + gai_strerror(code));
  return Addresses(list);
}

// Votes must not wait for more bytes (Nagle), nor behind megabytes in the kernel's buffer.
void tune(int fd) {
  const int on = 1, unsent = 128 << 10;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

// 0 when connected, else errno.
int await_connect(int fd, Millis bound, const std::atomic<bool>* stop) {
  for (Millis waited{0}; waited < bound; waited += Millis(100)) {
    if (stop != nullptr && stop->load()) return ECANCELED;
    pollfd wait{fd, POLLOUT, 0};
    if (poll(&wait, 1, 100) <= 0) continue;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
  }
  return ETIMEDOUT;
}

}  // namespace

std::optional<HostPort> parse_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (host.front() == '[' && host.back() == ']' && host.size() > 2) host = host.substr(1, host.size() - 2);
  return HostPort{std::string(host), port};
}

std::expected<int, std::string> dial(const std::string& address, Millis bound, const std::atomic<bool>* stop) {
  const auto target = parse_host_port(address);
  if (!target) return std::unexpected(address + " is not host:port");
  const auto list = resolve(target->host, target->port, 0);
  if (!list) return std::unexpected(list.error());
  std::string text = "no address";
  for (const addrinfo* each = list->get(); each != nullptr; each = each->ai_next) {
    const int fd = socket(each->ai_family, each->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, each->ai_protocol);
    if (fd < 0) continue;
    int error = connect(fd, each->ai_addr, each->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) error = await_connect(fd, bound, stop);
    if (error == 0) {
      tune(fd);
      return fd;
    }
    text = std::strerror(error);
    ::close(fd);
  }
  return std::unexpected(address + ": " + text);
}

std::expected<Listening, std::string> listen_on(const std::string& host, std::uint16_t port) {
  const auto list = resolve(host, port, AI_PASSIVE);
  if (!list) return std::unexpected(list.error());
  std::string text = "no address";
  for (const addrinfo* each = list->get(); each != nullptr; each = each->ai_next) {
    const int fd = socket(each->ai_family, each->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, each->ai_protocol);
    if (fd < 0) continue;
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    tune(fd);
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (bind(fd, each->ai_addr, each->ai_addrlen) == 0 && ::listen(fd, 128) == 0 &&
        getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) == 0) {
      const auto raw = bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                                                   : reinterpret_cast<sockaddr_in*>(&bound)->sin_port;
      return Listening{fd, ntohs(raw)};
    }
    text = std::strerror(errno);
    ::close(fd);
  }
  return std::unexpected("cannot listen on " + host + ":" + std::to_string(port) + ": " + text);
}

void close_socket(int fd) { ::close(fd); }

}  // namespace asterism::cluster
