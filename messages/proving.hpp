// Coordinator, workers, and what the coordinator asks of its replica.
#pragma once
#include "core/chain/span.hpp"
#include "core/chain/vote.hpp"
#include "messages/define.hpp"

namespace asterism::messages {

// Coordinator -> own sequencer: the witness of blocks (start, end].
struct WitnessRequest {
  std::uint64_t start = 0, end = 0;
  MSGPACK_DEFINE(start, end)
};
// Frozen.
enum class WitnessOutcome : std::uint8_t {
  kNotYet = 0,  // the replica has not committed all of it: ask again
  kFound = 1,
  kTooLarge = 2,  // above what a witness, or a span's messages, may have
};
struct WitnessReply {
  std::uint64_t start = 0, end = 0;
  std::uint8_t outcome = 0;  // WitnessOutcome; the rest is empty unless found
  core::SpanHeader header;   // as this replica knows it
  core::MessageSegment messages;
  std::uint64_t transactions = 0;
  core::Bytes witness;            // core/state/witness.hpp
  core::Certificate certificate;  // of the end block
  MSGPACK_DEFINE(start, end, outcome, header, messages, transactions, witness, certificate)
};

struct WorkerHello {
  std::uint64_t epoch = 0;
  std::uint64_t max_transactions = 0;
  std::uint64_t max_witness_bytes = 0;
  core::EthAddress attester{};
  std::uint64_t running_span = 0;  // 0: idle
  std::uint32_t running_attempt = 0;
  MSGPACK_DEFINE(epoch, max_transactions, max_witness_bytes, attester, running_span, running_attempt)
};
struct WorkerWelcome {
  std::uint64_t epoch = 0;
  std::uint32_t heartbeat_ms = 0;
  std::uint32_t lease_ms = 0;
  MSGPACK_DEFINE(epoch, heartbeat_ms, lease_ms)
};
struct AssignSpan {
  std::uint64_t epoch = 0;
  std::uint64_t span = 0;
  std::uint32_t attempt = 0;
  std::uint64_t start = 0, end = 0;
  core::Bytes witness;
  core::Certificate certificate;
  MSGPACK_DEFINE(epoch, span, attempt, start, end, witness, certificate)
};
struct WorkerHeartbeat {
  std::uint64_t epoch = 0;
  std::uint64_t span = 0;  // 0: idle
  std::uint32_t attempt = 0;
  std::uint32_t done_permille = 0;
  MSGPACK_DEFINE(epoch, span, attempt, done_permille)
};
struct SpanDone {
  std::uint64_t epoch = 0;
  std::uint64_t span = 0;
  std::uint32_t attempt = 0;
  core::SpanHeader header;
  core::EthSignature signature{};
  std::uint64_t cpu_ms = 0, peak_bytes = 0;
  MSGPACK_DEFINE(epoch, span, attempt, header, signature, cpu_ms, peak_bytes)
};
// Frozen.
enum class FailureCause : std::uint8_t {
  kTransient = 0,    // back off, again
  kOutOfMemory = 1,  // the child hit its hard limit: split, or a bigger worker
  kTooLarge = 2,     // above the worker's announced capacity
  kCrashed = 3,      // the child died by another signal
  kTimedOut = 4,
  kDeterministic = 5,  // the witness does not execute to the header: isolate, quarantine
  kInvalid = 6,        // what a worker sent was wrong: distrust the worker
  kWorkerLost = 7,     // lease ran out or the link closed
};
struct SpanFailed {
  std::uint64_t epoch = 0;
  std::uint64_t span = 0;
  std::uint32_t attempt = 0;
  std::uint8_t cause = 0;  // FailureCause
  std::string text;
  MSGPACK_DEFINE(epoch, span, attempt, cause, text)
};
struct CancelSpan {
  std::uint64_t epoch = 0;
  std::uint64_t span = 0;
  std::uint32_t attempt = 0;
  MSGPACK_DEFINE(epoch, span, attempt)
};
// The child process of a worker, to the worker's machine; never on a wire. cause 255: proven, `header` is the result.
inline constexpr std::uint8_t kProven = 255;
struct ProofOutcome {
  std::uint64_t span = 0;
  std::uint32_t attempt = 0;
  std::uint8_t cause = 0;
  std::string text;
  core::SpanHeader header;
  std::uint64_t cpu_ms = 0, peak_bytes = 0;
  MSGPACK_DEFINE(span, attempt, cause, text, header, cpu_ms, peak_bytes)
};
// Coordinator -> own sequencer, and back: what was committed from a height on (ascending, bounded). The coordinator
// asks on start and whenever a height is missing, so that no block is ever in no span.
struct BlockSummariesRequest {
  std::uint64_t from_height = 0;
  MSGPACK_DEFINE(from_height)
};
struct BlockSummary {
  std::uint64_t height = 0;
  std::uint64_t transactions = 0;
  std::uint64_t witness_bytes = 0;
  MSGPACK_DEFINE(height, transactions, witness_bytes)
};
struct BlockSummaries {
  std::uint64_t latest = 0;
  std::vector<BlockSummary> blocks;
  MSGPACK_DEFINE(latest, blocks)
};
// Coordinator -> worker: take nothing new, finish, leave (removed: at once).
struct DrainWorker {
  std::uint64_t epoch = 0;
  bool removed = false;
  MSGPACK_DEFINE(epoch, removed)
};
// Worker -> coordinator: drained, going.
struct WorkerLeaving {
  std::uint64_t epoch = 0;
  MSGPACK_DEFINE(epoch)
};

// The one frame an unknown key may send on the peers' listener. `proof`: by the token's one-time key over the
// handshake transcript hash (protocol.md, "Links").
struct Join {
  std::array<std::uint8_t, 32> token_key{};
  core::Ed25519Signature proof{};
  core::EthAddress attester{};
  std::string name;
  MSGPACK_DEFINE(token_key, proof, attester, name)
};
struct JoinReply {
  bool admitted = false;
  std::string text;     // why not
  std::string genesis;  // canonical JSON
  MSGPACK_DEFINE(admitted, text, genesis)
};

}  // namespace asterism::messages
