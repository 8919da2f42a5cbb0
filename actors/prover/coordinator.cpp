#include "actors/prover/coordinator.hpp"

#include "core/base/check.hpp"
#include "messages/codec.hpp"

namespace asterism::actors {
namespace {

constexpr TimerId kTick = 1;

std::uint64_t read_u64(std::string_view value) {
  std::uint64_t out = 0;
  for (const char c : value) out = out << 8 | static_cast<std::uint8_t>(c);
  return out;
}

}  // namespace

Coordinator::Coordinator(const storage::KeyValue& store, CoordinatorOptions options)
    : store_(store), options_(std::move(options)), workers_(store) {
  store_.scan("s/", "", [&](std::string_view, std::string_view value) {
    auto record = messages::decode_text<SpanRecord>(value);
    ASTERISM_CHECK(record, "a span's record in the database does not decode");
    next_id_ = std::max(next_id_, record->id + 1);
    add(std::move(*record));
    return true;
  });
  if (const auto tail = store_.get(kTailKey)) tail_start_ = read_u64(*tail);
  settlement_paused_ = store_.get("s-paused").has_value();
}

void Coordinator::start(const Now& now, Effects& effects) {
  const Step step{now, effects};
  for (const auto& [key, worker] : workers_.all()) {
    if (!worker.record.removed) effects.push(AdmitWorker{key});
  }
  // What ran when the process ended may still run: its worker gets one lease to say so before the work is given away.
  for (auto& [id, span] : spans_) {
    for (const Assignment& assignment : span.assignments) {
      if (WorkerState* worker = workers_.find(assignment.worker)) {
        worker->running_span = id;
        worker->running_attempt = assignment.attempt;
        worker->given_at = now.monotonic;
        worker->lease_until = now.monotonic + options_.lease;
      }
    }
    if (span.span_state() == SpanState::kQuarantined)
      effects.raise_alarm({"span-quarantined", "span=" + std::to_string(id), span.reason,
                           "see `span " + std::to_string(id) + "`; `retry` when the cause is gone"});
    if (!span.conflicts.empty())
      effects.raise_alarm({"span-conflict", "span=" + std::to_string(id), "attested headers differ",
                           "`span resolve " + std::to_string(id) + " --drop ATTESTER`"});
  }
  last_progress_ = now.monotonic;
  summaries_asked_ = now.monotonic;
  effects.send(ToOwn{}, messages::BlockSummariesRequest{.from_height = tail_end() + 1});
  effects.start_timer(kTick, options_.tick);
  advance(step);
}

void Coordinator::receive(const Inbound& inbound, const Now& now, Effects& effects) {
  const Step step{now, effects};
  std::visit([&](const auto& message) { on(message, inbound.from, step); }, *inbound.message);
  advance(step);
}

void Coordinator::expire(TimerId, const Now& now, Effects& effects) {
  const Step step{now, effects};
  effects.start_timer(kTick, options_.tick);
  storage::WriteBatch forgotten;
  workers_.prune_invites(now.unix_ms / 1000, forgotten);
  if (!forgotten.empty()) effects.persist(std::move(forgotten), Sync::kNo);
  if (now.monotonic - summaries_asked_ >= Millis(2000)) {
    summaries_asked_ = now.monotonic;
    effects.send(ToOwn{}, messages::BlockSummariesRequest{.from_height = tail_end() + 1});
  }
  advance(step);
  watch(step);
}

void Coordinator::link_changed(const Sender& peer, bool up, const Now& now, Effects& effects) {
  if (up && peer.kind == PeerKind::kSibling) {
    // What was asked of a process that died is asked again; both are idempotent.
    settled_sent_end_ = 0;
    for (auto& [id, progress] : progress_) progress.witness_pending = false;
    advance({now, effects});
  }
  WorkerState* worker = workers_.find(peer.process);
  if (!worker) return;
  // The lease decides what a silent worker loses, not the link: it may come back with its result.
  if (!up) worker->connected = false;
  advance({now, effects});
}

void Coordinator::store(const SpanRecord& span, storage::WriteBatch& batch) const {
  batch.put(span_key(span.id), messages::encode_text(span));
}

void Coordinator::persist(const SpanRecord& span, Step step) {
  storage::WriteBatch batch;
  store(span, batch);
  step.effects.persist(std::move(batch));
}

}  // namespace asterism::actors
