#include "actors/prover/worker.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/check.hpp"
#include "messages/codec.hpp"

namespace asterism::actors {
namespace {

using messages::FailureCause;

constexpr TimerId kHelloTimer = 1;
constexpr TimerId kHeartbeatTimer = 2;
constexpr TimerId kProofTimer = 3;
constexpr std::string_view kLastDoneKey = "w-done";

}  // namespace

Worker::Worker(const storage::KeyValue& store, WorkerOptions options, core::Secp256k1Secret attester)
    : store_(store), options_(std::move(options)), attester_(std::move(attester)) {
  if (const auto value = store_.get(kLastDoneKey)) {
    const auto done = messages::decode_text<messages::SpanDone>(*value);
    ASTERISM_CHECK(done, "the last result in the database does not decode");
    last_done_ = *done;
  }
}

void Worker::start(const Now& now, Effects& effects) { hello({now, effects}); }

void Worker::receive(const Inbound& inbound, const Now& now, Effects& effects) {
  const bool outcome = std::holds_alternative<messages::ProofOutcome>(*inbound.message);
  if (outcome != (inbound.from.kind == PeerKind::kSelf))
    return;  // the outcome comes from inside, all else from the coordinator
  if (!outcome && inbound.from.process != options_.coordinator) return;
  std::visit([&](const auto& message) { on(message, {now, effects}); }, *inbound.message);
}

void Worker::expire(TimerId timer, const Now& now, Effects& effects) {
  const Step step{now, effects};
  if (timer == kHelloTimer && !welcomed_) hello(step);
  if (timer == kHeartbeatTimer) heartbeat(step);
  if (timer == kProofTimer && running_ && !running_->cancelled) {
    running_->timed_out = true;
    effects.push(StopProof{running_->span, running_->attempt});
  }
}

void Worker::link_changed(const Sender& peer, bool up, const Now& now, Effects& effects) {
  if (peer.process != options_.coordinator) return;
  welcomed_ = false;
  if (up) hello({now, effects});
}

// A finished result goes first, so that the coordinator books it before it reads that nothing runs here.
void Worker::hello(Step step) {
  const Destination coordinator = ToProcess{options_.coordinator};
  if (last_done_) step.effects.send(coordinator, *last_done_);
  const bool busy = running_ && !running_->cancelled;
  step.effects.send(coordinator, messages::WorkerHello{.epoch = 0,
                                                       .max_transactions = options_.max_transactions,
                                                       .max_witness_bytes = options_.max_witness_bytes,
                                                       .attester = attester_.address(),
                                                       .running_span = busy ? running_->span : 0,
                                                       .running_attempt = busy ? running_->attempt : 0});
  step.effects.start_timer(kHelloTimer, options_.hello_again);
}

void Worker::heartbeat(Step step) {
  step.effects.start_timer(kHeartbeatTimer, heartbeat_);
  const bool busy = running_ && !running_->cancelled;
  step.effects.send(
      ToProcess{options_.coordinator},
      messages::WorkerHeartbeat{
          .epoch = 0, .span = busy ? running_->span : 0, .attempt = busy ? running_->attempt : 0, .done_permille = 0});
}

void Worker::on(const messages::WorkerWelcome& welcome, Step step) {
  if (!welcomed_) step.effects.log(LogLevel::kInfo, "event=welcomed lease_ms=" + std::to_string(welcome.lease_ms));
  welcomed_ = true;
  draining_ = false;  // whom the coordinator drains is told so after each welcome
  heartbeat_ = Millis(std::max<std::uint32_t>(welcome.heartbeat_ms, 50));
  step.effects.start_timer(kHeartbeatTimer, heartbeat_);
}

void Worker::on(const messages::AssignSpan& assign, Step step) {
  if (running_ && running_->cancelled && !draining_) {
    next_ = assign;  // the coordinator counts on what it cancelled to have ended
    return;
  }
  if (running_ || draining_)
    return fail(assign.span, assign.attempt, FailureCause::kTransient, draining_ ? "draining" : "busy", step);
  if (assign.witness.size() > options_.max_witness_bytes)
    return fail(assign.span, assign.attempt, FailureCause::kTooLarge, "the witness is above the announced capacity",
                step);
  const auto bad = core::verify_certificate(options_.genesis, options_.domain.genesis_hash, assign.certificate);
  if (bad || assign.certificate.height.value != assign.end)
    return fail(assign.span, assign.attempt, FailureCause::kDeterministic,
                "the end block's certificate does not verify", step);
  running_ = Running{.span = assign.span,
                     .attempt = assign.attempt,
                     .since = step.now.monotonic,
                     .cancelled = false,
                     .timed_out = false};
  expected_end_ = assign.certificate.value;
  step.effects.push(StartProof{assign.span, assign.attempt, assign.witness});
  step.effects.start_timer(kProofTimer, options_.proof_timeout);
  step.effects.log(LogLevel::kInfo, "event=proof-started span=" + std::to_string(assign.span) +
                                        " attempt=" + std::to_string(assign.attempt) +
                                        " witness_bytes=" + std::to_string(assign.witness.size()));
}

void Worker::on(const messages::CancelSpan& cancel, Step step) {
  if (next_ && next_->span == cancel.span && next_->attempt == cancel.attempt) next_.reset();
  if (!running_ || running_->span != cancel.span || running_->attempt != cancel.attempt || running_->cancelled) return;
  running_->cancelled = true;
  step.effects.push(StopProof{cancel.span, cancel.attempt});
}

void Worker::on(const messages::DrainWorker& drain, Step step) {
  draining_ = true;
  if (drain.removed && running_ && !running_->cancelled) {
    running_->cancelled = true;
    step.effects.push(StopProof{running_->span, running_->attempt});
  }
  leave_if_idle(step);
}

void Worker::on(const messages::ProofOutcome& outcome, Step step) {
  if (!running_ || running_->span != outcome.span || running_->attempt != outcome.attempt) return;
  const Running finished = *running_;
  running_.reset();
  step.effects.cancel_timer(kProofTimer);
  const std::string tag = " span=" + std::to_string(outcome.span) + " attempt=" + std::to_string(outcome.attempt);
  if (finished.cancelled) {
    step.effects.log(LogLevel::kInfo, "event=proof-cancelled" + tag);
  } else if (outcome.cause != messages::kProven) {
    const auto cause = finished.timed_out ? FailureCause::kTimedOut : static_cast<FailureCause>(outcome.cause);
    fail(outcome.span, outcome.attempt, cause, outcome.text, step);
  } else if (outcome.header.end.hash.to_be() != expected_end_) {
    fail(outcome.span, outcome.attempt, FailureCause::kDeterministic,
         "the witness ends in a block that was not decided", step);
  } else {
    ++proven_;
    messages::SpanDone done{.epoch = 0,
                            .span = outcome.span,
                            .attempt = outcome.attempt,
                            .header = outcome.header,
                            .signature = attester_.sign(core::attestation_digest(options_.domain, outcome.header)),
                            .cpu_ms = outcome.cpu_ms,
                            .peak_bytes = outcome.peak_bytes};
    storage::WriteBatch batch;
    batch.put(std::string(kLastDoneKey), messages::encode_text(done));
    step.effects.persist(std::move(batch));
    last_done_ = done;
    step.effects.send(ToProcess{options_.coordinator}, std::move(done));
    step.effects.log(LogLevel::kInfo, "event=proof-done" + tag + " cpu_ms=" + std::to_string(outcome.cpu_ms));
  }
  if (const auto next = std::exchange(next_, std::nullopt)) on(*next, step);
  leave_if_idle(step);
}

void Worker::fail(std::uint64_t span, std::uint32_t attempt, FailureCause cause, std::string text, Step step) {
  ++failed_;
  step.effects.log(LogLevel::kWarn, "event=proof-failed span=" + std::to_string(span) +
                                        " attempt=" + std::to_string(attempt) +
                                        " cause=" + std::to_string(static_cast<int>(cause)) + " text=\"" + text + "\"");
  step.effects.send(ToProcess{options_.coordinator}, messages::SpanFailed{.epoch = 0,
                                                                          .span = span,
                                                                          .attempt = attempt,
                                                                          .cause = static_cast<std::uint8_t>(cause),
                                                                          .text = std::move(text)});
}

void Worker::leave_if_idle(Step step) {
  if (!draining_ || running_ || leaving_) return;
  leaving_ = true;
  step.effects.send(ToProcess{options_.coordinator}, messages::WorkerLeaving{.epoch = 0});
  step.effects.push(Leave{"drained"});
}

std::string Worker::inquire(const Inquiry& inquiry, const Now& now, Effects&) {
  if (inquiry.what != "worker")
    return nlohmann::json{{"error", "a worker does not know `" + inquiry.what + "`"}}.dump();
  nlohmann::ordered_json out{{"attester", "0x" + attester_.address().hex()},
                             {"welcomed", welcomed_},
                             {"draining", draining_},
                             {"proven", proven_},
                             {"failed", failed_},
                             {"span", running_ ? running_->span : 0},
                             {"running_ms", running_ ? (now.monotonic - running_->since).count() : 0}};
  return out.dump();
}

}  // namespace asterism::actors
