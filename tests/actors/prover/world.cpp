#include "tests/actors/prover/world.hpp"

#include <gtest/gtest.h>

namespace asterism::actors::test {

World::World(std::uint64_t seed, core::Limits limits) : random_(seed) {
  options_.limits = limits;
  options_.domain.genesis_hash = genesis_hash_;
  options_.domain.l1_chain_id = 1;
  options_.genesis_json = "{}";
  options_.own_process.bytes.fill(9);
  start_coordinator();
}

void World::add_block(BlockModel block) {
  blocks_.push_back(block);
  to_coordinator({PeerKind::kSibling, {}, {}}, committed(height()));
}

std::size_t World::add_worker(std::uint64_t memory, std::uint64_t max_transactions, std::uint64_t max_bytes) {
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
  worker.options.proof_timeout = proof_timeout;
  const core::Word token = word_of(3000 + index);
  inquire("worker invite", {core::to_hex(token), "99999999999"});
  to_coordinator({PeerKind::kJoiner, worker.key, {}}, messages::Join{.token_key = token,
                                                                     .proof = {},
                                                                     .attester = worker.attester->address(),
                                                                     .name = "w" + std::to_string(index)});
  start_worker(index);
  return index;
}

bool World::two_prove_a_span() {
  add_worker();
  add_worker();
  for (std::uint64_t i = 0; i < options_.limits.span_blocks; ++i) add_block();
  return run_until([&] { return proofs_started == 2; });
}

void World::start_worker(std::size_t index) {
  WorkerModel& worker = workers_[index];
  if (worker.alive) return;
  worker.alive = true;
  worker.left = false;
  ++worker.generation;
  worker.proving.clear();
  worker.machine = std::make_unique<Worker>(*worker.store, worker.options, *worker.attester);
  step_worker(index, [&](Effects& fx) { worker.machine->start(now(), fx); });
  link(index, true);
}

void World::kill_worker(std::size_t index) {
  WorkerModel& worker = workers_[index];
  if (!worker.alive) return;
  link(index, false);
  worker.alive = false;
  ++worker.generation;
  worker.machine.reset();
  worker.store->crash();
}

void World::link(std::size_t index, bool up) {
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

void World::start_coordinator() {
  ++coordinator_generation_;
  witnesses_wanted = 0;
  coordinator_ = std::make_unique<Coordinator>(store_, options_);
  step_coordinator([&](Effects& fx) { coordinator_->start(now(), fx); });
  for (std::size_t i = 0; i < workers_.size(); ++i) link(i, true);
  send_view();
}

void World::kill_coordinator() {
  if (!coordinator_) return;
  admitted_.clear();
  ++coordinator_generation_;
  coordinator_.reset();
  store_.crash();
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if (workers_[i].linked) link(i, false);
  }
}

std::string World::inquire(std::string what, std::vector<std::string> arguments) {
  std::string out;
  step_coordinator(
      [&](Effects& fx) { out = coordinator_->inquire({std::move(what), std::move(arguments)}, now(), fx); });
  return out;
}

void World::deliver_result(std::size_t worker, std::uint64_t span, const core::SpanHeader& header,
                           std::optional<std::size_t> signer) {
  const core::Secp256k1Secret& key = *workers_[signer.value_or(worker)].attester;
  to_coordinator({PeerKind::kWorker, workers_[worker].key, {}},
                 messages::SpanDone{.epoch = 0,
                                    .span = span,
                                    .attempt = 1,
                                    .header = header,
                                    .signature = key.sign(core::attestation_digest(options_.domain, header)),
                                    .cpu_ms = 0,
                                    .peak_bytes = 0});
}

void World::run(Millis span) {
  const Millis until = time_ + span;
  while (!events_.empty() && events_.top().at <= until) {
    Event event = events_.top();
    events_.pop();
    time_ = std::max(time_, event.at);
    event.act();
  }
  time_ = until;
}

bool World::run_until(const std::function<bool()>& condition, Millis at_most, Millis step) {
  const Millis until = time_ + at_most;
  while (!condition()) {
    if (time_ >= until) return false;
    run(step);
  }
  return true;
}

const SpanRecord* World::span_in(SpanState state) const {
  for (const auto& [id, span] : spans()) {
    if (span.span_state() == state) return &span;
  }
  return nullptr;
}

void World::step_coordinator(const std::function<void(Effects&)>& step) {
  if (!coordinator_) return;
  Effects effects;
  step(effects);
  const std::uint64_t generation = coordinator_generation_;
  for (Effect& effect : effects.take()) {
    if (generation != coordinator_generation_) return;  // it died in the middle of its effects
    perform(effect);
  }
}

void World::perform(Effect& effect) {
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

void World::deliver_from_coordinator(const Send& send) {
  if (const auto* process = std::get_if<ToProcess>(&send.to)) {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      if (workers_[i].key == process->key)
        after(Millis(2), [this, i, message = send.message, generation = workers_[i].generation] {
          to_worker(i, message, generation);
        });
    }
  } else if (const auto* request = std::get_if<messages::WitnessRequest>(send.message.get())) {
    most_witnesses_wanted = std::max(most_witnesses_wanted, ++witnesses_wanted);
    after(Millis(5), [this, request = *request, generation = coordinator_generation_] {
      if (generation == coordinator_generation_) --witnesses_wanted;
      to_coordinator({PeerKind::kSibling, {}, {}}, witness(request.start, request.end));
    });
  } else if (const auto* since = std::get_if<messages::BlockSummariesRequest>(send.message.get())) {
    after(Millis(1),
          [this, reply = summaries(since->from_height)] { to_coordinator({PeerKind::kSibling, {}, {}}, reply); });
  } else if (const auto* wanted = std::get_if<messages::SettleSpans>(send.message.get())) {
    after(Millis(1000), [this, wanted = *wanted] {
      if (settle(wanted, options_)) send_view();
    });
  } else if (const auto* attester = std::get_if<messages::RegisterAttester>(send.message.get())) {
    after(Millis(1000), [this, attester = *attester] {
      register_attester(attester);
      send_view();
    });
  }
}

void World::to_worker(std::size_t index, const messages::MessagePtr& message, std::uint64_t generation) {
  WorkerModel& worker = workers_[index];
  if (!worker.alive || !worker.linked || worker.generation != generation) return;
  step_worker(index, [&](Effects& fx) {
    worker.machine->receive({{PeerKind::kValidator, options_.own_process, {}}, message}, now(), fx);
  });
}

void World::step_worker(std::size_t index, const std::function<void(Effects&)>& step) {
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
        after(std::max(Millis(2), worker.silent_until - time_), [this, key = worker.key, message = send->message] {
          if (coordinator_)
            step_coordinator(
                [&](Effects& fx) { coordinator_->receive({{PeerKind::kWorker, key, {}}, message}, now(), fx); });
        });
    } else if (auto* proof = std::get_if<StartProof>(&effect)) {
      prove(index, proof->span, proof->attempt);
    } else if (auto* stop = std::get_if<StopProof>(&effect)) {
      const messages::ProofOutcome stopped{.span = stop->span,
                                           .attempt = stop->attempt,
                                           .cause = 0,
                                           .text = "cancelled",
                                           .header = {},
                                           .cpu_ms = 0,
                                           .peak_bytes = 0};
      after(stop_time, [this, index, stopped, generation = worker.generation] {
        if (workers_[index].generation == generation) finish(index, stopped);
      });
    } else if (std::holds_alternative<Leave>(effect)) {
      worker.left = true;
    }
  }
}

messages::ProofOutcome World::outcome_of(const WorkerModel& worker, const SpanRecord& span,
                                         std::uint32_t attempt) const {
  messages::ProofOutcome out{.span = span.id,
                             .attempt = attempt,
                             .cause = messages::kProven,
                             .text = {},
                             .header = header(span.start, span.end),
                             .cpu_ms = 5,
                             .peak_bytes = 0};
  std::uint64_t memory = 0;
  for (std::uint64_t h = span.start + 1; h <= span.end; ++h) {
    memory += blocks_[h].memory;
    if (blocks_[h].poison) out.cause = static_cast<std::uint8_t>(messages::FailureCause::kCrashed);
  }
  if (worker.broken) out.cause = static_cast<std::uint8_t>(messages::FailureCause::kCrashed);
  if (memory > worker.memory) out.cause = static_cast<std::uint8_t>(messages::FailureCause::kOutOfMemory);
  if (worker.lies) out.header.start.root = core::Felt(666);
  return out;
}

void World::prove(std::size_t index, std::uint64_t span, std::uint32_t attempt) {
  ++proofs_started;
  WorkerModel& worker = workers_[index];
  worker.proving.insert({span, attempt});
  messages::ProofOutcome outcome{.span = span,
                                 .attempt = attempt,
                                 .cause = messages::kProven,
                                 .text = {},
                                 .header = {},
                                 .cpu_ms = 5,
                                 .peak_bytes = 0};
  Millis time = proof_time;
  if (coordinator_ && spans().contains(span)) {
    const SpanRecord& record = spans().at(span);
    outcome = outcome_of(worker, record, attempt);
    if (const auto own = proof_time_of.find(record.start + 1); own != proof_time_of.end()) time = own->second;
  }
  if (transient_faults > 0) {
    --transient_faults;
    outcome.cause = static_cast<std::uint8_t>(messages::FailureCause::kTransient);
  }
  after(worker.slowness * (time + Millis(random_() % 200)), [this, index, outcome, generation = worker.generation] {
    if (workers_[index].generation == generation) finish(index, outcome);
  });
}

void World::finish(std::size_t index, const messages::ProofOutcome& outcome) {
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

void expect_chain_covered(const World& world) {
  std::map<std::uint64_t, int> count;
  for (const auto& [id, span] : world.spans()) {
    ASSERT_LT(span.start, span.end);
    if (span.span_state() == SpanState::kSplit) continue;
    for (std::uint64_t h = span.start + 1; h <= span.end; ++h) ++count[h];
  }
  for (std::uint64_t h = 1; h <= world.coordinator_->tail_start(); ++h) EXPECT_EQ(count[h], 1) << "block " << h;
}

}  // namespace asterism::actors::test
