#include "actors/l1/core_contract.hpp"

#include <set>

#include "core/chain/transaction_hash.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/hash/keccak.hpp"

namespace asterism::actors {
namespace {

using core::ChainPoint;
using core::EthAddress;
using core::Felt;
using core::Uint128;
using core::Word;
using messages::LedgerEvent;
using messages::LedgerEventKind;

constexpr Uint128 kEther = Uint128{1'000'000'000} * 1'000'000'000;
constexpr std::size_t kMaxPayload = 8U << 20;

struct Settings {
  Word genesis_hash{}, configuration_hash{};
  std::uint64_t threshold = 0;
  EthAddress submitter{};
  MSGPACK_DEFINE(genesis_hash, configuration_hash, threshold, submitter)
};

std::string attester_key(const EthAddress& address) { return "attester/" + address.hex(); }
std::string balance_key(const EthAddress& address) { return "balance/" + address.hex(); }
std::string to_l2_key(const Word& hash) { return "to_l2/" + core::to_hex(hash); }
std::string to_l1_key(const Word& hash) { return "to_l1/" + core::to_hex(hash); }

LedgerEvent event_of(LedgerEventKind kind) {
  LedgerEvent out;
  out.kind = static_cast<std::uint8_t>(kind);
  return out;
}

std::unexpected<Refusal> refuse(Refusal refusal) { return std::unexpected(refusal); }

bool is_felt_address(const Felt& value) { return !value.is_zero() && value.to_u256().bit_length() <= 251; }

}  // namespace

std::string_view to_string(Refusal refusal) {
  switch (refusal) {
    case Refusal::kUnknownAction:
      return "unknown action";
    case Refusal::kBadPayload:
      return "the payload does not decode";
    case Refusal::kNotOperator:
      return "the sender is not the operator";
    case Refusal::kNotSubmitter:
      return "the sender is not the submitter";
    case Refusal::kAlreadyInitialised:
      return "already initialised";
    case Refusal::kNotInitialised:
      return "not initialised";
    case Refusal::kPaused:
      return "paused";
    case Refusal::kNoSpans:
      return "no spans";
    case Refusal::kWrongStart:
      return "a span does not start where the chain stands";
    case Refusal::kEndNotGreater:
      return "a span's end is not above its start";
    case Refusal::kWrongProofKind:
      return "this kind of proof is not accepted";
    case Refusal::kWrongMessageHash:
      return "the message segment has another hash";
    case Refusal::kMalformedSignature:
      return "a signature is malformed";
    case Refusal::kUnregisteredAttester:
      return "a signature is not of a registered attester";
    case Refusal::kDoubledSignature:
      return "an attester signed twice";
    case Refusal::kTooLittleWeight:
      return "too little attested weight";
    case Refusal::kUnknownMessage:
      return "a consumed message is not here";
    case Refusal::kWeightBelowThreshold:
      return "the remaining weight would be below the threshold";
    case Refusal::kBadAmount:
      return "an amount is out of range";
    case Refusal::kInsufficientBalance:
      return "insufficient balance";
    case Refusal::kBadRecipient:
      return "the recipient is not an address";
    case Refusal::kUnknownWithdrawal:
      return "no such withdrawal waits";
    case Refusal::kBadThreshold:
      return "the threshold is zero";
  }
  return "unknown";
}

template <class Payload>
CoreContract::Outcome CoreContract::decoded(const EthAddress& sender, core::ByteView payload) {
  const auto value = messages::decode_value<Payload>(payload, kMaxPayload);
  if (!value) return refuse(Refusal::kBadPayload);
  return on(sender, *value);
}

std::expected<std::vector<LedgerEvent>, Refusal> CoreContract::execute(const EthAddress& sender, std::uint8_t action,
                                                                       core::ByteView payload) {
  using messages::LedgerAction;
  events_.clear();
  Outcome outcome = refuse(Refusal::kUnknownAction);
  switch (static_cast<LedgerAction>(action)) {
    case LedgerAction::kInitialise:
      outcome = decoded<messages::InitialisePayload>(sender, payload);
      break;
    case LedgerAction::kRegisterAttester:
      outcome = decoded<messages::RegisterAttesterPayload>(sender, payload);
      break;
    case LedgerAction::kUpdateState:
      outcome = decoded<messages::UpdateStatePayload>(sender, payload);
      break;
    case LedgerAction::kDeposit:
      outcome = decoded<messages::DepositPayload>(sender, payload);
      break;
    case LedgerAction::kWithdraw:
      outcome = decoded<messages::WithdrawPayload>(sender, payload);
      break;
    case LedgerAction::kPause:
      outcome = decoded<messages::PausePayload>(sender, payload);
      break;
  }
  if (!outcome) return std::unexpected(outcome.error());
  return std::move(events_);
}

CoreContract::Outcome CoreContract::on(const EthAddress& sender, const messages::InitialisePayload& payload) {
  if (sender != options_.operator_address) return refuse(Refusal::kNotOperator);
  if (initialised()) return refuse(Refusal::kAlreadyInitialised);
  if (payload.attestation_threshold == 0) return refuse(Refusal::kBadThreshold);
  state_.put("settings", Settings{.genesis_hash = payload.genesis_hash,
                                  .configuration_hash = payload.configuration_hash,
                                  .threshold = payload.attestation_threshold,
                                  .submitter = payload.submitter});
  state_.put("head", payload.block0);
  LedgerEvent event = event_of(LedgerEventKind::kInitialised);
  event.point = payload.block0;
  event.hash = payload.genesis_hash;
  event.address = payload.submitter;
  event.amount = payload.attestation_threshold;
  events_.push_back(event);
  return {};
}

CoreContract::Outcome CoreContract::on(const EthAddress& sender, const messages::RegisterAttesterPayload& payload) {
  if (sender != options_.operator_address) return refuse(Refusal::kNotOperator);
  if (!initialised()) return refuse(Refusal::kNotInitialised);
  if (payload.attester.is_zero()) return refuse(Refusal::kBadRecipient);
  Uint128 before = 0;
  for (const auto& [attester, weight] : attesters()) before += weight;
  const Uint128 after = before - weight_of(payload.attester) + payload.weight;
  if (after < threshold() && after < before && !payload.force) return refuse(Refusal::kWeightBelowThreshold);
  if (payload.weight == 0) {
    state_.erase(attester_key(payload.attester));
  } else {
    state_.put(attester_key(payload.attester), payload.weight);
  }
  LedgerEvent event = event_of(LedgerEventKind::kAttester);
  event.address = payload.attester;
  event.amount = payload.weight;
  events_.push_back(event);
  return {};
}

CoreContract::Outcome CoreContract::on(const EthAddress& sender, const messages::UpdateStatePayload& payload) {
  const auto settings = state_.get<Settings>("settings");
  if (!settings) return refuse(Refusal::kNotInitialised);
  if (sender != settings->submitter) return refuse(Refusal::kNotSubmitter);
  if (paused()) return refuse(Refusal::kPaused);
  if (payload.spans.empty()) return refuse(Refusal::kNoSpans);
  ChainPoint head = this->head();
  for (const core::AttestedSpan& span : payload.spans) {
    if (auto outcome = settle(span, head); !outcome) return outcome;
    head = span.header.end;
  }
  state_.put("head", head);
  LedgerEvent event = event_of(LedgerEventKind::kStateUpdate);
  event.point = head;
  events_.push_back(event);
  return {};
}

CoreContract::Outcome CoreContract::settle(const core::AttestedSpan& span, const ChainPoint& head) {
  const core::SpanHeader& header = span.header;
  if (header.start != head) return refuse(Refusal::kWrongStart);
  if (header.end.number <= header.start.number) return refuse(Refusal::kEndNotGreater);
  if (header.kind != core::ProofKind::kAttestation) return refuse(Refusal::kWrongProofKind);
  if (core::message_segment_hash(span.messages) != header.message_hash) return refuse(Refusal::kWrongMessageHash);
  if (auto outcome = check_signatures(span); !outcome) return outcome;
  return exchange_messages(span.messages);
}

CoreContract::Outcome CoreContract::check_signatures(const core::AttestedSpan& span) const {
  const auto settings = state_.get<Settings>("settings");
  const core::AttestationDomain domain{.genesis_hash = settings->genesis_hash,
                                       .l1_chain_id = options_.l1_chain_id,
                                       .core_contract = options_.core_contract,
                                       .configuration_hash = settings->configuration_hash};
  const Word digest = core::attestation_digest(domain, span.header);
  std::set<EthAddress> seen;
  Uint128 weight = 0;
  for (const core::EthSignature& signature : span.signatures) {
    const auto attester = core::recover_address(digest, signature);
    if (!attester || attester->is_zero()) return refuse(Refusal::kMalformedSignature);
    const std::uint64_t own = weight_of(*attester);
    if (own == 0) return refuse(Refusal::kUnregisteredAttester);
    if (!seen.insert(*attester).second) return refuse(Refusal::kDoubledSignature);
    weight += own;
  }
  if (weight < settings->threshold) return refuse(Refusal::kTooLittleWeight);
  return {};
}

CoreContract::Outcome CoreContract::exchange_messages(const core::MessageSegment& messages) {
  for (const core::L1ToL2Message& message : messages.to_l2) {
    const Word hash = core::l1_to_l2_message_hash(message);
    if (message_to_l2(hash) == 0) return refuse(Refusal::kUnknownMessage);
    state_.erase(to_l2_key(hash));
    LedgerEvent event = event_of(LedgerEventKind::kMessageConsumed);
    event.message = message;
    event.hash = hash;
    events_.push_back(event);
  }
  for (const core::L2ToL1Message& message : messages.to_l1) {
    const Word hash = core::l2_to_l1_message_hash(message);
    state_.put(to_l1_key(hash), messages_to_l1(hash) + 1);
    LedgerEvent event = event_of(LedgerEventKind::kMessageToL1);
    event.hash = hash;
    events_.push_back(event);
  }
  return {};
}

CoreContract::Outcome CoreContract::on(const EthAddress& sender, const messages::DepositPayload& payload) {
  if (!initialised()) return refuse(Refusal::kNotInitialised);
  if (!is_felt_address(payload.recipient)) return refuse(Refusal::kBadRecipient);
  if (payload.amount == 0 || payload.fee == 0 || payload.fee > kEther) return refuse(Refusal::kBadAmount);
  const Uint128 balance = this->balance(sender);
  if (balance < payload.amount) return refuse(Refusal::kInsufficientBalance);
  if (bridge_balance() > ~Uint128{0} - payload.amount) return refuse(Refusal::kBadAmount);
  state_.put(balance_key(sender), balance - payload.amount);
  state_.put("bridge", bridge_balance() + payload.amount);
  const std::uint64_t nonce = next_message_nonce();
  state_.put("message_nonce", nonce + 1);
  LedgerEvent event = event_of(LedgerEventKind::kMessageToL2);
  event.message = {.from = options_.bridge,
                   .to = options_.l2_token,
                   .nonce = Felt(nonce),
                   .selector = core::selector("handle_deposit"),
                   .payload = {payload.recipient, Felt::from_u128(payload.amount), Felt()}};
  event.hash = core::l1_to_l2_message_hash(event.message);
  event.address = sender;
  event.amount = payload.fee;
  state_.put(to_l2_key(event.hash), payload.fee + 1);
  events_.push_back(event);
  return {};
}

CoreContract::Outcome CoreContract::on(const EthAddress&, const messages::WithdrawPayload& payload) {
  if (!initialised()) return refuse(Refusal::kNotInitialised);
  if (payload.recipient.is_zero()) return refuse(Refusal::kBadRecipient);
  if (payload.amount == 0) return refuse(Refusal::kBadAmount);
  const core::L2ToL1Message message{
      .from = options_.l2_token,
      .to = core::as_felt(options_.bridge),
      .payload = {Felt(), core::as_felt(payload.recipient), Felt::from_u128(payload.amount), Felt()}};
  const Word hash = core::l2_to_l1_message_hash(message);
  const std::uint64_t waiting = messages_to_l1(hash);
  if (waiting == 0) return refuse(Refusal::kUnknownWithdrawal);
  // Burning on L2 what was never locked here is impossible but for genesis balances; those cannot leave.
  if (bridge_balance() < payload.amount) return refuse(Refusal::kInsufficientBalance);
  if (waiting == 1) {
    state_.erase(to_l1_key(hash));
  } else {
    state_.put(to_l1_key(hash), waiting - 1);
  }
  state_.put("bridge", bridge_balance() - payload.amount);
  state_.put(balance_key(payload.recipient), balance(payload.recipient) + payload.amount);
  return {};
}

CoreContract::Outcome CoreContract::on(const EthAddress& sender, const messages::PausePayload& payload) {
  if (sender != options_.operator_address) return refuse(Refusal::kNotOperator);
  state_.put("paused", payload.paused);
  LedgerEvent event = event_of(LedgerEventKind::kPaused);
  event.amount = payload.paused ? 1 : 0;
  events_.push_back(event);
  return {};
}

bool CoreContract::initialised() const { return state_.raw("settings") != nullptr; }
bool CoreContract::paused() const { return state_.get<bool>("paused").value_or(false); }
std::uint64_t CoreContract::threshold() const {
  const auto settings = state_.get<Settings>("settings");
  return settings ? settings->threshold : 0;
}
ChainPoint CoreContract::head() const { return state_.get<ChainPoint>("head").value_or(ChainPoint{}); }

std::vector<messages::AttesterWeight> CoreContract::attesters() const {
  std::vector<messages::AttesterWeight> out;
  state_.each("attester/", [&](const std::string& rest, std::string_view value) {
    const auto address = core::array_from_hex<20>(rest);
    const auto weight = messages::decode_text<std::uint64_t>(value);
    if (address && weight) out.push_back({.attester = {*address}, .weight = *weight});
  });
  return out;
}

std::uint64_t CoreContract::weight_of(const EthAddress& attester) const {
  return state_.get<std::uint64_t>(attester_key(attester)).value_or(0);
}
Uint128 CoreContract::balance(const EthAddress& account) const {
  return state_.get<Uint128>(balance_key(account)).value_or(options_.initial_balance);
}
Uint128 CoreContract::bridge_balance() const { return state_.get<Uint128>("bridge").value_or(0); }
std::uint64_t CoreContract::next_message_nonce() const {
  return state_.get<std::uint64_t>("message_nonce").value_or(0);
}
Uint128 CoreContract::message_to_l2(const Word& hash) const { return state_.get<Uint128>(to_l2_key(hash)).value_or(0); }
std::uint64_t CoreContract::messages_to_l1(const Word& hash) const {
  return state_.get<std::uint64_t>(to_l1_key(hash)).value_or(0);
}

}  // namespace asterism::actors
