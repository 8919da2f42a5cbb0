#include "cluster/role_shell.hpp"

#include <exception>

#include "cluster/crash_point.hpp"

namespace asterism::cluster {

using actors::Millis;
using core::Role;

namespace {
constexpr std::size_t kMaxRestarts = 5;
constexpr Millis kRestartWindow{60000};
}  // namespace

bool restarts_alone(Role role) { return role == Role::kGateway || role == Role::kMempool || role == Role::kAdmin; }

RoleShell::RoleShell(Role role, MachineFactory factory, const RoleParts& parts, RoleTimers& timers)
    : role_(role), name_(role_name(role)), factory_(std::move(factory)), parts_(parts), timers_(timers) {
  status_.role = role;
  status_.state = "running";
}

template <class Act>
void RoleShell::step(Act act) {
  if (ended_ || !machine_) return;
  actors::Effects effects;
  try {
    act(*machine_, parts_.now(), effects);
  } catch (const std::exception& error) {
    failed(error.what());
    return;
  } catch (...) {
    failed("unknown exception");
    return;
  }
  perform(effects.take());
  const std::lock_guard lock(status_mutex_);
  ++status_.handled;
}

void RoleShell::build() {
  running_.clear();
  try {
    machine_ = factory_();
  } catch (const std::exception& error) {
    machine_.reset();
    give_up(1, "cannot start: " + std::string(error.what()));
  }
}

void RoleShell::start() {
  build();
  step([](actors::Machine& machine, const actors::Now& now, actors::Effects& effects) { machine.start(now, effects); });
}

void RoleShell::receive(const actors::Inbound& inbound) {
  if (const auto* inquiry = std::get_if<messages::RemoteInquiry>(inbound.message.get())) {
    inquire(*inquiry, inbound.from);
    return;
  }
  step([&](actors::Machine& machine, const actors::Now& now, actors::Effects& effects) {
    machine.receive(inbound, now, effects);
  });
}

void RoleShell::inquire(const messages::RemoteInquiry& inquiry, const actors::Sender& from) {
  messages::RemoteInquiryReply reply{inquiry.request, "{\"error\":\"the role failed\"}"};
  step([&](actors::Machine& machine, const actors::Now& now, actors::Effects& effects) {
    reply.json = machine.inquire({inquiry.what, inquiry.arguments}, now, effects);
  });
  // To the admin role that asked, not to every admin role of the validator.
  parts_.router.send(role_, actors::ToProcess{from.process}, messages::make_message(std::move(reply)));
}

void RoleShell::expire(actors::TimerId id, std::uint64_t generation) {
  const auto timer = running_.find(id);
  if (timer == running_.end() || timer->second != generation) return;
  running_.erase(timer);
  step([&](actors::Machine& machine, const actors::Now& now, actors::Effects& effects) {
    machine.expire(id, now, effects);
  });
}

void RoleShell::link_changed(const actors::Sender& peer, bool up) {
  step([&](actors::Machine& machine, const actors::Now& now, actors::Effects& effects) {
    machine.link_changed(peer, up, now, effects);
  });
}

void RoleShell::perform(std::vector<actors::Effect> effects) {
  for (actors::Effect& effect : effects) {
    if (ended_) return;
    std::visit([this](auto& each) { perform(each); }, effect);
  }
}

void RoleShell::perform(actors::Send& send) { parts_.router.send(role_, send.to, send.message); }

void RoleShell::perform(actors::Persist& persist) {
  crash_point(name_, ".before", persist.batch);
  const auto begun = parts_.now().monotonic;
  const auto written = parts_.store.write(persist.batch, persist.sync == actors::Sync::kYes);
  if (!written) {
    give_up(1, "storage: " + written.error().text);
    return;
  }
  crash_point(name_, ".after", persist.batch);
  parts_.metrics.count("asterism_persist_total", 1, "role", name_);
  const auto took = static_cast<double>((parts_.now().monotonic - begun).count()) / 1000;
  parts_.metrics.count("asterism_persist_seconds_total", took, "role", name_);
}

void RoleShell::perform(actors::StartTimer& timer) {
  running_[timer.id] = ++generation_;
  timers_.start(timer.id, generation_, timer.after);
}

void RoleShell::perform(actors::CancelTimer& timer) { running_.erase(timer.id); }
void RoleShell::perform(actors::Log& log) { parts_.log.write(name_, log.level, log.text); }

void RoleShell::perform(actors::RaiseAlarm& alarm) {
  if (!parts_.alarms.raise(name_, alarm, parts_.now().unix_ms)) return;
  parts_.log.write(name_, actors::LogLevel::kError,
                   "event=alarm code=" + alarm.code + " subject=" + alarm.subject + " text=\"" + alarm.text + "\"");
}

void RoleShell::perform(actors::ClearAlarm& alarm) {
  if (!parts_.alarms.clear(alarm.code, alarm.subject, parts_.now().unix_ms)) return;
  parts_.log.write(name_, actors::LogLevel::kInfo,
                   "event=alarm_cleared code=" + alarm.code + " subject=" + alarm.subject);
}

void RoleShell::perform(actors::Count& count) { parts_.metrics.count(count.metric, count.amount); }
void RoleShell::perform(actors::Gauge& gauge) { parts_.metrics.gauge(gauge.metric, gauge.value); }
void RoleShell::perform(actors::Halt& halt) { give_up(1, halt.reason); }
void RoleShell::perform(actors::Leave& leave) { give_up(0, leave.reason); }

void RoleShell::perform(actors::AdmitWorker& worker) {
  if (parts_.worker_changed) parts_.worker_changed(worker.key, true);
}
void RoleShell::perform(actors::ForgetWorker& worker) {
  if (parts_.worker_changed) parts_.worker_changed(worker.key, false);
}
void RoleShell::perform(actors::StartProof& proof) {
  if (parts_.prove) parts_.prove(proof.span, proof.attempt, std::move(proof.witness));
}
void RoleShell::perform(actors::StopProof& proof) {
  if (parts_.prove) parts_.prove(proof.span, proof.attempt, std::nullopt);
}

void RoleShell::failed(const std::string& what) {
  {
    const std::lock_guard lock(status_mutex_);
    status_.last_error = what;
  }
  parts_.log.write(name_, actors::LogLevel::kError, "event=role_failed text=\"" + what + "\"");
  if (!restart(what)) give_up(1, "role " + name_ + " failed: " + what);
}

bool RoleShell::restart(const std::string& why) {
  if (!restarts_alone(role_) || ended_) return false;
  const Millis now = parts_.now().monotonic;
  std::erase_if(recent_restarts_, [&](Millis at) { return now - at > kRestartWindow; });
  if (recent_restarts_.size() >= kMaxRestarts) {
    give_up(1, "role " + name_ + " failed too often: " + why);
    return true;
  }
  recent_restarts_.push_back(now);
  parts_.metrics.count("asterism_role_restarts_total", 1, "role", name_);
  {
    const std::lock_guard lock(status_mutex_);
    ++status_.restarts;
  }
  parts_.log.write(name_, actors::LogLevel::kWarn, "event=role_restarted why=\"" + why + "\"");
  start();
  return true;
}

void RoleShell::end() {
  ended_ = true;
  const std::lock_guard lock(status_mutex_);
  status_.state = "ended";
}

void RoleShell::give_up(int code, const std::string& reason) {
  if (ended_) return;
  end();
  if (code != 0) {
    const std::lock_guard lock(status_mutex_);
    status_.last_error = reason;
  }
  parts_.end_process(code, name_ + ": " + reason);
}

RoleStatus RoleShell::status() const {
  const std::lock_guard lock(status_mutex_);
  return status_;
}

}  // namespace asterism::cluster
