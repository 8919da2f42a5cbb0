// Token buckets for the clients' listener: requests per address and in all, and connections in all. Time is an
// argument. Memory is bounded: an address whose bucket is full again is forgotten.
#pragma once
#include <map>
#include <string>

#include "actors/machine.hpp"

namespace asterism::cluster {

struct RateLimits {
  double per_address = 200;  // requests a second; 0: no limit
  double in_all = 2000;
  std::size_t connections = 512;
  std::size_t connections_per_address = 64;
  bool loopback_exempt = false;
};

class RateLimiter {
 public:
  explicit RateLimiter(const RateLimits& limits) : limits_(limits) {}
  bool allow(const std::string& address, actors::Millis now);
  bool connect(const std::string& address);
  void disconnect(const std::string& address);

 private:
  struct Bucket {
    double tokens = 0;
    actors::Millis since{};
  };
  static bool take(Bucket& bucket, double rate, actors::Millis now);
  bool exempt(const std::string& address) const;

  RateLimits limits_;
  std::map<std::string, Bucket> buckets_;
  std::map<std::string, std::size_t> connections_;
  std::size_t connected_ = 0;
  Bucket all_;
  bool started_ = false;
};

}  // namespace asterism::cluster
