#include "core/chain/genesis.hpp"

#include <algorithm>
#include <set>

#include "core/chain/strict_json.hpp"
#include "core/hash/keccak.hpp"

namespace asterism::core {
namespace {

constexpr std::size_t kMaxBytes = 4U << 20;
constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxAddress = 255;
constexpr std::size_t kMaxValidators = 1000;
constexpr std::size_t kMaxProcesses = 64;
constexpr std::size_t kMaxAddresses = 8;
constexpr std::size_t kMaxAccounts = 100'000;
constexpr std::size_t kMaxAdmins = 1000;
constexpr std::size_t kMaxCalls = 64;
constexpr std::array<std::string_view, 9> kRoleNames{"gateway", "mempool", "consensus", "sequencer", "coordinator",
                                                     "l1",      "admin",   "worker",    "ledger"};
constexpr std::array<std::string_view, 2> kDaModes{"CALLDATA", "BLOB"};
constexpr std::array<std::string_view, 2> kProofKinds{"attestation", "stark"};

std::string hex_of(ByteView bytes) { return "0x" + to_hex(bytes); }
template <class Tag, std::size_t N>
std::string hex_of(const KeyBytes<Tag, N>& key) {
  return hex_of(ByteView(key.bytes));
}
std::string number(Uint128 value) { return to_decimal(value); }

OrderedJson encode(const GasPrice& price) { return {{"wei", number(price.wei)}, {"fri", number(price.fri)}}; }

OrderedJson encode(const GenesisProcess& process) {
  OrderedJson roles = OrderedJson::array();
  for (const Role role : process.roles) roles.push_back(kRoleNames[static_cast<std::size_t>(role)]);
  return {{"name", process.name},
          {"link_key", hex_of(process.link_key)},
          {"roles", roles},
          {"addresses", process.addresses}};
}

OrderedJson encode(const GenesisValidator& validator) {
  OrderedJson processes = OrderedJson::array();
  for (const GenesisProcess& process : validator.processes) processes.push_back(encode(process));
  return {{"name", validator.name},
          {"weight", number(validator.weight)},
          {"consensus_key", hex_of(validator.consensus_key)},
          {"fee_account", validator.fee_account.to_hex()},
          {"processes", processes}};
}

OrderedJson encode_gas_table(const Genesis& genesis) {
  OrderedJson out = OrderedJson::array();
  for (const GasTableEntry& entry : genesis.gas_table) {
    out.push_back({{"call", entry.call},
                   {"l1", number(entry.gas.l1)},
                   {"l1_data", number(entry.gas.l1_data)},
                   {"l2", number(entry.gas.l2)}});
  }
  return out;
}

OrderedJson encode(const Limits& limits) {
  return {{"block_transactions", number(limits.block_transactions)},
          {"block_bytes", number(limits.block_bytes)},
          {"span_blocks", number(limits.span_blocks)},
          {"span_transactions", number(limits.span_transactions)},
          {"span_seconds", number(limits.span_seconds)}};
}

OrderedJson encode(const SettlementPolicy& policy) {
  OrderedJson kinds = OrderedJson::array();
  for (const ProofKind kind : policy.kinds) kinds.push_back(kProofKinds[static_cast<std::size_t>(kind)]);
  return {{"kinds", kinds}, {"attestation_threshold", number(policy.attestation_threshold)}};
}

template <std::size_t N>
std::optional<std::size_t> index_in(const std::array<std::string_view, N>& names, const OrderedJson& value) {
  if (!value.is_string()) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), value.get_ref<const std::string&>());
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

// Fields in the order of the structs; JsonObject keeps the first fault.
class Reader {
 public:
  explicit Reader(std::optional<JsonFault>& fault) : fault_(fault) {}

  Genesis genesis(const OrderedJson& json) {
    JsonObject in(json, "", fault_);
    Genesis out;
    out.chain_id = in.felt("chain_id");
    out.l1_chain_id = u64(in, "l1_chain_id");
    out.core_contract = key<EthAddress>(in, "core_contract");
    out.bridge = key<EthAddress>(in, "bridge");
    out.time = u64(in, "time");
    each(in, "validators", kMaxValidators, [&](JsonObject item) { out.validators.push_back(validator(item)); });
    out.coordinator = static_cast<std::uint16_t>(in.decimal("coordinator", UINT16_MAX));
    out.ledger_key = key<LinkKey>(in, "ledger_key");
    out.ledger_address = in.text("ledger_address", kMaxAddress);
    for (const OrderedJson& item : in.list("admins", kMaxAdmins)) {
      const auto bytes = item.is_string() ? array_from_hex<32>(item.get_ref<const std::string&>()) : std::nullopt;
      if (!bytes) in.fail(JsonFault::Kind::kOutOfRange, "admins", "32 bytes each as 0x-hex");
      out.admins.push_back({bytes.value_or(Word{})});
    }
    out.operator_address = key<EthAddress>(in, "operator_address");
    out.submitter_address = key<EthAddress>(in, "submitter_address");
    each(in, "accounts", kMaxAccounts, [&](JsonObject item) { out.accounts.push_back(account(item)); });
    out.gas_prices = prices(in.object("gas_prices"));
    each(in, "gas_table", kMaxCalls, [&](JsonObject item) { out.gas_table.push_back(gas_entry(item)); });
    out.l1_da_mode = static_cast<L1DaMode>(named(in, "l1_da_mode", kDaModes));
    out.limits = limits(in.object("limits"));
    out.settlement = settlement(in.object("settlement"));
    out.head_depth = u64(in, "head_depth");
    out.message_depth = u64(in, "message_depth");
    in.finish();
    return out;
  }

 private:
  static std::uint64_t u64(JsonObject& in, std::string_view name) {
    return static_cast<std::uint64_t>(in.decimal(name, UINT64_MAX));
  }
  template <class Key>
  static Key key(JsonObject& in, std::string_view name) {
    Key out;
    const Bytes bytes = in.bytes(name, out.bytes.size());
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
  }
  template <std::size_t N>
  static std::size_t named(JsonObject& in, std::string_view name, const std::array<std::string_view, N>& names) {
    const auto index = index_in(names, in.take(name));
    if (!index) in.fail(JsonFault::Kind::kOutOfRange, name, "a name that is known");
    return index.value_or(0);
  }
  template <class F>
  void each(JsonObject& in, std::string_view name, std::size_t max, F&& visit) {
    std::size_t index = 0;
    for (const OrderedJson& item : in.list(name, max)) {
      if (fault_) return;
      visit(JsonObject(item, in.path_of(name) + "[" + std::to_string(index++) + "]", fault_));
    }
  }

  GenesisProcess process(JsonObject& in) {
    GenesisProcess out;
    out.name = in.text("name", kMaxName);
    out.link_key = key<LinkKey>(in, "link_key");
    for (const OrderedJson& item : in.list("roles", kRoleNames.size())) {
      const auto index = index_in(kRoleNames, item);
      if (!index) in.fail(JsonFault::Kind::kOutOfRange, "roles", "names of roles");
      out.roles.push_back(static_cast<Role>(index.value_or(0)));
    }
    for (const OrderedJson& item : in.list("addresses", kMaxAddresses)) {
      const bool good = item.is_string() && item.get_ref<const std::string&>().size() <= kMaxAddress;
      if (!good) in.fail(JsonFault::Kind::kOutOfRange, "addresses", "host:port each");
      out.addresses.push_back(good ? item.get<std::string>() : "");
    }
    in.finish();
    return out;
  }
  GenesisValidator validator(JsonObject& in) {
    GenesisValidator out;
    out.name = in.text("name", kMaxName);
    out.weight = u64(in, "weight");
    out.consensus_key = key<ConsensusKey>(in, "consensus_key");
    out.fee_account = in.felt("fee_account");
    each(in, "processes", kMaxProcesses, [&](JsonObject item) { out.processes.push_back(process(item)); });
    in.finish();
    return out;
  }
  GenesisAccount account(JsonObject& in) {
    GenesisAccount out{
        .public_key = in.felt("public_key"), .salt = in.felt("salt"), .balance = in.decimal("balance", ~Uint128{0})};
    in.finish();
    return out;
  }
  static GasPrice price(JsonObject in) {
    GasPrice out{.wei = in.decimal("wei", ~Uint128{0}), .fri = in.decimal("fri", ~Uint128{0})};
    in.finish();
    return out;
  }
  static GasPrices prices(JsonObject in) {
    GasPrices out{.l1 = price(in.object("l1")), .l1_data = price(in.object("l1_data")), .l2 = price(in.object("l2"))};
    in.finish();
    return out;
  }
  static GasTableEntry gas_entry(JsonObject& in) {
    GasTableEntry out;
    out.call = in.text("call", kMaxName);
    out.gas = {.l1 = u64(in, "l1"), .l1_data = u64(in, "l1_data"), .l2 = u64(in, "l2")};
    in.finish();
    return out;
  }
  static Limits limits(JsonObject in) {
    Limits out{.block_transactions = u64(in, "block_transactions"),
               .block_bytes = u64(in, "block_bytes"),
               .span_blocks = u64(in, "span_blocks"),
               .span_transactions = u64(in, "span_transactions"),
               .span_seconds = u64(in, "span_seconds")};
    in.finish();
    return out;
  }
  static SettlementPolicy settlement(JsonObject in) {
    SettlementPolicy out;
    out.kinds.clear();
    for (const OrderedJson& item : in.list("kinds", kProofKinds.size())) {
      const auto index = index_in(kProofKinds, item);
      if (!index) in.fail(JsonFault::Kind::kOutOfRange, "kinds", "kinds of proof");
      out.kinds.push_back(static_cast<ProofKind>(index.value_or(0)));
    }
    out.attestation_threshold = u64(in, "attestation_threshold");
    in.finish();
    return out;
  }

  std::optional<JsonFault>& fault_;
};

// Empty: consistent. Otherwise what is not.
class Consistency {
 public:
  std::string check(const Genesis& genesis) {
    need(!genesis.validators.empty(), "validators: none");
    need(genesis.validators.size() <= UINT16_MAX, "validators: too many");
    Uint128 total = 0;
    for (const GenesisValidator& validator : genesis.validators) {
      total += validator.weight;
      check_validator(validator);
    }
    need(total * 3 <= UINT64_MAX, "validators: three times the sum of weights is above 64 bits");
    need(genesis.coordinator < genesis.validators.size(), "coordinator: no such validator");
    for (const AdminKey& admin : genesis.admins) distinct(admin.bytes, "admins");
    if (!genesis.ledger_key.is_zero()) distinct(genesis.ledger_key.bytes, "ledger_key");
    need(!genesis.core_contract.is_zero() && !genesis.bridge.is_zero(), "core_contract, bridge: zero");
    need(genesis.core_contract != genesis.bridge, "bridge: the same as core_contract");
    need(!genesis.operator_address.is_zero(), "operator_address: zero");
    need(!genesis.submitter_address.is_zero(), "submitter_address: zero");
    check_lists(genesis);
    const Limits& limits = genesis.limits;
    need(limits.block_transactions > 0 && limits.block_bytes > 0 && limits.span_blocks > 0 &&
             limits.span_transactions > 0 && limits.span_seconds > 0,
         "limits: zero");
    need(genesis.settlement.attestation_threshold > 0, "settlement.attestation_threshold: zero");
    const auto& kinds = genesis.settlement.kinds;
    need(!kinds.empty() && std::set(kinds.begin(), kinds.end()).size() == kinds.size(),
         "settlement.kinds: none or twice");
    need(!genesis.chain_id.is_zero() && as_short_string(genesis.chain_id).has_value(),
         "chain_id: not short ASCII text");
    return fault_;
  }

 private:
  void need(bool good, std::string_view fault) {
    if (!good && fault_.empty()) fault_ = fault;
  }
  void distinct(const Word& key, std::string_view where) {
    need(key != Word{}, std::string(where) + ": a key of zero");
    need(keys_.insert(key).second, std::string(where) + ": a key stands twice");
  }
  void check_validator(const GenesisValidator& validator) {
    need(!validator.name.empty() && names_.insert(validator.name).second,
         "validators: a name is empty or stands twice");
    need(validator.weight > 0, "validators: a weight is zero");
    need(!validator.fee_account.is_zero(), "validators: a fee account is zero");
    need(!validator.processes.empty(), "validators: one has no process");
    distinct(validator.consensus_key.bytes, "consensus_key");
    std::set<Role> roles;
    std::set<std::string> processes;
    for (const GenesisProcess& process : validator.processes) {
      distinct(process.link_key.bytes, "link_key");
      need(!process.name.empty() && processes.insert(process.name).second,
           "processes: a name is empty or stands twice");
      std::set<Role> own;
      for (const Role role : process.roles) {
        need(role != Role::kWorker && role != Role::kLedger, "roles: not a role of a validator");
        need(own.insert(role).second, "roles: one stands twice");
        need(role == Role::kAdmin || roles.insert(role).second, "roles: one is held by two processes");
      }
    }
  }
  void check_lists(const Genesis& genesis) {
    std::set<std::pair<Felt, Felt>> accounts;
    Uint128 supply = 0;
    for (const GenesisAccount& account : genesis.accounts) {
      need(accounts.emplace(account.public_key, account.salt).second, "accounts: one stands twice");
      need(account.balance <= ~Uint128{0} - supply, "accounts: the sum of balances is above 128 bits");
      supply += account.balance;
    }
    std::set<std::string> calls;
    for (const GasTableEntry& entry : genesis.gas_table) {
      need(!entry.call.empty() && calls.insert(entry.call).second, "gas_table: a call is empty or stands twice");
    }
  }

  std::set<Word> keys_;
  std::set<std::string> names_;
  std::string fault_;
};

}  // namespace

std::string encode_genesis(const Genesis& genesis) {
  OrderedJson validators = OrderedJson::array(), admins = OrderedJson::array(), accounts = OrderedJson::array();
  for (const GenesisValidator& validator : genesis.validators) validators.push_back(encode(validator));
  for (const AdminKey& admin : genesis.admins) admins.push_back(hex_of(admin));
  for (const GenesisAccount& account : genesis.accounts) {
    accounts.push_back({{"public_key", account.public_key.to_hex()},
                        {"salt", account.salt.to_hex()},
                        {"balance", number(account.balance)}});
  }
  const GasPrices& prices = genesis.gas_prices;
  const OrderedJson out = {
      {"chain_id", genesis.chain_id.to_hex()},
      {"l1_chain_id", number(genesis.l1_chain_id)},
      {"core_contract", hex_of(genesis.core_contract)},
      {"bridge", hex_of(genesis.bridge)},
      {"time", number(genesis.time)},
      {"validators", validators},
      {"coordinator", number(genesis.coordinator)},
      {"ledger_key", hex_of(genesis.ledger_key)},
      {"ledger_address", genesis.ledger_address},
      {"admins", admins},
      {"operator_address", hex_of(genesis.operator_address)},
      {"submitter_address", hex_of(genesis.submitter_address)},
      {"accounts", accounts},
      {"gas_prices", {{"l1", encode(prices.l1)}, {"l1_data", encode(prices.l1_data)}, {"l2", encode(prices.l2)}}},
      {"gas_table", encode_gas_table(genesis)},
      {"l1_da_mode", kDaModes[static_cast<std::size_t>(genesis.l1_da_mode)]},
      {"limits", encode(genesis.limits)},
      {"settlement", encode(genesis.settlement)},
      {"head_depth", number(genesis.head_depth)},
      {"message_depth", number(genesis.message_depth)}};
  return out.dump();
}

std::expected<Genesis, GenesisFault> decode_genesis(std::string_view json) {
  const auto parsed = parse_strict_json(json, kMaxBytes, 8);
  if (!parsed)
    return std::unexpected(GenesisFault{GenesisError::kNotJson, "not JSON of at most 4 MiB, or a key stands twice"});
  std::optional<JsonFault> fault;
  Genesis out = Reader(fault).genesis(*parsed);
  if (fault) {
    const bool range = fault->kind == JsonFault::Kind::kOutOfRange;
    return std::unexpected(GenesisFault{range ? GenesisError::kOutOfRange : GenesisError::kWrongField, fault->where});
  }
  const std::string inconsistent = Consistency().check(out);
  if (!inconsistent.empty()) return std::unexpected(GenesisFault{GenesisError::kInconsistent, inconsistent});
  const std::string canonical = encode_genesis(out);
  if (canonical != json) {
    const auto [mine, theirs] = std::mismatch(canonical.begin(), canonical.end(), json.begin(), json.end());
    return std::unexpected(GenesisFault{
        GenesisError::kNotCanonical, "differs from its own encoding at byte " + std::to_string(theirs - json.begin())});
  }
  return out;
}

Word genesis_hash(const Genesis& genesis) { return keccak256(as_bytes(encode_genesis(genesis))); }

Word configuration_hash(const Genesis& genesis) {
  Keccak256 hasher;
  hasher.update(as_bytes("asterism/config/1")).update(as_bytes(encode(genesis.settlement).dump()));
  return hasher.update(as_bytes(encode(genesis.limits).dump()))
      .update(as_bytes(encode_gas_table(genesis).dump()))
      .finish();
}

}  // namespace asterism::core
