// Who belongs to this deployment: the processes of genesis, those added by certificate, the embedded ledger, the
// admins, and (at the coordinator) the workers it has admitted. Answers who may hold a link, what may come over it, and
// where to dial. Reads come from the links' thread and from roles, changes from roles and start-up: it locks itself.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

#include "cluster/link/admission.hpp"
#include "core/chain/genesis.hpp"

namespace asterism::cluster {

using RoleSet = std::uint16_t;  // bits by core::Role
constexpr RoleSet bit(core::Role role) { return static_cast<RoleSet>(1U << static_cast<unsigned>(role)); }
RoleSet role_set(const std::vector<core::Role>& roles);
std::string_view role_name(core::Role role);
std::vector<std::string> role_names_of(RoleSet roles);
std::optional<core::Role> role_from_name(std::string_view name);

struct Member {
  std::string name;
  core::LinkKey key{};
  RoleSet roles = 0;
  std::optional<core::ValidatorIndex> validator;  // absent: the ledger
  std::vector<std::string> addresses;             // of the peers' listener
  std::uint64_t serial = 0;                       // of the certificate; 0: genesis. Without roles: taken out
};

using messages::ProcessCertificate;
core::Bytes process_signing_bytes(const core::Word& genesis_hash, const ProcessCertificate& certificate);

class Membership : public Admission {
 public:
  Membership(const core::Genesis& genesis, const core::Word& genesis_hash, const core::LinkKey& own, RoleSet own_roles);

  std::expected<Access, LinkFault> admit(const core::LinkKey& key, ListenerKind listener, Side own) const override;
  bool allows(const Access& access, const messages::KindInfo& kind) const override;

  enum class CertificateFault : std::uint8_t { kUnknownValidator, kBadSignature, kOldSerial, kMalformed, kTooMany };
  std::expected<void, CertificateFault> add(const ProcessCertificate& certificate);
  // From another process: what is new is added and told to the listener.
  void learn(const ProcessCertificate& certificate) override;
  using Listener = std::function<void(const ProcessCertificate&)>;
  void on_learned(Listener listener) { learned_ = std::move(listener); }  // before links begin
  // The newest of each process, as it was added.
  std::vector<ProcessCertificate> certificates() const;
  void admit_worker(const core::LinkKey& key);
  void forget_worker(const core::LinkKey& key);
  // Where a configuration knows better than genesis.
  void set_addresses(const core::LinkKey& key, std::vector<std::string> addresses);

  const core::LinkKey& own_key() const { return own_; }
  std::optional<core::ValidatorIndex> own_validator() const;
  RoleSet own_roles() const { return own_roles_; }
  std::uint16_t validators() const { return static_cast<std::uint16_t>(validator_keys_.size()); }
  core::ValidatorIndex coordinator() const { return coordinator_; }
  const core::LinkKey& ledger() const { return ledger_; }
  std::optional<Member> find(const core::LinkKey& key) const;
  // Processes of a validator that hold one of `roles`, this one left out.
  std::vector<core::LinkKey> holders(core::ValidatorIndex validator, RoleSet roles) const;
  // Whom this process keeps a link to by itself.
  std::vector<Member> to_dial() const;
  std::vector<Member> members() const;
  std::string name_of(const core::LinkKey& key) const;

 private:
  std::expected<void, CertificateFault> check(const ProcessCertificate& certificate) const;
  Access access_of(const Member& member) const;
  bool wants_link(const Member& member) const;

  mutable std::shared_mutex mutex_;
  core::Word genesis_hash_;
  core::LinkKey own_, ledger_;
  RoleSet own_roles_;
  std::vector<core::ConsensusKey> validator_keys_;
  core::ValidatorIndex coordinator_;
  std::set<core::AdminKey> admins_;
  std::map<core::LinkKey, Member> members_;
  std::set<core::LinkKey> workers_;
  std::map<core::LinkKey, ProcessCertificate> certificates_;
  Listener learned_;
};

// Roles that send a kind; 0: any.
RoleSet sending_roles(const messages::KindInfo& kind);

}  // namespace asterism::cluster
