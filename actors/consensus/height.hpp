// Drives the core of one height: logs what goes in, signs what comes out, keeps the blocks that values stand for.
//
// Invariants: an input takes effect and is logged in the same step, so a replay of the log leads to the same state and
// the same own messages; nothing is signed twice with different content for one (round, type), whatever the core says;
// a message of ours is in `batch` of the Outbox that carries it, and its `sync` is set.
// Ownership: one Height lives from the commit of the block before to the commit of its own.
#pragma once
#include <deque>
#include <expected>
#include <set>

#include "actors/consensus/signatures.hpp"
#include "actors/consensus/vote_log.hpp"
#include "messages/messages.hpp"

namespace asterism::actors::consensus {

// Two different signed messages of one validator for one (height, round, type): two votes, or two proposals.
struct Evidence {
  std::variant<std::pair<core::Vote, core::Vote>, std::pair<core::ProposalHeader, core::ProposalHeader>> pair;
};

// What one step has brought about, to be persisted and then sent, in this order.
struct Outbox {
  storage::WriteBatch batch;
  bool sync = false;
  std::vector<messages::MessagePtr> broadcast;
  std::vector<ScheduleTimeout> timeouts;
  std::optional<core::Round> build;
  std::vector<AskVerdict> checks;
  std::vector<Evidence> evidence;
  bool decided = false;
  std::optional<std::string> halt;
  std::optional<std::string> silenced;  // why no more is signed in this height
};

class Height {
 public:
  // With an empty log.
  Height(const Electorate& electorate, core::BlockNumber height);
  // From what the store has: the same state, and questions that were open are asked again in the first Outbox.
  Height(const Electorate& electorate, core::BlockNumber height, const LoggedHeight& logged);

  // Inputs; signatures are verified, and belong to this height.
  void start();
  void receive_vote(const core::Vote& vote, bool certified);
  void receive_proposal(const core::ProposalHeader& header, BlockPtr block);
  void value_built(core::Round round, const core::ValueId& value, BlockPtr block);
  void value_judged(const core::ValueId& value, bool fresh, bool valid);
  void timeout(Step step, core::Round round);
  // Erases the log, for the batch that starts the next height.
  void erase_log(storage::WriteBatch& batch) const { log_.erase(batch); }

  Outbox take();

  const Tendermint& core() const { return core_; }
  bool started() const { return core_.step() != Step::kNewHeight; }
  bool silent() const { return silent_; }
  // The decided block with its certificate, once its block is here.
  std::optional<core::DecidedBlock> decided() const;
  std::optional<core::Round> decided_round() const;
  BlockPtr block(const core::ValueId& value) const;
  // Our own signed messages of a round, for rebroadcast: the same bytes as before.
  messages::MessagePtr own_proposal(core::Round round) const;
  // The signed proposal that brought a value, whoever made it.
  const core::ProposalHeader* proposal_of(const core::ValueId& value) const;
  bool wants_block(core::Round round) const { return wants_block_ == round; }
  const std::vector<AskVerdict>& open_checks() const { return open_checks_; }

 private:
  struct Candidate {
    BlockPtr block;
    core::ProposalHeader header;  // the latest proposal of it
  };
  void apply(const Record& record);
  void record(const Record& record);
  void drain();
  void cast(const CastVote& vote);
  void propose(const ProposeValue& proposal);
  // False: something else was signed there before, or nothing may be signed any more.
  bool may_sign(core::Round round, core::VoteType type, const core::Word& content);
  void own_vote_from_outside(const core::Vote& vote);
  void fall_silent(std::string reason);
  void forget_old_blocks();

  const Electorate* electorate_;
  Tendermint core_;
  VoteLog log_;
  bool replaying_ = false;
  bool silent_ = false;
  bool log_closed_ = false;
  std::map<core::ValueId, Candidate> candidates_;
  std::map<core::Round, core::ProposalHeader> own_proposals_;
  // What was signed by (round, type): the value, of a proposal the hash of its signed bytes.
  std::map<std::pair<core::Round, core::VoteType>, core::Word> signed_;
  std::set<std::pair<core::Round, core::VoteType>> logged_own_;
  std::optional<core::Round> wants_block_;
  std::vector<AskVerdict> open_checks_;
  std::optional<Decide> decision_;
  Outbox outbox_;
};

core::Certificate make_certificate(const VoteKeeper& votes, const core::BlockNumber& height, const Decide& decision);

}  // namespace asterism::actors::consensus
