// Transactions on their way: client -> gateway -> mempool -> (gossip) -> sequencer; and queries of clients.
#pragma once
#include "core/chain/transaction.hpp"
#include "messages/define.hpp"

namespace asterism::messages {

// Frozen. What a client is told of its transaction or query.
enum class SubmitCode : std::uint8_t {
  kReceived = 0,
  kTryAgain = 1,  // a queue is full: nothing was kept
  kDuplicate = 2,
  kOldNonce = 3,
  kNonceTooFar = 4,
  kUnderpriced = 5,  // replacement below +10 %
  kPoolFull = 6,
  kTooLarge = 7,
  kInvalid = 8,      // `text` names the Rejection
  kUnavailable = 9,  // the role that must answer is down
};

// Client -> gateway, and gateway -> mempool with a request number of its own.
struct SubmitTransaction {
  std::uint64_t request = 0;
  core::Transaction transaction;
  MSGPACK_DEFINE(request, transaction)
};
struct AdmitTransaction {
  std::uint64_t request = 0;
  core::Transaction transaction;
  MSGPACK_DEFINE(request, transaction)
};

struct SubmitReply {  // gateway -> client
  std::uint64_t request = 0;
  core::Word hash{};
  std::uint8_t code = 0;  // SubmitCode
  std::string text;
  MSGPACK_DEFINE(request, hash, code, text)
};
struct AdmitReply {  // mempool -> gateway
  std::uint64_t request = 0;
  core::Word hash{};
  std::uint8_t code = 0;
  std::string text;
  MSGPACK_DEFINE(request, hash, code, text)
};

// Between mempools.
struct TransactionGossip {
  std::vector<core::Transaction> transactions;
  MSGPACK_DEFINE(transactions)
};

// Sequencer -> own mempool. Answered when there is something, or `wait_ms` has passed (then with none).
struct TakeTransactions {
  std::uint64_t request = 0;
  std::uint64_t max_count = 0;
  std::uint64_t max_bytes = 0;
  std::uint32_t wait_ms = 0;
  bool more = false;  // for the same block: what was given since the last question without it is not given again
  MSGPACK_DEFINE(request, max_count, max_bytes, wait_ms, more)
};
struct TransactionsTaken {
  std::uint64_t request = 0;
  std::vector<core::Transaction> transactions;
  MSGPACK_DEFINE(request, transactions)
};
// Sequencer -> own mempool: these cannot be in any block built on the present state.
struct TransactionsRejected {
  std::vector<core::Word> hashes;
  std::vector<std::uint8_t> reasons;  // core::Rejection, same length
  MSGPACK_DEFINE(hashes, reasons)
};
// Mempool -> own consensus: there is work (a block may be proposed), or there is none.
struct WorkPending {
  bool pending = false;
  MSGPACK_DEFINE(pending)
};

// Mempool -> own sequencer, and back.
struct AccountRead {
  core::Felt address;
  MSGPACK_DEFINE(address)
};
struct AccountInfo {
  core::Felt address, nonce, class_hash, public_key;
  core::Uint128 balance = 0;  // saturated
  std::uint64_t height = 0;   // of the state that was read
  MSGPACK_DEFINE(address, nonce, class_hash, public_key, balance, height)
};

// Client, shell or another role -> gateway / sequencer / mempool. `what`: "heads", "block", "transaction", "receipt",
// "account", "status"; the reply is JSON.
struct Query {
  std::uint64_t request = 0;
  std::string what;
  std::vector<std::string> arguments;
  MSGPACK_DEFINE(request, what, arguments)
};
struct QueryReply {
  std::uint64_t request = 0;
  std::string json;  // {"error": "..."} on failure
  MSGPACK_DEFINE(request, json)
};
// The same, from the gateway to its sequencer and mempool.
struct StateQuery {
  std::uint64_t request = 0;
  std::string what;
  std::vector<std::string> arguments;
  MSGPACK_DEFINE(request, what, arguments)
};
struct PoolQuery {
  std::uint64_t request = 0;
  std::string what;
  std::vector<std::string> arguments;
  MSGPACK_DEFINE(request, what, arguments)
};
struct StateQueryReply {  // sequencer -> gateway
  std::uint64_t request = 0;
  std::string json;
  MSGPACK_DEFINE(request, json)
};
struct PoolQueryReply {  // mempool -> gateway
  std::uint64_t request = 0;
  std::string json;
  MSGPACK_DEFINE(request, json)
};

}  // namespace asterism::messages
