// Reads the feeder gateway's JSON of shared/vectors into core's values, for tests.
#pragma once
#include "core/chain/block_hash.hpp"
#include "core/chain/legacy_transaction.hpp"
#include "core/chain/transaction_json.hpp"
#include "tests/core/vectors.hpp"

namespace asterism::core {

using nlohmann::json;

using tests::felt;
inline Uint128 u128(const json& text) { return felt(text).to_u128().value(); }
inline std::vector<Felt> felts(const json& list) {
  std::vector<Felt> out;
  for (const auto& item : list) out.push_back(felt(item));
  return out;
}

inline LegacyTransaction legacy_of(const json& t) {
  using Kind = LegacyTransaction::Kind;
  const std::string type = t["type"];
  LegacyTransaction out;
  out.kind = type == "DECLARE"          ? Kind::kDeclare
             : type == "DEPLOY"         ? Kind::kDeploy
             : type == "DEPLOY_ACCOUNT" ? Kind::kDeployAccount
                                        : Kind::kInvoke;
  out.version = felt(t["version"]).to_u64().value();
  const auto get = [&](const char* key) { return t.contains(key) ? felt(t[key]) : Felt(); };
  out.address = t.contains("sender_address") ? get("sender_address") : get("contract_address");
  out.selector = get("entry_point_selector");
  out.calldata = felts(t.contains("calldata") ? t["calldata"] : t.value("constructor_calldata", json::array()));
  out.max_fee = get("max_fee");
  out.nonce = get("nonce");
  out.class_hash = get("class_hash");
  out.compiled_class_hash = get("compiled_class_hash");
  out.salt = get("contract_address_salt");
  return out;
}

// The hash of any transaction of the vectors; version 3 and L1_HANDLER by the wallet's reader.
inline Felt hash_of(const json& transaction, const Felt& chain_id, HashPurpose purpose = HashPurpose::kTransaction) {
  const std::string version = transaction["version"];
  if (version != "0x3" && transaction["type"] != "L1_HANDLER") {
    return legacy_transaction_hash(legacy_of(transaction), chain_id, purpose).value();
  }
  json copy = transaction;
  if (purpose == HashPurpose::kQuery) {
    copy["version"] = version == "0x3" ? "0x100000000000000000000000000000003" : "0x100000000000000000000000000000000";
  }
  const auto parsed = parse_transaction(copy.dump(), chain_id);
  if (!parsed) {
    ADD_FAILURE() << parsed.error().where << copy.dump();
    return Felt();
  }
  return transaction_hash(*parsed, chain_id);
}

inline Event event_of(const json& e) { return {felt(e["from_address"]), felts(e["keys"]), felts(e["data"])}; }

inline L2ToL1Message message_of(const json& m) {
  return {.from = felt(m["from_address"]), .to = felt(m["to_address"]), .payload = felts(m["payload"])};
}

inline Receipt receipt_of(const json& r) {
  Receipt out;
  out.transaction_hash = felt(r["transaction_hash"]);
  out.actual_fee = u128(r["actual_fee"]);
  if (r["execution_status"] == "REVERTED") out.status = ExecutionStatus::kReverted;
  out.revert_reason = r.value("revert_error", "");
  for (const auto& event : r["events"]) out.events.push_back(event_of(event));
  for (const auto& message : r["l2_to_l1_messages"]) out.messages.push_back(message_of(message));
  const auto& gas = r["execution_resources"]["total_gas_consumed"];
  out.gas = {.l1 = gas["l1_gas"].get<std::uint64_t>(),
             .l1_data = gas["l1_data_gas"].get<std::uint64_t>(),
             .l2 = gas.value("l2_gas", std::uint64_t{0})};
  return out;
}

inline StateDiff diff_of(const json& from, ClassChanges& classes) {
  StateDiff diff;
  for (const auto& [address, cells] : from["storage_diffs"].items()) {
    for (const auto& cell : cells) diff.storage[felt(address)][felt(cell["key"])] = felt(cell["value"]);
  }
  for (const auto& [address, nonce] : from["nonces"].items()) diff.nonces[felt(address)] = felt(nonce);
  for (const char* list : {"deployed_contracts", "replaced_classes"}) {
    for (const auto& entry : from[list]) diff.deployed[felt(entry["address"])] = felt(entry["class_hash"]);
  }
  for (const char* list : {"declared_classes", "migrated_compiled_classes"}) {
    if (!from.contains(list)) continue;
    for (const auto& entry : from[list]) {
      classes.declared[felt(entry["class_hash"])] = felt(entry["compiled_class_hash"]);
    }
  }
  classes.declared_cairo0 = felts(from["old_declared_contracts"]);
  std::sort(classes.declared_cairo0.begin(), classes.declared_cairo0.end());
  return diff;
}

inline GasPrice price_of(const json& p) { return {.wei = u128(p["price_in_wei"]), .fri = u128(p["price_in_fri"])}; }

// Feeder blocks and JSON-RPC headers name some fields differently.
inline BlockHeader header_of(const json& b) {
  const auto either = [&](const char* one, const char* other) { return b.contains(one) ? b[one] : b[other]; };
  BlockHeader out;
  out.number = BlockNumber(b["block_number"].get<std::uint64_t>());
  out.parent_hash = felt(either("parent_block_hash", "parent_hash"));
  out.state_root = felt(either("state_root", "new_root"));
  out.sequencer = felt(b["sequencer_address"]);
  out.timestamp = b["timestamp"].get<std::uint64_t>();
  out.state_diff_length = b["state_diff_length"].get<std::uint64_t>();
  out.state_diff_commitment = felt(b["state_diff_commitment"]);
  out.transaction_commitment = felt(b["transaction_commitment"]);
  out.event_commitment = felt(b["event_commitment"]);
  out.receipt_commitment = felt(b["receipt_commitment"]);
  out.transaction_count = b.value("transaction_count", std::uint64_t{0});
  out.event_count = b.value("event_count", std::uint64_t{0});
  out.gas_prices.l1 = price_of(b["l1_gas_price"]);
  out.gas_prices.l1_data = price_of(b["l1_data_gas_price"]);
  if (b.contains("l2_gas_price")) out.gas_prices.l2 = price_of(b["l2_gas_price"]);
  out.l1_da_mode = b["l1_da_mode"] == "BLOB" ? L1DaMode::kBlob : L1DaMode::kCalldata;
  out.protocol_version = b["starknet_version"];
  return out;
}

}  // namespace asterism::core
