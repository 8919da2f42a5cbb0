// What the shell asks of the coordinator, and what it may change.
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "actors/prover/coordinator.hpp"

namespace asterism::actors {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kWaitingListed = 200, kNewestListed = 300;

std::string error(std::string text) { return Json{{"error", std::move(text)}}.dump(); }
std::string ok(std::string text) { return Json{{"ok", std::move(text)}}.dump(); }

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::string cause_name(std::uint8_t cause) {
  return std::string(to_string(static_cast<messages::FailureCause>(cause)));
}

// As people see it; the token itself is known to whom it was given only.
std::string invitation_name(const std::array<std::uint8_t, 32>& token) { return core::to_hex(token).substr(0, 16); }

// What L1 would be told of the span, field by field, where the attester says another thing than the replica decided.
std::string difference(const core::SpanHeader& said, const core::SpanHeader& decided) {
  std::string out;
  const auto add = [&](std::string_view field, const std::string& one, const std::string& other) {
    if (one != other) out += (out.empty() ? "" : ", ") + std::string(field) + " " + one + " instead of " + other;
  };
  const auto point = [&](const std::string& which, const core::ChainPoint& one, const core::ChainPoint& other) {
    add(which + " block", std::to_string(one.number.value), std::to_string(other.number.value));
    add(which + " hash", one.hash.to_hex(), other.hash.to_hex());
    add(which + " root", one.root.to_hex(), other.root.to_hex());
  };
  point("start", said.start, decided.start);
  point("end", said.end, decided.end);
  add("message hash", "0x" + core::to_hex(said.message_hash), "0x" + core::to_hex(decided.message_hash));
  return out;
}

}  // namespace

std::string Coordinator::why_waiting(const SpanRecord& span, const Now& now) const {
  if (!span.conflicts.empty())
    return "attesters disagree: `span resolve " + std::to_string(span.id) + " --drop ATTESTER`";
  switch (span.span_state()) {
    case SpanState::kSplit:
      return "its halves carry on";
    case SpanState::kQuarantined:
      return span.reason;
    case SpanState::kComplete:
      if (span.end <= view_.core.number.value) return "settled";
      if (settlement_paused_ || view_.paused) return "settlement is paused: `settlement resume`";
      if (view_.frozen) return "L1 and this chain disagree: see `alarms`";
      if (waits_for_lost_message(span)) return "L1 has lost a message that it consumes: it waits until that is back";
      return span.start == view_.core.number.value ? "its submission is under way"
                                                   : "an earlier span is not settled yet";
    default:
      break;
  }
  if (span.end <= view_.finalized_block) return "settled by an overlapping span";
  if (!view_.known) return "L1 was not reached yet, so no attester's weight is known";
  const auto progress = progress_.find(span.id);
  if (progress != progress_.end() && now.monotonic < progress->second.not_before)
    return "backs off after a failure for " + std::to_string((progress->second.not_before - now.monotonic).count()) +
           " ms";
  if (promised_weight(span, now) >= options_.threshold) return "is being proven";
  std::uint64_t weight = 0;
  for (const auto& [key, worker] : workers_.all()) {
    if (!worker.record.removed && !worker.record.distrusted && worker.connected)
      weight += workers_.weight(worker.record.attester);
  }
  if (weight < options_.threshold)
    return "needs weight " + std::to_string(options_.threshold) + ", connected workers have " + std::to_string(weight);
  if (progress != progress_.end() && progress->second.witness_pending)
    return "waits for its witness from the sequencer";
  if (progress == progress_.end() || !progress->second.witness) return "earlier spans are fetched first";
  return "all workers that can take it are busy";
}

// Of very many those that are asked for: what waits longest, and the newest.
std::vector<const SpanRecord*> Coordinator::worth_listing() const {
  std::vector<const SpanRecord*> out;
  std::size_t waiting = 0, at = 0;
  for (const auto& [id, span] : spans_) {
    const bool waits = span.end > view_.core.number.value && span.span_state() != SpanState::kSplit;
    const bool newest = ++at + kNewestListed > spans_.size();
    if (newest || (waits && ++waiting <= kWaitingListed)) out.push_back(&span);
  }
  return out;
}

std::string Coordinator::list_spans(std::optional<std::uint64_t> block) const {
  std::vector<const SpanRecord*> listed;
  Json states = Json::object();
  for (const auto& [id, span] : spans_) {
    Json& count = states[std::string(to_string(span.span_state()))];
    count = count.is_null() ? 1 : count.get<std::uint64_t>() + 1;
    if (block && span.start < *block && *block <= span.end) listed.push_back(&span);
  }
  if (!block) listed = worth_listing();
  Json out = Json::array();
  for (const SpanRecord* one : listed) {
    const SpanRecord& span = *one;
    const bool settled = span.end <= view_.core.number.value;
    out.push_back({{"span", span.id},
                   {"blocks", "(" + std::to_string(span.start) + ", " + std::to_string(span.end) + "]"},
                   {"state", to_string(span.span_state())},
                   {"kind", "attestation"},
                   {"transactions", span.transactions},
                   {"attempts", span.attempts},
                   {"attested", proven_weight(span)},
                   {"needed", options_.threshold},
                   {"settled", settled},
                   {"parent", span.parent}});
  }
  return Json{{"spans", std::move(out)},
              {"by_state", std::move(states)},
              {"open_tail", {{"from", tail_start_ + 1}, {"blocks", tail_transactions_.size()}}},
              {"settled_block", view_.core.number.value},
              {"settlement_paused", settlement_paused_ || view_.paused}}
      .dump();
}

std::string Coordinator::show_span(std::uint64_t id, const Now& now) const {
  const auto it = spans_.find(id);
  if (it == spans_.end()) return error("there is no span " + std::to_string(id) + "; `spans` lists them");
  const SpanRecord& span = it->second;
  const auto name = [&](const core::LinkKey& key) {
    const auto worker = workers_.all().find(key);
    return worker == workers_.all().end() ? key.hex().substr(0, 12) : worker->second.record.name;
  };
  Json out{{"span", id},
           {"blocks", "(" + std::to_string(span.start) + ", " + std::to_string(span.end) + "]"},
           {"state", to_string(span.span_state())},
           {"why", why_waiting(span, now)},
           {"kind", "attestation"},
           {"transactions", span.transactions},
           {"witness_bytes", span.witness_bytes},
           {"attempts", span.attempts},
           {"strikes", span.strikes},
           {"parent", span.parent}};
  Json children = Json::array(), assignments = Json::array(), attestations = Json::array(), conflicts = Json::array(),
       failures = Json::array();
  for (const auto& [other, child] : spans_) {
    if (child.parent == id) children.push_back(other);
  }
  for (const Assignment& a : span.assignments)
    assignments.push_back({{"worker", name(a.worker)}, {"attempt", a.attempt}});
  for (const Attestation& a : span.attestations)
    attestations.push_back({{"worker", name(a.worker)},
                            {"attester", "0x" + a.attester.hex()},
                            {"cpu_ms", a.cpu_ms},
                            {"peak_bytes", a.peak_bytes}});
  for (const Attestation& a : span.conflicts)
    conflicts.push_back({{"worker", name(a.worker)},
                         {"attester", "0x" + a.attester.hex()},
                         {"said", difference(a.header, span.header)},
                         {"signature", "0x" + core::to_hex(a.signature)}});
  for (const SpanFailure& f : span.failures)
    failures.push_back({{"attempt", f.attempt},
                        {"worker", name(f.worker)},
                        {"cause", cause_name(f.cause)},
                        {"text", f.text},
                        {"unix_ms", f.unix_ms}});
  if (span.has_header) out["end_root"] = span.header.end.root.to_hex();
  out["children"] = std::move(children);
  out["assignments"] = std::move(assignments);
  out["attestations"] = std::move(attestations);
  out["conflicts"] = std::move(conflicts);
  out["failures"] = std::move(failures);
  return out.dump();
}

std::string Coordinator::list_workers(const Now& now) const {
  Json out = Json::array();
  for (const auto& [key, worker] : workers_.all()) {
    const WorkerRecord& record = worker.record;
    const char* state = record.removed        ? "removed"
                        : record.distrusted   ? "distrusted"
                        : !worker.connected   ? (record.draining ? "drained" : "away")
                        : record.draining     ? "draining"
                        : worker.running_span ? "proving"
                                              : "idle";
    out.push_back({{"worker", record.name},
                   {"key", key.hex().substr(0, 16)},
                   {"attester", "0x" + record.attester.hex()},
                   {"state", state},
                   {"weight", workers_.weight(record.attester)},
                   {"span", worker.running_span},
                   {"done_permille", worker.done_permille},
                   {"lease_ms",
                    worker.running_span ? std::max<std::int64_t>(0, (worker.lease_until - now.monotonic).count()) : 0},
                   {"max_transactions", record.max_transactions},
                   {"max_witness_bytes", record.max_witness_bytes},
                   {"proven", record.done},
                   {"failed", record.failed}});
  }
  Json invitations = Json::array();
  for (const InviteRecord& invite : workers_.open_invites()) {
    const std::int64_t left = static_cast<std::int64_t>(invite.expiry) - static_cast<std::int64_t>(now.unix_ms / 1000);
    invitations.push_back({{"invitation", invitation_name(invite.token)},
                           {"state", left > 0 ? "open" : "expired"},
                           {"expires_in_s", std::max<std::int64_t>(0, left)}});
  }
  return Json{{"workers", std::move(out)}, {"invitations", std::move(invitations)}}.dump();
}

std::string Coordinator::act_on_span(const Inquiry& inquiry, Step step) {
  const bool resolve = inquiry.what == "resolve";
  const auto id = inquiry.arguments.empty() ? std::nullopt : number(inquiry.arguments[0]);
  const auto it = id ? spans_.find(*id) : spans_.end();
  if (it == spans_.end()) return error("which span? `spans` lists them");
  SpanRecord& span = it->second;
  if (inquiry.what == "split") {
    if (!span.is_open() && span.span_state() != SpanState::kQuarantined)
      return error("span is " + std::string(to_string(span.span_state())));
    if (span.length() < 2) return error("a span of one block cannot be split");
    split(span, "by an administrator", step);
    return ok("split");
  }
  if (inquiry.what == "retry") {
    if (span.span_state() != SpanState::kQuarantined && span.span_state() != SpanState::kFailed)
      return error("only a quarantined or failed span is retried; this one is " +
                   std::string(to_string(span.span_state())));
    span.state = static_cast<std::uint8_t>(SpanState::kUnrequested);
    span.strikes = span.transients = 0;
    span.reason.clear();
    progress_.erase(span.id);
    persist(span, step);
    step.effects.clear_alarm("span-quarantined", "span=" + std::to_string(span.id));
    return ok("will be proven again");
  }
  if (!resolve || inquiry.arguments.size() != 3 || inquiry.arguments[1] != "--drop")
    return error("usage: span resolve ID --drop ATTESTER");
  const auto attester = core::array_from_hex<20>(inquiry.arguments[2]);
  if (!attester) return error("an attester is 20 bytes of hex");
  const auto is_it = [&](const Attestation& a) { return a.attester.bytes == *attester; };
  if (std::erase_if(span.conflicts, is_it) + std::erase_if(span.attestations, is_it) == 0)
    return error("that attester signed nothing for this span");
  if (span.conflicts.empty()) step.effects.clear_alarm("span-conflict", "span=" + std::to_string(span.id));
  if (proven_weight(span) < options_.threshold && span.span_state() == SpanState::kComplete)
    span.state = static_cast<std::uint8_t>(SpanState::kUnrequested);
  persist(span, step);
  return ok("dropped; the span is proven anew where weight is missing");
}

std::string Coordinator::act_on_worker(const Inquiry& inquiry, Step step) {
  WorkerState* worker = inquiry.arguments.empty() ? nullptr : workers_.find_named(inquiry.arguments[0]);
  if (!worker) return error("which worker? `workers` lists them (a name, or the beginning of a key)");
  WorkerRecord& record = worker->record;
  const bool remove = inquiry.what == "worker remove";
  const bool force = remove && inquiry.arguments.size() > 1;
  if (force && inquiry.arguments[1] != "--force") return error("usage: worker remove W [--force]");
  if (record.removed && !remove) return error(record.name + " was removed; `worker invite` lets one join");
  if (inquiry.what == "worker drain")
    record.draining = true;
  else if (inquiry.what == "worker resume")
    record.draining = false;
  else if (inquiry.what == "worker trust")
    record.distrusted = false;
  else if (remove) {
    std::uint64_t rest = 0;
    for (const auto& [key, other] : workers_.all())
      rest += key == record.key || other.record.removed ? 0 : workers_.weight(other.record.attester);
    if (rest < options_.threshold && !force)
      return error("the other workers have weight " + std::to_string(rest) + " of " +
                   std::to_string(options_.threshold) + "; add --force to remove it all the same");
    record.removed = true;
  } else {
    return error("worker drain|resume|trust|remove W");
  }
  storage::WriteBatch batch;
  workers_.store(*worker, batch);
  step.effects.persist(std::move(batch));
  if (inquiry.what == "worker trust") step.effects.clear_alarm("worker-distrusted", "worker=" + record.name);
  if (record.draining || record.removed)
    step.effects.send(ToProcess{record.key}, messages::DrainWorker{.epoch = 0, .removed = record.removed});
  if (inquiry.what == "worker resume") return resume(*worker, step);
  if (!record.removed) return ok(inquiry.what + " " + record.name);
  if (worker->running_span != 0) {
    const auto span = spans_.find(worker->running_span);
    const Assignment lost{worker->running_attempt, record.key, record.attester};
    release(*worker);
    if (span != spans_.end())
      fail_attempt(span->second, lost, messages::FailureCause::kTransient, "the worker was removed", step);
  }
  worker->connected = false;
  step.effects.send(ToOwn{}, messages::RegisterAttester{.attester = record.attester, .weight = 0, .force = force});
  step.effects.push(ForgetWorker{record.key});
  return ok("removed " + record.name);
}

// One that has not left yet is welcomed anew and stays; one that has must be started again.
std::string Coordinator::resume(const WorkerState& worker, Step step) const {
  const std::string& name = worker.record.name;
  if (!worker.connected)
    return ok("worker resume " + name + ": takes work once it runs again; start it with `asterism worker --dir DIR` " +
              "(`asterism up` does so by itself)");
  step.effects.send(ToProcess{worker.record.key}, welcome());
  return ok("worker resume " + name);
}

// arguments: token's public key (hex), expiry (unix seconds). The shell made the seed and keeps it for the token it
// prints.
std::string Coordinator::invite(const Inquiry& inquiry, Step step) {
  const auto token = inquiry.arguments.size() == 2 ? core::array_from_hex<32>(inquiry.arguments[0]) : std::nullopt;
  const auto expiry = inquiry.arguments.size() == 2 ? number(inquiry.arguments[1]) : std::nullopt;
  if (!token || !expiry || *expiry * 1000 <= step.now.unix_ms)
    return error("worker invite needs a token key and an expiry in the future");
  storage::WriteBatch batch;
  workers_.invite(*token, *expiry, batch);
  step.effects.persist(std::move(batch));
  return Json{{"invitation", invitation_name(*token)},
              {"coordinator", options_.own_process.hex()},
              {"addresses", options_.addresses},
              {"genesis_hash", core::to_hex(options_.domain.genesis_hash)},
              {"expiry", *expiry}}
      .dump();
}

std::string Coordinator::inquire(const Inquiry& inquiry, const Now& now, Effects& effects) {
  const Step step{now, effects};
  std::string out;
  if (inquiry.what == "spans" && inquiry.arguments.empty()) return list_spans(std::nullopt);
  if (inquiry.what == "spans") {
    const auto block = number(inquiry.arguments[0]);
    return block ? list_spans(block) : error("a block is a number, not `" + inquiry.arguments[0] + "`");
  }
  if (inquiry.what == "workers") return list_workers(now);
  if (inquiry.what == "span") {
    const auto id = inquiry.arguments.empty() ? std::nullopt : number(inquiry.arguments[0]);
    return id ? show_span(*id, now) : error("usage: span ID");
  }
  if (inquiry.what == "worker invite")
    out = invite(inquiry, step);
  else if (inquiry.what == "split" || inquiry.what == "retry" || inquiry.what == "resolve")
    out = act_on_span(inquiry, step);
  else if (inquiry.what.starts_with("worker "))
    out = act_on_worker(inquiry, step);
  else if (inquiry.what == "settlement pause" || inquiry.what == "settlement resume") {
    settlement_paused_ = inquiry.what.ends_with("pause");
    storage::WriteBatch batch;
    if (settlement_paused_)
      batch.put("s-paused", "1");
    else
      batch.erase("s-paused");
    effects.persist(std::move(batch));
    out = ok(inquiry.what);
  } else {
    return error("the coordinator does not know `" + inquiry.what + "`");
  }
  advance(step);
  return out;
}

}  // namespace asterism::actors
