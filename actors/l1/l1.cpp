#include "actors/l1/l1.hpp"

#include <nlohmann/json.hpp>

namespace asterism::actors {
namespace {

using Json = nlohmann::ordered_json;

constexpr TimerId kPollTimer = 1;

}  // namespace

L1Options l1_options(const core::Genesis& genesis) {
  L1Options out;
  out.sync.genesis_hash = core::genesis_hash(genesis);
  out.sync.head_depth = genesis.head_depth;
  out.sync.message_depth = genesis.message_depth;
  out.submitter.l1_chain_id = genesis.l1_chain_id;
  out.submitter.genesis_hash = out.sync.genesis_hash;
  out.submitter.configuration_hash = core::configuration_hash(genesis);
  out.submitter.attestation_threshold = genesis.settlement.attestation_threshold;
  out.submitter.submitter_address = genesis.submitter_address;
  out.submitter.operator_address = genesis.operator_address;
  out.submitter.bridge = genesis.bridge;
  return out;
}

L1::L1(const storage::KeyValue& store, L1Options options)
    : options_(std::move(options)), sync_(store, options_.sync), submitter_(store, options_.submitter) {}

void L1::start(const Now& now, Effects& effects) {
  if (!sync_.load(now) || !submitter_.load()) {
    return effects.halt("the L1 role's part of the database is damaged");
  }
  sync_.poll(now, effects);
  effects.start_timer(kPollTimer, options_.poll);
}

void L1::receive(const Inbound& inbound, const Now& now, Effects& effects) {
  const messages::Message& message = *inbound.message;
  if (const auto* blocks = std::get_if<messages::LedgerBlocksReply>(&message)) {
    sync_.on(*blocks, now, effects);
  } else if (const auto* points = std::get_if<messages::ChainPoints>(&message)) {
    sync_.on(*points, now, effects);
  } else if (const auto* committed = std::get_if<messages::BlockCommitted>(&message)) {
    sync_.on(*committed, now, effects);
  } else if (const auto* state = std::get_if<messages::LedgerStateReply>(&message)) {
    submitter_.on(*state, sync_, effects);
  } else if (const auto* submitted = std::get_if<messages::LedgerSubmitReply>(&message)) {
    return submitter_.on(*submitted, effects);
  } else if (const auto* settle = std::get_if<messages::SettleSpans>(&message)) {
    submitter_.want(*settle);
  } else if (const auto* registration = std::get_if<messages::RegisterAttester>(&message)) {
    submitter_.want(*registration);
  } else {
    return;
  }
  submitter_.step(sync_, now, effects);
}

void L1::expire(TimerId timer, const Now& now, Effects& effects) {
  if (timer != kPollTimer) return;
  sync_.poll(now, effects);
  submitter_.step(sync_, now, effects);
  effects.start_timer(kPollTimer, options_.poll);
}

std::string L1::inquire(const Inquiry& inquiry, const Now& now, Effects& effects) {
  const std::string& what = inquiry.what;
  if (what == "heads") {
    const messages::Heads heads = sync_.heads();
    return Json{{"latest", heads.latest},       {"unsafe", heads.unsafe},   {"safe", heads.safe},
                {"settled", heads.settled},     {"l1_head", heads.l1_head}, {"settled_in", heads.settled_in},
                {"finalized", heads.finalized}, {"frozen", heads.frozen}}
        .dump();
  }
  if (what == "l1") return describe();
  if (what == "l1 resume") {
    sync_.resume(now, effects);
    return Json{{"done", true}, {"text", "every hash is compared again"}, {"frozen", sync_.frozen()}}.dump();
  }
  if (what == "l1 pause" || what == "l1 unpause") {
    if (!submitter_.has_operator())
      return Json{{"error", "the operator's key is not here: ask the L1 role of the coordinator's replica (`@NODE " +
                                what + "`)"}}
          .dump();
    submitter_.want_pause(what == "l1 pause");
    submitter_.step(sync_, now, effects);
    return Json{{"done", true}, {"text", "sent to L1"}}.dump();
  }
  return Json{{"error", "the L1 role does not know this"}}.dump();
}

std::string L1::describe() const {
  const L1State& state = sync_.view().state();
  Json frozen = Json::array(), outbox = Json::array();
  for (const auto& [code, text] : sync_.frozen_by()) frozen.push_back({{"code", code}, {"text", text}});
  for (const auto& [address, account] : submitter_.accounts()) {
    for (const auto& [nonce, entry] : account.outbox) {
      const auto included = sync_.view().find_transaction(entry.hash);
      outbox.push_back({{"account", "0x" + address.hex()},
                        {"nonce", nonce},
                        {"action", entry.transaction.action},
                        {"end", entry.end},
                        {"state", !included          ? "sent"
                                  : included->failed ? "refused"
                                                     : "included"},
                        {"l1_block", included ? included->block : 0}});
    }
  }
  return Json{{"l1", "embedded ledger"},
              {"reached", sync_.known()},
              {"l1_head", sync_.view().tip()},
              {"l1_finalized", sync_.l1_finalized()},
              {"initialised", state.initialised},
              {"paused", state.paused},
              {"settled", state.core.point.number.value},
              {"safe", sync_.safe()},
              {"messages", state.messages.size()},
              {"messages_blocked", sync_.blocked()},
              {"frozen", frozen},
              {"last_refusal", submitter_.last_refusal()},
              {"outbox", outbox}}
      .dump();
}

}  // namespace asterism::actors
