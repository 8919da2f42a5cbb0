// A ledger and one L1 role in virtual time, with a made-up sequencer and coordinator; messages may be late, machines
// may crash at any persist. Everything follows from the seed.
#pragma once
#include <gtest/gtest.h>

#include <deque>
#include <queue>
#include <random>
#include <set>

#include "actors/l1/l1.hpp"
#include "actors/l1/ledger.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/l1/attested.hpp"

namespace asterism::actors {

class World {
 public:
  enum class Who : std::uint8_t { kLedger, kReplica, kSequencer };

  explicit World(std::uint64_t seed, bool with_keys = true) : random_(seed), with_keys_(with_keys) {
    start(Who::kLedger);
    start(Who::kReplica);
  }

  // --- what the replica's other roles would say
  std::uint64_t latest = 0;
  std::uint64_t next_l1_nonce = 0;
  std::uint64_t fork = 0;  // another chain than the one that was attested
  bool sequencer_up = true;
  bool settle = true;                                        // the coordinator asks for settlements
  std::map<std::uint64_t, core::L1ToL2Message> consumed_in;  // by L2 block
  std::set<std::uint64_t> settle_ends;                       // L2 blocks; empty: whatever is latest
  std::uint64_t crash_in_thousand = 0;                       // of each persist
  std::uint64_t crashes = 0;

  Deployment deployment;
  std::map<std::string, RaiseAlarm> alarms;
  std::vector<std::string> past_alarms;
  std::optional<messages::Heads> heads;
  std::optional<messages::SettlementView> view;
  std::optional<messages::L1Messages> offered;
  std::vector<messages::MessagePtr> replies;  // of the ledger to the test
  std::set<core::Word> submitted;             // hashes of transactions the replica sent

  Ledger& ledger() { return *ledger_; }
  L1& replica() { return *replica_; }
  Millis time() const { return now_.monotonic; }

  // Runs until the condition holds, at most `limit` of virtual time.
  bool run_until(const std::function<bool()>& done, Millis limit = Millis(60'000)) {
    const Millis end = now_.monotonic + limit;
    while (!done()) {
      if (now_.monotonic >= end) return false;
      tick();
    }
    return true;
  }
  void run_for(Millis duration) {
    const Millis end = now_.monotonic + duration;
    run_until([&] { return now_.monotonic >= end; }, duration + Millis(1000));
  }

  // As a client of the ledger.
  template <class Message>
  void tell_ledger(Message message) {
    deliver(Who::kLedger, {.kind = PeerKind::kClient, .process = {{9}}, .validator = {}},
            messages::make_message(std::move(message)));
  }
  void reorganise(std::uint64_t depth, bool drop) {
    if (ledger_) tell_ledger(messages::LedgerReorg{.request = 77, .depth = depth, .drop = drop});
  }
  void crash(Who who) {
    ++crashes;
    auto& store = who == Who::kLedger ? ledger_store_ : replica_store_;
    store.crash(store.unsynced() == 0 ? 0 : random_() % (store.unsynced() + 1));
    stop(who);
    restart_at_[who] = now_.monotonic + Millis(random_() % 3000);
  }
  void stop(Who who) {
    std::erase_if(timers_, [&](const auto& item) { return item.first.first == who; });
    std::erase_if(mail_, [&](const Mail& mail) { return mail.to == who || mail.sender == who; });
    if (who == Who::kLedger) ledger_.reset();
    if (who == Who::kReplica) replica_.reset();
  }
  void start(Who who) {
    if (who == Who::kLedger) {
      LedgerOptions options;
      options.contract = deployment.options;
      ledger_ = std::make_unique<Ledger>(ledger_store_, options);
    } else {
      replica_ = std::make_unique<L1>(replica_store_, replica_options());
    }
    Effects effects;
    machine(who)->start(now_, effects);
    perform(who, effects);
  }
  std::string inquire(std::string what) {
    Effects effects;
    const std::string out = replica_->inquire({.what = std::move(what), .arguments = {}}, now_, effects);
    perform(Who::kReplica, effects);
    return out;
  }
  // Another L1 altogether, as if its folder had been deleted.
  void replace_ledger() {
    stop(Who::kLedger);
    ledger_store_ = storage::MemoryStore();
    start(Who::kLedger);
  }

 private:
  struct Mail {
    Millis at;
    Who to, sender;
    Sender from;
    messages::MessagePtr message;
  };

  L1Options replica_options() const {
    L1Options out;
    out.sync.genesis_hash = deployment.genesis_hash;
    out.submitter.l1_chain_id = deployment.options.l1_chain_id;
    out.submitter.genesis_hash = deployment.genesis_hash;
    out.submitter.configuration_hash = deployment.configuration_hash;
    out.submitter.attestation_threshold = 2;
    out.submitter.submitter_address = deployment.submitter.address();
    out.submitter.operator_address = deployment.operator_.address();
    out.submitter.bridge = deployment.options.bridge;
    if (with_keys_) {
      out.submitter.submitter = deployment.submitter;
      out.submitter.operator_ = deployment.operator_;
    }
    return out;
  }
  Machine* machine(Who who) {
    return who == Who::kLedger ? static_cast<Machine*>(ledger_.get()) : static_cast<Machine*>(replica_.get());
  }

  void tick() {
    now_.monotonic += Millis(10);
    now_.unix_ms = 1'700'000'000'000 + static_cast<std::uint64_t>(now_.monotonic.count());
    for (auto at = restart_at_.begin(); at != restart_at_.end();) {
      if (at->second > now_.monotonic) {
        ++at;
        continue;
      }
      const Who who = at->first;
      at = restart_at_.erase(at);
      start(who);
    }
    while (!timers_.empty()) {
      const auto due =
          std::find_if(timers_.begin(), timers_.end(), [&](const auto& item) { return item.second <= now_.monotonic; });
      if (due == timers_.end()) break;
      const auto [who, id] = due->first;
      timers_.erase(due);
      Effects effects;
      machine(who)->expire(id, now_, effects);
      perform(who, effects);
    }
    while (!mail_.empty() && mail_.front().at <= now_.monotonic) {
      const Mail mail = mail_.front();
      mail_.pop_front();
      deliver(mail.to, mail.from, mail.message);
    }
    if (now_.monotonic.count() % 1000 == 0) coordinate();
  }

  void deliver(Who who, const Sender& from, const messages::MessagePtr& message) {
    if (who == Who::kSequencer) return answer(*message);
    if (machine(who) == nullptr) return;
    Effects effects;
    machine(who)->receive({.from = from, .message = message}, now_, effects);
    perform(who, effects);
  }

  void perform(Who who, Effects& effects) {
    auto& store = who == Who::kLedger ? ledger_store_ : replica_store_;
    for (Effect& effect : effects.take()) {
      if (auto* persist = std::get_if<Persist>(&effect)) {
        const bool fatal = crash_in_thousand > 0 && random_() % 1000 < crash_in_thousand;
        const bool before = random_() % 2 == 0;
        if (fatal && before) return crash(who);
        ASSERT_TRUE(store.write(persist->batch, persist->sync == Sync::kYes).has_value());
        if (fatal) return crash(who);
      } else if (auto* send = std::get_if<Send>(&effect)) {
        route(who, *send);
      } else if (auto* timer = std::get_if<StartTimer>(&effect)) {
        timers_[{who, timer->id}] = now_.monotonic + timer->after;
      } else if (auto* alarm = std::get_if<RaiseAlarm>(&effect)) {
        alarms.insert_or_assign(alarm->code, *alarm);
        past_alarms.push_back(alarm->code);
      } else if (auto* clear = std::get_if<ClearAlarm>(&effect)) {
        alarms.erase(clear->code);
      } else if (auto* halt = std::get_if<Halt>(&effect)) {
        ADD_FAILURE() << halt->reason;
      }
    }
  }

  void route(Who from, const Send& send) {
    const messages::Message& message = *send.message;
    const Sender ledger{.kind = PeerKind::kLedger, .process = {{7}}, .validator = {}};
    if (std::holds_alternative<ToLedger>(send.to)) {
      if (const auto* submit = std::get_if<messages::LedgerSubmit>(&message)) {
        submitted.insert(ledger_transaction_hash(deployment.options.l1_chain_id, submit->transaction));
      }
      const Sender replica{.kind = PeerKind::kValidator, .process = {{8}}, .validator = core::ValidatorIndex(0)};
      post(Who::kLedger, from, replica, send.message);
    } else if (const auto* process = std::get_if<ToProcess>(&send.to)) {
      if (process->key == core::LinkKey{{8}}) {
        post(Who::kReplica, from, ledger, send.message);
      } else {
        replies.push_back(send.message);
      }
    } else if (const auto* said = std::get_if<messages::Heads>(&message)) {
      heads = *said;
    } else if (const auto* settlement = std::get_if<messages::SettlementView>(&message)) {
      view = *settlement;
    } else if (const auto* list = std::get_if<messages::L1Messages>(&message)) {
      offered = *list;
    } else if (sequencer_up) {
      post(Who::kSequencer, from, {}, send.message);
    }
  }
  // Late, but in order between the same two.
  void post(Who to, Who from, const Sender& sender, const messages::MessagePtr& message) {
    Millis at = now_.monotonic + Millis(10 * (1 + random_() % 8));
    for (const Mail& mail : mail_) {
      if (mail.to == to && mail.sender == from) at = std::max(at, mail.at);
    }
    const auto place = std::find_if(mail_.begin(), mail_.end(), [&](const Mail& mail) { return mail.at > at; });
    mail_.insert(place, Mail{at, to, from, sender, message});
  }

  void answer(const messages::Message& message) {
    const auto* request = std::get_if<messages::ChainPointsRequest>(&message);
    if (request == nullptr) return;
    messages::ChainPoints out{.latest = latest, .next_l1_nonce = next_l1_nonce, .points = {}};
    for (const std::uint64_t height : request->heights) {
      if (height <= latest) out.points.push_back(point_of(height, height == 0 ? 0 : fork));
    }
    post(Who::kReplica, Who::kSequencer, {}, messages::make_message(std::move(out)));
  }

  core::AttestedSpan span_of(std::uint64_t start, std::uint64_t end) const {
    core::MessageSegment segment;
    for (auto at = consumed_in.upper_bound(start); at != consumed_in.end() && at->first <= end; ++at)
      segment.to_l2.push_back(at->second);
    return deployment.span(start, end, std::move(segment));
  }

  void coordinate() {
    if (!settle || !view || !view->known || !view->initialised || !replica_) return;
    for (const auto* attester : {&deployment.attester_a, &deployment.attester_b}) {
      const bool known = std::any_of(view->attesters.begin(), view->attesters.end(),
                                     [&](const auto& one) { return one.attester == attester->address(); });
      if (!known) {
        deliver(Who::kReplica, {},
                messages::make_message(
                    messages::RegisterAttester{.attester = attester->address(), .weight = 1, .force = false}));
      }
    }
    const std::uint64_t at = view->core.number.value;
    if (view->attesters.size() < 2 || view->frozen || latest <= at || !replica_) return;
    const std::uint64_t middle = at + (latest - at) / 2;
    messages::SettleSpans spans;
    if (middle > at) spans.spans.push_back(span_of(at, middle));
    spans.spans.push_back(span_of(middle, latest));
    deliver(Who::kReplica, {}, messages::make_message(std::move(spans)));
  }

  std::mt19937_64 random_;
  bool with_keys_;
  Now now_{.monotonic = Millis(0), .unix_ms = 1'700'000'000'000};
  storage::MemoryStore ledger_store_, replica_store_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<L1> replica_;
  std::map<std::pair<Who, TimerId>, Millis> timers_;
  std::map<Who, Millis> restart_at_;
  std::deque<Mail> mail_;
};

}  // namespace asterism::actors
