// Sockets as links need them: dialing with a bound, listening with errors that name the port. Blocking calls; the
// caller is a dialer's own thread or the blocking client, never the links' thread.
#pragma once
#include <atomic>
#include <expected>
#include <string>

#include "cluster/link/outbound.hpp"

namespace asterism::cluster {

struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};
// "host:port", "[v6]:port"
std::optional<HostPort> parse_host_port(std::string_view text);

// A connected, non-blocking descriptor, or why not. Looks at `stop` ten times a second.
std::expected<int, std::string> dial(const std::string& address, Millis bound, const std::atomic<bool>* stop = nullptr);
struct Listening {
  int fd = -1;
  std::uint16_t port = 0;
};
// Port 0: any free one.
std::expected<Listening, std::string> listen_on(const std::string& host, std::uint16_t port);
void close_socket(int fd);

}  // namespace asterism::cluster
