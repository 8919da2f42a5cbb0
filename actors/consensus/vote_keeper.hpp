// The votes of one height by round and type: weights, quorums, who has been heard of in a round, and conflicts.
// Every vote given here has a verified signature. A validator that votes twice in one slot counts for each of its
// values (a quorum for two values then still needs more than a third of equivocators), and once where only senders
// count. Bounds: two values a slot, more only inside a set that is a quorum by itself; of rounds ahead of ours a
// validator keeps its kFutureRounds highest.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "actors/consensus/validator_set.hpp"

namespace asterism::actors::consensus {

enum class Added : std::uint8_t {
  kNew,
  kKnown,
  kConflict,  // counted, and evidence together with `other`
  kRefused,   // over a bound
};
struct AddResult {
  Added added = Added::kNew;
  std::optional<core::Vote> other;
};

class VoteKeeper {
 public:
  static constexpr std::size_t kFutureRounds = 8;
  static constexpr std::size_t kValuesPerSlot = 2;

  explicit VoteKeeper(const ValidatorSet& validators) : validators_(&validators) {}

  // `current`: the round we are in. `certified`: part of a set that is a quorum for its value.
  AddResult add(const core::Vote& vote, core::Round current, bool certified = false);
  void heard_proposal(core::Round round, core::ValidatorIndex from);
  // The same vote, whatever its signature.
  bool has(const core::Vote& vote) const;
  bool has_voted(core::Round round, core::VoteType type, core::ValidatorIndex from) const;

  bool is_quorum(std::uint64_t weight) const;
  bool has_quorum(core::Round round, core::VoteType type, const core::ValueId& value) const;
  bool has_quorum_of_any(core::Round round, core::VoteType type) const;
  // The value, nil excepted, with a quorum in this round.
  std::optional<core::ValueId> quorum_value(core::Round round, core::VoteType type) const;
  // A round with a prevote quorum for the value, if any.
  std::optional<core::Round> polka_of(const core::ValueId& value) const;
  // Rounds with a precommit quorum for a value other than nil; the one decision of the height.
  std::optional<std::pair<core::Round, core::ValueId>> decision() const;
  // The highest round above `current` in which senders of more than a third of the weight have been heard.
  std::optional<core::Round> round_to_skip_to(core::Round current) const;

  // At most one a validator, ascending; of equivocators the vote for the heaviest value.
  std::vector<core::Vote> votes(core::Round round, core::VoteType type) const;
  std::vector<core::Vote> votes_for(core::Round round, core::VoteType type, const core::ValueId& value) const;

 private:
  struct Slot {
    std::vector<core::Vote> votes;
    std::vector<std::pair<core::ValueId, std::uint64_t>> tally;
    std::uint64_t senders = 0;  // weight of distinct ones
  };
  struct RoundVotes {
    std::array<Slot, 2> slots;
    std::vector<bool> heard;
    std::uint64_t heard_weight = 0;
  };
  const Slot* slot(core::Round round, core::VoteType type) const;
  RoundVotes& round_votes(core::Round round);
  void hear(RoundVotes& votes, core::ValidatorIndex from);
  bool admit_future(core::Round round, core::Round current, core::ValidatorIndex from);
  void forget(core::Round round, core::ValidatorIndex from);

  const ValidatorSet* validators_;
  std::map<core::Round, RoundVotes> rounds_;
};

}  // namespace asterism::actors::consensus
