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

std::expected<std::unique_ptr<AdminClient>, std::string> DeploymentFolder::connect_admin(
    const std::string& address) const {
  const auto key = load_ed25519(path / "admin" / "admin.key");
  if (!key) return std::unexpected(key.error().text);
  if (!address.empty()) return AdminClient::connect(address, genesis_hash, *key);
  std::string last = "genesis names no process";
  for (const core::GenesisValidator& validator : genesis.validators) {
    for (const core::GenesisProcess& process : validator.processes) {
      for (const std::string& candidate : process.addresses) {
        auto client = AdminClient::connect(candidate, genesis_hash, *key);
        if (client) return client;
        last = client.error();
      }
    }
  }
  return std::unexpected("no node answers; last: " + last);
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
  return load_account(path / "accounts" / (name + ".key"));
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
