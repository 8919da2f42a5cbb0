// From a transaction that arrived to its place in the pool, or to the reason why not.
#include "actors/mempool/mempool.hpp"
#include "core/chain/transaction_hash.hpp"
#include "core/curve/ecdsa.hpp"

namespace asterism::actors {

using mempool::KnownAccount;
using mempool::Pooled;
using mempool::PoolError;
using messages::SubmitCode;

namespace {

const core::V3Fields& fields_of(const core::Transaction& transaction) {
  if (const auto* invoke = std::get_if<core::InvokeTransaction>(&transaction)) return invoke->v3;
  return std::get<core::DeployAccountTransaction>(transaction).v3;
}

core::Felt sender_of(const core::Transaction& transaction) {
  if (const auto* invoke = std::get_if<core::InvokeTransaction>(&transaction)) return invoke->sender;
  const auto& deploy = std::get<core::DeployAccountTransaction>(transaction);
  return core::contract_address(core::Felt::zero(), deploy.salt, deploy.class_hash, deploy.constructor_calldata);
}

// Of an account that a transaction deploys; check_submission has seen to it that there is one.
std::optional<core::Felt> deployed_key(const core::Transaction& transaction) {
  const auto* deploy = std::get_if<core::DeployAccountTransaction>(&transaction);
  if (deploy == nullptr || deploy->constructor_calldata.size() != 1) return std::nullopt;
  return deploy->constructor_calldata[0];
}

std::string invalid_text(core::Rejection rejection) { return std::string(core::to_string(rejection)); }

struct Refusal {
  SubmitCode code;
  std::string_view text;
};
Refusal refusal_of(PoolError error) {
  switch (error) {
    case PoolError::kDuplicate:
      return {SubmitCode::kDuplicate, "it is in the pool already"};
    case PoolError::kOldNonce:
      return {SubmitCode::kOldNonce, "the nonce was used already"};
    case PoolError::kNonceTooFar:
      return {SubmitCode::kNonceTooFar, "the nonce is too far ahead"};
    case PoolError::kUnderpriced:
      return {SubmitCode::kUnderpriced, "underpriced replacement: tip and max price must be at least 10 % higher"};
    case PoolError::kFull:
      return {SubmitCode::kPoolFull, "the pool is full"};
    case PoolError::kAccountFull:
      return {SubmitCode::kPoolFull, "the pool holds too many transactions of this account"};
  }
  return {SubmitCode::kInvalid, ""};
}

}  // namespace

void Mempool::answer(const Candidate& candidate, SubmitCode code, std::string text, Step& step) {
  step.effects.count(code == SubmitCode::kReceived ? "asterism_mempool_admitted_total"
                                                   : "asterism_mempool_refused_total");
  if (!candidate.from) return;
  step.effects.reply(*candidate.from, messages::AdmitReply{candidate.request, candidate.pooled.word,
                                                           static_cast<std::uint8_t>(code), std::move(text)});
}

void Mempool::take_in(const core::Transaction& transaction, const std::optional<core::Felt>& hash,
                      std::optional<Sender> from, std::uint64_t request, Step& step) {
  Candidate candidate;
  candidate.from = std::move(from);
  candidate.request = request;
  if (const auto wrong = core::check_submission(transaction, options_.rules)) {
    return answer(candidate, SubmitCode::kInvalid, invalid_text(*wrong), step);
  }
  Pooled& pooled = candidate.pooled;
  pooled.size = core::transaction_bytes(transaction);
  if (pooled.size > std::min<std::uint64_t>(options_.max_transaction_bytes, options_.rules.limits.block_bytes)) {
    return answer(candidate, SubmitCode::kTooLarge, "the transaction is too large", step);
  }
  pooled.transaction = std::make_shared<const core::Transaction>(transaction);
  pooled.memory = mempool::memory_of(*pooled.transaction);
  pooled.hash = hash ? *hash : core::transaction_hash(transaction, options_.rules.chain_id);
  pooled.word = pooled.hash.to_be();
  if (pool_.find(pooled.hash) != nullptr) {
    const Refusal refusal = refusal_of(PoolError::kDuplicate);
    return answer(candidate, refusal.code, std::string(refusal.text), step);
  }
  pooled.sender = sender_of(transaction);
  const core::V3Fields& fields = fields_of(transaction);
  const auto nonce = fields.nonce.to_u64();
  if (!nonce) return answer(candidate, SubmitCode::kNonceTooFar, "the nonce is above 64 bits", step);
  pooled.nonce = *nonce;
  pooled.tip = fields.tip;
  pooled.max_price = fields.bounds.l2_gas.max_price;
  pooled.arrived = step.now.monotonic;
  consider(std::move(candidate), step);
}

void Mempool::consider(Candidate candidate, Step& step) {
  const KnownAccount* found = accounts_.find(candidate.pooled.sender);
  if (found == nullptr || waiting_.contains(candidate.pooled.sender)) {
    return wait_for_account(std::move(candidate), step);  // behind those of its account that wait already
  }
  const KnownAccount account = *found;
  Verdict verdict = judge(candidate, account);
  if (verdict.state_may_have_changed && !candidate.fresh && height_ && account.height < *height_) {
    return wait_for_account(std::move(candidate), step);
  }
  if (verdict.code != SubmitCode::kReceived) return answer(candidate, verdict.code, std::move(verdict.text), step);
  enter(std::move(candidate), account.nonce, step);
}

Mempool::Verdict Mempool::judge(const Candidate& candidate, const KnownAccount& account) const {
  const core::Transaction& transaction = *candidate.pooled.transaction;
  core::Felt public_key = account.public_key;
  if (const auto key = deployed_key(transaction)) {
    if (!account.class_hash.is_zero()) {
      return {SubmitCode::kInvalid, invalid_text(core::Rejection::kAccountExists), false};
    }
    if (candidate.pooled.nonce != 0) return {SubmitCode::kInvalid, invalid_text(core::Rejection::kWrongNonce), false};
    public_key = *key;
  } else if (account.class_hash.is_zero()) {
    // Not deployed yet, but perhaps about to be.
    const Pooled* first = pool_.first_of(candidate.pooled.sender);
    const auto pending_key = first == nullptr ? std::nullopt : deployed_key(*first->transaction);
    if (!pending_key) return {SubmitCode::kInvalid, invalid_text(core::Rejection::kUnknownAccount), true};
    public_key = *pending_key;
  }
  if (const auto error = pool_.refuse(candidate.pooled, account.nonce)) {
    const Refusal refusal = refusal_of(*error);
    return {refusal.code, std::string(refusal.text), *error == PoolError::kNonceTooFar};
  }
  if (core::greatest_fee(fields_of(transaction)) > core::U256::from_u128(account.balance)) {
    return {SubmitCode::kInvalid, invalid_text(core::Rejection::kInsufficientBalance), true};
  }
  return judge_signature(candidate, public_key);
}

Mempool::Verdict Mempool::judge_signature(const Candidate& candidate, const core::Felt& public_key) const {
  const auto& signature = fields_of(*candidate.pooled.transaction).signature;
  if (signature.size() != 2 ||
      !core::verify(public_key, candidate.pooled.hash, core::Signature{signature[0], signature[1]})) {
    return {SubmitCode::kInvalid, invalid_text(core::Rejection::kInvalidSignature), false};
  }
  if (options_.signature_good) options_.signature_good(candidate.pooled.hash, public_key, signature);
  return {};
}

void Mempool::wait_for_account(Candidate candidate, Step& step) {
  if (waiting_count_ >= options_.max_waiting || waiting_bytes_ + candidate.pooled.memory > options_.max_waiting_bytes) {
    return answer(candidate, SubmitCode::kTryAgain, "too many transactions wait for their accounts", step);
  }
  ++waiting_count_;
  waiting_bytes_ += candidate.pooled.memory;
  const core::Felt address = candidate.pooled.sender;
  const auto [entry, first] = waiting_.try_emplace(address);
  entry->second.candidates.push_back(std::move(candidate));
  if (!first) return;
  entry->second.asked = step.now.monotonic;
  step.effects.send(ToOwn{}, messages::AccountRead{address});
}

void Mempool::ask_again(Step& step) {
  for (auto entry = waiting_.begin(); entry != waiting_.end();) {
    Waiting& waiting = entry->second;
    if (step.now.monotonic - waiting.asked < options_.read_again) {
      ++entry;
      continue;
    }
    if (waiting.attempts++ < options_.read_attempts) {
      waiting.asked = step.now.monotonic;
      step.effects.send(ToOwn{}, messages::AccountRead{entry->first});
      ++entry;
      continue;
    }
    for (const auto& candidate : waiting.candidates) {
      --waiting_count_;
      waiting_bytes_ -= candidate.pooled.memory;
      answer(candidate, SubmitCode::kUnavailable, "the state cannot be read now", step);
    }
    entry = waiting_.erase(entry);
  }
}

void Mempool::enter(Candidate candidate, std::uint64_t account_nonce, Step& step) {
  const auto transaction = candidate.pooled.transaction;
  const std::uint64_t size = candidate.pooled.size;
  auto added = pool_.add(candidate.pooled, account_nonce);
  depart(added.departed, step);
  if (added.error) {
    const Refusal refusal = refusal_of(*added.error);
    return answer(candidate, refusal.code, std::string(refusal.text), step);
  }
  answer(candidate, SubmitCode::kReceived, "", step);
  if (!candidate.from) return;  // who gossips it sends it to everybody
  if (gossip_size_ + size > options_.gossip_bytes) pass_on(step);
  gossip_.push_back(*transaction);
  gossip_size_ += size;
}

}  // namespace asterism::actors
