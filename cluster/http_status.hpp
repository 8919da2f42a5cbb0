// /metrics (Prometheus) and /health (JSON with open alarms) on a local port.
#pragma once
#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace asterism::cluster {

class HttpStatus {
 public:
  struct Health {
    bool well = true;
    std::string json;
  };
  // `address` "host:port"; port 0: any.
  static std::expected<std::unique_ptr<HttpStatus>, std::string> start(const std::string& address,
                                                                       std::function<std::string()> metrics,
                                                                       std::function<Health()> health);
  ~HttpStatus();
  std::uint16_t port() const;

 private:
  struct Impl;
  explicit HttpStatus(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace asterism::cluster
