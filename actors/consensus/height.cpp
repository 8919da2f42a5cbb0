#include "actors/consensus/height.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace asterism::actors::consensus {

using core::ProposalHeader;
using core::Round;
using core::ValueId;
using core::Vote;
using core::VoteType;

namespace {

// Blocks of rounds longer ago than this are forgotten unless votes speak for them.
constexpr std::uint32_t kKeptRounds = 2;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

}  // namespace

core::Certificate make_certificate(const VoteKeeper& votes, const core::BlockNumber& height, const Decide& decision) {
  core::Certificate out{.height = height, .round = decision.round, .value = decision.value, .signatures = {}};
  for (const auto& vote : votes.votes_for(decision.round, VoteType::kPrecommit, decision.value)) {
    out.signatures.push_back({.validator = vote.validator, .signature = vote.signature});
  }
  return out;
}

Height::Height(const Electorate& electorate, core::BlockNumber height)
    : electorate_(&electorate), core_(electorate.validators, height, electorate.self), log_(height, 0) {}

Height::Height(const Electorate& electorate, core::BlockNumber height, const LoggedHeight& logged)
    : electorate_(&electorate),
      core_(electorate.validators, height, electorate.self),
      log_(height, logged.records.size()) {
  for (const auto& record : logged.records) {
    if (const auto* own = std::get_if<OwnVoteRecord>(&record)) {
      signed_[{own->vote.round, own->vote.type}] = own->vote.value;
      logged_own_.insert({own->vote.round, own->vote.type});
    } else if (const auto* proposed = std::get_if<OwnProposalRecord>(&record)) {
      signed_[{proposed->header.round, VoteType::kProposal}] =
          core::blake2b_256(core::proposal_signing_bytes(electorate.genesis_hash, proposed->header));
      logged_own_.insert({proposed->header.round, VoteType::kProposal});
    }
  }
  // What was signed after the damage is not known: say nothing more here, and keep the log as it is, so that the next
  // start comes to the same conclusion.
  if (logged.damaged) {
    log_closed_ = true;
    fall_silent("the vote log of this height is damaged");
  }
  replaying_ = true;
  for (const auto& record : logged.records) apply(record);
  replaying_ = false;
  outbox_.build = wants_block_;
  outbox_.checks = open_checks_;
  std::erase_if(outbox_.timeouts, [&](const ScheduleTimeout& timeout) { return timeout.round != core_.round(); });
}

void Height::apply(const Record& record) {
  std::visit(Overloaded{
                 [&](const StartedRecord&) { start(); },
                 [&](const VoteRecord& r) { receive_vote(r.vote, r.certified); },
                 [&](const ProposalRecord& r) { receive_proposal(r.header, r.block); },
                 [&](const BuiltRecord& r) { value_built(r.round, r.value, r.block); },
                 [&](const VerdictRecord& r) { value_judged(r.value, r.fresh, r.valid); },
                 [&](const TimeoutRecord& r) { timeout(r.step, r.round); },
                 // Made again by the inputs before them, and compared in may_sign.
                 [](const OwnVoteRecord&) {},
                 [](const OwnProposalRecord&) {},
             },
             record);
}

void Height::record(const Record& record) {
  if (!replaying_ && !log_closed_) log_.append(record, outbox_.batch);
}

void Height::start() {
  if (started()) return;
  record(StartedRecord{});
  core_.start();
  drain();
}

void Height::receive_vote(const Vote& vote, bool certified) {
  if (vote.validator == electorate_->self) return own_vote_from_outside(vote);
  const auto result = core_.receive_vote(vote, certified);
  if (result.added == Added::kKnown || result.added == Added::kRefused) return;
  record(VoteRecord{vote, certified});  // before what follows from it, which drain writes
  if (result.added == Added::kConflict) outbox_.evidence.push_back({std::pair(*result.other, vote)});
  drain();
}

void Height::receive_proposal(const ProposalHeader& header, BlockPtr block) {
  if (!core_.accepts(header)) return;
  auto& candidate = candidates_[header.value];
  if (candidate.block != nullptr && !core_.is_invalid(header.value)) block = nullptr;
  record(ProposalRecord{header, block});
  if (block != nullptr) candidate.block = std::move(block);
  candidate.header = header;
  const auto* first = core_.proposal(header.round);
  if (first != nullptr && (first->value != header.value || first->valid_round != header.valid_round)) {
    outbox_.evidence.push_back({std::pair(*first, header)});
  }
  core_.receive_proposal(header);
  drain();
}

void Height::value_built(Round round, const ValueId& value, BlockPtr block) {
  if (wants_block_ != round) return;
  wants_block_.reset();
  record(BuiltRecord{round, value, block});
  candidates_[value].block = std::move(block);
  core_.value_built(round, value);
  drain();
}

void Height::value_judged(const ValueId& value, bool fresh, bool valid) {
  const auto open = std::ranges::find_if(
      open_checks_, [&](const AskVerdict& check) { return check.value == value && check.fresh == fresh; });
  if (open == open_checks_.end()) return;
  open_checks_.erase(open);
  record(VerdictRecord{value, fresh, valid});
  core_.value_judged(value, fresh, valid);
  drain();
}

void Height::timeout(Step step, Round round) {
  if (round != core_.round() || core_.step() == Step::kCommit) return;
  record(TimeoutRecord{step, round});
  core_.timeout(step, round);
  drain();
}

void Height::drain() {
  const auto round = core_.round();
  for (auto outputs = core_.take_outputs(); !outputs.empty(); outputs = core_.take_outputs()) {
    for (const auto& output : outputs) {
      std::visit(Overloaded{
                     [&](const CastVote& vote) { cast(vote); },
                     [&](const ProposeValue& proposal) { propose(proposal); },
                     [&](const AskValue& ask) { wants_block_ = outbox_.build = ask.round; },
                     [&](const AskVerdict& ask) {
                       open_checks_.push_back(ask);
                       outbox_.checks.push_back(ask);
                     },
                     [&](const ScheduleTimeout& timeout) { outbox_.timeouts.push_back(timeout); },
                     [&](const Decide& decision) {
                       decision_ = decision;
                       outbox_.decided = true;
                     },
                 },
                 output);
    }
  }
  if (core_.step() != Step::kPropose || wants_block_ != core_.round()) wants_block_.reset();
  if (core_.round() != round) forget_old_blocks();
}

void Height::cast(const CastVote& cast) {
  if (!may_sign(cast.round, cast.type, cast.value)) return;
  Vote vote{.height = core_.height(),
            .round = cast.round,
            .type = cast.type,
            .value = cast.value,
            .validator = electorate_->self,
            .signature = {}};
  vote.signature = electorate_->signatures->sign(core::vote_signing_bytes(electorate_->genesis_hash, vote));
  if (!logged_own_.contains({cast.round, cast.type})) {
    log_.append(OwnVoteRecord{vote}, outbox_.batch);
    outbox_.sync = true;
    outbox_.broadcast.push_back(messages::make_message(messages::VoteMessage{vote}));
  }
  core_.receive_vote(vote);
}

void Height::propose(const ProposeValue& proposal) {
  const auto candidate = candidates_.find(proposal.value);
  ASTERISM_CHECK(candidate != candidates_.end(), "a value without a block is proposed");
  ProposalHeader header{.height = core_.height(),
                        .round = proposal.round,
                        .valid_round = proposal.valid_round,
                        .value = proposal.value,
                        .validator = electorate_->self,
                        .signature = {}};
  const auto signed_bytes = core::proposal_signing_bytes(electorate_->genesis_hash, header);
  if (!may_sign(proposal.round, VoteType::kProposal, core::blake2b_256(signed_bytes))) return;
  header.signature = electorate_->signatures->sign(signed_bytes);
  candidate->second.header = header;
  own_proposals_[proposal.round] = header;
  if (!logged_own_.contains({proposal.round, VoteType::kProposal})) {
    log_.append(OwnProposalRecord{header}, outbox_.batch);
    outbox_.sync = true;
    outbox_.broadcast.push_back(own_proposal(proposal.round));
  }
  core_.receive_proposal(header);
}

// Rule 11, independent of the core: one content for each (round, type), forever.
bool Height::may_sign(Round round, VoteType type, const core::Word& content) {
  if (silent_) return false;
  const auto [entry, fresh] = signed_.try_emplace({round, type}, content);
  if (fresh || entry->second == content) return true;
  outbox_.halt = "the vote log and the consensus core disagree about an own message: height=" +
                 std::to_string(core_.height().value) + " round=" + std::to_string(round.value);
  fall_silent("own message contradicted");
  return false;
}

// A vote with our signature that we do not know of: another process signs with our key, or our log was lost.
void Height::own_vote_from_outside(const Vote& vote) {
  const auto known = signed_.find({vote.round, vote.type});
  if (known != signed_.end() && known->second == vote.value) return;
  if (known != signed_.end()) {
    outbox_.halt = "a second signature of our own consensus key: height=" + std::to_string(vote.height.value) +
                   " round=" + std::to_string(vote.round.value) + "; is the key in use twice, or was the log lost?";
  }
  fall_silent("a vote of our own key that is not in our log");
}

void Height::fall_silent(std::string reason) {
  if (silent_) return;
  silent_ = true;
  outbox_.silenced = std::move(reason);
}

void Height::forget_old_blocks() {
  std::erase_if(candidates_, [&](const auto& entry) {
    const auto& [value, candidate] = entry;
    const bool old = candidate.header.round.value + kKeptRounds < core_.round().value;
    if (!old || value == core_.locked_value() || value == core_.valid_value()) return false;
    if (core_.votes().polka_of(value)) return false;
    std::erase_if(open_checks_, [&](const AskVerdict& check) { return check.value == value; });
    core_.forget(value);
    return true;
  });
}

Outbox Height::take() { return std::exchange(outbox_, {}); }

std::optional<Round> Height::decided_round() const {
  return decision_ ? std::optional(decision_->round) : std::nullopt;
}

std::optional<core::DecidedBlock> Height::decided() const {
  if (!decision_) return std::nullopt;
  const auto found = block(decision_->value);
  if (found == nullptr) return std::nullopt;
  return core::DecidedBlock{*found, make_certificate(core_.votes(), core_.height(), *decision_)};
}

BlockPtr Height::block(const ValueId& value) const {
  const auto found = candidates_.find(value);
  return found == candidates_.end() ? nullptr : found->second.block;
}

const ProposalHeader* Height::proposal_of(const ValueId& value) const {
  const auto found = candidates_.find(value);
  if (found == candidates_.end() || found->second.block == nullptr) return nullptr;
  return found->second.header.value == value ? &found->second.header : nullptr;
}

messages::MessagePtr Height::own_proposal(Round round) const {
  const auto found = own_proposals_.find(round);
  if (found == own_proposals_.end()) return nullptr;
  const auto body = block(found->second.value);
  if (body == nullptr) return nullptr;
  return messages::make_message(messages::Proposal{found->second, *body});
}

}  // namespace asterism::actors::consensus
