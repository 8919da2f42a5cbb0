// What the contracts on L1 say after some L1 block, folded from events; and the L1 blocks a replica follows.
//
// A snapshot of what is finalized (the base) is kept with every block after it, so that a reorganisation takes blocks
// off the end and the rest is folded again. Reads nothing but what it is given.
#pragma once
#include <deque>
#include <optional>

#include "messages/codec.hpp"
#include "messages/settlement.hpp"

namespace asterism::actors {

struct L1Message {
  core::L1ToL2Message message;
  core::Word hash{};
  std::uint64_t block = 0;  // of L1
  bool consumed = false;    // by a state update
  MSGPACK_DEFINE(message, hash, block, consumed)
  std::uint64_t nonce() const { return message.nonce.to_u64().value_or(0); }
};

// A state update: the head of the core contract after it, and the L1 block it stands in.
struct L1Update {
  core::ChainPoint point;
  std::uint64_t block = 0;
  bool operator==(const L1Update&) const = default;
  MSGPACK_DEFINE(point, block)
};

struct L1State {
  std::uint64_t number = 0;  // of the last L1 block folded in
  core::Word hash{};
  bool initialised = false, paused = false;
  core::Word genesis_hash{};
  std::uint64_t threshold = 0;
  L1Update core;  // block 0 of L2 after initialisation
  std::vector<messages::AttesterWeight> attesters;
  std::vector<L1Message> messages;  // by nonce, of the bridge's deposits; consumed ones until they are finalized
  MSGPACK_DEFINE(number, hash, initialised, paused, genesis_hash, threshold, core, attesters, messages)

  void apply(const messages::LedgerBlock& block);
  std::uint64_t weight(const core::EthAddress& attester) const;
};

struct Inclusion {
  std::uint64_t block = 0;
  bool failed = false;
  std::string text;
};

class L1View {
 public:
  enum class Outcome : std::uint8_t {
    kNothing,   // no news
    kExtended,  // blocks were appended
    kReplaced,  // blocks were taken off first: a reorganisation
    kStepBack,  // what is known ends on another fork: ask further back
    kForeign,   // not even the base is on this chain
  };
  // Blocks as the ledger answered a request from `from`, ascending; `head` is the ledger's. Returns what to erase and
  // add.
  struct Merge {
    Outcome outcome = Outcome::kNothing;
    bool linked = false;                           // the tip is on the chain that the ledger has now
    std::vector<std::uint64_t> removed, appended;  // numbers
  };
  Merge merge(std::uint64_t from, std::uint64_t head, const std::vector<messages::LedgerBlock>& blocks);
  // Where to ask from next: the tip, or further back by doubling steps after kStepBack.
  std::uint64_t next_request() const;

  void load(std::optional<L1State> base, std::vector<messages::LedgerBlock> blocks);
  // Moves the oldest block into the base.
  messages::LedgerBlock fold_oldest();
  // Forgets, and returns, messages of the base that are done with: settled, or below the next nonce of the chain.
  std::vector<L1Message> prune_messages(std::uint64_t next_nonce);

  bool empty() const { return !base_ && blocks_.empty(); }
  std::uint64_t tip() const { return blocks_.empty() ? (base_ ? base_->number : 0) : blocks_.back().number; }
  const L1State& state() const { return state_; }  // after the tip
  const std::optional<L1State>& base() const { return base_; }
  const std::deque<messages::LedgerBlock>& blocks() const { return blocks_; }
  const std::vector<L1Update>& updates() const {
    return updates_;
  }  // in blocks above the base, initialisation included
  std::optional<Inclusion> find_transaction(const core::Word& hash) const;

 private:
  std::optional<core::Word> hash_at(std::uint64_t number) const;
  void refold();
  void take_updates(const messages::LedgerBlock& block);

  std::optional<L1State> base_;
  std::deque<messages::LedgerBlock> blocks_;
  L1State state_;
  std::vector<L1Update> updates_;
  std::uint64_t back_ = 0;  // how far behind the tip to ask
};

}  // namespace asterism::actors
