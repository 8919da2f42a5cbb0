#include <algorithm>
#include <utility>

#include "actors/sequencer/sequencer.hpp"
#include "core/base/check.hpp"
#include "core/chain/transaction_hash.hpp"
#include "core/state/native.hpp"

namespace asterism::actors::sequencer {

void Sequencer::on(const messages::BuildBlock& build, const Now& now, Effects& effects) {
  if (build.height != head().number.value + 1) {
    return effects.log(LogLevel::kWarn, "event=build_refused block=" + std::to_string(build.height) +
                                            " head=" + std::to_string(head().number.value));
  }
  // A later round: what was collected for an earlier one is still good, and the mempool does not give it twice.
  if (own_ && !own_->block->transactions.empty()) return answer_built(*own_, core::Round(build.round), effects);
  if (building_) {
    building_->round = core::Round(build.round);
    building_->wait_until = std::min(building_->wait_until, now.monotonic + Millis(build.wait_ms));
    return;
  }
  open_block(build, now);
  take_handlers(now);
  const bool something = !building_->transactions.empty();
  ask_mempool(something ? Millis(0) : Millis(build.wait_ms), effects);
}

void Sequencer::open_block(const messages::BuildBlock& build, const Now& now) {
  Building& out = building_.emplace();
  out.round = core::Round(build.round);
  out.header = core::open_header(rules_, parent(), context_.genesis.validators[context_.self.value].fee_account,
                                 build.unix_ms / 1000);
  out.reads = std::make_unique<storage::StateRecorder>(state_);
  out.executor = std::make_unique<core::BlockExecutor>(
      *out.reads, rules_.execution, core::context_of(rules_, out.header, tenth_before(out.header.number)),
      known_good());
  out.wait_until = now.monotonic + Millis(build.wait_ms);
}

core::Felt Sequencer::next_l1_nonce() const {
  return state_.storage(core::native::fee_token_address(), core::native::next_l1_nonce_key());
}

bool Sequencer::handlers_wait() const {
  const core::Felt next = next_l1_nonce();
  return !l1_.blocked && std::any_of(l1_.messages.begin(), l1_.messages.end(),
                                     [&](const core::L1ToL2Message& message) { return message.nonce == next; });
}

void Sequencer::on(const messages::L1Messages& messages, Effects& effects) {
  l1_ = messages;
  if (handlers_wait()) effects.send(ToOwn{}, messages::WorkPending{true});
}

void Sequencer::take_handlers(const Now& now) {
  if (l1_.blocked) return;
  std::uint64_t taken = 0;
  for (const core::L1ToL2Message& message : l1_.messages) {
    if (taken >= context_.settings.handlers_per_block) break;
    core::Transaction handler = core::handler_of(message);
    // Those already consumed, and those behind a gap, have another nonce than the next.
    if (!building_->executor->execute(handler)) continue;
    building_->bytes += core::transaction_bytes(handler);
    building_->transactions.push_back(std::move(handler));
    ++taken;
  }
  if (taken > 0) building_->close_at = now.monotonic + context_.settings.block_deadline;
}

void Sequencer::ask_mempool(Millis wait, Effects& effects) {
  const core::Limits& limits = rules_.execution.limits;
  const bool more = std::exchange(building_->mempool_asked, true);
  building_->asked = next_request_++;
  effects.send(ToOwn{}, messages::TakeTransactions{
                            .request = *building_->asked,
                            .max_count = limits.block_transactions - building_->transactions.size(),
                            .max_bytes = limits.block_bytes - std::min(building_->bytes, limits.block_bytes),
                            .wait_ms = static_cast<std::uint32_t>(wait.count()),
                            .more = more});
}

void Sequencer::on(const messages::TransactionsTaken& taken, const Now& now, Effects& effects) {
  if (!building_ || building_->asked != taken.request) return;
  building_->asked.reset();
  messages::TransactionsRejected rejected;
  std::size_t accepted = 0;
  const std::vector<core::Felt> hashes = core::transaction_hashes(taken.transactions, rules_.execution.chain_id);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const core::Transaction& transaction = taken.transactions[i];
    const auto executed = building_->executor->execute(transaction, hashes[i]);
    if (executed) {
      building_->bytes += core::transaction_bytes(transaction);
      building_->transactions.push_back(transaction);
      ++accepted;
    } else if (executed.error() == core::Rejection::kBlockFull) {
      building_->full = true;
    } else {
      rejected.hashes.push_back(hashes[i].to_be());
      rejected.reasons.push_back(static_cast<std::uint8_t>(executed.error()));
    }
  }
  if (!rejected.hashes.empty()) {
    effects.count("asterism_transactions_rejected_total", static_cast<double>(rejected.hashes.size()));
    effects.send(ToOwn{}, std::move(rejected));
  }
  const core::Limits& limits = rules_.execution.limits;
  building_->full = building_->full || building_->transactions.size() >= limits.block_transactions;
  if (accepted > 0 && !building_->close_at) building_->close_at = now.monotonic + context_.settings.block_deadline;

  const bool none_left = taken.transactions.empty();
  if (building_->full || (none_left && (building_->close_at || now.monotonic >= building_->wait_until))) {
    return close_own_block(effects);
  }
  // Only rejected ones so far, or more may come until the deadline.
  const Millis end = building_->close_at.value_or(building_->wait_until);
  if (now.monotonic >= end) return close_own_block(effects);
  if (none_left) return ask_mempool(end - now.monotonic, effects);
  effects.start_timer(kCollectTimer, std::min(context_.settings.collect, end - now.monotonic));
}

void Sequencer::expire(TimerId timer, const Now& now, Effects& effects) {
  if (halted_ || timer != kCollectTimer || !building_ || building_->asked) return;
  const Millis end = building_->close_at.value_or(building_->wait_until);
  if (now.monotonic >= end) return close_own_block(effects);
  ask_mempool(building_->close_at ? std::min(context_.settings.idle, end - now.monotonic) : end - now.monotonic,
              effects);
}

void Sequencer::close_own_block(Effects& effects) {
  Building done = std::move(*building_);
  building_.reset();
  auto executed =
      core::close_block(std::move(done.header), done.transactions, *done.executor, *done.reads, head().roots);
  ASTERISM_CHECK(executed.has_value(), "the store has every node of its last version");
  auto block = std::make_shared<core::Block>();
  block->header = executed->header;
  block->transactions = std::move(done.transactions);
  auto candidate = std::make_shared<Candidate>();
  candidate->block = std::move(block);
  candidate->executed = std::move(*executed);
  candidate->reads = std::move(done.reads);
  own_ = candidate;
  candidates_.insert_or_assign(candidate->executed.hash.to_be(), candidate);
  answer_built(*candidate, done.round, effects);
}

void Sequencer::answer_built(const Candidate& candidate, core::Round round, Effects& effects) const {
  effects.send(ToOwn{}, messages::BlockBuilt{.height = candidate.block->header.number.value,
                                             .round = round.value,
                                             .hash = candidate.executed.hash.to_be(),
                                             .block = *candidate.block});
}

}  // namespace asterism::actors::sequencer
