// A small world around the real coordinator and real workers, in virtual time: a chain that grows, an L1 that registers
// and settles, links that may be cut, children that prove, run out of memory or die. One seed decides everything.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <random>
#include <set>

#include "actors/prover/coordinator.hpp"
#include "actors/prover/worker.hpp"
#include "core/crypto/ed25519.hpp"
#include "storage/memory_store.hpp"

namespace asterism::actors::test {

inline core::Word word_of(std::uint64_t n) {
  core::Word out{};
  for (int i = 0; i < 8; ++i) out[31 - i] = static_cast<std::uint8_t>(n >> (8 * i));
  return out;
}

struct BlockModel {
  std::uint64_t transactions = 1;
  std::uint64_t bytes = 100;
  bool poison = false;  // no child ever proves it
  std::uint64_t memory = 1;
};

class World {
 public:
  struct WorkerModel {
    std::unique_ptr<storage::MemoryStore> store = std::make_unique<storage::MemoryStore>();
    std::unique_ptr<Worker> machine;
    std::optional<core::Secp256k1Secret> attester;
    core::LinkKey key{};
    WorkerOptions options;
    std::uint64_t memory = 1'000'000;  // of its children
    bool alive = false, linked = false;
    bool lies = false;                                          // signs another root
    std::uint64_t generation = 0;                               // timers and children of an earlier life are dropped
    std::set<std::pair<std::uint64_t, std::uint32_t>> proving;  // (span, attempt)
    bool left = false;
  };

  explicit World(std::uint64_t seed, core::Limits limits = {.block_transactions = 100,
                                                            .block_bytes = 1 << 20,
                                                            .span_blocks = 4,
                                                            .span_transactions = 1000,
                                                            .span_seconds = 5})
      : random_(seed), validator_(core::Ed25519Secret::from_seed(word_of(7))) {
    core::GenesisValidator validator;
    validator.consensus_key.bytes = validator_.public_bytes();
    genesis_.validators.push_back(validator);
    options_.limits = limits;
    options_.domain.genesis_hash = genesis_hash_;
    options_.domain.l1_chain_id = 1;
    options_.genesis_json = "{}";
    options_.own_process.bytes.fill(9);
    blocks_.push_back({});
    start_coordinator();
  }

  // --- chain and L1 -----------------------------------------------------------------------------------------------
  void add_block(BlockModel block = {}) {
    blocks_.push_back(block);
    if (!coordinator_) return;
    messages::BlockCommitted committed{.height = blocks_.size() - 1,
                                       .hash = {},
                                       .root = {},
                                       .timestamp = 0,
                                       .witness_bytes = block.bytes,
                                       .transactions = {},
                                       .accounts = {}};
    committed.transactions.resize(block.transactions);
    to_coordinator({PeerKind::kSibling, {}, {}}, std::move(committed));
  }
  static core::ChainPoint point(std::uint64_t n) {
    return {core::BlockNumber(n), core::Felt(n * 3 + 1), core::Felt(n * 5 + 2)};
  }
  core::MessageSegment segment_of(std::uint64_t start, std::uint64_t end) const {
    core::MessageSegment out;
    for (auto at = messages_of.upper_bound(start); at != messages_of.end() && at->first <= end; ++at)
      out.to_l2.push_back(at->second);
    return out;
  }
  core::SpanHeader header(std::uint64_t start, std::uint64_t end) const {
    const auto segment = segment_of(start, end);
    return {.start = point(start),
            .end = point(end),
            .message_hash = segment.to_l2.empty() ? core::Word{} : core::message_segment_hash(segment),
            .kind = core::ProofKind::kAttestation};
  }

  void send_view() {
    messages::SettlementView view{.known = true,
                                  .initialised = true,
                                  .paused = false,
                                  .core = l1_,
                                  .finalized_block = finalized,
                                  .frozen = false,
                                  .attesters = {},
                                  .threshold = options_.threshold,
                                  .lost_messages = lost_messages};
    for (const auto& [attester, weight] : attesters_) view.attesters.push_back({attester, weight});
    to_coordinator({PeerKind::kSibling, {}, {}}, std::move(view));
  }

  // --- workers ----------------------------------------------------------------------------------------------------
  std::size_t add_worker(std::uint64_t memory = 1'000'000, std::uint64_t max_transactions = 1000,
                         std::uint64_t max_bytes = 1'000'000) {
    const std::size_t index = workers_.size();
    WorkerModel& worker = workers_.emplace_back();
    worker.attester = core::Secp256k1Secret::from_bytes(word_of(1000 + index));
    worker.key.bytes = word_of(2000 + index);
    worker.memory = memory;
    worker.options.domain = options_.domain;
    worker.options.genesis = genesis_;
    worker.options.coordinator = options_.own_process;
    worker.options.max_transactions = max_transactions;
    worker.options.max_witness_bytes = max_bytes;
    const core::Word token = word_of(3000 + index);
    inquire("worker invite", {core::to_hex(token), "99999999999"});
    to_coordinator({PeerKind::kJoiner, worker.key, {}}, messages::Join{.token_key = token,
                                                                       .proof = {},
                                                                       .attester = worker.attester->address(),
                                                                       .name = "w" + std::to_string(index)});
    start_worker(index);
    return index;
  }
  void start_worker(std::size_t index) {
    WorkerModel& worker = workers_[index];
    if (worker.alive) return;
    worker.alive = true;
    ++worker.generation;
    worker.proving.clear();
    worker.machine = std::make_unique<Worker>(*worker.store, worker.options, *worker.attester);
    step_worker(index, [&](Effects& fx) { worker.machine->start(now(), fx); });
    link(index, true);
  }
  void kill_worker(std::size_t index) {
    WorkerModel& worker = workers_[index];
    if (!worker.alive) return;
    link(index, false);
    worker.alive = false;
    ++worker.generation;
    worker.machine.reset();
    worker.store->crash();
  }
  void link(std::size_t index, bool up) {
    WorkerModel& worker = workers_[index];
    if (worker.linked == up || (up && (!worker.alive || !coordinator_ || !admitted_.contains(worker.key)))) return;
    worker.linked = up;
    if (coordinator_)
      step_coordinator(
          [&](Effects& fx) { coordinator_->link_changed({PeerKind::kWorker, worker.key, {}}, up, now(), fx); });
    if (worker.alive)
      step_worker(index, [&](Effects& fx) {
        worker.machine->link_changed({PeerKind::kValidator, options_.own_process, {}}, up, now(), fx);
      });
  }

  // --- coordinator ------------------------------------------------------------------------------------------------
  void start_coordinator() {
    ++coordinator_generation_;
    coordinator_ = std::make_unique<Coordinator>(store_, options_);
    step_coordinator([&](Effects& fx) { coordinator_->start(now(), fx); });
    for (std::size_t i = 0; i < workers_.size(); ++i) link(i, true);
    send_view();
  }
  void kill_coordinator() {
    if (!coordinator_) return;
    admitted_.clear();
    ++coordinator_generation_;
    coordinator_.reset();
    store_.crash();
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      if (workers_[i].linked) link(i, false);
    }
  }
  std::string inquire(std::string what, std::vector<std::string> arguments = {}) {
    std::string out;
    step_coordinator(
        [&](Effects& fx) { out = coordinator_->inquire({std::move(what), std::move(arguments)}, now(), fx); });
    return out;
  }
  template <class Message>
  void to_coordinator(Sender from, Message message) {
    if (!coordinator_) return;
    step_coordinator(
        [&](Effects& fx) { coordinator_->receive({from, messages::make_message(std::move(message))}, now(), fx); });
  }

  // Runs events for `span` of virtual time.
  void run(Millis span) {
    const Millis until = time_ + span;
    while (!events_.empty() && events_.top().at <= until) {
      Event event = events_.top();
      events_.pop();
      time_ = std::max(time_, event.at);
      event.act();
    }
    time_ = until;
  }
  bool run_until(const std::function<bool()>& condition, Millis at_most = Millis(600'000)) {
    const Millis until = time_ + at_most;
    while (!condition()) {
      if (time_ >= until) return false;
      run(Millis(50));
    }
    return true;
  }
  // As the shell does: cut, kill or delay anything.
  void after(Millis delay, std::function<void()> act) { events_.push({time_ + delay, serial_++, std::move(act)}); }

  Now now() const { return {time_, 1'700'000'000'000 + static_cast<std::uint64_t>(time_.count())}; }
  std::uint64_t settled() const { return l1_.number.value; }
  const std::map<std::uint64_t, SpanRecord>& spans() const { return coordinator_->spans(); }
  bool alarm(const std::string& code) const {
    return std::any_of(alarms_.begin(), alarms_.end(), [&](const auto& open) { return open.first == code; });
  }
  std::uint64_t height() const { return blocks_.size() - 1; }

  std::mt19937_64 random_;
  std::vector<BlockModel> blocks_;
  std::deque<WorkerModel> workers_;
  storage::MemoryStore store_;
  CoordinatorOptions options_;
  std::unique_ptr<Coordinator> coordinator_;
  Millis proof_time{800};
  std::uint64_t proofs_started = 0, settlements = 0, crash_at_persist = 0, persists = 0;
  std::set<std::pair<std::string, std::string>> alarms_;
  std::uint64_t witness_limit = ~std::uint64_t{0};  // of the sequencer
  std::vector<core::Word> lost_messages;            // of L1, in the next view
  std::uint64_t finalized = 0;
  std::map<std::uint64_t, core::L1ToL2Message> messages_of;  // consumed, by block

 private:
  struct Event {
    Millis at;
    std::uint64_t serial;
    std::function<void()> act;
    bool operator<(const Event& other) const { return std::tie(at, serial) > std::tie(other.at, other.serial); }
  };
  struct Crash {};

  void step_coordinator(const std::function<void(Effects&)>& step) {
    if (!coordinator_) return;
    Effects effects;
    step(effects);
    const std::uint64_t generation = coordinator_generation_;
    for (Effect& effect : effects.take()) {
      if (generation != coordinator_generation_) return;  // it died in the middle of its effects
      perform(effect);
    }
  }
  void perform(Effect& effect) {
    if (auto* persist = std::get_if<Persist>(&effect)) {
      ++persists;
      if (crash_at_persist != 0 && persists == crash_at_persist) {
        if (random_() % 2 == 0) static_cast<void>(store_.write(persist->batch, true));
        kill_coordinator();
        after(Millis(300), [this] { start_coordinator(); });
        return;
      }
      static_cast<void>(store_.write(persist->batch, persist->sync == Sync::kYes));
    } else if (auto* timer = std::get_if<StartTimer>(&effect)) {
      after(timer->after, [this, id = timer->id, generation = coordinator_generation_] {
        if (generation == coordinator_generation_ && coordinator_)
          step_coordinator([&](Effects& fx) { coordinator_->expire(id, now(), fx); });
      });
    } else if (auto* raise = std::get_if<RaiseAlarm>(&effect)) {
      alarms_.insert({raise->code, raise->subject});
    } else if (auto* clear = std::get_if<ClearAlarm>(&effect)) {
      alarms_.erase({clear->code, clear->subject});
    } else if (auto* admit = std::get_if<AdmitWorker>(&effect)) {
      admitted_.insert(admit->key);
      after(Millis(1), [this, key = admit->key] {
        for (std::size_t i = 0; i < workers_.size(); ++i) {
          if (workers_[i].key == key) link(i, true);
        }
      });
    } else if (auto* send = std::get_if<Send>(&effect)) {
      deliver_from_coordinator(*send);
    }
  }
  void deliver_from_coordinator(const Send& send) {
    if (const auto* process = std::get_if<ToProcess>(&send.to)) {
      for (std::size_t i = 0; i < workers_.size(); ++i) {
        if (workers_[i].key == process->key)
          after(Millis(2), [this, i, message = send.message, generation = workers_[i].generation] {
            to_worker(i, message, generation);
          });
      }
    } else if (const auto* request = std::get_if<messages::WitnessRequest>(send.message.get())) {
      after(Millis(5), [this, request = *request] { answer_witness(request); });
    } else if (const auto* since = std::get_if<messages::BlockSummariesRequest>(send.message.get())) {
      messages::BlockSummaries reply{.latest = height(), .blocks = {}};
      for (std::uint64_t h = since->from_height; h <= height() && reply.blocks.size() < 256; ++h)
        reply.blocks.push_back({h, blocks_[h].transactions, blocks_[h].bytes});
      after(Millis(1), [this, reply] { to_coordinator({PeerKind::kSibling, {}, {}}, reply); });
    } else if (const auto* settle = std::get_if<messages::SettleSpans>(send.message.get())) {
      after(Millis(1000), [this, settle = *settle] { apply_settlement(settle); });
    } else if (const auto* attester = std::get_if<messages::RegisterAttester>(send.message.get())) {
      after(Millis(1000), [this, attester = *attester] {
        attesters_[attester.attester] = attester.weight;
        send_view();
      });
    }
  }
  void answer_witness(const messages::WitnessRequest& request) {
    messages::WitnessReply reply{
        .start = request.start,
        .end = request.end,
        .outcome = static_cast<std::uint8_t>(request.end <= height() ? messages::WitnessOutcome::kFound
                                                                     : messages::WitnessOutcome::kNotYet),
        .header = header(request.start, request.end),
        .messages = segment_of(request.start, request.end),
        .transactions = 0,
        .witness = {},
        .certificate = {}};
    std::uint64_t bytes = 0;
    for (std::uint64_t h = request.start + 1; h <= std::min(request.end, height()); ++h) {
      reply.transactions += blocks_[h].transactions;
      bytes += blocks_[h].bytes;
    }
    if (bytes > witness_limit) reply.outcome = static_cast<std::uint8_t>(messages::WitnessOutcome::kTooLarge);
    reply.witness.assign(bytes, 0);
    reply.certificate.height = core::BlockNumber(request.end);
    reply.certificate.value = point(request.end).hash.to_be();
    const core::Vote vote{.height = reply.certificate.height,
                          .round = {},
                          .type = core::VoteType::kPrecommit,
                          .value = reply.certificate.value,
                          .validator = {},
                          .signature = {}};
    reply.certificate.signatures.push_back(
        {core::ValidatorIndex(0), validator_.sign(core::vote_signing_bytes(genesis_hash_, vote))});
    to_coordinator({PeerKind::kSibling, {}, {}}, std::move(reply));
  }
  // The L1's own checks: contiguous from its head, enough distinct registered weight; all or none.
  void apply_settlement(const messages::SettleSpans& settle) {
    core::ChainPoint at = l1_;
    for (const core::AttestedSpan& span : settle.spans) {
      if (span.header.start != at || span.header.end.number <= at.number) return;
      std::set<core::EthAddress> signers;
      std::uint64_t weight = 0;
      for (const core::EthSignature& signature : span.signatures) {
        const auto signer = core::recover_address(core::attestation_digest(options_.domain, span.header), signature);
        if (signer && signers.insert(*signer).second) weight += attesters_[*signer];
      }
      if (weight < options_.threshold) return;
      at = span.header.end;
    }
    l1_ = at;
    ++settlements;
    send_view();
  }
  void to_worker(std::size_t index, const messages::MessagePtr& message, std::uint64_t generation) {
    WorkerModel& worker = workers_[index];
    if (!worker.alive || !worker.linked || worker.generation != generation) return;
    step_worker(index, [&](Effects& fx) {
      worker.machine->receive({{PeerKind::kValidator, options_.own_process, {}}, message}, now(), fx);
    });
  }
  void step_worker(std::size_t index, const std::function<void(Effects&)>& step) {
    Effects effects;
    step(effects);
    WorkerModel& worker = workers_[index];
    for (Effect& effect : effects.take()) {
      if (auto* persist = std::get_if<Persist>(&effect)) {
        static_cast<void>(worker.store->write(persist->batch, persist->sync == Sync::kYes));
      } else if (auto* timer = std::get_if<StartTimer>(&effect)) {
        after(timer->after, [this, index, id = timer->id, generation = worker.generation] {
          WorkerModel& w = workers_[index];
          if (w.alive && w.generation == generation)
            step_worker(index, [&](Effects& fx) { w.machine->expire(id, now(), fx); });
        });
      } else if (auto* send = std::get_if<Send>(&effect)) {
        if (worker.linked)
          after(Millis(2), [this, key = worker.key, message = send->message] {
            if (coordinator_)
              step_coordinator(
                  [&](Effects& fx) { coordinator_->receive({{PeerKind::kWorker, key, {}}, message}, now(), fx); });
          });
      } else if (auto* proof = std::get_if<StartProof>(&effect)) {
        prove(index, proof->span, proof->attempt);
      } else if (auto* stop = std::get_if<StopProof>(&effect)) {
        finish(index, {.span = stop->span,
                       .attempt = stop->attempt,
                       .cause = 0,
                       .text = "cancelled",
                       .header = {},
                       .cpu_ms = 0,
                       .peak_bytes = 0});
      } else if (std::holds_alternative<Leave>(effect)) {
        worker.left = true;
      }
    }
  }
  void prove(std::size_t index, std::uint64_t span, std::uint32_t attempt) {
    ++proofs_started;
    WorkerModel& worker = workers_[index];
    worker.proving.insert({span, attempt});
    const auto record =
        coordinator_ ? coordinator_->spans().find(span) : std::map<std::uint64_t, SpanRecord>::const_iterator{};
    messages::ProofOutcome outcome{.span = span,
                                   .attempt = attempt,
                                   .cause = messages::kProven,
                                   .text = {},
                                   .header = {},
                                   .cpu_ms = 5,
                                   .peak_bytes = 0};
    if (coordinator_ && record != coordinator_->spans().end()) {
      outcome.header = header(record->second.start, record->second.end);
      std::uint64_t memory = 0;
      for (std::uint64_t h = record->second.start + 1; h <= record->second.end; ++h) {
        memory += blocks_[h].memory;
        if (blocks_[h].poison) outcome.cause = static_cast<std::uint8_t>(messages::FailureCause::kCrashed);
      }
      if (memory > worker.memory) outcome.cause = static_cast<std::uint8_t>(messages::FailureCause::kOutOfMemory);
      if (worker.lies) outcome.header.start.root = core::Felt(666);
    }
    after(proof_time + Millis(random_() % 200), [this, index, outcome, generation = worker.generation] {
      if (workers_[index].generation == generation) finish(index, outcome);
    });
  }
  void finish(std::size_t index, const messages::ProofOutcome& outcome) {
    WorkerModel& worker = workers_[index];
    if (!worker.alive || worker.proving.erase({outcome.span, outcome.attempt}) == 0) return;
    after(Millis(0), [this, index, outcome, generation = worker.generation] {
      WorkerModel& w = workers_[index];
      if (w.alive && w.generation == generation)
        step_worker(index, [&](Effects& fx) {
          w.machine->receive({{PeerKind::kSelf, {}, {}}, messages::make_message(outcome)}, now(), fx);
        });
    });
  }

  core::Genesis genesis_;
  core::Word genesis_hash_ = word_of(42);
  core::Ed25519Secret validator_;
  std::map<core::EthAddress, std::uint64_t> attesters_;
  std::set<core::LinkKey> admitted_;  // by the running coordinator
  core::ChainPoint l1_ = point(0);
  Millis time_{1000};
  std::priority_queue<Event> events_;
  std::uint64_t serial_ = 0;
  std::uint64_t coordinator_generation_ = 0;
};

}  // namespace asterism::actors::test
