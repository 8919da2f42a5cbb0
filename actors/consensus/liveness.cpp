// What time brings: rebroadcast, heartbeats, help for peers that are behind, and catching up when we are.
#include <algorithm>

#include "actors/consensus/consensus.hpp"
#include "actors/consensus/timers.hpp"

namespace asterism::actors::consensus {

using core::BlockNumber;
using core::Round;
using core::ValidatorIndex;
using core::VoteType;

void Consensus::tick(const Now& now, Effects& effects) {
  effects.start_timer(kTickTimer, context_.settings.tick);
  if (now.monotonic - last_heartbeat_ >= context_.settings.heartbeat) heartbeat(now, effects);
  if (height_->started() && now.monotonic >= next_rebroadcast_) {
    rebroadcast(effects);
    rebroadcast_gap_ = std::min(rebroadcast_gap_ * 2, context_.settings.rebroadcast_max);
    next_rebroadcast_ = now.monotonic + rebroadcast_gap_;
  }
  catch_up(now, effects);
  ask_again(now, effects);
}

// Everything a peer may lack to get where we are: the proposal, the votes of this round (ours among them, the same
// bytes as before), the precommits that ended the round before, and the polka that our valid value rests on.
void Consensus::rebroadcast(Effects& effects) {
  const auto& core = height_->core();
  const auto round = core.round();
  if (core.valid_round() != kNoRound && core.valid_round() != static_cast<std::int64_t>(round.value)) {
    send_votes(Round(static_cast<std::uint32_t>(core.valid_round())), VoteType::kPrevote, effects);
  }
  if (round.value > 0) send_votes(Round(round.value - 1), VoteType::kPrecommit, effects);
  if (const auto decided = height_->decided_round(); decided && *decided != round) {
    send_votes(*decided, VoteType::kPrecommit, effects);
  }
  send_votes(round, VoteType::kPrevote, effects);
  send_votes(round, VoteType::kPrecommit, effects);
  const auto proposal = height_->own_proposal(round);
  if (proposal == nullptr) return;
  for (std::size_t i = 0; i < electorate_.validators.size(); ++i) {
    const ValidatorIndex peer(static_cast<std::uint16_t>(i));
    if (peer != electorate_.self && !core.votes().has_voted(round, VoteType::kPrevote, peer)) {
      effects.send(ToValidator{peer}, proposal);
    }
  }
}

void Consensus::send_votes(Round round, VoteType type, Effects& effects) {
  auto votes = height_->core().votes().votes(round, type);
  if (!votes.empty()) effects.send(ToOthers{}, messages::VoteSet{std::move(votes)});
}

void Consensus::heartbeat(const Now& now, Effects& effects) {
  const auto& core = height_->core();
  last_heartbeat_ = now.monotonic;
  effects.send(ToOthers{}, messages::ConsensusStatus{.height = height().value,
                                                     .round = core.round().value,
                                                     .step = static_cast<std::uint8_t>(core.step())});
}

void Consensus::on(ValidatorIndex from, const messages::ConsensusStatus& status, const Now& now, Effects& effects) {
  peers_[from.value].status = status;
  const BlockNumber at(status.height);
  catch_up_.peer_is_at(from, at);
  if (at == height() && status.step != static_cast<std::uint8_t>(Step::kNewHeight)) start_height();
  if (at.next() == height()) help(from, now, effects);
  if (at > height()) catch_up(now, effects);
}

// A peer is still in the height that we have just left: what we left it with. The block only when that did not do.
void Consensus::help(ValidatorIndex index, const Now& now, Effects& effects) {
  auto& peer = peers_[index.value];
  if (last_precommits_ == nullptr || now.monotonic - peer.helped_at < context_.settings.rebroadcast) return;
  const bool again = peer.helped_with == height();
  peer.helped_at = now.monotonic;
  peer.helped_with = height();
  effects.send(ToValidator{index}, last_precommits_);
  if (again && last_proposal_ != nullptr) effects.send(ToValidator{index}, last_proposal_);
}

void Consensus::catch_up(const Now& now, Effects& effects) {
  if (committing_ != nullptr) return;
  if (auto request = catch_up_.next_request(height(), now.monotonic)) {
    effects.send(ToValidator{request->peer}, request->message);
  }
}

void Consensus::on(ValidatorIndex from, const messages::CatchUpReply& reply, const Now& now, Effects& effects) {
  switch (catch_up_.receive(from, reply, height(), now.monotonic)) {
    case CatchUp::Verdict::kUnasked:
      return;
    case CatchUp::Verdict::kForged:
      effects.count("asterism_consensus_forged_catch_ups_total");
      effects.log(LogLevel::kWarn, "event=forged_certificate block=" + std::to_string(height().value) +
                                       " from=" + context_.genesis.validators[from.value].name);
      break;
    case CatchUp::Verdict::kEmpty:
    case CatchUp::Verdict::kAccepted:
      break;
  }
  check_caught_up(now, effects);
  catch_up(now, effects);
}

void Consensus::check_caught_up(const Now& now, Effects& effects) {
  const auto* decided = catch_up_.next(height());
  if (decided == nullptr || committing_ != nullptr) return;
  if (std::ranges::any_of(open_checks_, &OpenCheck::caught_up)) return;
  open_checks_.push_back({decided->certificate.value, false, true, now.monotonic});
  effects.send(ToOwn{}, messages::CheckBlock{decided->certificate.value, decided->block, false, now.unix_ms});
}

// The own sequencer may have been restarted with our question in its queue; it answers a repeated one alike.
void Consensus::ask_again(const Now& now, Effects& effects) {
  const auto due = [&](Millis asked) { return now.monotonic - asked >= context_.settings.ask_again; };
  if (commit_asked_at_ && due(*commit_asked_at_)) {
    commit_asked_at_ = now.monotonic;
    effects.send(ToOwn{}, committing_);
  }
  const auto round = height_->core().round();
  if (build_asked_at_ && due(*build_asked_at_) && height_->wants_block(round)) ask_to_build(round, now, effects);
  for (auto& check : open_checks_) {
    if (!due(check.asked_at)) continue;
    check.asked_at = now.monotonic;
    const auto* decided = check.caught_up ? catch_up_.next(height()) : nullptr;
    const auto block = height_->block(check.value);
    if (decided != nullptr) {
      effects.send(ToOwn{}, messages::CheckBlock{check.value, decided->block, false, now.unix_ms});
    } else if (block != nullptr) {
      effects.send(ToOwn{}, messages::CheckBlock{check.value, *block, check.fresh, now.unix_ms});
    }
  }
}

}  // namespace asterism::actors::consensus
