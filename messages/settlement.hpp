// The L1 as the embedded ledger offers it, and what the L1 role tells its replica.
#pragma once
#include "core/chain/span.hpp"
#include "messages/define.hpp"

namespace asterism::messages {

// Frozen order: the payload of a ledger transaction.
enum class LedgerAction : std::uint8_t {
  kInitialise = 0,        // operator; once
  kRegisterAttester = 1,  // operator: address, weight (0 removes)
  kUpdateState = 2,       // submitter: consecutive attested spans, all or none
  kDeposit = 3,           // any account: locks tokens in the bridge, sends the message
  kWithdraw = 4,          // any account: consumes a message to L1, releases tokens
  kPause = 5,             // operator
};

// Signed by a secp256k1 key over keccak256("asterism/ledger/1" ‖ l1 chain id u64 ‖ action u8 ‖ nonce u64 ‖
// keccak256(payload)). Sender = recovered address; nonce = number of the sender's earlier transactions: what was sent
// twice counts once.
struct LedgerTransaction {
  std::uint8_t action = 0;
  std::uint64_t nonce = 0;
  core::Bytes payload;  // msgpack of the struct below that fits the action
  core::EthSignature signature{};
  MSGPACK_DEFINE(action, nonce, payload, signature)
};

struct InitialisePayload {
  core::Word genesis_hash{}, configuration_hash{};
  core::ChainPoint block0;
  std::uint64_t attestation_threshold = 0;
  core::EthAddress submitter{}, bridge_token{};
  MSGPACK_DEFINE(genesis_hash, configuration_hash, block0, attestation_threshold, submitter, bridge_token)
};
struct RegisterAttesterPayload {
  core::EthAddress attester{};
  std::uint64_t weight = 1;
  bool force = false;
  MSGPACK_DEFINE(attester, weight, force)
};
struct UpdateStatePayload {
  std::vector<core::AttestedSpan> spans;
  MSGPACK_DEFINE(spans)
};
struct DepositPayload {
  core::Felt recipient;
  core::Uint128 amount = 0;
  core::Uint128 fee = 0;
  MSGPACK_DEFINE(recipient, amount, fee)
};
struct WithdrawPayload {
  core::EthAddress recipient{};
  core::Uint128 amount = 0;
  MSGPACK_DEFINE(recipient, amount)
};
struct PausePayload {
  bool paused = false;
  MSGPACK_DEFINE(paused)
};

struct LedgerSubmit {
  std::uint64_t request = 0;
  LedgerTransaction transaction;
  MSGPACK_DEFINE(request, transaction)
};
// accepted: in the ledger's queue or already in a block. The outcome stands in the block.
struct LedgerSubmitReply {
  std::uint64_t request = 0;
  bool accepted = false;
  core::Word hash{};
  std::string text;
  MSGPACK_DEFINE(request, accepted, hash, text)
};

// One event of the core contract or the bridge. Fields that a kind does not use are zero.
enum class LedgerEventKind : std::uint8_t {
  kStateUpdate = 0,      // point = global root, block number, block hash
  kMessageToL2 = 1,      // message, and the fee paid
  kMessageToL1 = 2,      // registered: withdrawal hash
  kAttester = 3,         // address, amount = weight
  kTransaction = 4,      // hash, failed or not, text
  kMessageConsumed = 5,  // L1 -> L2 message consumed by a state update
  kInitialised = 6,      // point = block 0, hash = genesis hash, address = submitter, amount = attestation threshold
  kPaused = 7,           // amount 1: paused, 0: not
};
struct LedgerEvent {
  std::uint8_t kind = 0;
  core::ChainPoint point;
  core::L1ToL2Message message;
  core::Word hash{};
  core::EthAddress address{};
  core::Uint128 amount = 0;
  bool failed = false;
  std::string text;
  MSGPACK_DEFINE(kind, point, message, hash, address, amount, failed, text)
};
struct LedgerBlock {
  std::uint64_t number = 0;
  core::Word hash{}, parent_hash{};
  std::uint64_t timestamp = 0;
  std::vector<LedgerEvent> events;
  MSGPACK_DEFINE(number, hash, parent_hash, timestamp, events)
};
// L1 role -> ledger: blocks from `from`; the reply also says head and finalized.
struct LedgerBlocksRequest {
  std::uint64_t request = 0;
  std::uint64_t from = 0;
  std::uint32_t max_blocks = 0;
  MSGPACK_DEFINE(request, from, max_blocks)
};
struct LedgerBlocksReply {
  std::uint64_t request = 0;
  std::uint64_t head = 0, finalized = 0;
  std::vector<LedgerBlock> blocks;
  MSGPACK_DEFINE(request, head, finalized, blocks)
};
// State of the contracts at the ledger's head.
struct LedgerStateRequest {
  std::uint64_t request = 0;
  core::EthAddress account{};  // whose nonce and token balance
  MSGPACK_DEFINE(request, account)
};
struct AttesterWeight {
  core::EthAddress attester{};
  std::uint64_t weight = 0;
  MSGPACK_DEFINE(attester, weight)
};
struct LedgerStateReply {
  std::uint64_t request = 0;
  std::uint64_t head = 0, finalized = 0;
  bool initialised = false, paused = false;
  core::ChainPoint core;
  std::vector<AttesterWeight> attesters;
  std::uint64_t threshold = 0;
  std::uint64_t account_nonce = 0;
  core::Uint128 account_balance = 0, bridge_balance = 0;
  std::uint64_t next_message_nonce = 0;
  MSGPACK_DEFINE(request, head, finalized, initialised, paused, core, attesters, threshold, account_nonce,
                 account_balance, bridge_balance, next_message_nonce)
};
// Drills: `l1 reorg K`. Accepted from admins and from loopback under `up`.
struct LedgerReorg {
  std::uint64_t request = 0;
  std::uint64_t depth = 0;
  bool drop = false;  // forget the transactions of the removed blocks instead of queueing them again
  MSGPACK_DEFINE(request, depth, drop)
};
struct LedgerReorgReply {
  std::uint64_t request = 0;
  bool done = false;
  std::string text;
  MSGPACK_DEFINE(request, done, text)
};

// L1 role -> coordinator of its validator: what L1 says now (on each change).
struct SettlementView {
  bool known = false;  // L1 was reached since start
  bool initialised = false, paused = false;
  core::ChainPoint core;              // head of the core contract, at L1's head
  std::uint64_t finalized_block = 0;  // L2 number that is finalized on L1
  bool frozen = false;
  std::vector<AttesterWeight> attesters;
  std::uint64_t threshold = 0;
  // Hashes of messages to L2 that a block has consumed and L1 has lost: spans with one wait until it is back.
  std::vector<core::Word> lost_messages;
  MSGPACK_DEFINE(known, initialised, paused, core, finalized_block, frozen, attesters, threshold, lost_messages)
};
// Coordinator -> L1 role. Idempotent: the same spans again change nothing.
struct SettleSpans {
  std::vector<core::AttestedSpan> spans;
  MSGPACK_DEFINE(spans)
};
struct RegisterAttester {
  core::EthAddress attester{};
  std::uint64_t weight = 1;
  bool force = false;
  MSGPACK_DEFINE(attester, weight, force)
};
// L1 role -> own sequencer and mempool: L1 messages at least `message_depth` deep, by nonce, from the first one not
// consumed; and the heads.
struct L1Messages {
  std::vector<core::L1ToL2Message> messages;
  bool blocked = false;  // a reorganisation took a consumed message: no further handlers
  MSGPACK_DEFINE(messages, blocked)
};
// L1 role -> own sequencer, and back: what this replica itself has at these heights (at most 64; those not committed
// are left out), to be compared with what L1 says. `next_l1_nonce`: of the next L1 message that a block may consume.
struct ChainPointsRequest {
  std::vector<std::uint64_t> heights;
  MSGPACK_DEFINE(heights)
};
struct ChainPoints {
  std::uint64_t latest = 0;
  std::uint64_t next_l1_nonce = 0;
  std::vector<core::ChainPoint> points;
  MSGPACK_DEFINE(latest, next_l1_nonce, points)
};
struct Heads {
  std::uint64_t latest = 0, unsafe = 0, safe = 0;
  std::uint64_t settled = 0;  // highest block in a state update seen on L1
  std::uint64_t l1_head = 0;
  std::uint64_t settled_in = 0;  // L1 block of that update
  std::uint64_t finalized = 0;   // highest block in a finalized state update: what proves it is no longer needed
  bool frozen = false;
  MSGPACK_DEFINE(latest, unsafe, safe, settled, l1_head, settled_in, finalized, frozen)
};

}  // namespace asterism::messages
