// The worker: announces itself to the coordinator, proves one span at a time in a child process (StartProof), signs
// what the child found, and sends it until the coordinator has it. A pure machine; the attester key never leaves this
// process. Invariants: a result that was signed is kept (persisted) until the coordinator answers for it, so that
// neither side's restart loses finished work; a draining worker takes nothing new and leaves when it is idle.
#pragma once
#include "actors/machine.hpp"
#include "core/crypto/secp256k1.hpp"

namespace asterism::actors {

struct WorkerOptions {
  core::AttestationDomain domain;
  core::Genesis genesis;
  core::LinkKey coordinator{};  // process of the coordinator
  std::uint64_t max_transactions = 20'000;
  std::uint64_t max_witness_bytes = 64ull << 20;
  Millis proof_timeout{600'000};
  Millis hello_again{3'000};  // until welcomed
};

class Worker final : public Machine {
 public:
  Worker(const storage::KeyValue& store, WorkerOptions options, core::Secp256k1Secret attester);

  core::Role role() const override { return core::Role::kWorker; }
  void start(const Now& now, Effects& effects) override;
  void receive(const Inbound& inbound, const Now& now, Effects& effects) override;
  void expire(TimerId timer, const Now& now, Effects& effects) override;
  void link_changed(const Sender& peer, bool up, const Now& now, Effects& effects) override;
  std::string inquire(const Inquiry& inquiry, const Now& now, Effects& effects) override;

 private:
  struct Step {
    const Now& now;
    Effects& effects;
  };
  struct Running {
    std::uint64_t span = 0;
    std::uint32_t attempt = 0;
    Millis since{};
    bool cancelled = false;
    bool timed_out = false;
  };

  void on(const messages::WorkerWelcome& welcome, Step step);
  void on(const messages::AssignSpan& assign, Step step);
  void on(const messages::CancelSpan& cancel, Step step);
  void on(const messages::DrainWorker& drain, Step step);
  void on(const messages::ProofOutcome& outcome, Step step);
  template <class Other>
  void on(const Other&, Step) {}
  void hello(Step step);
  void heartbeat(Step step);
  void fail(std::uint64_t span, std::uint32_t attempt, messages::FailureCause cause, std::string text, Step step);
  void leave_if_idle(Step step);

  const storage::KeyValue& store_;
  WorkerOptions options_;
  core::Secp256k1Secret attester_;
  Millis heartbeat_{1'000};
  bool welcomed_ = false;
  bool draining_ = false;
  bool leaving_ = false;
  std::optional<Running> running_;
  std::optional<messages::AssignSpan> next_;     // came while what was cancelled had not ended yet
  core::ValueId expected_end_{};                 // the decided hash of the running span's end block
  std::optional<messages::SpanDone> last_done_;  // sent again on every hello; the coordinator counts it once
  std::uint64_t proven_ = 0, failed_ = 0;
};

}  // namespace asterism::actors
