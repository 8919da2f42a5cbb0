// The folder of a deployment as command lines use it: genesis, the admin's key, accounts, and where to reach it.
//   DIR/genesis.json   DIR/admin/admin.key   DIR/accounts/NAME.key   DIR/NAME/ (a process: keys, config.toml, db)
#pragma once
#include "cluster/deployment/key_files.hpp"
#include "cluster/shell/admin_client.hpp"

namespace asterism::cluster {

struct DeploymentFolder {
  std::filesystem::path path;
  core::Genesis genesis;
  core::Word genesis_hash{};

  static std::expected<DeploymentFolder, std::string> open(const std::filesystem::path& folder);
  DeploymentView view() const { return {genesis, genesis_hash}; }

  // DIR/admin/NAME.key
  std::expected<core::Ed25519Secret, std::string> admin_key(const std::string& name = "admin") const;
  // `address` empty: the first node of genesis that answers. A node holds one link of a key: programs that ask all the
  // time have a key of their own, so that they and a person's shell do not cut each other off.
  std::expected<std::unique_ptr<AdminClient>, std::string> connect_admin(const std::string& address,
                                                                         const std::string& key = "admin") const;
  // Clients' listeners: of the configurations in this folder.
  std::vector<std::string> client_addresses() const;
  // By name (DIR/accounts/NAME.key), or the address itself as hex.
  std::expected<core::Felt, std::string> address_of(const std::string& name_or_address) const;
  KeyResult<AccountKey> account(const std::string& name) const;
};

}  // namespace asterism::cluster
