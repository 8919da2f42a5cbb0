#include "tests/simulation/attacker.hpp"

namespace asterism::simulation {

using core::Block;
using core::BlockNumber;
using core::Round;
using core::ValidatorIndex;
using core::ValueId;
using core::Vote;
using core::VoteType;
using messages::MessagePtr;

Attacker::Attacker(const Plan& plan, const core::Genesis& genesis, const core::Word& genesis_hash,
                   const actors::consensus::Signatures& signatures, Faults& faults)
    : plan_(plan),
      genesis_(genesis),
      genesis_hash_(genesis_hash),
      signatures_(signatures),
      faults_(faults),
      self_(plan.attacker),
      validators_(genesis),
      random_(plan.seed ^ 0xa77ac4) {}

void Attacker::observe(const MessagePtr& message) {
  const auto see = [&](const Vote& vote) {
    heights_[vote.height].rounds[vote.round].votes[{vote.type, vote.value}].emplace(vote.validator, vote);
  };
  if (const auto* single = std::get_if<messages::VoteMessage>(message.get())) see(single->vote);
  if (const auto* proposed = std::get_if<messages::Proposal>(message.get())) {
    auto& height = heights_[proposed->header.height];
    height.blocks.try_emplace(proposed->header.value, proposed->block);
    height.rounds[proposed->header.round].proposed.push_back(proposed->header.value);
  }
  while (heights_.size() > 3) heights_.erase(heights_.begin());
}

Vote Attacker::vote(BlockNumber height, Round round, VoteType type, const ValueId& value) const {
  Vote out{.height = height, .round = round, .type = type, .value = value, .validator = self_, .signature = {}};
  out.signature = signatures_.sign(core::vote_signing_bytes(genesis_hash_, out));
  return out;
}

MessagePtr Attacker::proposal(BlockNumber height, Round round, std::int32_t valid_round, const Block& block,
                              const ValueId& value) {
  core::ProposalHeader header{height, round, valid_round, value, self_, {}};
  header.signature = signatures_.sign(core::proposal_signing_bytes(genesis_hash_, header));
  heights_[height].blocks.try_emplace(value, block);
  return messages::make_message(messages::Proposal{header, block});
}

ValidatorIndex Attacker::victim(BlockNumber height) const {
  const auto others = validators_.size() - 1;
  // A script wants a victim that has no turn to propose before its own.
  const auto pick = script(height) != Script::kNone ? 0 : Random(plan_.seed ^ height.value).below(others);
  return ValidatorIndex(static_cast<std::uint16_t>((self_.value + 1 + pick) % validators_.size()));
}

Attacker::Script Attacker::script(BlockNumber height) const {
  if (plan_.attack != Attack::kAmnesia || !Random(plan_.seed ^ height.value << 20).chance(600)) return Script::kNone;
  if (validators_.proposer(height, Round(1)) == self_) return Script::kForget;
  return validators_.proposer(height, Round(2)) == self_ ? Script::kRevive : Script::kNone;
}

Attacker::Intent Attacker::intent(BlockNumber height, Round round, VoteType type) const {
  const auto followed = script(height);
  const std::uint32_t turn = followed == Script::kForget ? 1 : 2;
  if (followed != Script::kNone && round.value <= turn) {
    if (round.value == turn) return Intent::kSupport;
    if (round.value + 1 == turn) return type == VoteType::kPrevote ? Intent::kSupport : Intent::kVictimOnly;
    return Intent::kNil;
  }
  const auto slot = height.value * 1000 + round.value * 2 + static_cast<std::uint64_t>(type);
  const bool divides = Random(plan_.seed ^ slot).chance(type == VoteType::kPrevote ? 400 : 800);
  return divides ? Intent::kVictimOnly : Intent::kSupport;
}

// The value with most votes of the others; of those proposed the last.
ValueId Attacker::leading(BlockNumber height, Round round, VoteType type) {
  auto& view = heights_[height].rounds[round];
  ValueId best = view.proposed.empty() ? core::kNil : view.proposed.back();
  std::size_t most = 0;
  for (const auto& [key, votes] : view.votes) {
    if (key.first == type && key.second != core::kNil && votes.size() > most) best = key.second, most = votes.size();
  }
  return best;
}

ValueId Attacker::any_value(BlockNumber height) {
  const auto& blocks = heights_[height].blocks;
  auto pick = random_.below(blocks.size() + 1);
  for (const auto& [value, block] : blocks) {
    if (pick-- == 0) return value;
  }
  return core::kNil;
}

std::vector<MessagePtr> Attacker::replace(ValidatorIndex to, const MessagePtr& message,
                                          const SequencerModel& sequencer) {
  if (const auto* own = std::get_if<messages::VoteMessage>(message.get())) return replace_vote(to, own->vote);
  if (const auto* own = std::get_if<messages::Proposal>(message.get())) {
    return own->header.validator == self_ ? replace_proposal(to, *own, sequencer) : std::vector{message};
  }
  if (const auto* set = std::get_if<messages::VoteSet>(message.get())) {
    auto changed = *set;
    std::erase_if(changed.votes, [&](const Vote& one) { return one.validator == self_; });
    if (changed.votes.empty() || random_.chance(300) || wants_silence(changed.votes[0].height)) return {};
    if (random_.chance(100)) {
      changed.votes[0].signature[5] ^= 1;
      ++faults_.bad_signatures;
    }
    return {messages::make_message(std::move(changed))};
  }
  if (const auto* status = std::get_if<messages::ConsensusStatus>(message.get())) {
    if (status->height > 1 && wants_silence(BlockNumber(status->height - 1))) return {};
    if (!random_.chance(200)) return {message};
    ++faults_.lies;
    auto lie = *status;
    lie.height += random_.below(4);
    return {messages::make_message(lie)};
  }
  return {message};
}

std::vector<MessagePtr> Attacker::replace_vote(ValidatorIndex to, const Vote& original) {
  ValueId value = original.value;
  const auto wanted = intent(original.height, original.round, original.type);
  if (plan_.attack == Attack::kEquivocate) {
    if (random_.chance(500)) value = any_value(original.height);
  } else if (wanted == Intent::kSupport || (wanted == Intent::kVictimOnly && to == victim(original.height))) {
    value = leading(original.height, original.round, original.type);
  } else if (random_.chance(100)) {
    ++faults_.withheld;
    return {};
  } else {
    value = core::kNil;
  }
  if (value != original.value) ++faults_.equivocations;
  return {messages::make_message(messages::VoteMessage{vote(original.height, original.round, original.type, value)})};
}

MessagePtr Attacker::support(const MessagePtr& message) {
  const auto* own = std::get_if<messages::VoteMessage>(message.get());
  if (own == nullptr) return message;
  const auto value = leading(own->vote.height, own->vote.round, own->vote.type);
  return messages::make_message(messages::VoteMessage{vote(own->vote.height, own->vote.round, own->vote.type, value)});
}

Block Attacker::variant(const SequencerModel& sequencer, BlockNumber height, std::uint64_t salt) const {
  SequencerModel before(self_.value);
  for (std::uint64_t i = 0; i + 1 < height.value && i < sequencer.tip(); ++i) before.commit(sequencer.chain()[i]);
  return before.build(plan_.seed + height.value * 1000, salt);
}

std::vector<MessagePtr> Attacker::replace_proposal(ValidatorIndex to, const messages::Proposal& original,
                                                   const SequencerModel& sequencer) {
  const auto& header = original.header;
  if (plan_.attack == Attack::kAmnesia && header.round.value > 0) return {};  // strike proposes something worse
  if (random_.chance(100)) return {};
  if (random_.chance(400)) return {messages::make_message(original)};
  auto block = variant(sequencer, header.height, to.value % 2);
  if (random_.chance(300)) {
    ++faults_.bad_proposals;
    switch (random_.below(3)) {
      case 0:
        block.header.state_root = block.header.state_root + core::Felt(1);
        break;
      case 1:
        block.header.timestamp += std::uint64_t{1} << 40;
        break;
      default:
        return {proposal(header.height, header.round, -1, block, model_hash(original.block.header))};
    }
  } else {
    ++faults_.equivocations;
  }
  return {proposal(header.height, header.round, -1, block, model_hash(block.header))};
}

std::optional<std::pair<Round, ValueId>> Attacker::old_polka(BlockNumber height, Round below) {
  std::vector<std::pair<Round, ValueId>> found;
  for (const auto& [round, view] : heights_[height].rounds) {
    if (round >= below) break;
    for (const auto& [key, votes] : view.votes) {
      if (key.first != VoteType::kPrevote || !heights_[height].blocks.contains(key.second)) continue;
      auto weight = validators_.weight(self_);
      for (const auto& [validator, one] : votes) weight += validator == self_ ? 0 : validators_.weight(validator);
      if (core::is_quorum(weight, validators_.total())) found.emplace_back(round, key.second);
    }
  }
  if (found.empty()) return std::nullopt;
  return found[random_.below(found.size())];
}

MessagePtr Attacker::polka_votes(BlockNumber height, Round round, const ValueId& value) {
  auto votes = heights_[height].rounds[round].votes[{VoteType::kPrevote, value}];
  votes[self_] = vote(height, round, VoteType::kPrevote, value);
  messages::VoteSet set;
  for (const auto& [validator, one] : votes) set.votes.push_back(one);
  return messages::make_message(std::move(set));
}

void Attacker::to_all(const MessagePtr& message, std::vector<Strike>& out) const {
  for (std::uint16_t i = 0; i < validators_.size(); ++i) {
    if (ValidatorIndex(i) != self_) out.push_back({ValidatorIndex(i), message});
  }
}

void Attacker::propose_old(BlockNumber height, Round round, const SequencerModel& sequencer, std::vector<Strike>& out) {
  heights_[height].rounds[round].proposed_by_us = true;
  ++faults_.stale_proposals;
  const auto polka = old_polka(height, round);
  if (polka && random_.chance(750)) {
    to_all(polka_votes(height, polka->first, polka->second), out);
    const auto& block = heights_[height].blocks.at(polka->second);
    to_all(proposal(height, round, static_cast<std::int32_t>(polka->first.value), block, polka->second), out);
    return;
  }
  const auto block = variant(sequencer, height, 1000 + round.value);
  to_all(proposal(height, round, -1, block, model_hash(block.header)), out);
}

std::vector<Strike> Attacker::strike(BlockNumber height, Round round, const SequencerModel& sequencer) {
  std::vector<Strike> out;
  const auto send = [&](ValidatorIndex to, const Vote& one) {
    out.push_back({to, messages::make_message(messages::VoteMessage{one})});
  };
  const auto target = victim(height);
  for (const auto type : {VoteType::kPrevote, VoteType::kPrecommit}) {
    const Round of(round.value > 0 && random_.chance(400) ? round.value - 1 : round.value);
    const auto value = plan_.attack == Attack::kEquivocate ? any_value(height) : leading(height, of, type);
    if (value != core::kNil && random_.chance(600)) {
      ++faults_.equivocations;
      send(target, vote(height, of, type, value));
    }
  }
  const bool our_turn = validators_.proposer(height, round) == self_ && sequencer.tip() + 1 >= height.value;
  if (plan_.attack == Attack::kAmnesia && round.value > 0 && our_turn &&
      !heights_[height].rounds[round].proposed_by_us) {
    propose_old(height, round, sequencer, out);
  }
  if (random_.chance(100)) {  // far ahead, and under somebody else's name
    const auto far = vote(height, Round(round.value + 1 + static_cast<std::uint32_t>(random_.below(1000))),
                          VoteType::kPrevote, core::kNil);
    send(target, far);
    auto forged = vote(height, round, VoteType::kPrecommit, leading(height, round, VoteType::kPrevote));
    forged.validator = ValidatorIndex(static_cast<std::uint16_t>((self_.value + 1) % validators_.size()));
    send(target, forged);
    ++faults_.bad_signatures;
  }
  return out;
}

messages::CatchUpReply Attacker::forge(const messages::CatchUpRequest& request, const SequencerModel& sequencer) {
  auto reply = sequencer.serve(request);
  if (random_.chance(300) && !wants_silence(BlockNumber(request.from_height))) return reply;
  ++faults_.forged_catch_ups;
  if (!reply.blocks.empty() && random_.chance(300)) {  // the right certificate over another body
    reply.blocks[0].block.transactions.emplace_back();
    return reply;
  }
  if (request.from_height == 0 || request.from_height > sequencer.tip() + 1) return reply;
  const BlockNumber height(request.from_height);
  core::DecidedBlock forged;
  forged.block = variant(sequencer, height, 7);
  forged.certificate = {height, Round(0), model_hash(forged.block.header), {}};
  const auto own = vote(height, Round(0), VoteType::kPrecommit, forged.certificate.value);
  for (std::uint16_t i = 0; i < validators_.size(); ++i) {
    forged.certificate.signatures.push_back({ValidatorIndex(i), own.signature});
  }
  reply.blocks = {forged};
  return reply;
}

MessagePtr Attacker::hide_own_votes(const MessagePtr& message) const {
  const auto* set = std::get_if<messages::VoteSet>(message.get());
  if (set == nullptr) return message;
  auto changed = *set;
  std::erase_if(changed.votes, [&](const Vote& one) { return one.validator == self_; });
  if (changed.votes.empty()) return nullptr;
  return messages::make_message(std::move(changed));
}

}  // namespace asterism::simulation
