// The L1 role of a replica: sync (every replica) and submitter (where the keys are), as one machine.
// It alone talks to L1; others of its validator hear Heads, SettlementView and L1Messages from it, on change and every
// two seconds, so that a role that was restarted has them again.
#pragma once
#include "actors/l1/submitter.hpp"

namespace asterism::actors {

struct L1Options {
  L1SyncOptions sync;
  SubmitterOptions submitter;
  Millis poll{300};
};
// The keys stay empty: they come from the process's own files.
L1Options l1_options(const core::Genesis& genesis);

class L1 final : public Machine {
 public:
  L1(const storage::KeyValue& store, L1Options options);

  core::Role role() const override { return core::Role::kL1; }
  void start(const Now& now, Effects& effects) override;
  void receive(const Inbound& inbound, const Now& now, Effects& effects) override;
  void expire(TimerId timer, const Now& now, Effects& effects) override;
  // "heads"; "l1"; "l1 resume" ("l1" with argument "resume"); "l1 pause" and "l1 unpause" where the operator's key is.
  std::string inquire(const Inquiry& inquiry, const Now& now, Effects& effects) override;

  const L1Sync& sync() const { return sync_; }
  const Submitter& submitter() const { return submitter_; }

 private:
  std::string describe() const;

  L1Options options_;
  L1Sync sync_;
  Submitter submitter_;
};

}  // namespace asterism::actors
