#include "actors/l1/submitter.hpp"

#include <algorithm>

#include "actors/l1/ledger_transaction.hpp"
#include "messages/codec.hpp"

namespace asterism::actors {
namespace {

using core::EthAddress;
using messages::LedgerAction;

constexpr std::string_view kPrefix = "o/";

bool consumes_lost(const Submitter::Entry& entry, const L1Sync& sync) {
  if (!sync.blocked() || entry.transaction.action != static_cast<std::uint8_t>(LedgerAction::kUpdateState))
    return false;
  const auto payload =
      messages::decode_value<messages::UpdateStatePayload>(entry.transaction.payload, entry.transaction.payload.size());
  return payload &&
         std::ranges::any_of(payload->spans, [&](const auto& span) { return sync.consumes_lost(span.messages); });
}

std::string entry_key(const EthAddress& address, std::uint64_t nonce) {
  core::ByteWriter out;
  out.text(kPrefix).raw(address.bytes).u64(nonce);
  return std::string(core::as_text(out.bytes()));
}

}  // namespace

Submitter::Submitter(const storage::KeyValue& store, SubmitterOptions options)
    : store_(store), options_(std::move(options)) {
  // Every replica's L1 role has a pair of keys; L1 takes those that genesis names and refuses all others.
  const auto keep = [](std::optional<core::Secp256k1Secret>& secret, const EthAddress& named) {
    if (secret && secret->address() != named) secret.reset();
  };
  keep(options_.submitter, options_.submitter_address);
  keep(options_.operator_, options_.operator_address);
  for (const auto* secret : {&options_.submitter, &options_.operator_}) {
    if (*secret) {
      accounts_.try_emplace((*secret)->address(), Account{.secret = **secret, .outbox = {}, .nonce = {}, .request = 0});
    }
  }
}

bool Submitter::load() {
  bool good = true;
  for (auto& [address, account] : accounts_) {
    const std::string prefix = entry_key(address, 0).substr(0, kPrefix.size() + address.bytes.size());
    store_.scan(prefix, "", [&](std::string_view, std::string_view value) {
      auto entry = messages::decode_text<Entry>(value);
      good = good && entry.has_value();
      if (good) account.outbox.emplace(entry->transaction.nonce, std::move(*entry));
      return good;
    });
  }
  return good;
}

Submitter::Account* Submitter::account(const std::optional<core::Secp256k1Secret>& secret) {
  return secret ? &accounts_.at(secret->address()) : nullptr;
}

void Submitter::want(const messages::RegisterAttester& registration) {
  registrations_.insert_or_assign(registration.attester, registration);
}

void Submitter::step(L1Sync& sync, const Now& now, Effects& effects) {
  forget_final(sync, effects);
  watch_settlement(sync, effects);
  withdraw_lost(sync, effects);
  plan(sync, now, effects);
  repeat(sync, now, effects);
}

void Submitter::forget_final(L1Sync& sync, Effects& effects) {
  const auto final = sync.take_finalized();
  storage::WriteBatch batch;
  for (auto& [address, account] : accounts_) {
    const auto erased = std::erase_if(account.outbox, [&](const auto& item) {
      const bool gone = std::find(final.begin(), final.end(), item.second.hash) != final.end();
      if (gone) batch.erase(entry_key(address, item.first));
      return gone;
    });
    if (erased != 0) account.nonce.reset();
  }
  if (!batch.empty()) effects.persist(std::move(batch), Sync::kNo);
}

// A settlement that L1 refused is worth a person's attention; the next one that it takes ends that.
void Submitter::watch_settlement(const L1Sync& sync, Effects& effects) {
  const Account* own = account(options_.submitter);
  if (own == nullptr) return;
  std::optional<Inclusion> last;
  for (const auto& [nonce, entry] : own->outbox) {
    if (entry.transaction.action != static_cast<std::uint8_t>(LedgerAction::kUpdateState)) continue;
    if (const auto found = sync.view().find_transaction(entry.hash)) last = found;
  }
  if (!last) return;
  last_refusal_ = last->failed ? last->text : "";
  if (last->failed && !refusal_raised_) {
    effects.raise_alarm({.code = "settlement_refused",
                         .subject = "l1",
                         .text = "L1 refused a settlement: " + last->text,
                         .advice = "It is tried again from where L1 stands; `span ID` shows what waits."});
  }
  if (!last->failed && refusal_raised_) effects.clear_alarm("settlement_refused", "l1");
  refusal_raised_ = last->failed;
}

// A settlement that waits to be repeated and can no longer succeed gives its nonce to one that ends before the loss.
// Should L1 take it all the same, the contract's own checks decide.
void Submitter::withdraw_lost(const L1Sync& sync, Effects& effects) {
  Account* own = account(options_.submitter);
  if (own == nullptr || !sync.blocked() || own->outbox.empty()) return;
  const auto last = std::prev(own->outbox.end());
  if (sync.view().find_transaction(last->second.hash) || !consumes_lost(last->second, sync)) return;
  storage::WriteBatch batch;
  batch.erase(entry_key(own->secret.address(), last->first));
  effects.persist(std::move(batch), Sync::kYes);
  effects.log(LogLevel::kWarn, "event=settlement_withdrawn nonce=" + std::to_string(last->first) +
                                   " end=" + std::to_string(last->second.end));
  own->outbox.erase(last);
}

bool Submitter::pending(const Account& account, LedgerAction action, const L1Sync& sync,
                        const core::Bytes* payload) const {
  return std::any_of(account.outbox.begin(), account.outbox.end(), [&](const auto& item) {
    const Entry& entry = item.second;
    return entry.transaction.action == static_cast<std::uint8_t>(action) &&
           (payload == nullptr || entry.transaction.payload == *payload) && !sync.view().find_transaction(entry.hash);
  });
}

void Submitter::plan(const L1Sync& sync, const Now& now, Effects& effects) {
  if (!sync.current() || sync.frozen()) return;
  plan_operator(sync, now, effects);
  if (sync.view().state().initialised && !sync.view().state().paused) {
    plan_settlement(sync, now, effects);
  }
}

void Submitter::plan_settlement(const L1Sync& sync, const Now& now, Effects& effects) {
  Account* own = account(options_.submitter);
  if (own == nullptr || !settlement_ || settlement_->spans.empty()) return;
  std::vector<core::AttestedSpan>& spans = settlement_->spans;
  spans.erase(std::ranges::find_if(spans, [&](const auto& span) { return sync.consumes_lost(span.messages); }),
              spans.end());
  if (spans.empty()) return settlement_.reset();
  const core::ChainPoint& head = sync.view().state().core.point;
  // Already there, or it waits for what is not: the coordinator asks again from where L1 stands.
  if (settlement_->spans.front().header.start != head) {
    if (settlement_->spans.front().header.start.number <= head.number) settlement_.reset();
    return;
  }
  if (pending(*own, LedgerAction::kUpdateState, sync)) return;
  const auto nonce = next_nonce(*own, now, effects);
  if (!nonce) return;
  const messages::UpdateStatePayload payload{.spans = settlement_->spans};
  const std::uint64_t end = settlement_->spans.back().header.end.number.value;
  settlement_.reset();
  put(*own, LedgerAction::kUpdateState, payload, *nonce, end, now, effects);
}

void Submitter::plan_operator(const L1Sync& sync, const Now& now, Effects& effects) {
  Account* own = account(options_.operator_);
  if (own == nullptr) return;
  const L1State& state = sync.view().state();
  if (!state.initialised) {
    const auto block0 = sync.own_point(0);
    if (!block0 || pending(*own, LedgerAction::kInitialise, sync)) return;
    const auto nonce = next_nonce(*own, now, effects);
    if (!nonce) return;
    const messages::InitialisePayload payload{.genesis_hash = options_.genesis_hash,
                                              .configuration_hash = options_.configuration_hash,
                                              .block0 = *block0,
                                              .attestation_threshold = options_.attestation_threshold,
                                              .submitter = options_.submitter_address,
                                              .bridge_token = options_.bridge};
    return put(*own, LedgerAction::kInitialise, payload, *nonce, 0, now, effects);
  }
  for (auto wanted = registrations_.begin(); wanted != registrations_.end();) {
    const auto& [attester, registration] = *wanted;
    const messages::RegisterAttesterPayload payload{
        .attester = attester, .weight = registration.weight, .force = registration.force};
    const core::Bytes bytes = messages::encode_value(payload);
    const bool done = state.weight(attester) == registration.weight;
    if (!done && !pending(*own, LedgerAction::kRegisterAttester, sync, &bytes)) {
      const auto nonce = next_nonce(*own, now, effects);
      if (!nonce) return;
      put(*own, LedgerAction::kRegisterAttester, payload, *nonce, 0, now, effects);
    }
    wanted = registrations_.erase(wanted);
  }
  if (!pause_) return;
  if (pending(*own, LedgerAction::kPause, sync)) return;  // an earlier wish comes first
  if (state.paused == *pause_) return pause_.reset();
  const auto nonce = next_nonce(*own, now, effects);
  if (!nonce) return;
  put(*own, LedgerAction::kPause, messages::PausePayload{.paused = *pause_}, *nonce, 0, now, effects);
  pause_.reset();
}

std::optional<std::uint64_t> Submitter::next_nonce(Account& account, const Now& now, Effects& effects) {
  if (!account.nonce) {
    ask_nonce(account, now, effects);
    return std::nullopt;
  }
  const std::uint64_t own = account.outbox.empty() ? 0 : account.outbox.rbegin()->first + 1;
  return std::max(*account.nonce, own);
}

void Submitter::ask_nonce(Account& account, const Now& now, Effects& effects) {
  if (now.monotonic - account.asked_at < options_.again) return;
  account.asked_at = now.monotonic;
  account.request = ++requests_;
  effects.send(ToLedger{},
               messages::LedgerStateRequest{.request = account.request, .account = account.secret.address()});
}

// Persisted and synced first: the shell performs effects in order.
template <class Payload>
void Submitter::put(Account& account, LedgerAction action, const Payload& payload, std::uint64_t nonce,
                    std::uint64_t end, const Now& now, Effects& effects) {
  Entry entry{.transaction = sign_ledger_transaction(account.secret, options_.l1_chain_id, nonce, action, payload),
              .hash = {},
              .end = end};
  entry.hash = ledger_transaction_hash(options_.l1_chain_id, entry.transaction);
  storage::WriteBatch batch;
  batch.put(entry_key(account.secret.address(), nonce), messages::encode_text(entry));
  effects.persist(std::move(batch), Sync::kYes);
  account.sent_at = now.monotonic;
  send(account, account.outbox.emplace(nonce, std::move(entry)).first->second, effects);
}

void Submitter::send(Account&, const Entry& entry, Effects& effects) {
  effects.send(ToLedger{}, messages::LedgerSubmit{.request = ++requests_, .transaction = entry.transaction});
}

// A reorganisation may have taken registrations and a settlement that needs them: those go first.
void Submitter::repeat(const L1Sync& sync, const Now& now, Effects& effects) {
  const auto prepares = [&](const auto& item) {
    const Entry& entry = item.second;
    return entry.transaction.action != static_cast<std::uint8_t>(LedgerAction::kUpdateState) &&
           !sync.view().find_transaction(entry.hash);
  };
  const bool hold = std::any_of(accounts_.begin(), accounts_.end(), [&](const auto& item) {
    return std::any_of(item.second.outbox.begin(), item.second.outbox.end(), prepares);
  });
  for (auto& [address, account] : accounts_) {
    if (now.monotonic - account.sent_at < options_.again) continue;
    bool waiting = false;
    for (const auto& [nonce, entry] : account.outbox) {
      if (sync.view().find_transaction(entry.hash)) continue;
      waiting = true;
      const bool settles = entry.transaction.action == static_cast<std::uint8_t>(LedgerAction::kUpdateState);
      if (settles && (hold || sync.frozen() || consumes_lost(entry, sync))) continue;
      send(account, entry, effects);
    }
    if (!waiting) continue;
    account.sent_at = now.monotonic;
    ask_nonce(account, now, effects);  // finds out when a nonce was used by something else
  }
}

void Submitter::on(const messages::LedgerStateReply& reply, const L1Sync& sync, Effects& effects) {
  for (auto& [address, account] : accounts_) {
    if (account.request == 0 || account.request != reply.request) continue;
    account.request = 0;
    account.nonce = reply.account_nonce;
    if (!sync.current() || sync.view().tip() < reply.head) continue;
    storage::WriteBatch batch;
    std::erase_if(account.outbox, [&](const auto& item) {
      const bool lost = item.first < reply.account_nonce && !sync.view().find_transaction(item.second.hash);
      if (lost) {
        batch.erase(entry_key(address, item.first));
        effects.log(LogLevel::kWarn, "event=outbox_entry_void nonce=" + std::to_string(item.first));
      }
      return lost;
    });
    if (!batch.empty()) effects.persist(std::move(batch), Sync::kYes);
  }
}

void Submitter::on(const messages::LedgerSubmitReply& reply, Effects& effects) {
  if (!reply.accepted) effects.log(LogLevel::kWarn, "event=l1_submission_refused reason=\"" + reply.text + "\"");
}

}  // namespace asterism::actors
