// The pool of transactions as a data structure: queues by account and nonce, order by tip, replacement, eviction.
//
// Invariants: at most the limits' transactions and bytes; one transaction per account and nonce; an account's queue
// splits into the gap-free part, which starts at the account's nonce, and the gapped rest, which cannot run yet.
// Who is pushed out of a full pool: the gapped rest of the account that has the longest one, highest nonce first; only
// when nothing is gapped, the last transaction of the account whose last one has the lowest tip, and only for a higher
// tip. A gapped newcomer pushes out only from an account with a longer gapped rest than its own would be, and never
// what is gap-free: spam with gaps cannot cost anybody else a place.
#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/chain/transaction.hpp"

namespace asterism::actors::mempool {

using Millis = std::chrono::milliseconds;

struct PoolLimits {
  std::size_t max_transactions = 120'000;
  std::size_t max_bytes = 256U << 20;
  std::size_t max_per_account = 1000;
  std::uint64_t max_nonce_gap = 200;
};

struct Pooled {
  std::shared_ptr<const core::Transaction> transaction;
  core::Felt hash;
  core::Word word{};  // the hash as bytes
  core::Felt sender;
  std::uint64_t nonce = 0;
  std::uint64_t tip = 0;
  core::Uint128 max_price = 0;  // of L2 gas
  std::size_t memory = 0;       // bytes that it counts
  std::uint64_t size = 0;       // bytes of a block that it takes
  Millis arrived{};
  std::uint8_t doubts = 0;  // how often a block could not take it although its turn seemed to have come
};

// Bytes of memory that a pooled transaction holds, with its place in the indexes.
std::size_t memory_of(const core::Transaction& transaction);
// +10 %, rounded up, saturated.
core::Uint128 replacement_price(core::Uint128 price);

enum class PoolError : std::uint8_t { kDuplicate, kOldNonce, kNonceTooFar, kUnderpriced, kFull, kAccountFull };
enum class Departure : std::uint8_t { kReplaced, kEvicted, kExpired, kOldNonce };

struct Departed {
  Pooled transaction;
  Departure why;
  core::Word by{};  // kReplaced: the hash that took its place
};

class Pool {
 public:
  explicit Pool(PoolLimits limits) : limits_(limits) {}

  struct Added {
    std::optional<PoolError> error;
    std::vector<Departed> departed;  // what made place, even where that was not enough
  };
  // `account_nonce`: of the committed state, never below what was said before.
  Added add(Pooled transaction, std::uint64_t account_nonce);
  // What add would say for a reason other than a full pool.
  std::optional<PoolError> refuse(const Pooled& newcomer, std::uint64_t account_nonce) const;
  // The account's nonce has become `nonce`.
  std::vector<Departed> advance(const core::Felt& account, std::uint64_t nonce);
  std::vector<Departed> expire(Millis arrived_before);
  std::optional<Pooled> remove(const core::Felt& hash);

  // What can run now, best tip first (ties by hash), an account's in the order of nonces; nothing is removed.
  // Those in `given` are left out; what follows them is not.
  std::vector<const Pooled*> best(std::uint64_t max_count, std::uint64_t max_bytes,
                                  const std::unordered_set<core::Felt>& given = {}) const;
  const Pooled* find(const core::Felt& hash) const;
  Pooled* find(const core::Felt& hash);
  // The first nonce of the account for which nothing is pooled, no lower than `account_nonce`.
  std::uint64_t next_nonce(const core::Felt& account, std::uint64_t account_nonce) const;
  // The pooled transaction that comes first for the account, if any.
  const Pooled* first_of(const core::Felt& account) const;
  std::size_t count_of(const core::Felt& account) const;
  std::vector<core::Felt> accounts() const;

  bool anything_ready() const { return !ready_.empty(); }
  std::size_t ready_accounts() const { return ready_.size(); }
  std::size_t account_count() const { return queues_.size(); }
  std::size_t gapped_accounts() const { return gapped_.size(); }
  std::size_t size() const { return by_hash_.size(); }
  std::size_t memory() const { return memory_; }
  const PoolLimits& limits() const { return limits_; }

 private:
  struct Queue {
    std::uint64_t nonce = 0;
    std::size_t gap_free = 0;  // how many entries from `nonce` on follow each other
    std::map<std::uint64_t, Pooled> entries;
    std::size_t gapped() const { return entries.size() - gap_free; }
  };
  using Queues = std::unordered_map<core::Felt, Queue>;
  struct ByLimbs {
    bool operator()(const core::Felt& a, const core::Felt& b) const { return a.montgomery() < b.montgomery(); }
  };
  struct Rank {  // of a transaction: higher tip first, then lower hash
    std::uint64_t tip;
    core::Word word;
    core::Felt account;
    bool operator<(const Rank& other) const { return tip != other.tip ? tip > other.tip : word < other.word; }
  };
  struct Gapped {
    std::size_t count;
    core::Felt account;
    bool operator<(const Gapped& other) const {
      return count != other.count ? count < other.count : ByLimbs()(account, other.account);
    }
  };
  struct Age {
    Millis arrived;
    core::Word word;
    core::Felt hash;
    bool operator<(const Age& other) const {
      return arrived != other.arrived ? arrived < other.arrived : word < other.word;
    }
  };

  // A queue leaves the indexes before it is changed and comes back after.
  void unindex(const core::Felt& account, const Queue& queue);
  void index(const core::Felt& account, const Queue& queue);
  void count_gap_free(Queue& queue) const;
  Pooled take_out(Queue& queue, std::map<std::uint64_t, Pooled>::iterator entry);
  void drop_if_empty(Queues::iterator queue);
  bool make_room(const Pooled& newcomer, bool gap_free, std::size_t spared, std::vector<Departed>& departed);
  std::optional<core::Felt> victim(const Pooled& newcomer, bool gap_free, bool replaces) const;
  Pooled evict_last(const core::Felt& account);

  PoolLimits limits_;
  Queues queues_;
  std::unordered_map<core::Felt, std::pair<core::Felt, std::uint64_t>> by_hash_;  // -> account, nonce
  std::set<Rank> ready_;                                                          // first of each account that can run
  std::set<Rank> tails_;     // last of each account with nothing gapped
  std::set<Gapped> gapped_;  // accounts with something gapped
  std::set<Age> ages_;
  std::size_t memory_ = 0;
};

}  // namespace asterism::actors::mempool
