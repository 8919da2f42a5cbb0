#include "cluster/role_actor.hpp"

#include <atomic>
#include <caf/all.hpp>

#include "actors/interfaces.hpp"

namespace asterism::cluster {

using actors::Inbound;
using actors::LinkChange;
using actors::RestartRole;
using actors::RoleActor;
using actors::StartRole;
using actors::StopRole;
using actors::TimerFired;
using core::Role;

bool has_own_thread(Role role) {
  return role == Role::kSequencer || role == Role::kConsensus || role == Role::kCoordinator || role == Role::kLedger;
}

namespace {

using Depth = std::shared_ptr<std::atomic<std::size_t>>;

class RoleMailbox : public Mailbox {
 public:
  RoleMailbox(RoleActor actor, Depth depth) : actor_(std::move(actor)), depth_(std::move(depth)) {}
  void deliver(Inbound inbound) override {
    ++*depth_;
    caf::anon_send(actor_, std::move(inbound));
  }
  void link_changed(const actors::Sender& peer, bool up) override { caf::anon_send(actor_, LinkChange{peer, up}); }
  std::size_t depth() const override { return *depth_; }

 private:
  RoleActor actor_;
  Depth depth_;
};

class ActorTimers : public RoleTimers {
 public:
  explicit ActorTimers(RoleActor::pointer self) : self_(self) {}
  void start(actors::TimerId id, std::uint64_t generation, actors::Millis after) override {
    self_->delayed_send(self_, after, TimerFired{id, generation});
  }

 private:
  RoleActor::pointer self_;
};

struct RoleSpec {
  Role role = Role::kAdmin;
  MachineFactory factory;
  RoleParts parts;
  Depth depth;
  // Filled in when the actor begins; read by status() from other threads.
  std::shared_ptr<std::atomic<std::shared_ptr<RoleShell>>> shell;
};

struct RoleState {
  explicit RoleState(RoleActor::pointer self, RoleSpec given) : spec(std::move(given)), timers(self) {
    shell = std::make_shared<RoleShell>(spec.role, spec.factory, spec.parts, timers);
    spec.shell->store(shell);
  }
  RoleSpec spec;
  ActorTimers timers;
  std::shared_ptr<RoleShell> shell;
};

RoleActor::behavior_type role_actor(RoleActor::pointer self, RoleSpec spec) {
  const auto state = std::make_shared<RoleState>(self, std::move(spec));
  return {
      [=](const Inbound& inbound) {
        --*state->spec.depth;
        state->shell->receive(inbound);
      },
      [=](const LinkChange& change) { state->shell->link_changed(change.peer, change.up); },
      [=](const TimerFired& fired) { state->shell->expire(fired.id, fired.generation); },
      [=](StartRole) { state->shell->start(); },
      [=](const RestartRole& restart) { return state->shell->restart(restart.why); },
      [=](StopRole) {
        state->shell->end();
        self->quit();
        return true;
      },
  };
}

}  // namespace

struct RoleHandle::Impl {
  caf::actor_system& system;
  Role role;
  Depth depth = std::make_shared<std::atomic<std::size_t>>(0);
  std::shared_ptr<std::atomic<std::shared_ptr<RoleShell>>> shell =
      std::make_shared<std::atomic<std::shared_ptr<RoleShell>>>();
  RoleActor actor{};
  std::shared_ptr<RoleMailbox> mailbox{};
  bool stopped = false;
};

RoleHandle::RoleHandle(caf::actor_system& system, Role role, MachineFactory factory, const RoleParts& parts)
    : impl_(new Impl{system, role}) {
  RoleSpec spec{role, std::move(factory), parts, impl_->depth, impl_->shell};
  impl_->actor = has_own_thread(role) ? system.spawn<caf::detached>(role_actor, std::move(spec))
                                      : system.spawn(role_actor, std::move(spec));
  impl_->mailbox = std::make_shared<RoleMailbox>(impl_->actor, impl_->depth);
}

RoleHandle::~RoleHandle() { stop(Millis(2000)); }

std::shared_ptr<Mailbox> RoleHandle::mailbox() const { return impl_->mailbox; }
void RoleHandle::start() { caf::anon_send(impl_->actor, StartRole{}); }

bool RoleHandle::restart(const std::string& why) {
  if (!restarts_alone(impl_->role)) return false;
  caf::anon_send(impl_->actor, RestartRole{why});
  return true;
}

bool RoleHandle::stop(Millis patience) {
  if (std::exchange(impl_->stopped, true)) return true;
  bool done = false;
  caf::scoped_actor self{impl_->system};
  self->request(impl_->actor, patience, StopRole{}).receive([&](bool) { done = true; }, [](caf::error&) {});
  return done;
}

RoleStatus RoleHandle::status() const {
  RoleStatus out;
  out.role = impl_->role;
  out.state = "starting";
  if (const auto shell = impl_->shell->load()) out = shell->status();
  out.mailbox = *impl_->depth;
  return out;
}

}  // namespace asterism::cluster
