// The prover coordinator: cuts the chain into spans, gives them to workers under leases, judges what comes back, splits
// what is too large, sets aside what cannot be proven, and hands a contiguous cover of proven spans to settlement.
// A pure machine; it owns its records in the store and its view of workers and of L1.
// Invariants: every decided block is in exactly one unsplit span or in the open tail; a boundary is final once
// persisted; a result counts once; nothing that differs from the decided block is ever COMPLETE; one span's trouble
// never stops another. Leases, back-off and the tail's age are measured on the monotonic clock.
#pragma once
#include <deque>
#include <map>
#include <set>

#include "actors/machine.hpp"
#include "actors/prover/worker_book.hpp"

namespace asterism::actors {

struct CoordinatorOptions {
  core::Limits limits;
  core::AttestationDomain domain;
  std::string genesis_json;     // what an admitted worker is given
  core::LinkKey own_process{};  // stands in join tokens
  std::vector<std::string> addresses;
  std::uint64_t threshold = 2;
  Millis lease{10'000};
  Millis heartbeat{1'000};
  Millis tick{200};
  Millis backoff_first{500}, backoff_most{60'000};
  Millis witness_timeout{10'000};
  Millis settle_again{20'000};
  Millis idle_alarm{120'000};  // nothing completes although spans are open
  std::uint32_t max_strikes = 3;
  std::uint32_t straggler_factor = 10;  // of the median time of a proof: then a copy starts elsewhere
  std::size_t max_witnesses = 8;        // held in memory at once
  std::size_t max_settled_at_once = 16;
  std::size_t kept_finalized = 1000;
};

class Coordinator final : public Machine {
 public:
  Coordinator(const storage::KeyValue& store, CoordinatorOptions options);

  core::Role role() const override { return core::Role::kCoordinator; }
  void start(const Now& now, Effects& effects) override;
  void receive(const Inbound& inbound, const Now& now, Effects& effects) override;
  void expire(TimerId timer, const Now& now, Effects& effects) override;
  void link_changed(const Sender& peer, bool up, const Now& now, Effects& effects) override;
  std::string inquire(const Inquiry& inquiry, const Now& now, Effects& effects) override;

  const std::map<std::uint64_t, SpanRecord>& spans() const { return spans_; }
  std::uint64_t tail_start() const { return tail_start_; }

 private:
  struct Step {
    const Now& now;
    Effects& effects;
  };
  // Kept beside a record while it is being worked on; rebuilt after a restart.
  struct Progress {
    Millis not_before{};
    Millis witness_asked{};
    bool witness_pending = false;
    messages::MessagePtr witness;       // a WitnessReply
    std::set<core::LinkKey> too_small;  // workers that ran out of memory on it
    std::set<core::LinkKey> failed_on;  // workers that failed it otherwise: the fault may be theirs
    std::vector<std::pair<core::LinkKey, std::uint32_t>> transient_losses;
  };

  // Blocks and boundaries (coordinator_spans.cpp)
  void on(const messages::BlockCommitted& block, const Sender&, Step step);
  void on(const messages::BlockSummaries& summaries, const Sender&, Step step);
  SpanRecord& add(SpanRecord span);
  void append_block(std::uint64_t height, std::uint64_t transactions, Step step);
  void close_tail(Step step);
  void split(SpanRecord& span, std::string_view why, Step step);
  void quarantine(SpanRecord& span, std::string reason, Step step);
  void too_large_for_all(SpanRecord& span, const std::string& why, Step step);
  void store(const SpanRecord& span, storage::WriteBatch& batch) const;
  void persist(const SpanRecord& span, Step step);
  void prune(Step step);

  // Work and results (coordinator_work.cpp)
  void on(const messages::WitnessReply& reply, const Sender&, Step step);
  void on(const messages::WorkerHello& hello, const Sender& from, Step step);
  void on(const messages::WorkerHeartbeat& beat, const Sender& from, Step step);
  void on(const messages::SpanDone& done, const Sender& from, Step step);
  void on(const messages::SpanFailed& failed, const Sender& from, Step step);
  void on(const messages::WorkerLeaving& leaving, const Sender& from, Step step);
  void on(const messages::Join& join, const Sender& from, Step step);
  void on(const messages::SettlementView& view, const Sender&, Step step);
  void on(const messages::Heads& heads, const Sender&, Step step);
  template <class Other>
  void on(const Other&, const Sender&, Step) {}
  void judge(SpanRecord& span, WorkerState& worker, const messages::SpanDone& done, Step step);
  void distrust(WorkerState& worker, std::string why, Step step);
  void fail_attempt(SpanRecord& span, const Assignment& attempt, messages::FailureCause cause, const std::string& text,
                    Step step);
  void note_failure(SpanRecord& span, const Assignment& attempt, messages::FailureCause cause, const std::string& text,
                    Step step) const;
  void react(SpanRecord& span, messages::FailureCause cause, Step step);
  void release(WorkerState& worker);
  void call_off(SpanRecord& span, Step step);
  void remember_time(Millis took);
  messages::WorkerWelcome welcome() const;
  void weigh_again(Step step);

  // Decisions that follow from state and time (coordinator_plan.cpp)
  void advance(Step step);
  void expire_leases(Step step);
  void request_witnesses(Step step);
  void assign(Step step);
  void give(SpanRecord& span, WorkerState& worker, Step step);
  void settle(Step step);
  void register_attesters(Step step);
  void watch(Step step);
  std::uint64_t proven_weight(const SpanRecord& span) const;
  bool straggles(const SpanRecord& span, const Assignment& assignment, const Now& now) const;
  std::uint64_t promised_weight(const SpanRecord& span, const Now& now) const;
  bool wants_worker(const SpanRecord& span, const Now& now) const;
  WorkerState* pick_worker(const SpanRecord& span);
  // Of the workers that are large enough, with what has attested; `untried`: only
  // those that are there and have not failed it.
  std::uint64_t able_weight(const SpanRecord& span, bool untried) const;
  bool nobody_can_take(const SpanRecord& span) const;
  bool waits_for_lost_message(const SpanRecord& span) const;
  std::vector<const SpanRecord*> cover() const;

  // Shell (coordinator_inquiry.cpp)
  std::string why_waiting(const SpanRecord& span, const Now& now) const;
  std::vector<const SpanRecord*> worth_listing() const;
  std::string list_spans(std::optional<std::uint64_t> block) const;
  std::string show_span(std::uint64_t id, const Now& now) const;
  std::string list_workers(const Now& now) const;
  std::string act_on_span(const Inquiry& inquiry, Step step);
  std::string act_on_worker(const Inquiry& inquiry, Step step);
  std::string invite(const Inquiry& inquiry, Step step);
  std::string resume(const WorkerState& worker, Step step) const;

  const storage::KeyValue& store_;
  CoordinatorOptions options_;
  WorkerBook workers_;
  std::map<std::uint64_t, SpanRecord> spans_;             // by id; ids grow with time, so with start except for halves
  std::multimap<std::uint64_t, std::uint64_t> by_start_;  // first block before it: ids
  std::map<std::uint64_t, Progress> progress_;
  std::uint64_t next_id_ = 1;

  std::uint64_t tail_start_ = 0;                 // the open tail is (tail_start_, tail_end_]
  std::deque<std::uint64_t> tail_transactions_;  // of its blocks
  std::optional<Millis> tail_since_;
  std::uint64_t tail_end() const { return tail_start_ + tail_transactions_.size(); }

  messages::SettlementView view_;
  bool settlement_paused_ = false;
  std::uint64_t settled_sent_end_ = 0;
  Millis settled_sent_at_{};
  Millis registered_at_{};
  Millis summaries_asked_{};
  Millis last_progress_{};
  std::deque<Millis> proof_times_;  // of the last proofs, by the monotonic clock
  Millis straggles_after_ = Millis::max();
  std::uint64_t completed_ = 0;
};

}  // namespace asterism::actors
