#include "core/chain/transaction_json.hpp"

#include "core/chain/strict_json.hpp"

namespace asterism::core {
namespace {

using Error = TransactionJsonError;
using Kind = JsonFault::Kind;

constexpr std::size_t kMaxBytes = 1U << 20;

ResourceBounds read_bounds(JsonObject in) {
  ResourceBounds out;
  out.max_amount = in.hex_number("max_amount", 64).limb[0];
  const U256 price = in.hex_number("max_price_per_unit", 128);
  out.max_price = (static_cast<Uint128>(price.limb[1]) << 64) | price.limb[0];
  in.finish();
  return out;
}

ResourceBoundsSet read_resources(JsonObject in) {
  const bool upper = in.has("L1_GAS");
  const auto name = [&](std::string_view low, std::string_view high) { return upper ? high : low; };
  ResourceBoundsSet out;
  out.l1_gas = read_bounds(in.object(name("l1_gas", "L1_GAS")));
  out.l2_gas = read_bounds(in.object(name("l2_gas", "L2_GAS")));
  const auto data = name("l1_data_gas", "L1_DATA_GAS");
  if (in.has(data)) out.l1_data_gas = read_bounds(in.object(data));
  in.finish();
  return out;
}

DataAvailabilityMode read_mode(JsonObject& in, std::string_view key) {
  const OrderedJson& value = in.take(key);
  if (value == "L1" || value == 0) return DataAvailabilityMode::kL1;
  if (value == "L2" || value == 1) return DataAvailabilityMode::kL2;
  in.fail(Kind::kOutOfRange, key, "\"L1\" or \"L2\"");
  return DataAvailabilityMode::kL1;
}

V3Fields read_v3(JsonObject& in) {
  V3Fields out;
  out.nonce = in.felt("nonce");
  out.tip = in.hex_number("tip", 64).limb[0];
  out.bounds = read_resources(in.object("resource_bounds"));
  out.paymaster_data = in.felts("paymaster_data", kMaxShortList);
  out.nonce_da_mode = read_mode(in, "nonce_data_availability_mode");
  out.fee_da_mode = read_mode(in, "fee_data_availability_mode");
  // What is to be signed may have no signature yet.
  if (in.has("signature")) out.signature = in.felts("signature", kMaxSignature);
  return out;
}

InvokeTransaction read_invoke(JsonObject& in) {
  InvokeTransaction out;
  out.v3 = read_v3(in);
  out.sender = in.felt("sender_address");
  out.calldata = in.felts("calldata", kMaxCalldata);
  out.account_deployment_data = in.felts("account_deployment_data", kMaxShortList);
  if (in.has("proof_facts")) out.proof_facts = in.felts("proof_facts", kMaxShortList);
  return out;
}

DeployAccountTransaction read_deploy(JsonObject& in) {
  DeployAccountTransaction out;
  out.v3 = read_v3(in);
  out.class_hash = in.felt("class_hash");
  out.salt = in.felt("contract_address_salt");
  out.constructor_calldata = in.felts("constructor_calldata", kMaxCalldata);
  // The feeder repeats the address under either name: it must be the one that follows from the rest.
  for (const std::string_view key : {"contract_address", "sender_address"}) {
    if (!in.has(key)) continue;
    if (in.felt(key) != contract_address(Felt(), out.salt, out.class_hash, out.constructor_calldata)) {
      in.fail(Kind::kOutOfRange, key, "the address that follows from class, salt and calldata");
    }
  }
  return out;
}

DeclareTransaction read_declare(JsonObject& in) {
  DeclareTransaction out;
  out.v3 = read_v3(in);
  out.sender = in.felt("sender_address");
  out.class_hash = in.felt("class_hash");
  out.compiled_class_hash = in.felt("compiled_class_hash");
  out.account_deployment_data = in.felts("account_deployment_data", kMaxShortList);
  return out;
}

L1HandlerTransaction read_handler(JsonObject& in) {
  L1HandlerTransaction out;
  out.nonce = in.felt("nonce");
  out.contract = in.felt("contract_address");
  out.selector = in.felt("entry_point_selector");
  out.calldata = in.felts("calldata", kMaxCalldata);
  return out;
}

std::unexpected<TransactionJsonFault> fail(Error error, std::string where) {
  return std::unexpected(TransactionJsonFault{error, std::move(where)});
}

OrderedJson hex_list(const std::vector<Felt>& values) {
  OrderedJson out = OrderedJson::array();
  for (const Felt& value : values) out.push_back(value.to_hex());
  return out;
}

OrderedJson bounds_json(const ResourceBounds& bounds) {
  return {{"max_amount", U256(bounds.max_amount).to_hex()},
          {"max_price_per_unit", U256::from_u128(bounds.max_price).to_hex()}};
}

void write_v3(OrderedJson& out, const V3Fields& v3) {
  OrderedJson resources = {{"l1_gas", bounds_json(v3.bounds.l1_gas)}, {"l2_gas", bounds_json(v3.bounds.l2_gas)}};
  if (v3.bounds.l1_data_gas) resources["l1_data_gas"] = bounds_json(*v3.bounds.l1_data_gas);
  const auto mode = [](DataAvailabilityMode m) { return m == DataAvailabilityMode::kL1 ? "L1" : "L2"; };
  out["version"] = "0x3";
  out["nonce"] = v3.nonce.to_hex();
  out["tip"] = U256(v3.tip).to_hex();
  out["resource_bounds"] = std::move(resources);
  out["paymaster_data"] = hex_list(v3.paymaster_data);
  out["nonce_data_availability_mode"] = mode(v3.nonce_da_mode);
  out["fee_data_availability_mode"] = mode(v3.fee_da_mode);
  out["signature"] = hex_list(v3.signature);
}

OrderedJson to_json(const InvokeTransaction& transaction) {
  OrderedJson out = {{"type", "INVOKE"}, {"sender_address", transaction.sender.to_hex()}};
  out["calldata"] = hex_list(transaction.calldata);
  write_v3(out, transaction.v3);
  out["account_deployment_data"] = hex_list(transaction.account_deployment_data);
  if (!transaction.proof_facts.empty()) out["proof_facts"] = hex_list(transaction.proof_facts);
  return out;
}

OrderedJson to_json(const DeployAccountTransaction& transaction) {
  OrderedJson out = {{"type", "DEPLOY_ACCOUNT"},
                     {"class_hash", transaction.class_hash.to_hex()},
                     {"contract_address_salt", transaction.salt.to_hex()},
                     {"constructor_calldata", hex_list(transaction.constructor_calldata)}};
  write_v3(out, transaction.v3);
  return out;
}

OrderedJson to_json(const L1HandlerTransaction& transaction) {
  return {{"type", "L1_HANDLER"},
          {"version", "0x0"},
          {"nonce", transaction.nonce.to_hex()},
          {"contract_address", transaction.contract.to_hex()},
          {"entry_point_selector", transaction.selector.to_hex()},
          {"calldata", hex_list(transaction.calldata)}};
}

// The reader of a type; none for an unknown one.
using Read = JsonTransaction (*)(JsonObject&);
Read reader_of(std::string_view type) {
  if (type == "INVOKE" || type == "INVOKE_FUNCTION")
    return [](JsonObject& in) -> JsonTransaction { return read_invoke(in); };
  if (type == "DEPLOY_ACCOUNT") return [](JsonObject& in) -> JsonTransaction { return read_deploy(in); };
  if (type == "DECLARE") return [](JsonObject& in) -> JsonTransaction { return read_declare(in); };
  if (type == "L1_HANDLER") return [](JsonObject& in) -> JsonTransaction { return read_handler(in); };
  return nullptr;
}

}  // namespace

std::expected<ParsedTransaction, TransactionJsonFault> parse_transaction(std::string_view json, const Felt& chain_id) {
  const auto parsed = parse_strict_json(json, kMaxBytes, 4);
  if (!parsed) return fail(Error::kNotJson, "not JSON of at most 1 MiB, or a key stands twice");
  std::optional<JsonFault> fault;
  JsonObject in(*parsed, "", fault);
  const std::string type = in.text("type", 32);
  const U256 version = in.hex_number("version", 160);
  if (fault) return fail(Error::kWrongField, fault->where);
  const Read read = reader_of(type);
  if (read == nullptr) return fail(Error::kUnknownType, "type: " + type);
  static constexpr U256 kQueryBit = U256(1) << 128;
  ParsedTransaction out;
  if (version >= kQueryBit) out.purpose = HashPurpose::kQuery;
  const U256 wanted = U256(type == "L1_HANDLER" ? 0 : 3);
  if ((out.purpose == HashPurpose::kQuery ? version - kQueryBit : version) != wanted) {
    return fail(Error::kUnsupportedVersion, "version: " + version.to_hex() + " of " + type);
  }
  out.transaction = read(in);
  const std::optional<Felt> claimed =
      in.has("transaction_hash") ? std::optional(in.felt("transaction_hash")) : std::nullopt;
  in.finish();
  if (fault) return fail(fault->kind == Kind::kOutOfRange ? Error::kOutOfRange : Error::kWrongField, fault->where);
  if (claimed && *claimed != transaction_hash(out, chain_id)) {
    return fail(Error::kHashMismatch, "transaction_hash: it hashes to " + transaction_hash(out, chain_id).to_hex());
  }
  return out;
}

Felt transaction_hash(const ParsedTransaction& parsed, const Felt& chain_id) {
  return std::visit([&](const auto& one) { return transaction_hash(one, chain_id, parsed.purpose); },
                    parsed.transaction);
}

std::string transaction_to_json(const Transaction& transaction, const Felt& chain_id) {
  OrderedJson out = std::visit([](const auto& one) { return to_json(one); }, transaction);
  out["transaction_hash"] = transaction_hash(transaction, chain_id).to_hex();
  return out.dump();
}

std::optional<Felt> parse_chain_id(std::string_view text) {
  if (text.starts_with("0x")) return Felt::from_hex(text);
  if (text.empty() || text.size() > 31) return std::nullopt;
  for (const char c : text) {
    if (c < 0x21 || c > 0x7e) return std::nullopt;
  }
  return short_string(text);
}

}  // namespace asterism::core
