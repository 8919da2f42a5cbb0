// The one CAF shell in front of machines: a mailbox with a depth that others can see, timers by CAF's clock, and a
// thread of its own for the roles that fsync or compute long. Everything else is RoleShell.
#pragma once
#include <memory>

#include "cluster/role_shell.hpp"

namespace caf {
class actor_system;
}

namespace asterism::cluster {

// The shell of one role while it runs. Destroying it stops the role first.
class RoleHandle {
 public:
  RoleHandle(caf::actor_system& system, core::Role role, MachineFactory factory, const RoleParts& parts);
  ~RoleHandle();
  RoleHandle(const RoleHandle&) = delete;
  RoleHandle& operator=(const RoleHandle&) = delete;

  // What the router delivers to; attach it before start(), so that no message of another role is lost.
  std::shared_ptr<Mailbox> mailbox() const;
  void start();
  // False: this role does not restart alone.
  bool restart(const std::string& why);
  // Performs what its mailbox holds up to now, then nothing more. Bounded by `patience`.
  bool stop(Millis patience);
  RoleStatus status() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

bool has_own_thread(core::Role role);

}  // namespace asterism::cluster
