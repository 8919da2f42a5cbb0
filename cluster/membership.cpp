#include "cluster/membership.hpp"

#include <algorithm>
#include <array>
#include <mutex>

namespace asterism::cluster {

using actors::PeerKind;
using core::LinkKey;
using core::Role;

namespace {

constexpr std::array<std::string_view, 9> kRoleNames{"gateway", "mempool", "consensus", "sequencer", "coordinator",
                                                     "l1",      "admin",   "worker",    "ledger"};
constexpr RoleSet kAllRoles = 0xFFFF;
constexpr std::size_t kMaxName = 256, kMaxAddresses = 8;
constexpr std::ptrdiff_t kMaxCertified = 64;  // processes of a validator that genesis does not know

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '"'; });
}

Access outsider(const LinkKey& key, PeerKind kind, messages::SenderSet senders, std::string_view what) {
  return {{kind, key, std::nullopt}, senders, kAllRoles, std::string(what) + "-" + key.hex().substr(0, 8)};
}

}  // namespace

RoleSet role_set(const std::vector<Role>& roles) {
  RoleSet out = 0;
  for (const Role role : roles) out |= bit(role);
  return out;
}

std::string_view role_name(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }

std::vector<std::string> role_names_of(RoleSet roles) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < kRoleNames.size(); ++i) {
    if ((roles >> i & 1U) != 0) out.emplace_back(kRoleNames[i]);
  }
  return out;
}

std::optional<Role> role_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kRoleNames.size(); ++i) {
    if (kRoleNames[i] == name) return static_cast<Role>(i);
  }
  return std::nullopt;
}

core::Bytes process_signing_bytes(const core::Word& genesis_hash, const ProcessCertificate& certificate) {
  core::ByteWriter out;
  out.text("asterism/process/1").raw(genesis_hash).raw(certificate.key.bytes).u16(certificate.roles);
  out.u64(certificate.serial);
  return out.take();
}

Membership::Membership(const core::Genesis& genesis, const core::Word& genesis_hash, const LinkKey& own,
                       RoleSet own_roles)
    : genesis_hash_(genesis_hash),
      own_(own),
      ledger_(genesis.ledger_key),
      own_roles_(own_roles),
      coordinator_(genesis.coordinator),
      admins_(genesis.admins.begin(), genesis.admins.end()) {
  for (std::size_t i = 0; i < genesis.validators.size(); ++i) {
    const auto& validator = genesis.validators[i];
    validator_keys_.push_back(validator.consensus_key);
    for (const auto& process : validator.processes) {
      members_[process.link_key] = {process.name,
                                    process.link_key,
                                    role_set(process.roles),
                                    core::ValidatorIndex(static_cast<std::uint16_t>(i)),
                                    process.addresses,
                                    0};
    }
  }
  if (!ledger_.is_zero()) {
    members_[ledger_] = {"ledger", ledger_, bit(Role::kLedger), std::nullopt, {genesis.ledger_address}, 0};
  }
}

std::optional<core::ValidatorIndex> Membership::own_validator() const {
  const std::shared_lock lock(mutex_);
  const auto own = members_.find(own_);
  return own == members_.end() ? std::nullopt : own->second.validator;
}

Access Membership::access_of(const Member& member) const {
  const auto own = members_.find(own_);
  const bool sibling = member.validator && own != members_.end() && own->second.validator == member.validator;
  messages::SenderSet senders = messages::kFromLedger;
  PeerKind kind = PeerKind::kLedger;
  if (member.validator) {
    kind = sibling ? PeerKind::kSibling : PeerKind::kValidator;
    senders = messages::kFromValidator;
    if (sibling) senders |= messages::kFromSibling;
    if (*member.validator == coordinator_) senders |= messages::kFromCoordinator;
  }
  return {{kind, member.key, member.validator}, senders, member.roles, member.name};
}

std::expected<Access, LinkFault> Membership::admit(const LinkKey& key, ListenerKind listener, Side own) const {
  if (listener == ListenerKind::kClients && own == Side::kResponder) {
    return outsider(key, PeerKind::kClient, messages::kFromClient, "client");
  }
  const std::shared_lock lock(mutex_);
  if (const auto member = members_.find(key); member != members_.end()) {
    if (member->second.roles != 0) return access_of(member->second);
    return std::unexpected(LinkFault{LinkError::kUnknownKey, member->second.name + " was taken out by a certificate"});
  }
  if (workers_.contains(key)) return outsider(key, PeerKind::kWorker, messages::kFromWorker, "worker");
  if (admins_.contains(core::AdminKey{key.bytes})) {
    return outsider(key, PeerKind::kAdmin, messages::kFromAdmin, "admin");
  }
  // Only the coordinator can make use of a stranger.
  if ((own_roles_ & bit(Role::kCoordinator)) != 0 && own == Side::kResponder) {
    return outsider(key, PeerKind::kJoiner, messages::kFromJoiner, "joiner");
  }
  return std::unexpected(LinkFault{LinkError::kUnknownKey, key.hex()});
}

bool Membership::allows(const Access& access, const messages::KindInfo& kind) const {
  // A joiner must be able to take a genesis that is longer than the first credit.
  if (access.join_only() && kind.number == messages::kind_of_type<messages::BlobCredit>().number) return true;
  if (!kind.may_come_from(access.senders)) return false;
  const RoleSet senders = sending_roles(kind);
  return senders == 0 || (senders & access.roles) != 0;
}

// Under the lock.
std::expected<void, Membership::CertificateFault> Membership::check(const ProcessCertificate& certificate) const {
  if (certificate.validator >= validator_keys_.size()) return std::unexpected(CertificateFault::kUnknownValidator);
  // Neither is signed, and both are shown to people and written to logs.
  const bool fits = is_word(certificate.name) && certificate.addresses.size() <= kMaxAddresses &&
                    std::ranges::all_of(certificate.addresses, is_word);
  if (!fits) return std::unexpected(CertificateFault::kMalformed);
  const auto& key = validator_keys_[certificate.validator];
  const core::Bytes text = process_signing_bytes(genesis_hash_, certificate);
  if (!core::ed25519_verify(key.bytes, text, certificate.signature)) {
    return std::unexpected(CertificateFault::kBadSignature);
  }
  const auto known = members_.find(certificate.key);
  const core::ValidatorIndex validator(certificate.validator);
  if (known != members_.end() && (known->second.serial >= certificate.serial || known->second.validator != validator)) {
    return std::unexpected(CertificateFault::kOldSerial);
  }
  const auto of_validator = std::ranges::count_if(
      certificates_, [&](const auto& entry) { return entry.second.validator == certificate.validator; });
  if (known == members_.end() && of_validator >= kMaxCertified) return std::unexpected(CertificateFault::kTooMany);
  return {};
}

std::expected<void, Membership::CertificateFault> Membership::add(const ProcessCertificate& certificate) {
  const std::unique_lock lock(mutex_);
  if (auto good = check(certificate); !good) return good;
  members_[certificate.key] = {certificate.name,      certificate.key,
                               certificate.roles,     core::ValidatorIndex(certificate.validator),
                               certificate.addresses, certificate.serial};
  certificates_[certificate.key] = certificate;
  return {};
}

void Membership::learn(const ProcessCertificate& certificate) {
  if (add(certificate) && learned_) learned_(certificate);
}

std::vector<ProcessCertificate> Membership::certificates() const {
  const std::shared_lock lock(mutex_);
  std::vector<ProcessCertificate> out;
  for (const auto& [key, certificate] : certificates_) out.push_back(certificate);
  return out;
}

void Membership::admit_worker(const LinkKey& key) {
  const std::unique_lock lock(mutex_);
  workers_.insert(key);
}

void Membership::forget_worker(const LinkKey& key) {
  const std::unique_lock lock(mutex_);
  workers_.erase(key);
}

void Membership::set_addresses(const LinkKey& key, std::vector<std::string> addresses) {
  const std::unique_lock lock(mutex_);
  if (const auto member = members_.find(key); member != members_.end()) {
    member->second.addresses = std::move(addresses);
  }
}

std::optional<Member> Membership::find(const LinkKey& key) const {
  const std::shared_lock lock(mutex_);
  const auto member = members_.find(key);
  return member == members_.end() ? std::nullopt : std::optional(member->second);
}

std::vector<LinkKey> Membership::holders(core::ValidatorIndex validator, RoleSet roles) const {
  const std::shared_lock lock(mutex_);
  std::vector<LinkKey> out;
  for (const auto& [key, member] : members_) {
    if (key != own_ && member.validator == validator && (member.roles & roles) != 0) out.push_back(key);
  }
  return out;
}

// Siblings talk about everything. Between validators every process may have to pass a command on. The ledger is only
// the L1 role's business; a worker knows the coordinator alone.
bool Membership::wants_link(const Member& member) const {
  if (member.key == own_ || member.roles == 0) return false;
  if ((own_roles_ & bit(Role::kLedger)) != 0) return false;
  if (!member.validator) return (own_roles_ & bit(Role::kL1)) != 0;
  if ((own_roles_ & bit(Role::kWorker)) != 0) {
    return *member.validator == coordinator_ && (member.roles & bit(Role::kCoordinator)) != 0;
  }
  return true;
}

std::vector<Member> Membership::to_dial() const {
  const std::shared_lock lock(mutex_);
  std::vector<Member> out;
  for (const auto& [key, member] : members_) {
    if (wants_link(member)) out.push_back(member);
  }
  return out;
}

std::vector<Member> Membership::members() const {
  const std::shared_lock lock(mutex_);
  std::vector<Member> out;
  for (const auto& [key, member] : members_) out.push_back(member);
  return out;
}

std::string Membership::name_of(const LinkKey& key) const {
  const auto member = find(key);
  return member ? member->name : key.hex().substr(0, 8);
}

}  // namespace asterism::cluster
