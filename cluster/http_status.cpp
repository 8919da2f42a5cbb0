#include "cluster/http_status.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#include <httplib.h>
#pragma GCC diagnostic pop

#include <thread>

#include "cluster/link/sockets.hpp"

namespace asterism::cluster {

struct HttpStatus::Impl {
  httplib::Server server;
  std::thread thread;
  std::uint16_t port = 0;
};

HttpStatus::HttpStatus(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpStatus::~HttpStatus() {
  impl_->server.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

std::uint16_t HttpStatus::port() const { return impl_->port; }

std::expected<std::unique_ptr<HttpStatus>, std::string> HttpStatus::start(const std::string& address,
                                                                          std::function<std::string()> metrics,
                                                                          std::function<Health()> health) {
  const auto at = parse_host_port(address);
  if (!at) return std::unexpected(address + " is not host:port");
  auto impl = std::make_unique<Impl>();
  impl->server.new_task_queue = [] { return new httplib::ThreadPool(2); };
  impl->server.set_read_timeout(5);
  impl->server.set_payload_max_length(4096);
  impl->server.Get("/metrics", [metrics = std::move(metrics)](const httplib::Request&, httplib::Response& response) {
    response.set_content(metrics(), "text/plain; version=0.0.4");
  });
  impl->server.Get("/health", [health = std::move(health)](const httplib::Request&, httplib::Response& response) {
    const Health now = health();
    response.status = now.well ? 200 : 503;
    response.set_content(now.json, "application/json");
  });
  const int port = at->port == 0 ? impl->server.bind_to_any_port(at->host.c_str())
                                 : (impl->server.bind_to_port(at->host.c_str(), at->port) ? at->port : -1);
  if (port < 0) return std::unexpected("cannot listen on " + address + " (listen.metrics)");
  impl->port = static_cast<std::uint16_t>(port);
  impl->thread = std::thread([server = &impl->server] { server->listen_after_bind(); });
  return std::unique_ptr<HttpStatus>(new HttpStatus(std::move(impl)));
}

}  // namespace asterism::cluster
