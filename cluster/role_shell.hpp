// What stands around every machine: performs its effects in their order, keeps its timers, counts, restarts it or ends
// the process, by role. No CAF: role_actor.hpp gives it a thread and a mailbox, tests drive it by hand.
//
// Persist with sync returns when durable, and only then the next effect is performed. A failed write, a halt, or a
// throw of a role that holds state which others build on (consensus, sequencer, coordinator, l1, ledger, worker) ends
// the process with the reason: what it would do next is not safe. Gateway, mempool and admin are built anew.
#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "cluster/alarms.hpp"
#include "cluster/log.hpp"
#include "cluster/metrics.hpp"
#include "cluster/router.hpp"

namespace asterism::cluster {

using MachineFactory = std::function<std::unique_ptr<actors::Machine>()>;

// What the roles of a process share. Outlives them.
struct RoleParts {
  Router& router;
  storage::KeyValue& store;
  Metrics& metrics;
  Alarms& alarms;
  Log& log;
  std::optional<core::ValidatorIndex> own_validator;
  std::function<void(int code, const std::string& reason)> end_process;
  std::function<void(const core::LinkKey& worker, bool admitted)> worker_changed;
  // Starts or (bytes absent) stops a proof; the outcome comes to the worker's mailbox.
  std::function<void(std::uint64_t span, std::uint32_t attempt, std::optional<core::Bytes> witness)> prove;
  std::function<actors::Now()> now;
};

struct RoleStatus {
  core::Role role = core::Role::kAdmin;
  std::string state;  // running, restarting, ended
  std::string last_error;
  std::uint64_t restarts = 0, handled = 0;
  std::size_t mailbox = 0;
};

class RoleTimers {
 public:
  virtual ~RoleTimers() = default;
  // Calls expire(id, generation) later.
  virtual void start(actors::TimerId id, std::uint64_t generation, actors::Millis after) = 0;
};

bool restarts_alone(core::Role role);

class RoleShell {
 public:
  RoleShell(core::Role role, MachineFactory factory, const RoleParts& parts, RoleTimers& timers);

  void start();
  void receive(const actors::Inbound& inbound);
  void expire(actors::TimerId id, std::uint64_t generation);
  void link_changed(const actors::Sender& peer, bool up);
  // `actor restart`: only roles that restart alone; false otherwise.
  bool restart(const std::string& why);
  // Nothing is performed any more.
  void end();
  RoleStatus status() const;  // any thread

 private:
  template <class Act>
  void step(Act act);
  void perform(std::vector<actors::Effect> effects);
  void perform(actors::Send& send);
  void perform(actors::Persist& persist);
  void perform(actors::StartTimer& timer);
  void perform(actors::CancelTimer& timer);
  void perform(actors::Log& log);
  void perform(actors::RaiseAlarm& alarm);
  void perform(actors::ClearAlarm& alarm);
  void perform(actors::Count& count);
  void perform(actors::Gauge& gauge);
  void perform(actors::Halt& halt);
  void perform(actors::AdmitWorker& worker);
  void perform(actors::ForgetWorker& worker);
  void perform(actors::StartProof& proof);
  void perform(actors::StopProof& proof);
  void perform(actors::Leave& leave);
  void inquire(const messages::RemoteInquiry& inquiry, const actors::Sender& from);
  void failed(const std::string& what);
  void build();
  void give_up(int code, const std::string& reason);

  const core::Role role_;
  const std::string name_;
  const MachineFactory factory_;
  RoleParts parts_;
  RoleTimers& timers_;
  std::unique_ptr<actors::Machine> machine_;
  std::map<actors::TimerId, std::uint64_t> running_;  // timer -> generation
  std::uint64_t generation_ = 0;
  std::vector<actors::Millis> recent_restarts_;
  bool ended_ = false;
  mutable std::mutex status_mutex_;
  RoleStatus status_;
};

}  // namespace asterism::cluster
