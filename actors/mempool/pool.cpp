#include "actors/mempool/pool.hpp"

#include <limits>
#include <queue>
#include <utility>

#include "core/base/check.hpp"

namespace asterism::actors::mempool {

namespace {

constexpr std::size_t kEntryOverhead = 900;  // the variant, the shared block, map nodes and four index entries
constexpr std::size_t kAccountOverhead = 400;

}  // namespace

std::size_t memory_of(const core::Transaction& transaction) {
  struct Felts {
    std::size_t operator()(const core::InvokeTransaction& t) const {
      return fields(t.v3) + t.calldata.capacity() + t.account_deployment_data.capacity() + t.proof_facts.capacity();
    }
    std::size_t operator()(const core::DeployAccountTransaction& t) const {
      return fields(t.v3) + t.constructor_calldata.capacity();
    }
    std::size_t operator()(const core::L1HandlerTransaction& t) const { return t.calldata.capacity(); }
    static std::size_t fields(const core::V3Fields& v3) {
      return v3.paymaster_data.capacity() + v3.signature.capacity();
    }
  };
  return kEntryOverhead + kAccountOverhead + sizeof(core::Felt) * std::visit(Felts{}, transaction);
}

core::Uint128 replacement_price(core::Uint128 price) {
  const core::Uint128 raise = price / 10 + (price % 10 != 0 ? 1 : 0);
  const core::Uint128 raised = price + raise;
  return raised < price ? std::numeric_limits<core::Uint128>::max() : raised;
}

void Pool::unindex(const core::Felt& account, const Queue& queue) {
  if (queue.entries.empty()) return;
  if (queue.gap_free > 0) {
    const Pooled& first = queue.entries.begin()->second;
    ready_.erase({first.tip, first.word, account});
  }
  if (queue.gapped() > 0) {
    gapped_.erase({queue.gapped(), account});
  } else {
    const Pooled& last = queue.entries.rbegin()->second;
    tails_.erase({last.tip, last.word, account});
  }
}

void Pool::index(const core::Felt& account, const Queue& queue) {
  if (queue.entries.empty()) return;
  if (queue.gap_free > 0) {
    const Pooled& first = queue.entries.begin()->second;
    ready_.insert({first.tip, first.word, account});
  }
  if (queue.gapped() > 0) {
    gapped_.insert({queue.gapped(), account});
  } else {
    const Pooled& last = queue.entries.rbegin()->second;
    tails_.insert({last.tip, last.word, account});
  }
}

void Pool::count_gap_free(Queue& queue) const {
  auto entry = queue.entries.find(queue.nonce + queue.gap_free);
  while (entry != queue.entries.end() && entry->first == queue.nonce + queue.gap_free) {
    ++queue.gap_free;
    ++entry;
  }
}

Pooled Pool::take_out(Queue& queue, std::map<std::uint64_t, Pooled>::iterator entry) {
  Pooled out = std::move(entry->second);
  if (out.nonce >= queue.nonce && out.nonce - queue.nonce < queue.gap_free) {
    queue.gap_free = static_cast<std::size_t>(out.nonce - queue.nonce);
  }
  queue.entries.erase(entry);
  by_hash_.erase(out.hash);
  ages_.erase({out.arrived, out.word, out.hash});
  memory_ -= out.memory;
  return out;
}

void Pool::drop_if_empty(Queues::iterator queue) {
  if (queue->second.entries.empty()) queues_.erase(queue);
}

std::optional<PoolError> Pool::refuse(const Pooled& newcomer, std::uint64_t account_nonce) const {
  if (by_hash_.contains(newcomer.hash)) return PoolError::kDuplicate;
  const auto found = queues_.find(newcomer.sender);
  if (found != queues_.end()) account_nonce = std::max(account_nonce, found->second.nonce);
  if (newcomer.nonce < account_nonce) return PoolError::kOldNonce;
  // The gap is counted from where the gap-free part ends: many transactions in a row are no gap.
  const std::uint64_t next = next_nonce(newcomer.sender, account_nonce);
  if (newcomer.nonce > next && newcomer.nonce - next > limits_.max_nonce_gap) return PoolError::kNonceTooFar;
  if (found == queues_.end()) return std::nullopt;
  const auto rival = found->second.entries.find(newcomer.nonce);
  if (rival != found->second.entries.end()) {
    if (newcomer.tip < replacement_price(rival->second.tip) ||
        newcomer.max_price < replacement_price(rival->second.max_price)) {
      return PoolError::kUnderpriced;
    }
  } else if (found->second.entries.size() >= limits_.max_per_account) {
    return PoolError::kAccountFull;
  }
  return std::nullopt;
}

std::optional<core::Felt> Pool::victim(const Pooled& newcomer, bool gap_free, bool replaces) const {
  const auto own = queues_.find(newcomer.sender);
  const std::size_t own_gapped = own == queues_.end() ? 0 : own->second.gapped();
  for (auto longest = gapped_.rbegin(); longest != gapped_.rend(); ++longest) {
    const bool is_own = longest->account == newcomer.sender;
    if (is_own && (replaces || !gap_free)) continue;
    if (!gap_free && longest->count <= own_gapped + 1) return std::nullopt;
    return longest->account;
  }
  if (!gap_free) return std::nullopt;
  for (auto lowest = tails_.rbegin(); lowest != tails_.rend(); ++lowest) {
    if (lowest->tip >= newcomer.tip) return std::nullopt;
    if (lowest->account != newcomer.sender) return lowest->account;
  }
  return std::nullopt;
}

Pooled Pool::evict_last(const core::Felt& account) {
  const auto queue = queues_.find(account);
  ASTERISM_CHECK(queue != queues_.end() && !queue->second.entries.empty(), "indexes name an account without a queue");
  unindex(account, queue->second);
  Pooled out = take_out(queue->second, std::prev(queue->second.entries.end()));
  index(account, queue->second);
  drop_if_empty(queue);
  return out;
}

bool Pool::make_room(const Pooled& newcomer, bool gap_free, std::size_t spared, std::vector<Departed>& departed) {
  const bool replaces = spared != 0;
  while (by_hash_.size() + (replaces ? 0 : 1) > limits_.max_transactions ||
         memory_ + newcomer.memory - spared > limits_.max_bytes) {
    const auto account = victim(newcomer, gap_free, replaces);
    if (!account) return false;
    departed.push_back({evict_last(*account), Departure::kEvicted, {}});
  }
  return true;
}

Pool::Added Pool::add(Pooled transaction, std::uint64_t account_nonce) {
  Added out;
  out.departed = advance(transaction.sender, account_nonce);
  out.error = refuse(transaction, account_nonce);
  if (out.error) return out;
  const bool gap_free = transaction.nonce <= next_nonce(transaction.sender, account_nonce);
  const auto existing = queues_.find(transaction.sender);
  std::size_t spared = 0;
  if (existing != queues_.end()) {
    const auto rival = existing->second.entries.find(transaction.nonce);
    if (rival != existing->second.entries.end()) spared = rival->second.memory;
  }
  if (!make_room(transaction, gap_free, spared, out.departed)) {
    out.error = PoolError::kFull;
    return out;
  }
  Queue& queue = queues_.try_emplace(transaction.sender, Queue{account_nonce, 0, {}}).first->second;
  unindex(transaction.sender, queue);
  if (const auto rival = queue.entries.find(transaction.nonce); rival != queue.entries.end()) {
    out.departed.push_back({take_out(queue, rival), Departure::kReplaced, transaction.word});
  }
  memory_ += transaction.memory;
  by_hash_.emplace(transaction.hash, std::pair(transaction.sender, transaction.nonce));
  ages_.insert({transaction.arrived, transaction.word, transaction.hash});
  const core::Felt sender = transaction.sender;
  queue.entries.emplace(transaction.nonce, std::move(transaction));
  count_gap_free(queue);
  index(sender, queue);
  return out;
}

std::vector<Departed> Pool::advance(const core::Felt& account, std::uint64_t nonce) {
  std::vector<Departed> out;
  const auto found = queues_.find(account);
  if (found == queues_.end() || found->second.nonce >= nonce) return out;
  Queue& queue = found->second;
  unindex(account, queue);
  while (!queue.entries.empty() && queue.entries.begin()->first < nonce) {
    out.push_back({take_out(queue, queue.entries.begin()), Departure::kOldNonce, {}});
  }
  queue.nonce = nonce;
  queue.gap_free = 0;
  count_gap_free(queue);
  index(account, queue);
  drop_if_empty(found);
  return out;
}

std::vector<Departed> Pool::expire(Millis arrived_before) {
  std::vector<Departed> out;
  while (!ages_.empty() && ages_.begin()->arrived < arrived_before) {
    auto expired = remove(ages_.begin()->hash);
    ASTERISM_CHECK(expired.has_value(), "an age without a transaction");
    out.push_back({std::move(*expired), Departure::kExpired, {}});
  }
  return out;
}

std::optional<Pooled> Pool::remove(const core::Felt& hash) {
  const auto place = by_hash_.find(hash);
  if (place == by_hash_.end()) return std::nullopt;
  const auto [account, nonce] = place->second;
  const auto queue = queues_.find(account);
  ASTERISM_CHECK(queue != queues_.end(), "a pooled hash without a queue");
  unindex(account, queue->second);
  Pooled out = take_out(queue->second, queue->second.entries.find(nonce));
  index(account, queue->second);
  drop_if_empty(queue);
  return out;
}

std::vector<const Pooled*> Pool::best(std::uint64_t max_count, std::uint64_t max_bytes,
                                      const std::unordered_set<core::Felt>& given) const {
  struct Next {
    const Pooled* transaction;
    const Queue* queue;
    bool operator<(const Next& other) const {  // the heap's top is the greatest
      if (transaction->tip != other.transaction->tip) return transaction->tip < other.transaction->tip;
      return transaction->word > other.transaction->word;
    }
  };
  std::vector<const Pooled*> out;
  std::priority_queue<Next> followers;  // of accounts whose earlier ones are taken
  auto first = ready_.begin();
  std::uint64_t bytes = 0;
  while (out.size() < max_count && (first != ready_.end() || !followers.empty())) {
    if (first != ready_.end()) {
      const Queue& queue = queues_.at(first->account);
      const Next head{&queue.entries.begin()->second, &queue};
      if (followers.empty() || followers.top() < head) {
        followers.push(head);
        ++first;
      }
    }
    const Next next = followers.top();
    followers.pop();
    // The rest of an account whose next one does not fit has to wait; smaller ones of others may fit.
    if (!given.contains(next.transaction->hash)) {
      if (next.transaction->size > max_bytes - bytes) continue;
      bytes += next.transaction->size;
      out.push_back(next.transaction);
    }
    const std::uint64_t after = next.transaction->nonce + 1;
    if (after - next.queue->nonce < next.queue->gap_free) {
      followers.push({&next.queue->entries.find(after)->second, next.queue});
    }
  }
  return out;
}

const Pooled* Pool::find(const core::Felt& hash) const {
  const auto place = by_hash_.find(hash);
  if (place == by_hash_.end()) return nullptr;
  return &queues_.at(place->second.first).entries.at(place->second.second);
}
Pooled* Pool::find(const core::Felt& hash) { return const_cast<Pooled*>(std::as_const(*this).find(hash)); }

std::uint64_t Pool::next_nonce(const core::Felt& account, std::uint64_t account_nonce) const {
  const auto found = queues_.find(account);
  if (found == queues_.end()) return account_nonce;
  return std::max(account_nonce, found->second.nonce + found->second.gap_free);
}

const Pooled* Pool::first_of(const core::Felt& account) const {
  const auto found = queues_.find(account);
  return found == queues_.end() ? nullptr : &found->second.entries.begin()->second;
}

std::size_t Pool::count_of(const core::Felt& account) const {
  const auto found = queues_.find(account);
  return found == queues_.end() ? 0 : found->second.entries.size();
}

std::vector<core::Felt> Pool::accounts() const {
  std::vector<core::Felt> out;
  out.reserve(queues_.size());
  for (const auto& [account, queue] : queues_) out.push_back(account);
  return out;
}

}  // namespace asterism::actors::mempool
