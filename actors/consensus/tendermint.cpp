#include "actors/consensus/tendermint.hpp"

#include <algorithm>

#include "actors/consensus/mutant.hpp"

namespace asterism::actors::consensus {

using core::ProposalHeader;
using core::Round;
using core::ValueId;
using core::Vote;
using core::VoteType;

namespace {

constexpr std::size_t kProposalsPerRound = 2;

std::int32_t number(Round round) { return static_cast<std::int32_t>(round.value); }

}  // namespace

std::string_view to_string(Step step) {
  switch (step) {
    case Step::kNewHeight:
      return "new height";
    case Step::kPropose:
      return "propose";
    case Step::kPrevote:
      return "prevote";
    case Step::kPrecommit:
      return "precommit";
    case Step::kCommit:
      return "commit";
  }
  return "?";
}

Tendermint::Tendermint(const ValidatorSet& validators, core::BlockNumber height, core::ValidatorIndex self)
    : validators_(&validators), height_(height), self_(self), keeper_(validators) {}

void Tendermint::start() {
  if (step_ != Step::kNewHeight) return;
  start_round(Round(0));
  apply_rules();
}

void Tendermint::receive_proposal(const ProposalHeader& proposal) {
  if (!accepts(proposal)) return;
  auto& known = proposals_[proposal.round];
  if (std::ranges::find(known, proposal) == known.end()) known.push_back(proposal);
  keeper_.heard_proposal(proposal.round, proposal.validator);
  // The block that came with the value before may have been a forgery under a good hash: this one is judged anew.
  auto& judgement = judgements_[proposal.value];
  if (judgement.rules == Verdict::kInvalid) judgement = {};
  apply_rules();
}

AddResult Tendermint::receive_vote(const Vote& vote, bool certified) {
  const auto result = keeper_.add(vote, round_, certified);
  if (result.added == Added::kNew || result.added == Added::kConflict) apply_rules();
  return result;
}

// The own sequencer's block needs no judgement.
void Tendermint::value_built(Round round, const ValueId& value) {
  if (round != round_ || step_ != Step::kPropose || proposals_.contains(round) || proposer(round) != self_) return;
  judgements_[value] = {.rules = Verdict::kValid, .fresh = Verdict::kValid, .fresh_round = round};
  outputs_.push_back(ProposeValue{round, value, kNoRound});
}

void Tendermint::value_judged(const ValueId& value, bool fresh, bool valid) {
  const auto found = judgements_.find(value);
  if (found == judgements_.end()) return;
  auto& judgement = found->second;
  if (fresh) {
    judgement.fresh = valid ? Verdict::kValid : Verdict::kInvalid;
    if (valid) judgement.rules = Verdict::kValid;
  } else {
    judgement.rules = valid ? Verdict::kValid : Verdict::kInvalid;
  }
  apply_rules();
}

void Tendermint::timeout(Step step, Round round) {
  if (round != round_) return;
  if (step == Step::kPropose && step_ == Step::kPropose) {  // L57
    prevote(core::kNil);
  } else if (step == Step::kPrevote && step_ == Step::kPrevote) {  // L61
    precommit(core::kNil);
  } else if (step == Step::kPrecommit && step_ != Step::kNewHeight && step_ != Step::kCommit) {  // L65
    if (round.value < kMaxRound) start_round(round.next());
  }
  apply_rules();
}

void Tendermint::start_round(Round round) {
  round_ = round;
  step_ = Step::kPropose;
  prevote_timeout_started_ = polka_handled_ = precommit_timeout_started_ = false;
  outputs_.push_back(ScheduleTimeout{Step::kPropose, round});
  if (proposer(round) != self_) return;
  if (valid_round_ != kNoRound) {
    outputs_.push_back(ProposeValue{round, valid_value_, valid_round_});
  } else {
    outputs_.push_back(AskValue{round});
  }
}

void Tendermint::apply_rules() {
  if (step_ == Step::kNewHeight) return;
  while (step_ != Step::kCommit) {
    const bool changed = decide() || skip_round() || prevote_new_proposal() || prevote_old_proposal() ||
                         lock_on_polka() || precommit_nil_on_polka() || start_prevote_timeout() ||
                         start_precommit_timeout();
    if (!changed) return;
  }
}

bool Tendermint::prevote_new_proposal() {
  const auto* proposed = proposal(round_);
  if (step_ != Step::kPropose || proposed == nullptr || proposed->valid_round != kNoRound) return false;
  if (locked_round_ != kNoRound && locked_value_ != proposed->value) {
    prevote(core::kNil);
    return true;
  }
  Verdict verdict;
  const bool known = keeper_.polka_of(proposed->value) ? passes_rules(proposed->value, verdict)
                                                       : passes_fresh(proposed->value, verdict);
  if (!known) return false;
  prevote(verdict == Verdict::kValid ? proposed->value : core::kNil);
  return true;
}

bool Tendermint::prevote_old_proposal() {
  const auto* proposed = proposal(round_);
  if (step_ != Step::kPropose || proposed == nullptr || proposed->valid_round == kNoRound) return false;
  const Round polka(static_cast<std::uint32_t>(proposed->valid_round));
  if (!keeper_.has_quorum(polka, VoteType::kPrevote, proposed->value)) return false;
  const bool unlocks = ASTERISM_MUTATE(4, true, locked_round_ <= proposed->valid_round);
  if (!unlocks && locked_value_ != proposed->value) {
    prevote(core::kNil);
    return true;
  }
  Verdict verdict;
  if (!passes_rules(proposed->value, verdict)) return false;
  prevote(verdict == Verdict::kValid ? proposed->value : core::kNil);
  return true;
}

bool Tendermint::start_prevote_timeout() {
  if (step_ != Step::kPrevote || prevote_timeout_started_) return false;
  if (!keeper_.has_quorum_of_any(round_, VoteType::kPrevote)) return false;
  prevote_timeout_started_ = true;
  outputs_.push_back(ScheduleTimeout{Step::kPrevote, round_});
  return true;
}

bool Tendermint::lock_on_polka() {
  if (step_ == Step::kPropose || polka_handled_) return false;
  const auto value = keeper_.quorum_value(round_, VoteType::kPrevote);
  Verdict verdict;
  if (!value || !passes_rules(*value, verdict) || verdict != Verdict::kValid) return false;
  polka_handled_ = true;
  if (step_ == Step::kPrevote) {
    locked_value_ = *value;
    locked_round_ = ASTERISM_MUTATE(1, kNoRound, number(round_));
    precommit(*value);
  }
  valid_value_ = *value;
  valid_round_ = number(round_);
  return true;
}

bool Tendermint::precommit_nil_on_polka() {
  if (step_ != Step::kPrevote || !keeper_.has_quorum(round_, VoteType::kPrevote, core::kNil)) return false;
  precommit(core::kNil);
  return true;
}

bool Tendermint::start_precommit_timeout() {
  if (precommit_timeout_started_ || !keeper_.has_quorum_of_any(round_, VoteType::kPrecommit)) return false;
  precommit_timeout_started_ = true;
  outputs_.push_back(ScheduleTimeout{Step::kPrecommit, round_});
  return true;
}

// A decided value that fails the rules here stays undecided: the block that came with it may be a forgery under its
// hash, and catching up brings the right one.
bool Tendermint::decide() {
  const auto decision = keeper_.decision();
  Verdict verdict;
  if (!decision || !passes_rules(decision->second, verdict) || verdict != Verdict::kValid) return false;
  step_ = Step::kCommit;
  outputs_.push_back(Decide{decision->first, decision->second});
  return true;
}

bool Tendermint::skip_round() {
  const auto round = keeper_.round_to_skip_to(round_);
  if (!round) return false;
  start_round(*round);
  return true;
}

// False while the verdict, or the value's block, is not there yet.
bool Tendermint::passes_rules(const ValueId& value, Verdict& out) {
  const auto found = judgements_.find(value);
  if (found == judgements_.end()) return false;
  auto& verdict = found->second.rules;
  if (verdict == Verdict::kUnknown) {
    verdict = Verdict::kAsked;
    outputs_.push_back(AskVerdict{value, false});
  }
  out = verdict;
  return verdict != Verdict::kAsked;
}

bool Tendermint::passes_fresh(const ValueId& value, Verdict& out) {
  const auto found = judgements_.find(value);
  if (found == judgements_.end()) return false;
  auto& judgement = found->second;
  if (judgement.fresh == Verdict::kUnknown || judgement.fresh_round != round_) {
    judgement.fresh = Verdict::kAsked;
    judgement.fresh_round = round_;
    outputs_.push_back(AskVerdict{value, true});
  }
  out = judgement.fresh;
  return judgement.fresh != Verdict::kAsked;
}

void Tendermint::prevote(const ValueId& value) {
  step_ = Step::kPrevote;
  outputs_.push_back(CastVote{round_, VoteType::kPrevote, value});
}

void Tendermint::precommit(const ValueId& value) {
  step_ = Step::kPrecommit;
  outputs_.push_back(CastVote{round_, VoteType::kPrecommit, value});
}

const ProposalHeader* Tendermint::proposal(Round round) const {
  const auto found = proposals_.find(round);
  return found == proposals_.end() || found->second.empty() ? nullptr : &found->second.front();
}

bool Tendermint::accepts(const ProposalHeader& proposal) const {
  const auto found = proposals_.find(proposal.round);
  if (found == proposals_.end()) return true;
  const bool known = std::ranges::find(found->second, proposal) != found->second.end();
  if (known) return is_invalid(proposal.value) || !judgements_.contains(proposal.value);
  return found->second.size() < kProposalsPerRound;
}

bool Tendermint::is_invalid(const ValueId& value) const {
  const auto found = judgements_.find(value);
  return found != judgements_.end() && found->second.rules == Verdict::kInvalid;
}

}  // namespace asterism::actors::consensus
