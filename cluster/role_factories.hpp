// From configuration, genesis and keys to the machines of a process: the only place that knows every role.
#pragma once
#include <expected>
#include <memory>

#include "actors/consensus/signatures.hpp"
#include "cluster/role_shell.hpp"
#include "config/config.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/state/signature_cache.hpp"

namespace asterism::cluster {

// What machines of one process are built from. Outlives them.
struct RoleMaterial {
  const config::Config& config;
  const core::Genesis& genesis;
  std::string genesis_json;
  core::Word genesis_hash{};
  const Membership& membership;
  const storage::KeyValue& store;
  std::unique_ptr<actors::consensus::Signatures> signatures;  // where the consensus role is
  std::optional<core::Secp256k1Secret> attester, submitter, operator_;
  std::shared_ptr<core::SignatureCache> verified = std::make_shared<core::SignatureCache>();
};

// Loads the keys that the roles need. The error names the file.
std::expected<void, std::string> load_keys(RoleMaterial& material, RoleSet roles);
MachineFactory machine_factory(core::Role role, const RoleMaterial& material);

}  // namespace asterism::cluster
