// What workers say, and what follows from it: hello, heartbeat, results, failures, joining and leaving.
#include <algorithm>

#include "actors/prover/coordinator.hpp"
#include "core/crypto/secp256k1.hpp"

namespace asterism::actors {
namespace {

using messages::FailureCause;

constexpr std::size_t kTimesKept = 32, kTimesWanted = 5;  // of proofs, for the median

std::string tag(const SpanRecord& span) { return "span=" + std::to_string(span.id); }

bool same_span(const SpanRecord& span, const messages::WitnessReply& reply) {
  return span.start == reply.start && span.end == reply.end;
}

}  // namespace

void Coordinator::on(const messages::WitnessReply& reply, const Sender& from, Step step) {
  for (auto& [id, span] : spans_) {
    const auto progress = progress_.find(id);
    if (progress == progress_.end() || !progress->second.witness_pending || !same_span(span, reply)) continue;
    progress->second.witness_pending = false;
    const auto outcome = static_cast<messages::WitnessOutcome>(reply.outcome);
    if (outcome == messages::WitnessOutcome::kTooLarge) {
      const std::string why = "the witness is larger than any may be";
      note_failure(span, {span.attempts, {}, {}}, FailureCause::kTooLarge, why, step);
      return too_large_for_all(span, why, step);
    }
    if (outcome != messages::WitnessOutcome::kFound) {  // the replica is still behind: asked again after a back-off
      progress->second.not_before = step.now.monotonic + options_.backoff_first;
      return;
    }
    span.has_header = true;
    span.header = reply.header;
    span.messages = reply.messages;
    span.transactions = reply.transactions;
    span.witness_bytes = reply.witness.size();
    progress->second.witness = messages::make_message(reply);
    if (span.span_state() != SpanState::kProving) span.state = static_cast<std::uint8_t>(SpanState::kQueued);
    persist(span, step);
    if (nobody_can_take(span)) {
      too_large_for_all(span,
                        "no worker takes " + std::to_string(span.transactions) + " transactions and " +
                            std::to_string(span.witness_bytes) + " witness bytes",
                        step);
    }
    return;
  }
  static_cast<void>(from);
}

void Coordinator::on(const messages::WorkerHello& hello, const Sender& from, Step step) {
  WorkerState* worker = workers_.find(from.process);
  if (!worker || worker->record.removed) {
    step.effects.reply(from, messages::DrainWorker{.epoch = 0, .removed = true});
    return;
  }
  WorkerRecord& record = worker->record;
  const bool changed =
      record.max_transactions != hello.max_transactions || record.max_witness_bytes != hello.max_witness_bytes;
  record.max_transactions = hello.max_transactions;
  record.max_witness_bytes = hello.max_witness_bytes;
  // Said twice on one link (the welcome was slow): nothing was lost in between.
  const bool repeated = worker->connected;
  worker->connected = true;
  if (changed) {
    storage::WriteBatch batch;
    workers_.store(*worker, batch);
    step.effects.persist(std::move(batch));
  }
  step.effects.reply(from, welcome());
  if (record.draining) step.effects.reply(from, messages::DrainWorker{.epoch = 0, .removed = false});
  if (repeated) return;
  const bool reattached = worker->running_span != 0 && hello.running_span == worker->running_span &&
                          hello.running_attempt == worker->running_attempt;
  if (reattached) {
    worker->lease_until = step.now.monotonic + options_.lease;
    return;
  }
  // It runs nothing that was given to it: what the book says it ran is lost (a finished result is sent before hello).
  if (worker->running_span != 0) {
    const auto span = spans_.find(worker->running_span);
    const Assignment lost{worker->running_attempt, record.key, record.attester};
    release(*worker);
    if (span != spans_.end()) fail_attempt(span->second, lost, FailureCause::kWorkerLost, "the worker restarted", step);
  }
  if (hello.running_span != 0)
    step.effects.reply(from,
                       messages::CancelSpan{.epoch = 0, .span = hello.running_span, .attempt = hello.running_attempt});
}

messages::WorkerWelcome Coordinator::welcome() const {
  return {.epoch = 0,
          .heartbeat_ms = static_cast<std::uint32_t>(options_.heartbeat.count()),
          .lease_ms = static_cast<std::uint32_t>(options_.lease.count())};
}

void Coordinator::on(const messages::WorkerHeartbeat& beat, const Sender& from, Step step) {
  WorkerState* worker = workers_.find(from.process);
  if (!worker) return;
  // Its lease ran out while it stood still and the link held. Idle again it gets work as before; what it still runs it
  // may finish, for a late result counts.
  if (!worker->connected && beat.span == 0 && worker->running_span == 0) worker->connected = true;
  if (!worker->connected || beat.span == 0) return;
  if (beat.span == worker->running_span && beat.attempt == worker->running_attempt) {
    worker->lease_until = step.now.monotonic + options_.lease;
    worker->done_permille = beat.done_permille;
  } else {
    step.effects.reply(from, messages::CancelSpan{.epoch = 0, .span = beat.span, .attempt = beat.attempt});
  }
}

void Coordinator::on(const messages::SpanDone& done, const Sender& from, Step step) {
  WorkerState* worker = workers_.find(from.process);
  const auto it = spans_.find(done.span);
  if (!worker || worker->record.removed || worker->record.distrusted) return;
  if (worker->running_span == done.span && worker->running_attempt == done.attempt) {
    remember_time(step.now.monotonic - worker->given_at);
    release(*worker);
  }
  if (it == spans_.end()) return;
  SpanRecord& span = it->second;
  const bool counted = span.attested_by(worker->record.attester) || !span.has_header;
  std::erase_if(span.assignments,
                [&](const Assignment& a) { return a.worker == from.process && a.attempt == done.attempt; });
  if (!counted) judge(span, *worker, done, step);
}

// The header must be the one the replica decided, signed by the key that was admitted. Late results of a split or
// quarantined span are as good as any.
void Coordinator::judge(SpanRecord& span, WorkerState& worker, const messages::SpanDone& done, Step step) {
  const auto signer = core::recover_address(core::attestation_digest(options_.domain, done.header), done.signature);
  if (!signer || *signer != worker.record.attester) {
    fail_attempt(span, {done.attempt, worker.record.key, worker.record.attester}, FailureCause::kInvalid,
                 "the signature is not the worker's", step);
    distrust(worker, tag(span) + ": the signature is not of its attester key", step);
    return;
  }
  Attestation attestation{worker.record.attester, worker.record.key, done.header,
                          done.signature,         done.cpu_ms,       done.peak_bytes};
  if (done.header != span.header) {
    span.conflicts.push_back(std::move(attestation));
    persist(span, step);
    step.effects.raise_alarm(
        {"span-conflict", tag(span),
         "attester 0x" + worker.record.attester.hex() + " signed a header that differs from the decided block",
         "`span resolve " + std::to_string(span.id) + " --drop 0x" + worker.record.attester.hex() + "`"});
    distrust(worker, tag(span) + ": signed a header that differs from the decided block", step);
    return;
  }
  span.attestations.push_back(std::move(attestation));
  ++worker.record.done;
  if (span.is_open()) span.state = static_cast<std::uint8_t>(SpanState::kVerifying);
  const bool complete = proven_weight(span) >= options_.threshold;
  if (complete && span.span_state() != SpanState::kSplit) {
    if (span.span_state() == SpanState::kQuarantined) step.effects.clear_alarm("span-quarantined", tag(span));
    span.state = static_cast<std::uint8_t>(SpanState::kComplete);
    progress_.erase(span.id);
    call_off(span, step);
  } else if (span.is_open()) {
    span.state = static_cast<std::uint8_t>(span.assignments.empty() ? SpanState::kQueued : SpanState::kProving);
  }
  storage::WriteBatch batch;
  store(span, batch);
  workers_.store(worker, batch);
  step.effects.persist(std::move(batch));
  if (!complete) return;
  ++completed_;
  last_progress_ = step.now.monotonic;
  step.effects.count("asterism_spans_proven_total");
  step.effects.log(LogLevel::kInfo, "event=span-complete " + tag(span) + " end=" + std::to_string(span.end));
}

void Coordinator::distrust(WorkerState& worker, std::string why, Step step) {
  worker.record.distrusted = true;
  storage::WriteBatch batch;
  workers_.store(worker, batch);
  step.effects.persist(std::move(batch));
  step.effects.raise_alarm(
      {"worker-distrusted", "worker=" + worker.record.name, std::move(why),
       "find out why; then `worker trust " + worker.record.name + "` or `worker remove " + worker.record.name + "`"});
}

void Coordinator::on(const messages::SpanFailed& failed, const Sender& from, Step step) {
  WorkerState* worker = workers_.find(from.process);
  const auto it = spans_.find(failed.span);
  if (!worker || it == spans_.end()) return;
  if (worker->running_span == failed.span && worker->running_attempt == failed.attempt) release(*worker);
  const auto cause = static_cast<FailureCause>(
      std::min<std::uint8_t>(failed.cause, static_cast<std::uint8_t>(FailureCause::kWorkerLost)));
  fail_attempt(it->second, {failed.attempt, from.process, worker->record.attester}, cause, failed.text.substr(0, 512),
               step);
}

// Only an attempt that is still booked can fail: a failure reported after success, or twice, changes nothing.
void Coordinator::fail_attempt(SpanRecord& span, const Assignment& attempt, FailureCause cause, const std::string& text,
                               Step step) {
  const auto booked = std::ranges::find_if(span.assignments, [&](const Assignment& a) {
    return a.worker == attempt.worker && a.attempt == attempt.attempt;
  });
  if (booked == span.assignments.end() && cause != FailureCause::kInvalid) return;
  if (booked != span.assignments.end()) span.assignments.erase(booked);
  if (WorkerState* worker = workers_.find(attempt.worker)) ++worker->record.failed;
  note_failure(span, attempt, cause, text, step);
  if (!span.is_open()) return persist(span, step);
  if (cause == FailureCause::kOutOfMemory || cause == FailureCause::kTooLarge)
    progress_[span.id].too_small.insert(attempt.worker);
  else if (cause != FailureCause::kTransient && cause != FailureCause::kInvalid)
    progress_[span.id].failed_on.insert(attempt.worker);
  react(span, cause, step);
}

void Coordinator::note_failure(SpanRecord& span, const Assignment& attempt, FailureCause cause, const std::string& text,
                               Step step) const {
  span.failures.push_back({attempt.attempt, attempt.worker, static_cast<std::uint8_t>(cause), text, step.now.unix_ms});
  if (span.failures.size() > kKeptFailures) span.failures.erase(span.failures.begin());
  step.effects.count("asterism_span_failures_total");
  step.effects.log(LogLevel::kWarn, "event=span-failed " + tag(span) + " attempt=" + std::to_string(attempt.attempt) +
                                        " cause=" + std::string(to_string(cause)) + " text=\"" + text + "\"");
}

void Coordinator::react(SpanRecord& span, FailureCause cause, Step step) {
  const bool resource =
      cause == FailureCause::kOutOfMemory || cause == FailureCause::kTooLarge || cause == FailureCause::kTimedOut;
  if (resource && span.length() > 1) return split(span, to_string(cause), step);
  const bool transient = cause == FailureCause::kTransient || cause == FailureCause::kInvalid;
  if (transient)
    ++span.transients;
  else
    ++span.strikes;
  const bool deterministic = cause == FailureCause::kDeterministic;
  if (span.length() > 1 && (deterministic || span.strikes >= options_.max_strikes))
    return split(span, to_string(cause), step);
  if (span.strikes >= options_.max_strikes || (resource && nobody_can_take(span)))
    return quarantine(span, "failed " + std::to_string(span.strikes) + " times, last: " + std::string(to_string(cause)),
                      step);
  const auto exponent = std::min<std::uint32_t>(transient ? span.transients : span.strikes, 16);
  progress_[span.id].not_before =
      step.now.monotonic + std::min(options_.backoff_most, options_.backoff_first * (1 << exponent) / 2);
  span.state = static_cast<std::uint8_t>(span.assignments.empty() ? SpanState::kFailed : SpanState::kProving);
  persist(span, step);
}

void Coordinator::release(WorkerState& worker) {
  worker.running_span = 0;
  worker.running_attempt = 0;
  worker.done_permille = 0;
}

// Whatever still runs of it is of no more use.
void Coordinator::call_off(SpanRecord& span, Step step) {
  for (const Assignment& assignment : span.assignments) {
    step.effects.send(ToProcess{assignment.worker},
                      messages::CancelSpan{.epoch = 0, .span = span.id, .attempt = assignment.attempt});
    if (WorkerState* worker = workers_.find(assignment.worker)) release(*worker);
  }
  span.assignments.clear();
}

// Never less than a lease: small spans differ by more than that factor.
void Coordinator::remember_time(Millis took) {
  proof_times_.push_back(took);
  if (proof_times_.size() > kTimesKept) proof_times_.pop_front();
  if (proof_times_.size() < kTimesWanted) return;
  std::vector<Millis> sorted(proof_times_.begin(), proof_times_.end());
  const auto median = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, median);
  straggles_after_ = std::max(options_.lease, options_.straggler_factor * *median);
}

void Coordinator::on(const messages::WorkerLeaving&, const Sender& from, Step) {
  if (WorkerState* worker = workers_.find(from.process)) worker->connected = false;
}

void Coordinator::on(const messages::Join& join, const Sender& from, Step step) {
  const auto admission = workers_.admit(join, from.process, step.now.unix_ms / 1000);
  if (!admission.batch.empty()) step.effects.persist(admission.batch);
  if (admission.admitted) step.effects.push(AdmitWorker{from.process});
  step.effects.reply(from, messages::JoinReply{.admitted = admission.admitted,
                                               .text = admission.text,
                                               .genesis = admission.admitted ? options_.genesis_json : ""});
  step.effects.log(LogLevel::kInfo,
                   "event=join worker=" + from.process.hex() + " admitted=" + (admission.admitted ? "true" : "false"));
}

void Coordinator::on(const messages::SettlementView& view, const Sender&, Step step) {
  view_ = view;
  workers_.set_attesters(view.attesters);
  if (view_.known) weigh_again(step);
  prune(step);
}

// Weights change with registrations. A span that waits for settlement and whose attester was removed is proven further;
// one that has its weight again is complete.
void Coordinator::weigh_again(Step step) {
  for (auto& [id, span] : spans_) {
    if (span.end <= view_.core.number.value || !span.conflicts.empty()) continue;
    const bool enough = span.has_header && proven_weight(span) >= options_.threshold;
    if (span.span_state() == SpanState::kComplete && !enough) {
      span.state = static_cast<std::uint8_t>(SpanState::kUnrequested);
    } else if (span.is_open() && span.assignments.empty() && enough) {
      span.state = static_cast<std::uint8_t>(SpanState::kComplete);
      progress_.erase(id);
    } else {
      continue;
    }
    persist(span, step);
  }
}

void Coordinator::on(const messages::Heads&, const Sender&, Step) {}

}  // namespace asterism::actors
