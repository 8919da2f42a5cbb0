// Tendermint (arXiv 1807.04938) for one height: the whole of its safety, and nothing else. Rules are named by their
// lines in the paper. Pure: messages, verdicts and expired time-outs in, outputs out; no clock, no blocks, no keys.
//
// Differences from the paper, none of which touches agreement:
// - valid(v) is asked for and answered later. A new proposal (valid round -1) without a polka is judged for freshness
//   too; a value with a polka, or decided, by the deterministic rules alone (protocol.md, "Votes").
// - A proposal seen in any round of the height makes its value known: rules 36 and 49 need no second copy of the block.
// - The proposer schedules the propose time-out as well, for its own block may not come.
// Invariants: at most one own vote per (round, type) is asked for; the lock changes only in rule 36, never back.
#pragma once
#include <map>
#include <variant>

#include "actors/consensus/vote_keeper.hpp"

namespace asterism::actors::consensus {

enum class Step : std::uint8_t { kNewHeight = 0, kPropose = 1, kPrevote = 2, kPrecommit = 3, kCommit = 4 };
std::string_view to_string(Step step);

inline constexpr std::int32_t kNoRound = -1;
// Rounds are below 2^31 (protocol.md); nobody gets there by waiting.
inline constexpr std::uint32_t kMaxRound = (std::uint32_t{1} << 31) - 1;

// getValue() of the paper: answered by value_built.
struct AskValue {
  core::Round round;
};
struct ProposeValue {
  core::Round round;
  core::ValueId value{};
  std::int32_t valid_round = kNoRound;
};
// Answered by receive_vote with the signed vote.
struct CastVote {
  core::Round round;
  core::VoteType type = core::VoteType::kPrevote;
  core::ValueId value{};
};
// valid(v) of the paper: answered by value_judged.
struct AskVerdict {
  core::ValueId value{};
  bool fresh = false;
};
// OnTimeoutPropose, -Prevote, -Precommit: answered by timeout after the time-out's length.
struct ScheduleTimeout {
  Step step = Step::kPropose;
  core::Round round;
};
struct Decide {
  core::Round round;
  core::ValueId value{};
};
using Output = std::variant<AskValue, ProposeValue, CastVote, AskVerdict, ScheduleTimeout, Decide>;

class Tendermint {
 public:
  Tendermint(const ValidatorSet& validators, core::BlockNumber height, core::ValidatorIndex self);

  // Inputs. Signatures are verified, heights are ours, proposers are right, valid rounds are below their rounds.
  void start();
  void receive_proposal(const core::ProposalHeader& proposal);
  AddResult receive_vote(const core::Vote& vote, bool certified = false);
  void value_built(core::Round round, const core::ValueId& value);
  void value_judged(const core::ValueId& value, bool fresh, bool valid);
  void timeout(Step step, core::Round round);
  std::vector<Output> take_outputs() { return std::exchange(outputs_, {}); }

  core::BlockNumber height() const { return height_; }
  core::Round round() const { return round_; }
  Step step() const { return step_; }
  std::int32_t locked_round() const { return locked_round_; }
  const core::ValueId& locked_value() const { return locked_value_; }
  std::int32_t valid_round() const { return valid_round_; }
  const core::ValueId& valid_value() const { return valid_value_; }
  const VoteKeeper& votes() const { return keeper_; }
  // The first one received.
  const core::ProposalHeader* proposal(core::Round round) const;
  // Whether there is anything to learn from it: new and not over the bound of two a round, or known with a bad block.
  bool accepts(const core::ProposalHeader& proposal) const;
  // The value's block is gone; it is known again when it is proposed again.
  void forget(const core::ValueId& value) { judgements_.erase(value); }
  bool is_invalid(const core::ValueId& value) const;
  core::ValidatorIndex proposer(core::Round round) const { return validators_->proposer(height_, round); }

 private:
  enum class Verdict : std::uint8_t { kUnknown, kAsked, kValid, kInvalid };
  struct Judgement {
    Verdict rules = Verdict::kUnknown;
    Verdict fresh = Verdict::kUnknown;
    core::Round fresh_round;  // in which freshness was asked
  };

  void start_round(core::Round round);  // L11
  void apply_rules();
  bool prevote_new_proposal();     // L22
  bool prevote_old_proposal();     // L28
  bool start_prevote_timeout();    // L34
  bool lock_on_polka();            // L36
  bool precommit_nil_on_polka();   // L44
  bool start_precommit_timeout();  // L47
  bool decide();                   // L49
  bool skip_round();               // L55

  bool passes_rules(const core::ValueId& value, Verdict& out);
  bool passes_fresh(const core::ValueId& value, Verdict& out);
  void prevote(const core::ValueId& value);
  void precommit(const core::ValueId& value);

  const ValidatorSet* validators_;
  core::BlockNumber height_;
  core::ValidatorIndex self_;
  VoteKeeper keeper_;
  std::map<core::Round, std::vector<core::ProposalHeader>> proposals_;
  std::map<core::ValueId, Judgement> judgements_;  // of every value that was proposed
  std::vector<Output> outputs_;

  core::Round round_;
  Step step_ = Step::kNewHeight;
  core::ValueId locked_value_ = core::kNil;
  std::int32_t locked_round_ = kNoRound;
  core::ValueId valid_value_ = core::kNil;
  std::int32_t valid_round_ = kNoRound;
  // "for the first time" of rules 34, 36 and 47, in this round.
  bool prevote_timeout_started_ = false;
  bool polka_handled_ = false;
  bool precommit_timeout_started_ = false;
};

}  // namespace asterism::actors::consensus
