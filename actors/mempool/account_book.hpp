// What is known of accounts from the committed state, and what became of transactions that left the pool. Both bounded.
#pragma once
#include <deque>
#include <optional>
#include <unordered_map>

#include "core/chain/transaction.hpp"

namespace asterism::actors::mempool {

struct KnownAccount {
  std::uint64_t nonce = 0;
  core::Felt class_hash, public_key;
  core::Uint128 balance = 0;
  std::uint64_t height = 0;  // of the state that balance and class were read from
};

// Two generations, the older one forgotten as a whole; what is looked up moves to the younger.
class AccountBook {
 public:
  explicit AccountBook(std::size_t generation) : generation_(generation) {}

  KnownAccount* find(const core::Felt& address) {
    if (const auto young = young_.find(address); young != young_.end()) return &young->second;
    const auto old = old_.find(address);
    if (old == old_.end()) return nullptr;
    const KnownAccount account = old->second;
    old_.erase(old);
    return &insert(address, account);
  }
  KnownAccount& insert(const core::Felt& address, const KnownAccount& account) {
    if (young_.size() >= generation_ && !young_.contains(address)) {
      old_ = std::move(young_);
      young_.clear();
    }
    old_.erase(address);
    return young_.insert_or_assign(address, account).first->second;
  }
  void forget(const core::Felt& address) {
    young_.erase(address);
    old_.erase(address);
  }
  void clear() {
    young_.clear();
    old_.clear();
  }
  std::size_t size() const { return young_.size() + old_.size(); }

 private:
  std::size_t generation_;
  std::unordered_map<core::Felt, KnownAccount> young_, old_;
};

// Frozen: the names are in answers to clients.
enum class Outcome : std::uint8_t { kCommitted, kReplaced, kEvicted, kExpired, kRejected };

struct Fate {
  Outcome outcome;
  std::uint8_t rejection = 0;  // kRejected: core::Rejection
  core::Word by{};             // kReplaced: by which transaction; zero when the nonce was used by one not seen here
};

class Fates {
 public:
  explicit Fates(std::size_t most) : most_(most) {}

  void record(const core::Felt& hash, const Fate& fate) {
    if (!by_hash_.insert_or_assign(hash, fate).second) return;
    order_.push_back(hash);
    if (order_.size() <= most_) return;
    by_hash_.erase(order_.front());
    order_.pop_front();
  }
  std::optional<Fate> find(const core::Felt& hash) const {
    const auto found = by_hash_.find(hash);
    if (found == by_hash_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::size_t most_;
  std::unordered_map<core::Felt, Fate> by_hash_;
  std::deque<core::Felt> order_;
};

}  // namespace asterism::actors::mempool
