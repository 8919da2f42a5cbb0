// What follows from the present state and time, whatever the input was: leases end, witnesses are fetched, work is
// given out (the span that blocks settlement first), proven spans go to L1.
#include <algorithm>

#include "actors/prover/coordinator.hpp"
#include "core/chain/transaction_hash.hpp"

namespace asterism::actors {
namespace {

constexpr std::size_t kMostSettledBytes = 4U << 20;  // of messages in one submission

}  // namespace

void Coordinator::advance(Step step) {
  if (tail_since_ && step.now.monotonic - *tail_since_ >= std::chrono::seconds(options_.limits.span_seconds))
    close_tail(step);
  expire_leases(step);
  request_witnesses(step);
  assign(step);
  register_attesters(step);
  settle(step);
}

void Coordinator::expire_leases(Step step) {
  for (auto& [key, worker] : workers_.all()) {
    if (worker.running_span == 0 || step.now.monotonic < worker.lease_until) continue;
    const auto span = spans_.find(worker.running_span);
    const Assignment lost{worker.running_attempt, key, worker.record.attester};
    release(worker);
    worker.connected = false;  // until it says hello, or an idle heartbeat shows that it goes on
    if (span != spans_.end())
      fail_attempt(span->second, lost, messages::FailureCause::kWorkerLost, "no heartbeat within the lease", step);
  }
}

std::uint64_t Coordinator::proven_weight(const SpanRecord& span) const {
  std::uint64_t sum = 0;
  for (const Attestation& attestation : span.attestations) sum += workers_.weight(attestation.attester);
  return sum;
}

bool Coordinator::straggles(const SpanRecord& span, const Assignment& assignment, const Now& now) const {
  const auto worker = workers_.all().find(assignment.worker);
  return worker != workers_.all().end() && worker->second.running_span == span.id &&
         worker->second.running_attempt == assignment.attempt &&
         now.monotonic - worker->second.given_at > straggles_after_;
}

// A straggler promises nothing, so that a copy starts elsewhere. Where the copies straggle too, the span is the reason:
// it gets no third set.
std::uint64_t Coordinator::promised_weight(const SpanRecord& span, const Now& now) const {
  std::uint64_t sum = proven_weight(span), late = 0;
  for (const Assignment& assignment : span.assignments)
    (straggles(span, assignment, now) ? late : sum) += workers_.weight(assignment.attester);
  return late > options_.threshold ? sum + late : sum;
}

bool Coordinator::wants_worker(const SpanRecord& span, const Now& now) const {
  // One that L1 has finalized through an overlapping span needs no proof, and its witness is gone.
  if (span.end <= view_.finalized_block || !span.is_open() || !span.conflicts.empty() ||
      promised_weight(span, now) >= options_.threshold)
    return false;
  const auto progress = progress_.find(span.id);
  return progress == progress_.end() || now.monotonic >= progress->second.not_before;
}

// The smallest worker that is large enough, so that a large one stays free for what only it can take; of equal ones
// that which has had the least to do. One that failed the span gets it again only where the others do not suffice:
// a broken worker, always idle, would else bring every span into quarantine.
WorkerState* Coordinator::pick_worker(const SpanRecord& span) {
  const Progress& progress = progress_[span.id];
  const bool others_suffice = able_weight(span, true) >= options_.threshold;
  const auto rank = [](const WorkerState& worker) {
    return std::pair(worker.record.max_witness_bytes, worker.record.done + worker.record.failed);
  };
  WorkerState* best = nullptr;
  for (auto& [key, worker] : workers_.all()) {
    const bool fits = worker.is_idle() && worker.could_take(span) && workers_.weight(worker.record.attester) > 0 &&
                      !span.attested_by(worker.record.attester) && !span.assigned_to(key) &&
                      !progress.too_small.contains(key) && !(others_suffice && progress.failed_on.contains(key));
    if (fits && (!best || rank(worker) < rank(*best))) best = &worker;
  }
  return best;
}

std::uint64_t Coordinator::able_weight(const SpanRecord& span, bool untried) const {
  std::uint64_t sum = proven_weight(span);
  const auto progress = progress_.find(span.id);
  for (const auto& [key, worker] : workers_.all()) {
    if (!worker.could_take(span) || span.attested_by(worker.record.attester)) continue;
    if (progress != progress_.end() &&
        (progress->second.too_small.contains(key) || (untried && progress->second.failed_on.contains(key))))
      continue;
    if (untried && (!worker.connected || worker.record.draining)) continue;
    sum += workers_.weight(worker.record.attester);
  }
  return sum;
}

// True only when enough weight is at hand in all, and the part of it that is large enough falls short.
bool Coordinator::nobody_can_take(const SpanRecord& span) const {
  std::uint64_t all = 0;
  for (const auto& [key, worker] : workers_.all()) {
    if (worker.record.removed || worker.record.distrusted || worker.record.max_transactions == 0) continue;
    all += workers_.weight(worker.record.attester);
  }
  return all >= options_.threshold && able_weight(span, false) < options_.threshold;
}

void Coordinator::request_witnesses(Step step) {
  std::size_t held = 0;
  for (auto& [id, progress] : progress_) {
    if (progress.witness_pending && step.now.monotonic - progress.witness_asked >= options_.witness_timeout)
      progress.witness_pending = false;
    held += progress.witness_pending || progress.witness ? 1 : 0;
  }
  const bool anybody = std::ranges::any_of(workers_.all(), [&](const auto& entry) {
    return entry.second.connected && workers_.weight(entry.second.record.attester) > 0;
  });
  if (!anybody) return;
  for (const auto& [start, id] : by_start_) {
    if (held >= options_.max_witnesses) return;
    SpanRecord* span = &spans_.at(id);
    if (!wants_worker(*span, step.now)) continue;
    Progress& progress = progress_[span->id];
    if (progress.witness || progress.witness_pending) continue;
    progress.witness_pending = true;
    progress.witness_asked = step.now.monotonic;
    ++held;
    if (span->span_state() == SpanState::kUnrequested || span->span_state() == SpanState::kFailed) {
      span->state = static_cast<std::uint8_t>(SpanState::kWitness);
      persist(*span, step);
    }
    step.effects.send(ToOwn{}, messages::WitnessRequest{.start = span->start, .end = span->end});
  }
}

void Coordinator::assign(Step step) {
  std::vector<SpanRecord*> ready;
  for (auto& [id, progress] : progress_) {
    SpanRecord& span = spans_.at(id);
    if (!progress.witness) continue;
    if (wants_worker(span, step.now))
      ready.push_back(&span);
    else
      progress.witness.reset();  // given out, or backing off: few are in memory, and any number of workers at work
  }
  std::ranges::sort(ready, {}, &SpanRecord::start);
  for (SpanRecord* span : ready) {
    while (wants_worker(*span, step.now)) {
      WorkerState* worker = pick_worker(*span);
      if (!worker) break;
      give(*span, *worker, step);
    }
  }
}

void Coordinator::give(SpanRecord& span, WorkerState& worker, Step step) {
  const Assignment assignment{++span.attempts, worker.record.key, worker.record.attester};
  span.assignments.push_back(assignment);
  span.state = static_cast<std::uint8_t>(SpanState::kProving);
  worker.running_span = span.id;
  worker.running_attempt = assignment.attempt;
  worker.given_at = step.now.monotonic;
  worker.lease_until = step.now.monotonic + options_.lease;
  persist(span, step);
  const auto& reply = std::get<messages::WitnessReply>(*progress_.at(span.id).witness);
  step.effects.send(ToProcess{worker.record.key}, messages::AssignSpan{.epoch = 0,
                                                                       .span = span.id,
                                                                       .attempt = assignment.attempt,
                                                                       .start = span.start,
                                                                       .end = span.end,
                                                                       .witness = reply.witness,
                                                                       .certificate = reply.certificate});
  step.effects.log(LogLevel::kInfo, "event=span-assigned span=" + std::to_string(span.id) + " attempt=" +
                                        std::to_string(assignment.attempt) + " worker=" + worker.record.name);
}

void Coordinator::register_attesters(Step step) {
  if (!view_.known || !view_.initialised || step.now.monotonic - registered_at_ < Millis(2000)) return;
  registered_at_ = step.now.monotonic;
  for (const auto& [key, worker] : workers_.all()) {
    if (!worker.record.removed && workers_.weight(worker.record.attester) == 0)
      step.effects.send(ToOwn{},
                        messages::RegisterAttester{.attester = worker.record.attester, .weight = 1, .force = false});
  }
}

bool Coordinator::waits_for_lost_message(const SpanRecord& span) const {
  return !view_.lost_messages.empty() && std::ranges::any_of(span.messages.to_l2, [&](const auto& message) {
    return std::ranges::find(view_.lost_messages, core::l1_to_l2_message_hash(message)) != view_.lost_messages.end();
  });
}

// The chain of proven spans from L1's head: at each point the longest one that starts there. Parents and halves may
// both be proven; each start is taken once.
std::vector<const SpanRecord*> Coordinator::cover() const {
  std::vector<const SpanRecord*> chain;
  core::ChainPoint at = view_.core;
  while (chain.size() < options_.max_settled_at_once) {
    const SpanRecord* longest = nullptr;
    for (auto [one, end] = by_start_.equal_range(at.number.value); one != end; ++one) {
      const SpanRecord& span = spans_.at(one->second);
      const bool usable = span.has_header && span.conflicts.empty() && proven_weight(span) >= options_.threshold;
      if (usable && (!longest || longest->end < span.end)) longest = &span;
    }
    if (!longest || longest->header.start != at || waits_for_lost_message(*longest)) break;
    chain.push_back(longest);
    at = longest->header.end;
  }
  return chain;
}

void Coordinator::settle(Step step) {
  if (!view_.known || !view_.initialised || view_.paused || view_.frozen || settlement_paused_) return;
  const auto chain = cover();
  if (chain.empty()) return;
  const bool sent =
      settled_sent_end_ > view_.core.number.value && step.now.monotonic - settled_sent_at_ < options_.settle_again;
  if (sent) return;
  settled_sent_at_ = step.now.monotonic;
  messages::SettleSpans settle;
  std::size_t bytes = 0;
  for (const SpanRecord* span : chain) {
    bytes += core::message_segment_words(span->messages).size() * sizeof(core::Word);
    if (bytes > kMostSettledBytes && !settle.spans.empty()) break;
    settled_sent_end_ = span->end;
    core::AttestedSpan attested{.header = span->header, .messages = span->messages, .signatures = {}};
    for (const Attestation& attestation : span->attestations) {
      if (workers_.weight(attestation.attester) > 0) attested.signatures.push_back(attestation.signature);
    }
    settle.spans.push_back(std::move(attested));
  }
  step.effects.send(ToOwn{}, std::move(settle));
}

// A watchdog, at each tick: open spans and nothing proven for a while is worth a person's attention.
void Coordinator::watch(Step step) {
  std::size_t open = 0, quarantined = 0;
  for (const auto& [id, span] : spans_) {
    open += span.is_open() && span.end > view_.finalized_block ? 1 : 0;
    quarantined += span.span_state() == SpanState::kQuarantined ? 1 : 0;
  }
  step.effects.gauge("asterism_spans_open", static_cast<double>(open));
  step.effects.gauge("asterism_spans_quarantined", static_cast<double>(quarantined));
  if (open == 0) last_progress_ = step.now.monotonic;
  if (open > 0 && step.now.monotonic - last_progress_ >= options_.idle_alarm) {
    step.effects.raise_alarm({"proving-stalled", "coordinator",
                              std::to_string(open) + " spans are open and none was proven for a while",
                              "`spans`, then `span ID` says why each one waits; `workers`"});
  } else {
    step.effects.clear_alarm("proving-stalled", "coordinator");
  }
}

}  // namespace asterism::actors
