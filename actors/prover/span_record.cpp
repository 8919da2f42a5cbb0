#include "actors/prover/span_record.hpp"

#include <algorithm>

namespace asterism::actors {

std::string_view to_string(SpanState state) {
  switch (state) {
    case SpanState::kUnrequested:
      return "UNREQUESTED";
    case SpanState::kWitness:
      return "WITNESS";
    case SpanState::kQueued:
      return "QUEUED";
    case SpanState::kProving:
      return "PROVING";
    case SpanState::kVerifying:
      return "VERIFYING";
    case SpanState::kComplete:
      return "COMPLETE";
    case SpanState::kFailed:
      return "FAILED";
    case SpanState::kSplit:
      return "SPLIT";
    case SpanState::kQuarantined:
      return "QUARANTINED";
  }
  return "UNKNOWN";
}

std::string_view to_string(messages::FailureCause cause) {
  using enum messages::FailureCause;
  switch (cause) {
    case kTransient:
      return "transient";
    case kOutOfMemory:
      return "out-of-memory";
    case kTooLarge:
      return "too-large";
    case kCrashed:
      return "crashed";
    case kTimedOut:
      return "timed-out";
    case kDeterministic:
      return "deterministic";
    case kInvalid:
      return "invalid";
    case kWorkerLost:
      return "worker-lost";
  }
  return "unknown";
}

bool SpanRecord::attested_by(const core::EthAddress& attester) const {
  return std::ranges::any_of(attestations, [&](const Attestation& a) { return a.attester == attester; }) ||
         std::ranges::any_of(conflicts, [&](const Attestation& a) { return a.attester == attester; });
}

bool SpanRecord::assigned_to(const core::LinkKey& worker) const {
  return std::ranges::any_of(assignments, [&](const Assignment& a) { return a.worker == worker; });
}

std::string span_key(std::uint64_t id) {
  core::ByteWriter key;
  key.text("s/").u64(id);
  return std::string(core::as_text(key.bytes()));
}

std::string worker_key(const core::LinkKey& key) { return "k/" + std::string(core::as_text(key.bytes)); }

std::string invite_key(const std::array<std::uint8_t, 32>& token) { return "j/" + std::string(core::as_text(token)); }

}  // namespace asterism::actors
