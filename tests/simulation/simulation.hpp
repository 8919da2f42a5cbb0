// A discrete-event simulation of a plan: real consensus machines, each with a crashing store and a sequencer model,
// over a bad network, in virtual time. Everything follows from the plan's seed.
#pragma once
#include <array>
#include <memory>
#include <queue>

#include "actors/consensus/consensus.hpp"
#include "tests/simulation/attacker.hpp"

namespace asterism::simulation {

struct Report {
  std::optional<std::string> violation;
  bool stalled = false;  // the violation is one of liveness
  Faults faults;
  std::uint64_t heights = 0;            // that every honest validator has committed
  std::uint64_t heights_in_faults = 0;  // that any of them had when the faults ended
  std::uint64_t steps = 0;              // of machines
  std::uint64_t virtual_ms = 0;
  std::uint32_t highest_round = 0;
};

class Simulation {
 public:
  explicit Simulation(const Plan& plan);
  Report run();
  void trace(bool on) { trace_ = on; }

 private:
  struct Node {
    std::unique_ptr<actors::consensus::Signatures> signatures;
    std::unique_ptr<storage::MemoryStore> store;
    std::unique_ptr<SequencerModel> sequencer;
    std::unique_ptr<actors::consensus::Consensus> machine;  // none while it is down
    std::uint32_t incarnation = 0;
    std::map<actors::TimerId, std::uint64_t> timers;  // generation of the last start
    std::uint64_t busy_until = 0;                     // of the sequencer
    std::uint32_t persists = 0;
    std::int64_t skew_ms = 0;
    bool has_work = false;
  };
  enum class Kind : std::uint8_t { kDeliver, kTimer, kSequencer, kRestart, kPartition, kHeal, kStrike, kWork };
  struct Event {
    std::uint64_t at = 0, order = 0;
    Kind kind = Kind::kDeliver;
    std::uint16_t node = 0, from = 0;
    std::uint32_t incarnation = 0;
    actors::TimerId timer = 0;
    std::uint64_t generation = 0;
    messages::MessagePtr message;
    bool operator>(const Event& other) const { return std::tie(at, order) > std::tie(other.at, other.order); }
  };

  bool honest(std::uint16_t node) const { return plan_.attack == Attack::kNone || node != plan_.attacker; }
  bool attacking() const { return plan_.attack != Attack::kNone && (faulty_ || plan_.attacks_to_the_end); }
  actors::Now now_at(const Node& node) const;
  void schedule(Event event, std::uint64_t after);
  void handle(const Event& event);
  void boot(std::uint16_t node);
  void crash(std::uint16_t node);
  void deliver(std::uint16_t to, actors::PeerKind kind, std::uint16_t from, const messages::MessagePtr& message);
  void perform(std::uint16_t node, actors::Effects& effects);
  bool persist(std::uint16_t node, const actors::Persist& effect);  // false: it crashed
  void route(std::uint16_t node, const actors::Send& send);
  void transmit(std::uint16_t from, std::uint16_t to, const messages::MessagePtr& message);
  bool dropped(std::uint16_t from, const messages::Message& message) const;
  void carry(std::uint16_t from, std::uint16_t to, const messages::MessagePtr& message);
  void ask_sequencer(std::uint16_t node, const messages::MessagePtr& message);
  void run_sequencer(std::uint16_t node, const messages::MessagePtr& message);
  void commit(std::uint16_t node, const core::DecidedBlock& decided);
  void strike();
  void partition();
  void heal();
  // Height and round of the honest ones that are up: the furthest, or the furthest round of those that are last.
  std::pair<core::BlockNumber, core::Round> front() const;
  std::pair<core::BlockNumber, core::Round> rear() const;
  void end_faults();
  void dump();
  std::pair<std::uint64_t, std::uint64_t> tips() const;  // lowest and highest of the honest ones

  Plan plan_;
  Random random_;
  Faults faults_;
  SignatureMemory memory_;
  core::Genesis genesis_;
  core::Word genesis_hash_{};
  Invariants invariants_;
  std::vector<Node> nodes_;
  std::unique_ptr<Attacker> attacker_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::uint64_t now_ = 0, order_ = 0, steps_ = 0;
  std::uint32_t highest_round_ = 0;
  std::vector<std::uint8_t> side_;        // of the partition
  std::optional<std::uint16_t> unheard_;  // by anybody but the attacker
  bool faulty_ = true, stalled_ = false;
  std::uint64_t target_ = 0, deadline_ = 0, heights_in_faults_ = 0;
  bool trace_ = false;
};

}  // namespace asterism::simulation
