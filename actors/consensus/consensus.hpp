// The consensus role: Tendermint over block proposals (tendermint.hpp) made live.
//
// Layers, each driven by the next: VoteKeeper (weights) < Tendermint (safety) < Height (log, signatures, blocks) <
// Consensus (peers, time, the own sequencer, catching up). Safety needs nothing of this class but that it performs
// Height's Outbox in order: persist, then send.
//
// Invariants: no message of ours leaves before the batch that holds it is synced; a signature is verified before
// anything is kept; a height ends with BlockCommitted and not before; what a peer can make us hold is bounded.
// Files: consensus.cpp (steps and heights), intake.cpp (what peers send), liveness.cpp (what time brings),
// inquiry.cpp (what people ask).
#pragma once
#include "actors/consensus/catch_up.hpp"
#include "actors/consensus/evidence.hpp"
#include "actors/consensus/height.hpp"
#include "actors/consensus/settings.hpp"
#include "messages/transactions.hpp"

namespace asterism::actors::consensus {

// All by reference outlive the machine.
struct ConsensusContext {
  const core::Genesis& genesis;
  core::Word genesis_hash{};
  core::ValidatorIndex self;
  const Signatures& signatures;
  const storage::KeyValue& store;
  core::BlockNumber committed;  // height of the last block that the own sequencer has stored
  ConsensusSettings settings;
};

// How long decisions of this replica's own proposals took, from proposal sent to certificate; the latest 512.
class DecisionTimes {
 public:
  void proposed(core::BlockNumber height, Millis now) { open_ = {height, now}; }
  void decided(core::BlockNumber height, Millis now) {
    if (!open_ || open_->first != height) return;
    times_.push_back(static_cast<std::uint32_t>((now - open_->second).count()));
    if (times_.size() > 512) times_.pop_front();
    open_.reset();
  }
  // The p-th of 100; 0 when there is none yet.
  std::uint32_t percentile(std::size_t p) const;

 private:
  std::optional<std::pair<core::BlockNumber, Millis>> open_;
  std::deque<std::uint32_t> times_;
};

class Consensus final : public Machine {
 public:
  explicit Consensus(const ConsensusContext& context);

  core::Role role() const override { return core::Role::kConsensus; }
  void start(const Now& now, Effects& effects) override;
  void receive(const Inbound& inbound, const Now& now, Effects& effects) override;
  void expire(TimerId timer, const Now& now, Effects& effects) override;
  std::string inquire(const Inquiry& inquiry, const Now& now, Effects& effects) override;

  core::BlockNumber height() const { return height_->core().height(); }
  const Height& current() const { return *height_; }
  // The highest height for which a verified commit certificate is here, committed or not.
  core::BlockNumber certified() const;

 private:
  struct Peer {
    messages::ConsensusStatus status;
    Millis helped_at{-1000000};
    core::BlockNumber helped_with;  // the height of the last help
    // Signed by this validator for the next height, verified.
    std::vector<core::Vote> early_votes;
    messages::MessagePtr early_proposal;
  };
  // What the own sequencer was asked to check, in the order asked: answers come in that order.
  struct OpenCheck {
    core::ValueId value{};
    bool fresh = false;
    bool caught_up = false;
    Millis asked_at{};
  };

  // consensus.cpp
  void on(const messages::BlockBuilt& built, const messages::MessagePtr& whole);
  void on(const messages::BlockChecked& checked, const Now& now, Effects& effects);
  void on(const messages::BlockCommitted& committed, const Now& now, Effects& effects);
  void enter(core::BlockNumber height, const Now& now, Effects& effects);
  void start_height() { height_->start(); }
  void settle(const Now& now, Effects& effects);
  void perform(Outbox outbox, const Now& now, Effects& effects);
  void report(const Outbox& outbox, storage::WriteBatch& batch, Effects& effects);
  void ask_to_build(core::Round round, const Now& now, Effects& effects);
  void ask_to_check(const AskVerdict& check, const Now& now, Effects& effects);
  void commit_if_decided(const Now& now, Effects& effects);
  void commit(core::DecidedBlock decided, const Now& now, Effects& effects);
  Millis length_of(const ScheduleTimeout& timeout) const;

  // intake.cpp
  void on_peer(core::ValidatorIndex from, const messages::MessagePtr& message, const Now& now, Effects& effects);
  void take_vote(const core::Vote& vote);
  void take_votes(const messages::VoteSet& set);
  void take_proposal(const messages::MessagePtr& whole, core::ValidatorIndex from);
  void accept_vote(const core::Vote& vote, bool certified);
  bool plausible(const core::Vote& vote) const;
  bool plausible(const messages::Proposal& proposal) const;
  void keep_early(const core::Vote& vote);
  void keep_early(const messages::MessagePtr& whole);
  void release_early();

  // liveness.cpp
  void tick(const Now& now, Effects& effects);
  void rebroadcast(Effects& effects);
  void send_votes(core::Round round, core::VoteType type, Effects& effects);
  void heartbeat(const Now& now, Effects& effects);
  void on(core::ValidatorIndex from, const messages::ConsensusStatus& status, const Now& now, Effects& effects);
  void help(core::ValidatorIndex peer, const Now& now, Effects& effects);
  void catch_up(const Now& now, Effects& effects);
  void on(core::ValidatorIndex from, const messages::CatchUpReply& reply, const Now& now, Effects& effects);
  void check_caught_up(const Now& now, Effects& effects);
  void ask_again(const Now& now, Effects& effects);

  ConsensusContext context_;
  Electorate electorate_;
  EvidenceBook evidence_;
  std::optional<Height> height_;
  storage::WriteBatch next_batch_;  // goes out with what the new height persists first
  CatchUp catch_up_;
  std::vector<Peer> peers_;
  std::deque<OpenCheck> open_checks_;
  std::optional<Millis> build_asked_at_;
  std::optional<Millis> commit_asked_at_;
  DecisionTimes decisions_;
  messages::MessagePtr committing_;  // CommitBlock, once it was sent
  // What the height before ended with, for peers that are still in it.
  messages::MessagePtr last_precommits_, last_proposal_;
  bool work_pending_ = false;
  bool halted_ = false;
  messages::ConsensusStatus last_status_;
  Millis last_heartbeat_{};
  Millis last_progress_{};
  Millis next_rebroadcast_{};
  Millis rebroadcast_gap_{};
};

}  // namespace asterism::actors::consensus
