#include "actors/consensus/vote_keeper.hpp"

#include <algorithm>

#include "actors/consensus/mutant.hpp"

namespace asterism::actors::consensus {

using core::Round;
using core::ValidatorIndex;
using core::ValueId;
using core::Vote;
using core::VoteType;

namespace {

std::size_t slot_index(VoteType type) { return type == VoteType::kPrevote ? 0 : 1; }

}  // namespace

const VoteKeeper::Slot* VoteKeeper::slot(Round round, VoteType type) const {
  const auto found = rounds_.find(round);
  return found == rounds_.end() ? nullptr : &found->second.slots[slot_index(type)];
}

VoteKeeper::RoundVotes& VoteKeeper::round_votes(Round round) {
  auto& votes = rounds_[round];
  if (votes.heard.empty()) votes.heard.resize(validators_->size());
  return votes;
}

void VoteKeeper::hear(RoundVotes& votes, ValidatorIndex from) {
  if (votes.heard[from.value]) return;
  votes.heard[from.value] = true;
  votes.heard_weight += validators_->weight(from);
}

bool VoteKeeper::admit_future(Round round, Round current, ValidatorIndex from) {
  std::size_t kept = 0;
  std::optional<Round> lowest;
  for (auto it = rounds_.upper_bound(current); it != rounds_.end(); ++it) {
    if (!it->second.heard[from.value]) continue;
    if (it->first == round) return true;
    ++kept;
    if (!lowest) lowest = it->first;
  }
  if (kept < kFutureRounds) return true;
  if (round < *lowest) return false;
  forget(*lowest, from);
  return true;
}

void VoteKeeper::forget(Round round, ValidatorIndex from) {
  auto& votes = rounds_.at(round);
  for (auto& slot : votes.slots) {
    bool voted = false;
    std::erase_if(slot.votes, [&](const Vote& vote) {
      if (vote.validator != from) return false;
      voted = true;
      for (auto& [value, weight] : slot.tally) {
        if (value == vote.value) weight -= validators_->weight(from);
      }
      return true;
    });
    if (voted) slot.senders -= validators_->weight(from);
  }
  votes.heard[from.value] = false;
  votes.heard_weight -= validators_->weight(from);
  if (votes.heard_weight == 0) rounds_.erase(round);
}

AddResult VoteKeeper::add(const Vote& vote, Round current, bool certified) {
  const auto* before = slot(vote.round, vote.type);
  std::optional<Vote> other;
  std::size_t values = 0;
  if (before != nullptr) {
    for (const auto& known : before->votes) {
      if (known.validator != vote.validator) continue;
      if (known.value == vote.value) return {.added = Added::kKnown, .other = {}};
      ++values;
      if (!other) other = known;
    }
  }
  if (values >= kValuesPerSlot && !certified) return {.added = Added::kRefused, .other = other};
  if (vote.round > current && !certified && !admit_future(vote.round, current, vote.validator)) {
    return {.added = Added::kRefused, .other = {}};
  }
  auto& votes = round_votes(vote.round);
  hear(votes, vote.validator);
  auto& slot = votes.slots[slot_index(vote.type)];
  const auto weight = validators_->weight(vote.validator);
  if (!other) slot.senders += weight;
  const auto tally = std::ranges::find_if(slot.tally, [&](const auto& entry) { return entry.first == vote.value; });
  if (tally == slot.tally.end()) {
    slot.tally.emplace_back(vote.value, weight);
  } else {
    tally->second += weight;
  }
  slot.votes.push_back(vote);
  return {.added = other ? Added::kConflict : Added::kNew, .other = other};
}

void VoteKeeper::heard_proposal(Round round, ValidatorIndex from) { hear(round_votes(round), from); }

bool VoteKeeper::has(const Vote& vote) const {
  const auto* found = slot(vote.round, vote.type);
  return found != nullptr && std::ranges::any_of(found->votes, [&](const Vote& known) {
           return known.validator == vote.validator && known.value == vote.value;
         });
}

bool VoteKeeper::has_voted(Round round, VoteType type, ValidatorIndex from) const {
  const auto* found = slot(round, type);
  return found != nullptr &&
         std::ranges::any_of(found->votes, [&](const Vote& vote) { return vote.validator == from; });
}

bool VoteKeeper::is_quorum(std::uint64_t weight) const {
  const auto total = validators_->total();
  return ASTERISM_MUTATE(3, core::Uint128{weight} * 3 >= core::Uint128{total} * 2, core::is_quorum(weight, total));
}

bool VoteKeeper::has_quorum(Round round, VoteType type, const ValueId& value) const {
  const auto* found = slot(round, type);
  return found != nullptr && std::ranges::any_of(found->tally, [&](const auto& entry) {
           return entry.first == value && is_quorum(entry.second);
         });
}

bool VoteKeeper::has_quorum_of_any(Round round, VoteType type) const {
  const auto* found = slot(round, type);
  return found != nullptr && is_quorum(found->senders);
}

std::optional<ValueId> VoteKeeper::quorum_value(Round round, VoteType type) const {
  const auto* found = slot(round, type);
  if (found == nullptr) return std::nullopt;
  for (const auto& [value, weight] : found->tally) {
    if (value != core::kNil && is_quorum(weight)) return value;
  }
  return std::nullopt;
}

std::optional<Round> VoteKeeper::polka_of(const ValueId& value) const {
  for (const auto& [round, votes] : rounds_) {
    if (has_quorum(round, VoteType::kPrevote, value)) return round;
  }
  return std::nullopt;
}

std::optional<std::pair<Round, ValueId>> VoteKeeper::decision() const {
  for (const auto& [round, votes] : rounds_) {
    if (const auto value = quorum_value(round, VoteType::kPrecommit)) return std::pair(round, *value);
  }
  return std::nullopt;
}

std::optional<Round> VoteKeeper::round_to_skip_to(Round current) const {
  for (auto it = rounds_.rbegin(); it != rounds_.rend() && it->first > current; ++it) {
    if (core::is_over_third(it->second.heard_weight, validators_->total())) return it->first;
  }
  return std::nullopt;
}

std::vector<Vote> VoteKeeper::votes(Round round, VoteType type) const {
  const auto* found = slot(round, type);
  if (found == nullptr) return {};
  const auto weight_of = [&](const ValueId& value) {
    for (const auto& [other, weight] : found->tally) {
      if (other == value) return weight;
    }
    return std::uint64_t{0};
  };
  std::map<ValidatorIndex, const Vote*> chosen;
  for (const auto& vote : found->votes) {
    auto& best = chosen[vote.validator];
    if (best == nullptr || weight_of(vote.value) > weight_of(best->value)) best = &vote;
  }
  std::vector<Vote> out;
  for (const auto& [validator, vote] : chosen) out.push_back(*vote);
  return out;
}

std::vector<Vote> VoteKeeper::votes_for(Round round, VoteType type, const ValueId& value) const {
  std::vector<Vote> out;
  if (const auto* found = slot(round, type)) {
    std::ranges::copy_if(found->votes, std::back_inserter(out), [&](const Vote& vote) { return vote.value == value; });
  }
  std::ranges::sort(out, {}, &Vote::validator);
  return out;
}

}  // namespace asterism::actors::consensus
