// Between validators' consensus, and between a validator's own consensus and sequencer.
#pragma once
#include "core/chain/vote.hpp"
#include "messages/define.hpp"

namespace asterism::messages {

using core::BlockNumber;
using core::Bytes;
using core::Felt;
using core::Word;

struct VoteMessage {
  core::Vote vote;
  MSGPACK_DEFINE(vote)
};

struct Proposal {
  core::ProposalHeader header;
  core::Block block;
  MSGPACK_DEFINE(header, block)
};

// Votes of one (height, round, type) at most one a validator: a polka, or why a round was skipped. Sent so that a lost
// message cannot hide a lock.
struct VoteSet {
  std::vector<core::Vote> votes;
  MSGPACK_DEFINE(votes)
};

// Where a validator stands; sent on every change of height and as a heartbeat.
struct ConsensusStatus {
  std::uint64_t height = 0;  // being decided
  std::uint32_t round = 0;
  std::uint8_t step = 0;
  MSGPACK_DEFINE(height, round, step)
};

struct CatchUpRequest {
  std::uint64_t from_height = 0;
  std::uint32_t max_blocks = 0;
  MSGPACK_DEFINE(from_height, max_blocks)
};

// Ascending from the height asked for; empty when that height is not decided here.
struct CatchUpReply {
  std::vector<core::DecidedBlock> blocks;
  MSGPACK_DEFINE(blocks)
};

// Consensus -> own sequencer. `wait_ms`: how long it may wait for transactions before it answers with an empty block.
struct BuildBlock {
  std::uint64_t height = 0;
  std::uint32_t round = 0;
  std::uint64_t unix_ms = 0;  // the proposer's clock
  std::uint32_t wait_ms = 0;
  MSGPACK_DEFINE(height, round, unix_ms, wait_ms)
};

struct BlockBuilt {
  std::uint64_t height = 0;
  std::uint32_t round = 0;
  Word hash{};
  core::Block block;
  MSGPACK_DEFINE(height, round, hash, block)
};

// Executes on top of the committed state and compares every field of the header.
// `judge_freshness`: also the timestamp against the own clock, and the depth of L1 messages (protocol.md, "Votes").
struct CheckBlock {
  Word hash{};  // announced by the proposal
  core::Block block;
  bool judge_freshness = false;
  std::uint64_t unix_ms = 0;
  MSGPACK_DEFINE(hash, block, judge_freshness, unix_ms)
};

struct BlockChecked {
  std::uint64_t height = 0;
  Word hash{};
  bool judge_freshness = false;
  bool valid = false;
  std::string reason;
  MSGPACK_DEFINE(height, hash, judge_freshness, valid, reason)
};

// Consensus -> own sequencer: decided, with a certificate that consensus has verified. The sequencer stores it synced.
struct CommitBlock {
  core::DecidedBlock decided;
  MSGPACK_DEFINE(decided)
};

struct AccountNonce {
  Felt address, nonce;
  MSGPACK_DEFINE(address, nonce)
};

// Sequencer -> consensus, mempool, gateway, coordinator, L1 role of its validator, after the commit is durable.
struct BlockCommitted {
  std::uint64_t height = 0;
  Word hash{};
  Felt root;
  std::uint64_t timestamp = 0;
  std::uint64_t witness_bytes = 0;
  std::vector<Word> transactions;      // hashes, in order
  std::vector<AccountNonce> accounts;  // nonces after the block
  MSGPACK_DEFINE(height, hash, root, timestamp, witness_bytes, transactions, accounts)
};

}  // namespace asterism::messages
