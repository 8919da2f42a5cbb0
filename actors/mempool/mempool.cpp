#include "actors/mempool/mempool.hpp"

#include "core/base/check.hpp"
#include "core/chain/transaction_hash.hpp"

namespace asterism::actors {

using mempool::Departed;
using mempool::Departure;
using mempool::Outcome;
using mempool::Pooled;
using messages::SubmitCode;

namespace {

enum : TimerId { kTick = 1, kGossip = 2, kTake = 3 };
constexpr Millis kTickEvery{1'000};
constexpr std::uint64_t kTakenBytes = 12U << 20;  // below the cap of TransactionsTaken
constexpr std::uint8_t kMostDoubts = 3;

}  // namespace

Mempool::Mempool(MempoolOptions options)
    : options_(std::move(options)),
      pool_(options_.limits),
      accounts_(options_.known_accounts),
      fates_(options_.remembered_fates) {}

void Mempool::start(const Now&, Effects& effects) {
  effects.start_timer(kTick, kTickEvery);
  effects.send(ToOwn{}, messages::WorkPending{false});
}

void Mempool::receive(const Inbound& inbound, const Now& now, Effects& effects) {
  Step step{now, effects};
  std::visit([&](const auto& message) { on(inbound.from, message, step); }, *inbound.message);
  settle(step);
}

void Mempool::expire(TimerId timer, const Now& now, Effects& effects) {
  Step step{now, effects};
  if (timer == kTick) {
    if (now.monotonic > options_.ttl) depart(pool_.expire(now.monotonic - options_.ttl), step);
    ask_again(step);
    effects.start_timer(kTick, kTickEvery);
  } else if (timer == kGossip) {
    pass_on(step);
  } else if (timer == kTake && take_) {
    effects.reply(take_->from, messages::TransactionsTaken{take_->request.request, {}});
    take_.reset();
  }
  settle(step);
}

void Mempool::link_changed(const Sender& peer, bool up, const Now&, Effects& effects) {
  // A sibling that was away has missed the edges.
  if (up && peer.kind == PeerKind::kSibling) effects.send(ToOwn{}, messages::WorkPending{told_pending_});
}

void Mempool::on(const Sender& from, const messages::AdmitTransaction& message, Step& step) {
  take_in(message.transaction, std::nullopt, from, message.request, step);
}

void Mempool::on(const Sender&, const messages::TransactionGossip& message, Step& step) {
  const std::vector<core::Felt> hashes = core::transaction_hashes(message.transactions, options_.rules.chain_id);
  for (std::size_t i = 0; i < hashes.size(); ++i) take_in(message.transactions[i], hashes[i], std::nullopt, 0, step);
}

void Mempool::on(const Sender& from, const messages::TakeTransactions& message, Step& step) {
  if (!message.more) given_.clear();
  take_ = Take{message, from};  // an older question is not waited for any more
  step.effects.cancel_timer(kTake);
  hand_out(step);
  if (!take_) return;
  if (message.wait_ms == 0) {
    step.effects.reply(from, messages::TransactionsTaken{message.request, {}});
    take_.reset();
  } else {
    step.effects.start_timer(kTake, Millis(message.wait_ms));
  }
}

void Mempool::hand_out(Step& step) {
  if (!take_ || !pool_.anything_ready()) return;
  messages::TransactionsTaken out;
  out.request = take_->request.request;
  const std::uint64_t bytes = std::min<std::uint64_t>(take_->request.max_bytes, kTakenBytes);
  for (const Pooled* pooled : pool_.best(take_->request.max_count, bytes, given_)) {
    out.transactions.push_back(*pooled->transaction);
    given_.insert(pooled->hash);
  }
  if (out.transactions.empty()) return;
  step.effects.reply(take_->from, std::move(out));
  step.effects.cancel_timer(kTake);
  take_.reset();
}

void Mempool::on(const Sender&, const messages::TransactionsRejected& message, Step& step) {
  const std::size_t count = std::min(message.hashes.size(), message.reasons.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto hash = core::Felt::from_be(message.hashes[i]);
    if (!hash) continue;
    Pooled* pooled = pool_.find(*hash);
    const auto reason = static_cast<core::Rejection>(message.reasons[i]);
    if (pooled == nullptr || reason == core::Rejection::kBlockFull) continue;
    if (reason == core::Rejection::kWrongNonce && ++pooled->doubts < kMostDoubts) {
      // Either a block was committed that is not known here yet, or what is known is wrong: the state decides.
      step.effects.send(ToOwn{}, messages::AccountRead{pooled->sender});
      continue;
    }
    fates_.record(*hash, {Outcome::kRejected, message.reasons[i], {}});
    pool_.remove(*hash);
    step.effects.count("asterism_mempool_rejected_total");
  }
}

void Mempool::on(const Sender&, const messages::AccountInfo& message, Step& step) {
  mempool::KnownAccount account;
  account.nonce = message.nonce.to_u64().value_or(~0ULL);
  account.class_hash = message.class_hash;
  account.public_key = message.public_key;
  account.balance = message.balance;
  account.height = message.height;
  // The answer may have been overtaken by a block: nonces only grow.
  if (const auto* known = accounts_.find(message.address)) account.nonce = std::max(account.nonce, known->nonce);
  accounts_.insert(message.address, account);
  advance(message.address, account.nonce, step);

  const auto found = waiting_.find(message.address);
  if (found == waiting_.end()) return;
  std::vector<Candidate> candidates = std::move(found->second.candidates);
  waiting_.erase(found);
  waiting_count_ -= candidates.size();
  for (auto& candidate : candidates) {
    waiting_bytes_ -= candidate.pooled.memory;
    candidate.fresh = true;
    consider(std::move(candidate), step);
  }
}

void Mempool::on(const Sender&, const messages::BlockCommitted& message, Step& step) {
  const bool gap = height_ && message.height > *height_ + 1;
  height_ = std::max(message.height, height_.value_or(0));
  for (const auto& word : message.transactions) {
    const auto hash = core::Felt::from_be(word);
    if (!hash) continue;
    // Remembered also when it was never here: gossip may still bring it.
    fates_.record(*hash, {Outcome::kCommitted, 0, {}});
    pool_.remove(*hash);
  }
  for (const auto& [address, felt] : message.accounts) {
    const std::uint64_t nonce = felt.to_u64().value_or(~0ULL);
    if (auto* known = accounts_.find(address)) known->nonce = std::max(known->nonce, nonce);
    advance(address, nonce, step);
  }
  if (!gap) return;
  // Blocks were missed: nothing that is known of accounts can be trusted.
  accounts_.clear();
  for (const auto& account : pool_.accounts()) step.effects.send(ToOwn{}, messages::AccountRead{account});
}

void Mempool::advance(const core::Felt& account, std::uint64_t nonce, Step& step) {
  depart(pool_.advance(account, nonce), step);
}

void Mempool::depart(const std::vector<Departed>& departed, Step& step) {
  for (const auto& [pooled, why, by] : departed) {
    switch (why) {
      case Departure::kReplaced:
        fates_.record(pooled.hash, {Outcome::kReplaced, 0, by});
        break;
      case Departure::kEvicted:
        fates_.record(pooled.hash, {Outcome::kEvicted, 0, {}});
        step.effects.count("asterism_mempool_evicted_total");
        break;
      case Departure::kExpired:
        fates_.record(pooled.hash, {Outcome::kExpired, 0, {}});
        step.effects.count("asterism_mempool_expired_total");
        break;
      case Departure::kOldNonce:
        fates_.record(pooled.hash, {Outcome::kReplaced, 0, {}});
        break;
    }
  }
}

void Mempool::pass_on(Step& step) {
  if (gossip_.empty()) return;
  step.effects.send(ToOthers{}, messages::TransactionGossip{std::move(gossip_)});
  gossip_.clear();
  gossip_size_ = 0;
  gossip_timer_ = false;
  step.effects.cancel_timer(kGossip);
}

void Mempool::settle(Step& step) {
  hand_out(step);
  if (gossip_size_ >= options_.gossip_bytes) {
    pass_on(step);
  } else if (!gossip_.empty() && !gossip_timer_) {
    gossip_timer_ = true;
    step.effects.start_timer(kGossip, options_.gossip_delay);
  }
  if (pool_.anything_ready() != told_pending_) {
    told_pending_ = pool_.anything_ready();
    step.effects.send(ToOwn{}, messages::WorkPending{told_pending_});
  }
  step.effects.gauge("asterism_mempool_transactions", static_cast<double>(pool_.size()));
  step.effects.gauge("asterism_mempool_bytes", static_cast<double>(pool_.memory()));
}

}  // namespace asterism::actors
