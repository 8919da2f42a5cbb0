// Token buckets: one for each client process, one for all.
#pragma once
#include <algorithm>
#include <chrono>
#include <unordered_map>

#include "core/chain/keys.hpp"

namespace asterism::actors::gateway {

using Millis = std::chrono::milliseconds;

// Holds one second's worth; counted in thousandths of a token, so that no rounding is ever lost. Rate 0: no limit.
class TokenBucket {
 public:
  TokenBucket(std::uint64_t per_second, Millis now)
      : per_second_(per_second), thousandths_(per_second * 1000), filled_(now) {}

  bool take(Millis now) {
    if (per_second_ == 0) return true;
    fill(now);
    if (thousandths_ < 1000) return false;
    thousandths_ -= 1000;
    return true;
  }
  bool full(Millis now) const {
    TokenBucket filled = *this;
    filled.fill(now);
    return filled.thousandths_ == per_second_ * 1000;
  }

 private:
  void fill(Millis now) {
    if (now <= filled_) return;
    const auto passed = static_cast<std::uint64_t>(std::min(now - filled_, Millis(1000)).count());
    thousandths_ = std::min(thousandths_ + passed * per_second_, per_second_ * 1000);
    filled_ = now;
  }

  std::uint64_t per_second_;
  std::uint64_t thousandths_;
  Millis filled_;
};

class RateLimit {
 public:
  RateLimit(std::uint64_t per_client, std::uint64_t total) : per_client_(per_client), all_(total, Millis(0)) {}

  bool admit(const core::LinkKey& client, Millis now) {
    if (per_client_ == 0) return all_.take(now);
    if (clients_.size() >= kMostClients) std::erase_if(clients_, [&](auto& entry) { return entry.second.full(now); });
    const auto found = clients_.find(client);
    if (found == clients_.end() && clients_.size() >= kMostClients) return false;
    TokenBucket& bucket = clients_.try_emplace(client, per_client_, now).first->second;
    return bucket.take(now) && all_.take(now);
  }
  std::size_t clients() const { return clients_.size(); }

 private:
  static constexpr std::size_t kMostClients = 10'000;
  std::uint64_t per_client_;
  TokenBucket all_;
  std::unordered_map<core::LinkKey, TokenBucket> clients_;
};

}  // namespace asterism::actors::gateway
