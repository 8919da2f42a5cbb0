// The byzantine validator: a real machine with its own key whose messages are replaced on their way out, and which
// strikes by itself as well. It sees every message on the wire and knows everybody's height and round.
#pragma once
#include <map>

#include "tests/simulation/invariants.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/sequencer_model.hpp"

namespace asterism::simulation {

struct Strike {
  core::ValidatorIndex to;
  messages::MessagePtr message;
};

class Attacker {
 public:
  Attacker(const Plan& plan, const core::Genesis& genesis, const core::Word& genesis_hash,
           const actors::consensus::Signatures& signatures, Faults& faults);

  core::ValidatorIndex index() const { return self_; }
  void observe(const messages::MessagePtr& message);
  // What goes to `to` in place of its machine's message.
  std::vector<messages::MessagePtr> replace(core::ValidatorIndex to, const messages::MessagePtr& message,
                                            const SequencerModel& sequencer);
  // An attacker without which there is no quorum has to make amends: it votes as the others do.
  messages::MessagePtr support(const messages::MessagePtr& message);
  // Whom it wants to decide alone, and whether that one should not be heard by the others in this height.
  core::ValidatorIndex victim(core::BlockNumber height) const;
  bool wants_silence(core::BlockNumber height) const { return script(height) != Script::kNone; }
  // Unasked, at a time when the honest ones are at most in this height and round.
  std::vector<Strike> strike(core::BlockNumber height, core::Round round, const SequencerModel& sequencer);
  messages::CatchUpReply forge(const messages::CatchUpRequest& request, const SequencerModel& sequencer);
  // Its machine must not learn of the votes that it never cast.
  messages::MessagePtr hide_own_votes(const messages::MessagePtr& message) const;

 private:
  // Of an amnesiac, for heights in which its turn to propose comes in round 1 or 2: the victim decides alone, the
  // others go on, and it proposes something else to them.
  enum class Script : std::uint8_t {
    kNone,
    kForget,  // a polka and the victim's decision in round 0; a new block in round 1
    kRevive,  // a polka nobody but the victim saw in round 0, the victim's decision in round 1; the old value in round
              // 2
  };
  enum class Intent : std::uint8_t { kSupport, kVictimOnly, kNil };
  struct RoundView {
    std::map<std::pair<core::VoteType, core::ValueId>, std::map<core::ValidatorIndex, core::Vote>> votes;
    std::vector<core::ValueId> proposed;
    bool proposed_by_us = false;
  };
  struct HeightView {
    std::map<core::Round, RoundView> rounds;
    std::map<core::ValueId, core::Block> blocks;
  };

  core::Vote vote(core::BlockNumber height, core::Round round, core::VoteType type, const core::ValueId& value) const;
  messages::MessagePtr proposal(core::BlockNumber height, core::Round round, std::int32_t valid_round,
                                const core::Block& block, const core::ValueId& value);
  Script script(core::BlockNumber height) const;
  Intent intent(core::BlockNumber height, core::Round round, core::VoteType type) const;
  core::ValueId leading(core::BlockNumber height, core::Round round, core::VoteType type);
  core::ValueId any_value(core::BlockNumber height);
  std::vector<messages::MessagePtr> replace_vote(core::ValidatorIndex to, const core::Vote& original);
  std::vector<messages::MessagePtr> replace_proposal(core::ValidatorIndex to, const messages::Proposal& original,
                                                     const SequencerModel& sequencer);
  core::Block variant(const SequencerModel& sequencer, core::BlockNumber height, std::uint64_t salt) const;
  void propose_old(core::BlockNumber height, core::Round round, const SequencerModel& sequencer,
                   std::vector<Strike>& out);
  // A polka for an earlier round that our own prevote would complete, if there is one.
  std::optional<std::pair<core::Round, core::ValueId>> old_polka(core::BlockNumber height, core::Round below);
  messages::MessagePtr polka_votes(core::BlockNumber height, core::Round round, const core::ValueId& value);
  void to_all(const messages::MessagePtr& message, std::vector<Strike>& out) const;

  const Plan& plan_;
  const core::Genesis& genesis_;
  core::Word genesis_hash_{};
  const actors::consensus::Signatures& signatures_;
  Faults& faults_;
  core::ValidatorIndex self_;
  actors::consensus::ValidatorSet validators_;
  Random random_;
  std::map<core::BlockNumber, HeightView> heights_;
};

}  // namespace asterism::simulation
