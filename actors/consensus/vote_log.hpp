// The vote log: every input of the current height and every own message, in the order in which they took effect.
//
//   key    "v/" ‖ height u64 ‖ sequence u64          sequence from 0 without gaps
//   value  checksum (8 bytes of BLAKE2b-256 over key ‖ rest) ‖ type u8 ‖ body
//   body   kStarted: empty                            kVote, kCertifiedVote, kOwnVote: msgpack of core::Vote
//          kProposal: msgpack of [header, block]      kKnownProposal, kOwnProposal: msgpack of header (block known)
//          kBuilt: round u32 ‖ value ‖ msgpack of the block
//          kVerdict: value ‖ fresh u8 ‖ valid u8      kTimeout: step u8 ‖ round u32
//
// Inputs are appended without sync, own messages synced before they leave; as a later write never survives an earlier
// one, everything that led to a message that left can be replayed. A record that does not read back (torn or flipped)
// ends the log: what came after it is not trusted, and the replica stays silent in that height.
#pragma once
#include <optional>
#include <variant>

#include "actors/consensus/tendermint.hpp"
#include "messages/consensus.hpp"
#include "storage/key_value.hpp"

namespace asterism::actors::consensus {

using BlockPtr = std::shared_ptr<const core::Block>;

struct StartedRecord {};
struct VoteRecord {
  core::Vote vote;
  bool certified = false;
};
struct OwnVoteRecord {
  core::Vote vote;
};
struct ProposalRecord {
  core::ProposalHeader header;
  BlockPtr block;  // absent: known from an earlier record
};
struct OwnProposalRecord {
  core::ProposalHeader header;
};
struct BuiltRecord {
  core::Round round;
  core::ValueId value{};
  BlockPtr block;
};
struct VerdictRecord {
  core::ValueId value{};
  bool fresh = false, valid = false;
};
struct TimeoutRecord {
  Step step = Step::kPropose;
  core::Round round;
};
using Record = std::variant<StartedRecord, VoteRecord, OwnVoteRecord, ProposalRecord, OwnProposalRecord, BuiltRecord,
                            VerdictRecord, TimeoutRecord>;

// Writes the log of one height.
class VoteLog {
 public:
  VoteLog(core::BlockNumber height, std::uint64_t next) : height_(height), next_(next) {}
  void append(const Record& record, storage::WriteBatch& batch);
  // Erases every record of this height.
  void erase(storage::WriteBatch& batch) const;

 private:
  core::BlockNumber height_;
  std::uint64_t next_;
};

struct LoggedHeight {
  std::vector<Record> records;
  bool damaged = false;  // a record did not read back
};
LoggedHeight read_vote_log(const storage::KeyValue& store, core::BlockNumber height);
// Erases what is logged below `height`, as far as the store has it now.
void erase_vote_log_below(const storage::KeyValue& store, core::BlockNumber height, storage::WriteBatch& batch);
// The highest height with a log.
std::optional<core::BlockNumber> last_logged_height(const storage::KeyValue& store);

}  // namespace asterism::actors::consensus
