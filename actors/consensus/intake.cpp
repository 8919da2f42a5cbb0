// What peers send: bounds first, then signatures, then the height it belongs to.
#include <algorithm>

#include "actors/consensus/consensus.hpp"

namespace asterism::actors::consensus {

using core::BlockNumber;
using core::ValidatorIndex;
using core::Vote;
using core::VoteType;
using messages::Proposal;
using messages::VoteMessage;
using messages::VoteSet;

namespace {

// Of one validator, for the next height.
constexpr std::size_t kEarlyVotes = 32;

std::optional<BlockNumber> height_of(const messages::Message& message) {
  if (const auto* vote = std::get_if<VoteMessage>(&message)) return vote->vote.height;
  if (const auto* proposal = std::get_if<Proposal>(&message)) return proposal->header.height;
  if (const auto* set = std::get_if<VoteSet>(&message)) {
    if (!set->votes.empty()) return set->votes.front().height;
  }
  return std::nullopt;
}

}  // namespace

void Consensus::on_peer(ValidatorIndex from, const messages::MessagePtr& message, const Now& now, Effects& effects) {
  if (const auto* status = std::get_if<messages::ConsensusStatus>(message.get()))
    return on(from, *status, now, effects);
  if (const auto* reply = std::get_if<messages::CatchUpReply>(message.get())) return on(from, *reply, now, effects);
  const auto of = height_of(*message);
  if (!of) return;
  if (*of < height()) {
    if (of->next() == height()) help(from, now, effects);
  } else if (*of == height()) {
    if (const auto* vote = std::get_if<VoteMessage>(message.get())) {
      take_vote(vote->vote);
    } else if (const auto* set = std::get_if<VoteSet>(message.get())) {
      take_votes(*set);
    } else {
      take_proposal(message, from);
    }
  } else if (*of == height().next()) {
    if (const auto* vote = std::get_if<VoteMessage>(message.get())) {
      keep_early(vote->vote);
    } else if (const auto* set = std::get_if<VoteSet>(message.get())) {
      if (set->votes.size() > electorate_.validators.size()) return;
      for (const auto& one : set->votes) keep_early(one);
    } else {
      keep_early(message);
    }
  }  // further ahead: their status makes us catch up
}

bool Consensus::plausible(const Vote& vote) const {
  const bool type = vote.type == VoteType::kPrevote || vote.type == VoteType::kPrecommit;
  return type && electorate_.validators.contains(vote.validator) && vote.round.value <= kMaxRound;
}

bool Consensus::plausible(const Proposal& proposal) const {
  const auto& header = proposal.header;
  if (!electorate_.validators.contains(header.validator) || header.round.value > kMaxRound) return false;
  if (header.valid_round < kNoRound || header.valid_round >= static_cast<std::int64_t>(header.round.value))
    return false;
  // Further ahead than every validator has a turn it is of no use yet, and blocks are large.
  const auto round = header.height == height() ? height_->core().round().value : 0;
  if (header.round.value > round + electorate_.validators.size()) return false;
  return header.value != core::kNil && proposal.block.header.number == header.height &&
         electorate_.validators.proposer(header.height, header.round) == header.validator;
}

void Consensus::take_vote(const Vote& vote) {
  if (!plausible(vote) || height_->core().votes().has(vote)) return;
  if (electorate_.verify(vote)) accept_vote(vote, false);
}

// All of one (height, round, type), one a validator. A set that is a quorum by itself passes the bounds of single
// votes.
void Consensus::take_votes(const VoteSet& set) {
  if (set.votes.size() > electorate_.validators.size()) return;
  const auto& first = set.votes.front();
  const auto& known = height_->core().votes();
  std::set<ValidatorIndex> signers;
  std::map<core::ValueId, std::uint64_t> weight;
  std::vector<const Vote*> news;
  for (const auto& vote : set.votes) {
    if (vote.height != first.height || vote.round != first.round || vote.type != first.type) return;
    if (!plausible(vote) || !signers.insert(vote.validator).second) return;
    if (!known.has(vote)) {
      if (!electorate_.verify(vote)) return;
      news.push_back(&vote);
    }
    weight[vote.value] += electorate_.validators.weight(vote.validator);
  }
  for (const auto* vote : news) accept_vote(*vote, known.is_quorum(weight[vote->value]));
}

void Consensus::accept_vote(const Vote& vote, bool certified) {
  if (height_->core().step() == Step::kCommit) return;
  if (vote.validator != electorate_.self) start_height();
  height_->receive_vote(vote, certified);
}

// The signature does not cover the block's body: from anybody but the proposer a proposal counts only when votes speak
// for its value, or a forged body could make us refuse a good one.
void Consensus::take_proposal(const messages::MessagePtr& whole, ValidatorIndex from) {
  const auto& proposal = std::get<Proposal>(*whole);
  const auto& core = height_->core();
  if (core.step() == Step::kCommit || !plausible(proposal) || !core.accepts(proposal.header)) return;
  if (from != proposal.header.validator) {
    const auto decision = core.votes().decision();
    const bool decided = decision && decision->second == proposal.header.value;
    if (!decided && !core.votes().polka_of(proposal.header.value)) return;
  }
  if (!electorate_.verify(proposal.header)) return;
  start_height();
  height_->receive_proposal(proposal.header, BlockPtr(whole, &proposal.block));
}

void Consensus::keep_early(const Vote& vote) {
  if (!plausible(vote) || vote.height != height().next() || vote.validator == electorate_.self) return;
  auto& early = peers_[vote.validator.value].early_votes;
  if (early.size() >= kEarlyVotes || std::ranges::find(early, vote) != early.end()) return;
  if (electorate_.verify(vote)) early.push_back(vote);
}

void Consensus::keep_early(const messages::MessagePtr& whole) {
  const auto& proposal = std::get<Proposal>(*whole);
  if (!plausible(proposal) || proposal.header.validator == electorate_.self) return;
  auto& early = peers_[proposal.header.validator.value].early_proposal;
  if (early == nullptr && electorate_.verify(proposal.header)) early = whole;
}

void Consensus::release_early() {
  for (auto& peer : peers_) {
    const auto proposal = std::exchange(peer.early_proposal, nullptr);
    const auto votes = std::exchange(peer.early_votes, {});
    if (proposal != nullptr && std::get<Proposal>(*proposal).header.height == height()) {
      take_proposal(proposal, std::get<Proposal>(*proposal).header.validator);
    }
    for (const auto& vote : votes) {
      if (vote.height == height()) accept_vote(vote, false);
    }
  }
}

}  // namespace asterism::actors::consensus
