#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "actors/sequencer/sequencer.hpp"
#include "core/base/check.hpp"
#include "core/chain/transaction_hash.hpp"
#include "core/chain/transaction_json.hpp"
#include "core/state/native.hpp"

// What people and clients ask. Felts are "0x.." without leading zeros, amounts decimal strings, counts numbers.
namespace asterism::actors::sequencer {

using core::BlockNumber;
using core::Felt;
using Json = nlohmann::ordered_json;

namespace {

std::string error(std::string_view text) { return Json{{"error", text}}.dump(); }

std::string not_a_hash(std::string_view text) {
  return "a hash is 0x and up to 64 hex digits, not `" + std::string(text) + "`";
}

std::string decimal(core::Uint128 value) { return core::U256::from_u128(value).to_decimal(); }

std::vector<std::string> hex(const std::vector<Felt>& values) {
  std::vector<std::string> out;
  for (const Felt& value : values) out.push_back(value.to_hex());
  return out;
}

Json price(const core::GasPrice& value) {
  return {{"price_in_wei", decimal(value.wei)}, {"price_in_fri", decimal(value.fri)}};
}

Json header_json(const core::BlockHeader& h, const Felt& hash) {
  return {{"block_number", h.number.value},
          {"block_hash", hash.to_hex()},
          {"parent_hash", h.parent_hash.to_hex()},
          {"new_root", h.state_root.to_hex()},
          {"timestamp", h.timestamp},
          {"sequencer_address", h.sequencer.to_hex()},
          {"transaction_count", h.transaction_count},
          {"event_count", h.event_count},
          {"state_diff_length", h.state_diff_length},
          {"state_diff_commitment", h.state_diff_commitment.to_hex()},
          {"transaction_commitment", h.transaction_commitment.to_hex()},
          {"event_commitment", h.event_commitment.to_hex()},
          {"receipt_commitment", h.receipt_commitment.to_hex()},
          {"l1_gas_price", price(h.gas_prices.l1)},
          {"l1_data_gas_price", price(h.gas_prices.l1_data)},
          {"l2_gas_price", price(h.gas_prices.l2)},
          {"l1_da_mode", h.l1_da_mode == core::L1DaMode::kBlob ? "BLOB" : "CALLDATA"},
          {"starknet_version", h.protocol_version}};
}

Json receipt_fields(const core::Receipt& receipt) {
  const bool reverted = receipt.status == core::ExecutionStatus::kReverted;
  Json out{{"transaction_hash", receipt.transaction_hash.to_hex()},
           {"execution_status", reverted ? "REVERTED" : "SUCCEEDED"}};
  if (reverted) out["revert_reason"] = receipt.revert_reason;
  out["actual_fee"] = {{"amount", decimal(receipt.actual_fee)}, {"unit", "FRI"}};
  out["execution_resources"] = {
      {"l1_gas", receipt.gas.l1}, {"l1_data_gas", receipt.gas.l1_data}, {"l2_gas", receipt.gas.l2}};
  out["events"] = Json::array();
  for (const core::Event& event : receipt.events) {
    out["events"].push_back(
        {{"from_address", event.from.to_hex()}, {"keys", hex(event.keys)}, {"data", hex(event.data)}});
  }
  out["messages_sent"] = Json::array();
  for (const core::L2ToL1Message& message : receipt.messages) {
    out["messages_sent"].push_back({{"from_address", message.from.to_hex()},
                                    {"to_address", message.to.to_hex()},
                                    {"payload", hex(message.payload)}});
  }
  if (receipt.l1_message_hash != core::Word{}) out["message_hash"] = "0x" + core::to_hex(receipt.l1_message_hash);
  if (!receipt.contract_address.is_zero()) out["contract_address"] = receipt.contract_address.to_hex();
  return out;
}

std::string_view type_name(const core::Transaction& transaction) {
  constexpr std::array<std::string_view, 3> kNames{"INVOKE", "DEPLOY_ACCOUNT", "L1_HANDLER"};
  return kNames[transaction.index()];
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

}  // namespace

std::string Sequencer::answer(std::string_view what, const std::vector<std::string>& arguments) const {
  if (halted_ || !state_.head()) return error("the sequencer has stopped");
  if (what == "heads") return heads_json();
  if (what == "state" || what == "status") return state_json();
  const std::string_view first = arguments.empty() ? std::string_view() : std::string_view(arguments.front());
  if (what == "block") return block_json(first.empty() ? "latest" : first);
  if (what != "transaction" && what != "receipt" && what != "account") {
    return error("the sequencer answers block, transaction, receipt, account, heads and state");
  }
  if (first.empty()) return error("which " + std::string(what) + "?");
  if (what == "transaction") return transaction_json(first);
  if (what == "receipt") return receipt_json(first);
  return account_json(first);
}

// Derived from the heads each time: it may go back while an L1 block can still be reorganised.
std::string_view Sequencer::finality(BlockNumber height) const {
  return height.value <= heads_.settled || height.value <= heads_.safe ? "ACCEPTED_ON_L1" : "ACCEPTED_ON_L2";
}

std::string Sequencer::heads_json() const {
  const storage::StateHead& at = head();
  return Json{{"latest", std::max(heads_.latest, at.number.value)},
              {"unsafe", at.number.value},
              {"safe", heads_.safe},
              {"settled", heads_.settled},
              {"settled_in", heads_.settled_in},
              {"l1_head", heads_.l1_head},
              {"frozen", heads_.frozen},
              {"hash", at.hash.to_hex()},
              {"root", core::global_root(at.roots.contracts, at.roots.classes).to_hex()}}
      .dump();
}

std::string Sequencer::state_json() const {
  const storage::StateHead& at = head();
  Json out{{"height", at.number.value},
           {"hash", at.hash.to_hex()},
           {"root", core::global_root(at.roots.contracts, at.roots.classes).to_hex()},
           {"contracts_root", at.roots.contracts.to_hex()},
           {"timestamp", at.timestamp},
           {"building", building_.has_value()},
           {"building_transactions", building_ ? building_->transactions.size() : 0},
           {"candidates", candidates_.size()},
           {"next_l1_nonce", next_l1_nonce().to_decimal()},
           {"l1_messages_waiting", l1_.messages.size()},
           {"l1_blocked", l1_.blocked},
           {"first_witness", first_witness_},
           {"known_signatures", context_.signatures ? context_.signatures->size() : 0}};
  return out.dump();
}

std::string Sequencer::block_json(std::string_view which) const {
  std::optional<BlockNumber> height;
  if (which == "latest") {
    height = head().number;
  } else if (which.starts_with("0x")) {
    const auto hash = Felt::from_hex(which);
    if (!hash) return error(not_a_hash(which));
    height = blocks_.height_of(*hash);
  } else if (const auto number = number_of(which)) {
    height = BlockNumber(*number);
  } else {
    return error("a block is named by number, 0x-hash or latest");
  }
  if (!height || *height > head().number) return error("no such block");
  const auto info = blocks_.info(*height);
  const auto decided = blocks_.block(*height);
  ASTERISM_CHECK(info && decided, "heights are dense");
  Json out = header_json(info->header, info->hash);
  out["finality_status"] = finality(*height);
  out["safe"] = height->value <= heads_.safe;
  out["witness_bytes"] = info->witness_bytes;
  out["certificate"] = {{"round", decided->certificate.round.value}, {"validators", Json::array()}};
  for (const auto& one : decided->certificate.signatures) {
    out["certificate"]["validators"].push_back(context_.genesis.validators[one.validator.value].name);
  }
  out["transactions"] = Json::array();
  const auto receipts = blocks_.receipts(*height);
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    out["transactions"].push_back(
        {{"transaction_hash", receipts[i].transaction_hash.to_hex()},
         {"type", type_name(decided->block.transactions[i])},
         {"execution_status", receipts[i].status == core::ExecutionStatus::kReverted ? "REVERTED" : "SUCCEEDED"}});
  }
  return out.dump();
}

std::string Sequencer::transaction_json(std::string_view text) const {
  const auto hash = Felt::from_hex(text);
  if (!hash) return error(not_a_hash(text));
  const auto place = blocks_.find_transaction(*hash);
  if (!place) return proposed_json(*hash);
  const auto decided = blocks_.block(place->height);
  const auto info = blocks_.info(place->height);
  ASTERISM_CHECK(decided && info && place->index < decided->block.transactions.size(), "the index names a transaction");
  const auto& transaction = decided->block.transactions[place->index];
  Json out{{"transaction_hash", hash->to_hex()},
           {"type", type_name(transaction)},
           {"block_number", place->height.value},
           {"block_hash", info->hash.to_hex()},
           {"index", place->index},
           {"decided_in_round", decided->certificate.round.value},
           {"finality_status", finality(place->height)},
           {"safe", place->height.value <= heads_.safe}};
  if (place->height.value <= heads_.settled) out["settled_by_l1_block"] = heads_.settled_in;
  out["receipt"] = receipt_fields(blocks_.receipts(place->height)[place->index]);
  out["transaction"] = Json::parse(core::transaction_to_json(transaction, rules_.execution.chain_id));
  return out.dump();
}

// In no block yet: PRE_CONFIRMED while a proposal for the next height that was executed here has it.
std::string Sequencer::proposed_json(const Felt& hash) const {
  for (const auto& [value, candidate] : candidates_) {
    const auto& receipts = candidate->executed.receipts;
    const auto receipt = std::ranges::find(receipts, hash, &core::Receipt::transaction_hash);
    if (receipt == receipts.end()) continue;
    return Json{{"transaction_hash", hash.to_hex()},
                {"finality_status", "PRE_CONFIRMED"},
                {"proposed_for_block", candidate->executed.header.number.value}}
        .dump();
  }
  return error("not in the chain");
}

std::string Sequencer::receipt_json(std::string_view text) const {
  const auto hash = Felt::from_hex(text);
  if (!hash) return error(not_a_hash(text));
  const auto place = blocks_.find_transaction(*hash);
  if (!place) return error("not in the chain");
  const auto info = blocks_.info(place->height);
  ASTERISM_CHECK(info.has_value(), "heights are dense");
  Json out = receipt_fields(blocks_.receipts(place->height)[place->index]);
  out["block_number"] = place->height.value;
  out["block_hash"] = info->hash.to_hex();
  out["finality_status"] = finality(place->height);
  out["safe"] = place->height.value <= heads_.safe;
  return out.dump();
}

std::string Sequencer::account_json(std::string_view text) const {
  const auto address = Felt::from_hex(text);
  if (!address || !core::native::is_contract_address(*address))
    return error("an address is 0x and up to 64 hex digits, not `" + std::string(text) + "`");
  core::StateOverlay view(state_);
  const Felt class_hash = state_.class_hash(*address);
  std::string_view kind = "none";
  if (class_hash == core::native::account_class()) kind = "account";
  if (class_hash == core::native::fee_token_class()) kind = "fee_token";
  return Json{{"address", address->to_hex()},
              {"kind", kind},
              {"class_hash", class_hash.to_hex()},
              {"nonce", state_.nonce(*address).to_decimal()},
              {"balance", core::native::balance_of(view, *address).to_decimal()},
              {"public_key", state_.storage(*address, core::native::public_key_key()).to_hex()},
              {"height", head().number.value}}
      .dump();
}

}  // namespace asterism::actors::sequencer
