// The admin role: one a process. It checks signed commands (admin key of genesis, target, expiry, signature, nonce),
// writes the audit entry before anything is done, asks the role or the process that answers, and passes on unchanged
// what is for another process.
//   a/<sequence u64>   AuditRecord   commands that changed something
// Invariants: no command acts twice (a repeated nonce gets the first result); none acts before its entry is durable.
#pragma once
#include <functional>
#include <map>

#include "actors/admin/commands.hpp"
#include "actors/machine.hpp"

namespace asterism::actors {

struct AuditRecord {
  std::uint64_t unix_ms = 0;
  core::AdminKey admin{};
  std::array<std::uint8_t, 16> nonce{};
  std::uint64_t expiry = 0;
  std::string what;
  std::vector<std::string> arguments;
  std::string result;  // empty until it is known
  MSGPACK_DEFINE(unix_ms, admin, nonce, expiry, what, arguments, result)
};

// What genesis and membership say of one process.
struct ProcessEntry {
  std::string name;
  core::LinkKey key{};
  std::optional<core::ValidatorIndex> validator;
  std::vector<core::Role> roles;
  std::vector<std::string> addresses;
  std::uint64_t certificate = 0;  // its serial; 0: named by genesis
};

struct AdminOptions {
  core::Word genesis_hash{};
  core::LinkKey own_process{};
  std::vector<core::AdminKey> admins;
  std::function<std::vector<ProcessEntry>()> directory;
  Millis answer_timeout{10'000};
  std::size_t kept_audit = 10'000;
};

core::Bytes admin_signing_bytes(const core::Word& genesis_hash, const messages::SignedCommand& command);

class Admin final : public Machine {
 public:
  Admin(const storage::KeyValue& store, AdminOptions options);

  core::Role role() const override { return core::Role::kAdmin; }
  void start(const Now& now, Effects& effects) override;
  void receive(const Inbound& inbound, const Now& now, Effects& effects) override;
  void expire(TimerId timer, const Now& now, Effects& effects) override;
  std::string inquire(const Inquiry& inquiry, const Now& now, Effects& effects) override;

 private:
  using Nonce = std::array<std::uint8_t, 16>;
  struct Waiting {
    Sender asker;
    std::uint64_t number = 0;  // the asker's
    Nonce nonce{};
    std::uint64_t audit = 0;  // sequence of its entry; 0: changes nothing
    Millis since{};
  };
  struct Seen {
    std::uint64_t expiry = 0;
    std::uint64_t audit = 0;
  };

  void on_command(const messages::SignedCommand& command, const Sender& from, const Now& now, Effects& effects);
  void on_reply(const messages::CommandReply& reply, Effects& effects);
  void on_answer(const messages::RemoteInquiryReply& answer, Effects& effects);
  std::string refuse(const messages::SignedCommand& command, const Now& now) const;
  void execute(const messages::SignedCommand& command, const ParsedCommand& parsed, const Sender& from, const Now& now,
               Effects& effects);
  std::string nodes() const;
  std::string audit() const;

  const storage::KeyValue& store_;
  AdminOptions options_;
  std::map<std::uint64_t, Waiting> waiting_;  // by our own request number
  std::map<Nonce, Waiting> forwarded_;        // passed on to another process
  std::map<Nonce, Seen> seen_;
  std::map<std::uint64_t, AuditRecord> entries_;  // the newest kept_audit
  std::uint64_t next_request_ = 1;
  std::uint64_t next_audit_ = 1;
};

}  // namespace asterism::actors
