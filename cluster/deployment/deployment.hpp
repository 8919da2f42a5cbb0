// From keys to a deployment: public records of processes (`keygen` prints them where the keys live), and the genesis
// and configurations that `init` composes from them, so that no private key ever travels. `up` uses the same functions
// for all processes of one machine.
#pragma once
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/chain/genesis.hpp"

namespace asterism::cluster {

// What everybody may know of a process.
struct PublicRecord {
  std::string name;
  std::string validator;  // of a replica's process: the replica's name; several processes may share it
  std::uint64_t weight = 1;
  std::vector<std::string> roles;
  core::LinkKey link_key{};
  core::ConsensusKey consensus_key{};         // of the process that runs consensus; zero elsewhere
  std::string peers, clients;                 // addresses that others dial
  core::EthAddress submitter{}, operator_{};  // zero where it holds no such key
  core::AdminKey admin{};                     // zero unless the record is of a person with a shell
  core::GenesisAccount fee_account;           // a replica's: its public key and salt; blocks it builds pay there
};
std::string encode_record(const PublicRecord& record);
std::expected<PublicRecord, std::string> decode_record(std::string_view json);

// Makes the keys that the record's roles need in `folder` (existing ones are kept) and fills the record's public
// halves.
std::expected<void, std::string> make_keys(PublicRecord& record, const std::filesystem::path& folder);

struct DeploymentOptions {
  std::string chain_id = "ASTERISM_LOCAL";
  std::uint64_t l1_chain_id = 31337;
  std::uint64_t genesis_time = 0;  // seconds
  std::string coordinator;         // a validator's name; empty: the first
  std::vector<core::GenesisAccount> accounts;
  core::Limits limits;
  std::uint64_t attestation_threshold = 2;
  std::uint64_t head_depth = 3, message_depth = 2;
  std::uint64_t l1_gas_price = 1'000'000'000, l1_data_gas_price = 1, l2_gas_price = 1'000;  // fri, and wei
};
// Gives the coordinator to the process that submits to L1, unless one of its validator's has it.
void place_coordinator(std::vector<PublicRecord>& records, const std::string& validator);
// The error names the record and what is wrong with it.
std::expected<core::Genesis, std::string> compose_genesis(const std::vector<PublicRecord>& records,
                                                          const DeploymentOptions& options);
// The configuration of one process in a folder that holds its keys and genesis.json.
config::Config compose_config(const PublicRecord& record, const std::vector<PublicRecord>& all);

}  // namespace asterism::cluster
