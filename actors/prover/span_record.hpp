// What the coordinator persists, and the questions that can be answered from it alone.
//   s/<span id u64>      SpanRecord          one a span, rewritten at each step
//   s-tail               u64                 first height that belongs to no span (the open tail begins there)
//   k/<link key 32>      WorkerRecord        admitted workers
//   j/<token key 32>     InviteRecord        join tokens, by the public half
#pragma once
#include <string_view>

#include "messages/proving.hpp"

namespace asterism::actors {

// Frozen: on disk.
enum class SpanState : std::uint8_t {
  kUnrequested = 0,
  kWitness = 1,
  kQueued = 2,
  kProving = 3,
  kVerifying = 4,
  kComplete = 5,
  kFailed = 6,       // this attempt failed; the next one waits for its back-off
  kSplit = 7,        // its halves carry on
  kQuarantined = 8,  // waits for `retry`
};
std::string_view to_string(SpanState state);
std::string_view to_string(messages::FailureCause cause);

struct SpanFailure {
  std::uint32_t attempt = 0;
  core::LinkKey worker{};
  std::uint8_t cause = 0;
  std::string text;
  std::uint64_t unix_ms = 0;
  MSGPACK_DEFINE(attempt, worker, cause, text, unix_ms)
};

struct Attestation {
  core::EthAddress attester{};
  core::LinkKey worker{};
  core::SpanHeader header;
  core::EthSignature signature{};
  std::uint64_t cpu_ms = 0, peak_bytes = 0;
  MSGPACK_DEFINE(attester, worker, header, signature, cpu_ms, peak_bytes)
};

struct Assignment {
  std::uint32_t attempt = 0;
  core::LinkKey worker{};
  core::EthAddress attester{};
  MSGPACK_DEFINE(attempt, worker, attester)
};

struct SpanRecord {
  std::uint64_t id = 0;
  std::uint64_t start = 0, end = 0;  // blocks (start, end]
  std::uint64_t parent = 0;          // 0: none
  std::uint8_t state = 0;            // SpanState
  std::uint64_t transactions = 0, witness_bytes = 0;
  std::uint32_t attempts = 0;
  std::uint32_t strikes = 0;     // failures that count towards split or quarantine
  std::uint32_t transients = 0;  // in a row: the back-off's exponent
  bool has_header = false;
  core::SpanHeader header;  // as the replica decided it
  core::MessageSegment messages;
  std::vector<Assignment> assignments;
  std::vector<Attestation> attestations;
  std::vector<Attestation> conflicts;  // signed headers that differ: evidence; settlement waits for `span resolve`
  std::vector<SpanFailure> failures;   // the last kKeptFailures
  std::string reason;                  // why quarantined
  MSGPACK_DEFINE(id, start, end, parent, state, transactions, witness_bytes, attempts, strikes, transients, has_header,
                 header, messages, assignments, attestations, conflicts, failures, reason)

  SpanState span_state() const { return static_cast<SpanState>(state); }
  std::uint64_t length() const { return end - start; }
  // May be proven: neither done, nor split, nor set aside.
  bool is_open() const {
    return span_state() != SpanState::kComplete && span_state() != SpanState::kSplit &&
           span_state() != SpanState::kQuarantined;
  }
  bool attested_by(const core::EthAddress& attester) const;
  bool assigned_to(const core::LinkKey& worker) const;
};

inline constexpr std::size_t kKeptFailures = 16;

// The first block of the second half: start < m < end. Only for spans longer than one block.
constexpr std::uint64_t split_point(std::uint64_t start, std::uint64_t end) { return start + (end - start) / 2; }

struct WorkerRecord {
  core::LinkKey key{};
  core::EthAddress attester{};
  std::string name;
  std::array<std::uint8_t, 32> token{};
  std::uint64_t max_transactions = 0, max_witness_bytes = 0;  // as last announced; 0: not yet
  bool draining = false;
  bool distrusted = false;
  bool removed = false;
  std::uint64_t done = 0, failed = 0;
  MSGPACK_DEFINE(key, attester, name, token, max_transactions, max_witness_bytes, draining, distrusted, removed, done,
                 failed)
};

struct InviteRecord {
  std::array<std::uint8_t, 32> token{};
  std::uint64_t expiry = 0;  // unix seconds
  core::LinkKey used_by{};   // zero: unused
  MSGPACK_DEFINE(token, expiry, used_by)
};

std::string span_key(std::uint64_t id);
std::string worker_key(const core::LinkKey& key);
std::string invite_key(const std::array<std::uint8_t, 32>& token);
inline constexpr std::string_view kTailKey = "s-tail";

}  // namespace asterism::actors
