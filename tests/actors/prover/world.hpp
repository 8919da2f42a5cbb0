// A small world around the real coordinator and real workers, in virtual time: a chain and an L1 (chain_model.hpp),
// links that may be cut, children that prove, run out of memory or die. One seed decides everything.
#pragma once
#include <functional>
#include <memory>
#include <queue>
#include <random>

#include "actors/prover/worker.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/prover/chain_model.hpp"

namespace asterism::actors::test {

class World : public ChainModel {
 public:
  struct WorkerModel {
    std::unique_ptr<storage::MemoryStore> store = std::make_unique<storage::MemoryStore>();
    std::unique_ptr<Worker> machine;
    std::optional<core::Secp256k1Secret> attester;
    core::LinkKey key{};
    WorkerOptions options;
    std::uint64_t memory = 1'000'000;  // of its children
    bool alive = false, linked = false;
    bool broken = false;                                        // its children crash
    bool lies = false;                                          // signs another root
    unsigned slowness = 1;                                      // its proofs take so many times as long
    std::uint64_t generation = 0;                               // timers and children of an earlier life are dropped
    std::set<std::pair<std::uint64_t, std::uint32_t>> proving;  // (span, attempt)
    bool left = false;
    Millis silent_until{0};  // what it sends arrives then, over the same link: as SIGSTOP and SIGCONT
  };

  explicit World(std::uint64_t seed, core::Limits limits = {.block_transactions = 100,
                                                            .block_bytes = 1 << 20,
                                                            .span_blocks = 4,
                                                            .span_transactions = 1000,
                                                            .span_seconds = 5});

  // --- chain and L1 -----------------------------------------------------------------------------------------------
  void add_block(BlockModel block = {});
  // Blocks that the coordinator hears of only when it asks.
  void add_unheard_blocks(std::size_t count) { blocks_.resize(blocks_.size() + count); }
  void send_view() { to_coordinator({PeerKind::kSibling, {}, {}}, view(options_.threshold)); }

  // --- workers ----------------------------------------------------------------------------------------------------
  std::size_t add_worker(std::uint64_t memory = 1'000'000, std::uint64_t max_transactions = 1000,
                         std::uint64_t max_bytes = 1'000'000);
  // Adds two, and as many blocks as make a span; true when both prove it.
  bool two_prove_a_span();
  void start_worker(std::size_t index);
  void kill_worker(std::size_t index);
  void link(std::size_t index, bool up);

  // --- coordinator ------------------------------------------------------------------------------------------------
  void start_coordinator();
  void kill_coordinator();
  std::string inquire(std::string what, std::vector<std::string> arguments = {});
  template <class Message>
  void to_coordinator(Sender from, Message message) {
    if (!coordinator_) return;
    step_coordinator(
        [&](Effects& fx) { coordinator_->receive({from, messages::make_message(std::move(message))}, now(), fx); });
  }
  // A result as this worker would sign it, for whatever span.
  void deliver_result(std::size_t worker, std::uint64_t span, const core::SpanHeader& header,
                      std::optional<std::size_t> signer = std::nullopt);

  // Runs events for `span` of virtual time.
  void run(Millis span);
  bool run_until(const std::function<bool()>& condition, Millis at_most = Millis(600'000), Millis step = Millis(50));
  // As the shell does: cut, kill or delay anything.
  void after(Millis delay, std::function<void()> act) { events_.push({time_ + delay, serial_++, std::move(act)}); }

  Now now() const { return {time_, 1'700'000'000'000 + static_cast<std::uint64_t>(time_.count())}; }
  const std::map<std::uint64_t, SpanRecord>& spans() const { return coordinator_->spans(); }
  // In the order of their ids; null while there is none.
  const SpanRecord* span_in(SpanState state) const;
  bool alarm(const std::string& code) const {
    return std::any_of(alarms_.begin(), alarms_.end(), [&](const auto& open) { return open.first == code; });
  }

  std::mt19937_64 random_;
  std::deque<WorkerModel> workers_;
  storage::MemoryStore store_;
  CoordinatorOptions options_;
  std::unique_ptr<Coordinator> coordinator_;
  Millis proof_time{800}, proof_timeout{600'000}, stop_time{0};  // the last: of a child that is told to stop
  std::map<std::uint64_t, Millis> proof_time_of;                 // by a span's first block, in place of proof_time
  unsigned transient_faults = 0;                                 // so many proofs fail by no fault of theirs
  std::uint64_t proofs_started = 0, crash_at_persist = 0, persists = 0;
  std::size_t witnesses_wanted = 0, most_witnesses_wanted = 0;  // asked of the sequencer and not answered
  std::set<std::pair<std::string, std::string>> alarms_;

 private:
  struct Event {
    Millis at;
    std::uint64_t serial;
    std::function<void()> act;
    bool operator<(const Event& other) const { return std::tie(at, serial) > std::tie(other.at, other.serial); }
  };

  void step_coordinator(const std::function<void(Effects&)>& step);
  void perform(Effect& effect);
  void deliver_from_coordinator(const Send& send);
  void to_worker(std::size_t index, const messages::MessagePtr& message, std::uint64_t generation);
  void step_worker(std::size_t index, const std::function<void(Effects&)>& step);
  void prove(std::size_t index, std::uint64_t span, std::uint32_t attempt);
  messages::ProofOutcome outcome_of(const WorkerModel& worker, const SpanRecord& span, std::uint32_t attempt) const;
  void finish(std::size_t index, const messages::ProofOutcome& outcome);

  std::set<core::LinkKey> admitted_;  // by the running coordinator
  Millis time_{1000};
  std::priority_queue<Event> events_;
  std::uint64_t serial_ = 0;
  std::uint64_t coordinator_generation_ = 0;
};

// Every decided block up to the tail is in exactly one span that has no halves.
void expect_chain_covered(const World& world);

}  // namespace asterism::actors::test
