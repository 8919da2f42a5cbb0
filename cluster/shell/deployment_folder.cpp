#include "cluster/shell/deployment_folder.hpp"

#include <algorithm>

#include "config/config.hpp"

namespace asterism::cluster {

namespace fs = std::filesystem;

std::expected<DeploymentFolder, std::string> DeploymentFolder::open(const fs::path& folder) {
  const auto text = read_file(folder / "genesis.json");
  if (!text) return std::unexpected(text.error() + " (--dir names the deployment's folder; `asterism up` makes one)");
  auto genesis = core::decode_genesis(*text);
  if (!genesis) return std::unexpected((folder / "genesis.json").string() + ": " + genesis.error().where);
  DeploymentFolder out{.path = folder, .genesis = std::move(*genesis), .genesis_hash = {}};
  out.genesis_hash = core::genesis_hash(out.genesis);
  return out;
}

std::expected<core::Ed25519Secret, std::string> DeploymentFolder::admin_key(const std::string& name) const {
  const fs::path file = path / "admin" / (name + ".key");
  auto key = load_ed25519(file);
  if (key) return std::move(*key);
  if (key.error().error != KeyError::kMissing) return std::unexpected(key.error().text);
  return std::unexpected(file.string() +
                         " is not there: an admin's key is needed, one that genesis names (`asterism keygen --admin` "
                         "makes one for `asterism init`)");
}

std::expected<std::unique_ptr<AdminClient>, std::string> DeploymentFolder::connect_admin(const std::string& address,
                                                                                         const std::string& key) const {
  const auto secret = admin_key(key);
  if (!secret) return std::unexpected(secret.error());
  if (!address.empty()) return AdminClient::connect({address}, view(), *secret);
  std::vector<std::string> addresses;
  for (const core::GenesisValidator& validator : genesis.validators) {
    for (const core::GenesisProcess& process : validator.processes)
      addresses.insert(addresses.end(), process.addresses.begin(), process.addresses.end());
  }
  return AdminClient::connect(std::move(addresses), view(), *secret);
}

std::vector<std::string> DeploymentFolder::client_addresses() const {
  std::vector<std::string> out;
  for (const core::GenesisValidator& validator : genesis.validators) {
    for (const core::GenesisProcess& process : validator.processes) {
      const auto config = config::load(path / process.name / "config.toml");
      if (config && !config->listen.clients.empty()) out.push_back(config->listen.clients);
    }
  }
  return out;
}

KeyResult<AccountKey> DeploymentFolder::account(const std::string& name) const {
  const fs::path file = path / "accounts" / (name + ".key");
  auto key = load_account(file);
  if (key || key.error().error != KeyError::kMissing) return key;
  return std::unexpected(KeyFault{KeyError::kMissing, "there is no account `" + name + "` (" + file.string() +
                                                          "); `asterism client account new " + name + "` makes one"});
}

std::expected<core::Felt, std::string> DeploymentFolder::address_of(const std::string& name_or_address) const {
  if (name_or_address.starts_with("0x")) {
    const auto address = core::Felt::from_hex(name_or_address);
    if (!address) return std::unexpected(name_or_address + " is not an address");
    return *address;
  }
  const auto key = account(name_or_address);
  if (!key) return std::unexpected(key.error().text);
  return key->address;
}

}  // namespace asterism::cluster
