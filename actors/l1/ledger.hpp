// The embedded L1: a chain with one producer, a block each second, whose only contracts are those of core_contract.hpp.
// A development chain: shown as such everywhere. It survives kill -9 and can reorganise itself for drills.
//
// Invariants: everything of a block (its record, the contracts' writes, the undo journal) is one synced batch; a
// transaction counts once by its sender's nonce; a failed one is included as failed and changes only the nonce; what is
// finalized (head - finality) is never reorganised. The queue is in memory: senders repeat until they see a block.
// Keys: "L/b/"<number> block record, "L/s/"<key> contract state, "L/m/head" the marker.
#pragma once
#include <deque>
#include <map>

#include "actors/l1/core_contract.hpp"
#include "actors/machine.hpp"
#include "core/chain/genesis.hpp"

namespace asterism::actors {

struct LedgerOptions {
  ContractOptions contract;
  Millis block_time{1000};
  std::uint64_t finality = 8;    // blocks behind the head
  std::size_t max_queue = 4096;  // transactions
  std::size_t max_per_block = 1024;
  std::uint64_t max_nonce_gap = 64;  // of a queued transaction ahead of its sender
  bool may_reorganise = true;        // drills
};
LedgerOptions ledger_options(const core::Genesis& genesis);

class Ledger final : public Machine {
 public:
  Ledger(const storage::KeyValue& store, LedgerOptions options);

  core::Role role() const override { return core::Role::kLedger; }
  void start(const Now& now, Effects& effects) override;
  void receive(const Inbound& inbound, const Now& now, Effects& effects) override;
  void expire(TimerId timer, const Now& now, Effects& effects) override;
  // "l1" or "status"; "reorg K [drop]".
  std::string inquire(const Inquiry& inquiry, const Now& now, Effects& effects) override;

  std::uint64_t head() const { return head_; }
  std::uint64_t finalized() const { return head_ > options_.finality ? head_ - options_.finality : 0; }
  const CoreContract& contract() const { return contract_; }

 private:
  struct Record;
  struct Queued {
    messages::LedgerTransaction transaction;
    core::Word hash{};
  };

  void on(const messages::LedgerSubmit& submit, const Sender& from, Effects& effects);
  void on(const messages::LedgerBlocksRequest& request, const Sender& from, Effects& effects);
  void on(const messages::LedgerStateRequest& request, const Sender& from, Effects& effects);
  void on(const messages::LedgerReorg& request, const Sender& from, const Now& now, Effects& effects);

  // Empty: taken (or known already). Otherwise why not.
  std::string admit(const messages::LedgerTransaction& transaction, const core::Word& hash);
  void mine(const Now& now, std::vector<Queued> transactions, storage::WriteBatch& batch);
  void execute(const Queued& queued, Record& record);
  std::vector<Queued> take_ready();
  std::string reorganise(std::uint64_t depth, bool drop, const Now& now, Effects& effects);
  void persist_keys(const Journal& journal, storage::WriteBatch& batch) const;
  std::optional<Record> record(std::uint64_t number) const;
  void remember(const Record& record);
  std::uint64_t nonce_of(const core::EthAddress& account) const;

  const storage::KeyValue& store_;
  LedgerOptions options_;
  LedgerState state_;
  CoreContract contract_;
  std::uint64_t head_ = 0;
  std::uint64_t reorganisations_ = 0;  // salt of block hashes, so that a replaced block never has its old hash
  std::map<std::uint64_t, std::string> recent_;  // encoded records that the store may not show yet
  std::map<core::EthAddress, std::map<std::uint64_t, Queued>> queue_;
  std::size_t queued_ = 0;
};

}  // namespace asterism::actors
