// Genesis: everything that all parts of one deployment must agree on, and its hash, which stands in every signature.
// The JSON form has one encoding only: documented key order (that of the structs here), no white space, integers as
// decimal strings, bytes and felts as 0x-hex. A file that is not byte-equal to its own re-encoding is refused.
#pragma once
#include <expected>

#include "core/base/bytes.hpp"
#include "core/chain/block.hpp"
#include "core/chain/keys.hpp"

namespace asterism::core {

// Frozen: the number is on the wire, the name in genesis and in configuration.
enum class Role : std::uint8_t {
  kGateway = 0,
  kMempool = 1,
  kConsensus = 2,
  kSequencer = 3,
  kCoordinator = 4,
  kL1 = 5,  // sync and submitter of a replica
  kAdmin = 6,
  kWorker = 7,
  kLedger = 8,  // the embedded L1
};

struct GenesisProcess {
  std::string name;
  LinkKey link_key{};
  std::vector<Role> roles;
  std::vector<std::string> addresses;  // "host:port" of the peers' listener
};

struct GenesisValidator {
  std::string name;
  std::uint64_t weight = 1;
  ConsensusKey consensus_key{};
  Felt fee_account;  // sequencer_address of the blocks it builds
  std::vector<GenesisProcess> processes;
};

struct GenesisAccount {
  Felt public_key;
  Felt salt;
  Uint128 balance = 0;  // fri; the address follows from class, salt and key
};

// Gas of one native call; takes the place of the gas vector of starknet-formats.md.
struct GasTableEntry {
  std::string call;  // "transfer", "deploy_account", ...
  GasVector gas;
};

struct Limits {
  std::uint64_t block_transactions = 2000;
  std::uint64_t block_bytes = 4 << 20;
  std::uint64_t span_blocks = 8;
  std::uint64_t span_transactions = 4000;
  std::uint64_t span_seconds = 5;
};

enum class ProofKind : std::uint8_t { kAttestation = 0, kStark = 1 };

struct SettlementPolicy {
  std::vector<ProofKind> kinds{ProofKind::kAttestation};  // a span needs all of these
  std::uint64_t attestation_threshold = 2;                // weight
};

struct Genesis {
  Felt chain_id;
  std::uint64_t l1_chain_id = 0;
  EthAddress core_contract{}, bridge{};
  std::uint64_t time = 0;  // seconds
  std::vector<GenesisValidator> validators;
  std::uint16_t coordinator = 0;  // index of the validator whose replica holds it
  LinkKey ledger_key{};           // of the embedded L1; zero when the L1 is elsewhere
  std::string ledger_address;     // "host:port"
  std::vector<AdminKey> admins;
  EthAddress operator_address{}, submitter_address{};
  std::vector<GenesisAccount> accounts;
  GasPrices gas_prices;
  std::vector<GasTableEntry> gas_table;
  L1DaMode l1_da_mode = L1DaMode::kCalldata;
  Limits limits;
  SettlementPolicy settlement;
  std::uint64_t head_depth = 3, message_depth = 2;  // L1 blocks
};

enum class GenesisError : std::uint8_t { kNotJson, kWrongField, kOutOfRange, kNotCanonical, kInconsistent };
struct GenesisFault {
  GenesisError error;
  std::string where;  // key path, and what was expected
};

std::string encode_genesis(const Genesis& genesis);
// At most 4 MiB; also checks consistency (distinct keys, weights > 0 and no overflow, coordinator in range, threshold >
// 0, ...).
std::expected<Genesis, GenesisFault> decode_genesis(std::string_view json);
Word genesis_hash(const Genesis& genesis);        // keccak256 of the encoding
Word configuration_hash(const Genesis& genesis);  // protocol.md, "Spans and proofs"

}  // namespace asterism::core
