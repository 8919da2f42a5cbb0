#include "cluster/deployment/deployment.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cluster/deployment/key_files.hpp"
#include "cluster/membership.hpp"
#include "core/hash/keccak.hpp"
#include "core/state/transition.hpp"

namespace asterism::cluster {
namespace {

using Json = nlohmann::ordered_json;

bool has_role(const PublicRecord& record, std::string_view role) {
  return std::ranges::find(record.roles, role) != record.roles.end();
}

template <class Key>
std::string key_text(const Key& key) {
  return key.is_zero() ? "" : "0x" + key.hex();
}

template <class Key>
bool read_key(const Json& json, const char* name, Key& key) {
  const std::string text = json.value(name, "");
  if (text.empty()) return true;
  const auto bytes = core::array_from_hex<std::tuple_size_v<decltype(key.bytes)>>(text);
  if (bytes) key.bytes = *bytes;
  return bytes.has_value();
}

// Where a contract of the embedded L1 stands: an address nobody holds a key of, the same for everybody.
core::EthAddress contract_address(std::string_view name, const core::EthAddress& operator_address) {
  core::ByteWriter bytes;
  bytes.text("asterism/contract/1").text(name).raw(operator_address.bytes);
  const core::Word hash = core::keccak256(bytes.bytes());
  core::EthAddress out;
  std::copy(hash.begin() + 12, hash.end(), out.bytes.begin());
  return out;
}

core::GenesisProcess process_of(const PublicRecord& record) {
  core::GenesisProcess out{.name = record.name, .link_key = record.link_key, .roles = {}, .addresses = {}};
  for (const std::string& role : record.roles) out.roles.push_back(*role_from_name(role));
  std::ranges::sort(out.roles);
  if (!record.peers.empty()) out.addresses.push_back(record.peers);
  return out;
}

std::expected<void, std::string> add_validator_process(core::Genesis& genesis, const PublicRecord& record) {
  auto it = std::ranges::find(genesis.validators, record.validator, &core::GenesisValidator::name);
  if (it == genesis.validators.end()) {
    genesis.validators.push_back(
        {.name = record.validator, .weight = record.weight, .consensus_key = {}, .fee_account = {}, .processes = {}});
    it = genesis.validators.end() - 1;
  }
  if (has_role(record, "consensus")) {
    if (!it->consensus_key.is_zero())
      return std::unexpected("validator " + record.validator + " has two processes with consensus");
    it->consensus_key = record.consensus_key;
    it->weight = record.weight;
    it->fee_account = core::native::account_address(record.fee_account.public_key, record.fee_account.salt);
  }
  it->processes.push_back(process_of(record));
  return {};
}

}  // namespace

std::string encode_record(const PublicRecord& record) {
  Json out{{"name", record.name}};
  if (!record.validator.empty()) out["validator"] = record.validator;
  if (!record.validator.empty()) out["weight"] = record.weight;
  out["roles"] = record.roles;
  if (!record.link_key.is_zero()) out["link_key"] = key_text(record.link_key);
  if (!record.consensus_key.is_zero()) out["consensus_key"] = key_text(record.consensus_key);
  if (!record.peers.empty()) out["peers"] = record.peers;
  if (!record.clients.empty()) out["clients"] = record.clients;
  if (!record.submitter.is_zero()) out["submitter"] = key_text(record.submitter);
  if (!record.operator_.is_zero()) out["operator"] = key_text(record.operator_);
  if (!record.admin.is_zero()) out["admin"] = key_text(record.admin);
  if (!record.fee_account.public_key.is_zero())
    out["fee_account"] = {{"public_key", record.fee_account.public_key.to_hex()},
                          {"salt", record.fee_account.salt.to_hex()}};
  return out.dump();
}

std::expected<PublicRecord, std::string> decode_record(std::string_view text) {
  if (text.size() > 64 * 1024) return std::unexpected("the record is larger than 64 KiB");
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::unexpected("not a record: `asterism keygen` prints one (a JSON object)");
  PublicRecord out;
  try {
    out.name = json.value("name", "");
    out.validator = json.value("validator", "");
    out.weight = json.value("weight", std::uint64_t{1});
    out.roles = json.value("roles", std::vector<std::string>{});
    out.peers = json.value("peers", "");
    out.clients = json.value("clients", "");
    if (!read_key(json, "link_key", out.link_key) || !read_key(json, "consensus_key", out.consensus_key) ||
        !read_key(json, "submitter", out.submitter) || !read_key(json, "operator", out.operator_) ||
        !read_key(json, "admin", out.admin))
      return std::unexpected("record " + out.name + ": a key is not hex of the right length");
    if (json.contains("fee_account")) {
      const auto key = core::Felt::from_hex(json["fee_account"].value("public_key", ""));
      const auto salt = core::Felt::from_hex(json["fee_account"].value("salt", ""));
      if (!key || !salt) return std::unexpected("record " + out.name + ": fee_account needs public_key and salt");
      out.fee_account = {.public_key = *key, .salt = *salt, .balance = 0};
    }
  } catch (const Json::exception& fault) {
    return std::unexpected(std::string("record: ") + fault.what());
  }
  if (out.name.empty()) return std::unexpected("a record needs a name");
  for (const std::string& role : out.roles) {
    if (!role_from_name(role)) return std::unexpected("record " + out.name + ": there is no role `" + role + "`");
  }
  return out;
}

std::expected<void, std::string> make_keys(PublicRecord& record, const std::filesystem::path& folder) {
  const auto link = load_or_create_ed25519(folder / "link.key");
  if (!link) return std::unexpected(link.error().text);
  record.link_key.bytes = link->public_bytes();
  if (has_role(record, "consensus")) {
    const auto consensus = load_or_create_ed25519(folder / "consensus.key");
    if (!consensus) return std::unexpected(consensus.error().text);
    record.consensus_key.bytes = consensus->public_bytes();
    auto fees = load_account(folder / "fees.key");
    if (!fees && fees.error().error == KeyError::kMissing) fees = create_account(folder / "fees.key");
    if (!fees) return std::unexpected(fees.error().text);
    record.fee_account = {.public_key = fees->public_key, .salt = fees->salt, .balance = 0};
  }
  if (has_role(record, "l1")) {
    const auto submitter = load_or_create_secp256k1(folder / "submitter.key");
    const auto operator_key = load_or_create_secp256k1(folder / "operator.key");
    if (!submitter) return std::unexpected(submitter.error().text);
    if (!operator_key) return std::unexpected(operator_key.error().text);
    record.submitter = submitter->address();
    record.operator_ = operator_key->address();
  }
  return {};
}

void place_coordinator(std::vector<PublicRecord>& records, const std::string& validator) {
  const auto of_validator = [&](const PublicRecord& record) {
    return !record.validator.empty() && (validator.empty() || record.validator == validator);
  };
  const auto first = std::ranges::find_if(records, of_validator);
  if (first == records.end()) return;
  const auto holds = [&](std::string_view role) {
    return [&, role](const PublicRecord& record) {
      return record.validator == first->validator && has_role(record, role);
    };
  };
  if (std::ranges::any_of(records, holds("coordinator"))) return;
  if (const auto l1 = std::ranges::find_if(records, holds("l1")); l1 != records.end())
    l1->roles.emplace_back("coordinator");
}

std::expected<core::Genesis, std::string> compose_genesis(const std::vector<PublicRecord>& records,
                                                          const DeploymentOptions& options) {
  core::Genesis genesis;
  const auto chain = core::short_string(options.chain_id);
  genesis.chain_id = chain;
  genesis.l1_chain_id = options.l1_chain_id;
  genesis.time = options.genesis_time;
  for (const PublicRecord& record : records) {
    if (has_role(record, "ledger")) {
      if (!genesis.ledger_key.is_zero()) return std::unexpected("two records have the role ledger");
      genesis.ledger_key = record.link_key;
      genesis.ledger_address = record.peers;
    } else if (!record.validator.empty()) {
      if (auto added = add_validator_process(genesis, record); !added) return std::unexpected(added.error());
    }
    if (!record.admin.is_zero()) genesis.admins.push_back(record.admin);
  }
  for (const core::GenesisValidator& validator : genesis.validators) {
    if (validator.consensus_key.is_zero())
      return std::unexpected("validator " + validator.name + " has no process with consensus");
  }
  if (genesis.validators.empty()) return std::unexpected("no record belongs to a validator");
  const std::string coordinator = options.coordinator.empty() ? genesis.validators.front().name : options.coordinator;
  const auto at = std::ranges::find(genesis.validators, coordinator, &core::GenesisValidator::name);
  if (at == genesis.validators.end())
    return std::unexpected("there is no validator " + coordinator + " to hold the coordinator");
  genesis.coordinator = static_cast<std::uint16_t>(at - genesis.validators.begin());
  for (const PublicRecord& record : records) {
    if (record.validator != coordinator || !has_role(record, "l1")) continue;
    genesis.submitter_address = record.submitter;
    genesis.operator_address = record.operator_;
  }
  if (genesis.submitter_address.is_zero())
    return std::unexpected("validator " + coordinator + " has no process with the role l1, which submits to L1");
  genesis.core_contract = contract_address("core", genesis.operator_address);
  genesis.bridge = contract_address("bridge", genesis.operator_address);
  genesis.accounts = options.accounts;
  genesis.gas_prices = {.l1 = {options.l1_gas_price, options.l1_gas_price},
                        .l1_data = {options.l1_data_gas_price, options.l1_data_gas_price},
                        .l2 = {options.l2_gas_price, options.l2_gas_price}};
  genesis.gas_table = core::default_gas_table();
  genesis.limits = options.limits;
  genesis.settlement.attestation_threshold = options.attestation_threshold;
  genesis.head_depth = options.head_depth;
  genesis.message_depth = options.message_depth;
  const auto checked = core::decode_genesis(core::encode_genesis(genesis));
  if (!checked) return std::unexpected("genesis: " + checked.error().where);
  return genesis;
}

config::Config compose_config(const PublicRecord& record, const std::vector<PublicRecord>& all) {
  config::Config out;
  out.name = record.name;
  out.roles = record.roles;
  out.validator = record.validator;
  out.data_dir = "db";
  out.genesis = "genesis.json";
  out.keys.link = "link.key";
  if (has_role(record, "consensus")) out.keys.consensus = "consensus.key";
  if (has_role(record, "l1")) {
    out.keys.submitter = "submitter.key";
    out.keys.operator_ = "operator.key";
  }
  out.listen.peers = record.peers;
  out.listen.clients = record.clients;
  for (const PublicRecord& other : all) {
    if (record.validator.empty() || other.validator != record.validator || other.name == record.name) continue;
    out.siblings.push_back(
        {.name = other.name, .key = other.link_key.hex(), .roles = other.roles, .addresses = {other.peers}});
  }
  return out;
}

}  // namespace asterism::cluster
