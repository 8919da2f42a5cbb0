#include "actors/consensus/consensus.hpp"

#include <algorithm>

#include "actors/consensus/mutant.hpp"
#include "actors/consensus/timers.hpp"

namespace asterism::actors::consensus {

using core::BlockNumber;
using messages::BlockBuilt;
using messages::BlockChecked;
using messages::BlockCommitted;

Consensus::Consensus(const ConsensusContext& context)
    : context_(context),
      electorate_{.validators = ValidatorSet(context.genesis),
                  .genesis_hash = context.genesis_hash,
                  .self = context.self,
                  .signatures = &context.signatures},
      evidence_(context.store, context.genesis.validators.size()),
      catch_up_(context_.genesis, context.genesis_hash, context_.settings),
      peers_(context.genesis.validators.size()) {
  height_.emplace(electorate_, context.committed.next());
}

void Consensus::start(const Now& now, Effects& effects) {
  const auto height = context_.committed.next();
  const auto logged = last_logged_height(context_.store);
  if (logged && *logged > height) {
    halted_ = true;
    effects.halt("the vote log is at height " + std::to_string(logged->value) + " but the last committed block is " +
                 std::to_string(context_.committed.value) + ": blocks were lost; restore them, or remove the node");
    return;
  }
  erase_vote_log_below(context_.store, height, next_batch_);
  auto records = read_vote_log(context_.store, height);
  if (!records.records.empty() || records.damaged) height_.emplace(electorate_, height, std::move(records));
  last_progress_ = now.monotonic;
  rebroadcast_gap_ = context_.settings.rebroadcast;
  next_rebroadcast_ = now.monotonic + context_.settings.tick;
  if (context_.settings.empty_blocks) start_height();
  settle(now, effects);
  heartbeat(now, effects);
  effects.start_timer(kTickTimer, context_.settings.tick);
}

void Consensus::receive(const Inbound& inbound, const Now& now, Effects& effects) {
  if (halted_) return;
  const auto kind = inbound.from.kind;
  if (kind == PeerKind::kValidator) {
    if (inbound.from.validator && electorate_.validators.contains(*inbound.from.validator)) {
      on_peer(*inbound.from.validator, inbound.message, now, effects);
    }
  } else if (kind == PeerKind::kSelf || kind == PeerKind::kSibling) {
    if (const auto* built = std::get_if<BlockBuilt>(inbound.message.get())) {
      on(*built, inbound.message);
    } else if (const auto* checked = std::get_if<BlockChecked>(inbound.message.get())) {
      on(*checked, now, effects);
    } else if (const auto* committed = std::get_if<BlockCommitted>(inbound.message.get())) {
      on(*committed, now, effects);
    } else if (const auto* work = std::get_if<messages::WorkPending>(inbound.message.get())) {
      work_pending_ = work->pending;
      if (work_pending_) start_height();
    }
  }
  settle(now, effects);
}

void Consensus::expire(TimerId timer, const Now& now, Effects& effects) {
  if (halted_) return;
  if (timer == kTickTimer) {
    tick(now, effects);
  } else if (const auto timeout = timeout_of(timer, height())) {
    height_->timeout(timeout->step, timeout->round);
  }
  settle(now, effects);
}

void Consensus::on(const BlockBuilt& built, const messages::MessagePtr& whole) {
  if (BlockNumber(built.height) != height() || built.block.header.number != height()) return;
  if (built.hash == core::kNil) return;
  build_asked_at_.reset();
  height_->value_built(core::Round(built.round), built.hash, BlockPtr(whole, &built.block));
}

void Consensus::on(const BlockChecked& checked, const Now& now, Effects& effects) {
  const auto open = std::ranges::find_if(open_checks_, [&](const OpenCheck& check) {
    return check.value == checked.hash && check.fresh == checked.judge_freshness;
  });
  if (BlockNumber(checked.height) != height() || open == open_checks_.end()) return;
  const bool caught_up = open->caught_up;
  open_checks_.erase(open);
  if (!checked.valid) {
    effects.log(LogLevel::kWarn, "event=block_refused block=" + std::to_string(checked.height) + " hash=0x" +
                                     core::to_hex(checked.hash) + " reason=\"" + checked.reason + "\"");
  }
  if (!caught_up) {
    height_->value_judged(checked.hash, checked.judge_freshness, checked.valid);
  } else if (const auto* decided = catch_up_.next(height()); decided && checked.valid) {
    commit(*decided, now, effects);
  } else if (decided != nullptr) {
    const auto giver = catch_up_.refuse(now.monotonic);
    effects.log(LogLevel::kWarn, "event=forged_block block=" + std::to_string(checked.height) +
                                     " from=" + context_.genesis.validators[giver.value].name);
    effects.count("asterism_consensus_forged_catch_ups_total");
  }
}

void Consensus::on(const BlockCommitted& committed, const Now& now, Effects& effects) {
  const BlockNumber done(committed.height);
  if (done < height()) return;
  last_precommits_ = last_proposal_ = nullptr;
  if (done == height() && committing_) {
    messages::VoteSet set;
    const auto& certificate = std::get<messages::CommitBlock>(*committing_).decided.certificate;
    for (const auto& one : certificate.signatures) {
      set.votes.push_back({certificate.height, certificate.round, core::VoteType::kPrecommit, certificate.value,
                           one.validator, one.signature});
    }
    last_precommits_ = messages::make_message(std::move(set));
    const auto* header = height_->proposal_of(certificate.value);
    if (header != nullptr && certificate.value == committed.hash) {
      last_proposal_ = messages::make_message(messages::Proposal{*header, *height_->block(certificate.value)});
    }
  }
  effects.count("asterism_consensus_blocks_total");
  enter(done.next(), now, effects);
}

void Consensus::enter(BlockNumber height, const Now& now, Effects& effects) {
  // Only now that the block is durable may its log go; a silent height may have records that were never read.
  if (height_->silent()) {
    erase_vote_log_below(context_.store, height, next_batch_);
  } else {
    height_->erase_log(next_batch_);
  }
  height_.emplace(electorate_, height);
  open_checks_.clear();
  build_asked_at_.reset();
  commit_asked_at_.reset();
  committing_.reset();
  catch_up_.advanced_to(height);
  last_progress_ = now.monotonic;
  rebroadcast_gap_ = context_.settings.rebroadcast;
  next_rebroadcast_ = now.monotonic + rebroadcast_gap_;
  if (context_.settings.empty_blocks || work_pending_) start_height();
  release_early();
  check_caught_up(now, effects);
  last_status_ = {height.value, 0, 0};
  heartbeat(now, effects);
}

void Consensus::settle(const Now& now, Effects& effects) {
  if (halted_) return;
  perform(height_->take(), now, effects);
  commit_if_decided(now, effects);
  const auto& core = height_->core();
  if (core.round().value != last_status_.round || static_cast<std::uint8_t>(core.step()) != last_status_.step) {
    if (core.round().value != last_status_.round) {
      rebroadcast_gap_ = context_.settings.rebroadcast;
      next_rebroadcast_ = now.monotonic + rebroadcast_gap_;
    }
    last_progress_ = now.monotonic;
    const bool tell = last_status_.step == 0 && !context_.settings.empty_blocks;
    last_status_ = {height().value, core.round().value, static_cast<std::uint8_t>(core.step())};
    if (tell) heartbeat(now, effects);  // the others may be waiting for work that only we have heard of
  }
}

void Consensus::perform(Outbox outbox, const Now& now, Effects& effects) {
  auto batch = std::exchange(next_batch_, {});
  batch.append(outbox.batch);
  report(outbox, batch, effects);
  if (outbox.halt) {
    halted_ = true;
    effects.halt(*outbox.halt);
    return;
  }
  const bool sync = outbox.sync || !outbox.evidence.empty();
  if (!batch.empty()) effects.persist(std::move(batch), sync ? ASTERISM_MUTATE(2, Sync::kNo, Sync::kYes) : Sync::kNo);
  for (auto& message : outbox.broadcast) {
    if (std::holds_alternative<messages::Proposal>(*message)) decisions_.proposed(height(), now.monotonic);
    effects.send(ToOthers{}, std::move(message));
  }
  for (const auto& timeout : outbox.timeouts) {
    effects.start_timer(timer_of(height(), timeout), length_of(timeout));
  }
  if (outbox.build) ask_to_build(*outbox.build, now, effects);
  for (const auto& check : outbox.checks) ask_to_check(check, now, effects);
}

void Consensus::report(const Outbox& outbox, storage::WriteBatch& batch, Effects& effects) {
  for (const auto& evidence : outbox.evidence) {
    if (!evidence_.add(evidence, batch)) continue;
    const auto& name = context_.genesis.validators[offender(evidence).value].name;
    effects.count("asterism_consensus_evidence_total");
    effects.raise_alarm({.code = "equivocation",
                         .subject = name,
                         .text = name + " signed two different messages for one height, round and type",
                         .advice = "see `evidence`; its key is misused or its vote log was lost"});
  }
  if (outbox.silenced) {
    effects.raise_alarm(
        {.code = "consensus_silent",
         .subject = "height " + std::to_string(height().value),
         .text = "not voting in this height: " + *outbox.silenced,
         .advice = "it votes again from the next height on; check the disk, and that the key is used once"});
  }
}

void Consensus::ask_to_build(core::Round round, const Now& now, Effects& effects) {
  build_asked_at_ = now.monotonic;
  const auto wait = round.value == 0 ? context_.settings.empty_block_interval : Millis(0);
  effects.send(ToOwn{}, messages::BuildBlock{.height = height().value,
                                             .round = round.value,
                                             .unix_ms = now.unix_ms,
                                             .wait_ms = static_cast<std::uint32_t>(wait.count())});
}

void Consensus::ask_to_check(const AskVerdict& check, const Now& now, Effects& effects) {
  const auto block = height_->block(check.value);
  if (block == nullptr) return;
  open_checks_.push_back({check.value, check.fresh, false, now.monotonic});
  effects.send(ToOwn{}, messages::CheckBlock{check.value, *block, check.fresh, now.unix_ms});
}

void Consensus::commit_if_decided(const Now& now, Effects& effects) {
  if (committing_ || height_->core().step() != Step::kCommit) return;
  if (auto decided = height_->decided()) commit(std::move(*decided), now, effects);
}

void Consensus::commit(core::DecidedBlock decided, const Now& now, Effects& effects) {
  if (committing_) return;
  decisions_.decided(height(), now.monotonic);
  committing_ = messages::make_message(messages::CommitBlock{std::move(decided)});
  commit_asked_at_ = now.monotonic;
  effects.send(ToOwn{}, committing_);
}

Millis Consensus::length_of(const ScheduleTimeout& timeout) const {
  const auto& settings = context_.settings;
  const auto round = static_cast<std::int64_t>(timeout.round.value);
  switch (timeout.step) {
    case Step::kPrevote:
      return settings.prevote + settings.prevote_step * round;
    case Step::kPrecommit:
      return settings.precommit + settings.precommit_step * round;
    default:
      break;
  }
  // The first proposer of a height may wait for transactions.
  const auto wait = round == 0 ? settings.empty_block_interval : Millis(0);
  return settings.propose + settings.propose_step * round + wait;
}

}  // namespace asterism::actors::consensus
