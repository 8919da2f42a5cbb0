// A small deployment for tests of cluster/: keys from small numbers, one process a validator unless said otherwise.
#pragma once
#include "cluster/link/handshake.hpp"
#include "cluster/membership.hpp"

namespace asterism::cluster::test {

inline core::Ed25519Secret secret(std::uint8_t number) {
  core::Word seed{};
  seed.fill(number);
  return core::Ed25519Secret::from_seed(seed);
}
inline core::LinkKey link_key(std::uint8_t number) { return {secret(number).public_bytes()}; }

inline const std::vector<core::Role> kReplicaRoles{core::Role::kGateway,   core::Role::kMempool, core::Role::kConsensus,
                                                   core::Role::kSequencer, core::Role::kL1,      core::Role::kAdmin};

// Validator i: link key 10 + i, consensus key 50 + i. The first is the coordinator. Ledger 40, admin 41.
inline core::Genesis deployment(std::uint8_t validators) {
  core::Genesis genesis;
  for (std::uint8_t i = 0; i < validators; ++i) {
    core::GenesisValidator validator;
    validator.name = "v" + std::to_string(i);
    validator.consensus_key = {secret(static_cast<std::uint8_t>(50 + i)).public_bytes()};
    std::vector<core::Role> roles = kReplicaRoles;
    if (i == 0) roles.push_back(core::Role::kCoordinator);
    validator.processes = {{"node" + std::to_string(i), link_key(static_cast<std::uint8_t>(10 + i)), roles, {}}};
    genesis.validators.push_back(validator);
  }
  genesis.ledger_key = link_key(40);
  genesis.admins = {core::AdminKey{secret(41).public_bytes()}};
  return genesis;
}
inline core::Word deployment_hash(std::uint8_t seed = 3) {
  core::Word out{};
  out.fill(seed);
  return out;
}

}  // namespace asterism::cluster::test
