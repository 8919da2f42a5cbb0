#include "cluster/link/rate_limit.hpp"

#include <algorithm>

namespace asterism::cluster {

using actors::Millis;

namespace {
constexpr double kBurstSeconds = 2;
constexpr std::size_t kMaxBuckets = 10000;
}  // namespace

bool RateLimiter::exempt(const std::string& address) const {
  return limits_.loopback_exempt && (address.starts_with("127.") || address == "::1" || address == "localhost" ||
                                     address.starts_with("::ffff:127."));
}

bool RateLimiter::take(Bucket& bucket, double rate, Millis now) {
  const double passed = static_cast<double>((now - bucket.since).count()) / 1000.0;
  bucket.tokens = std::min(bucket.tokens + passed * rate, rate * kBurstSeconds);
  bucket.since = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

bool RateLimiter::allow(const std::string& address, Millis now) {
  if (exempt(address)) return true;
  if (!started_) all_ = {limits_.in_all * kBurstSeconds, now};
  started_ = true;
  if (limits_.per_address > 0) {
    if (buckets_.size() >= kMaxBuckets) {
      std::erase_if(buckets_, [&](const auto& each) { return now - each.second.since > Millis(10000); });
    }
    if (buckets_.size() >= kMaxBuckets && !buckets_.contains(address)) return false;
    const auto [bucket, fresh] = buckets_.try_emplace(address, Bucket{limits_.per_address * kBurstSeconds, now});
    if (!take(bucket->second, limits_.per_address, now)) return false;
  }
  return limits_.in_all <= 0 || take(all_, limits_.in_all, now);
}

bool RateLimiter::connect(const std::string& address) {
  std::size_t& here = connections_[address];
  const bool full = connected_ >= limits_.connections || here >= limits_.connections_per_address;
  if (full && !exempt(address)) {
    if (here == 0) connections_.erase(address);
    return false;
  }
  ++here;
  ++connected_;
  return true;
}

void RateLimiter::disconnect(const std::string& address) {
  const auto found = connections_.find(address);
  if (found == connections_.end()) return;
  --connected_;
  if (--found->second == 0) connections_.erase(found);
}

}  // namespace asterism::cluster
