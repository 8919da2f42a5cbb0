// The sequencer role: owns the state of a replica. Builds blocks of the mempool's transactions, checks those of others,
// commits what is decided, and answers what is asked about chain and state.
//
// Invariants: everything of a block (block, certificate, receipts, index, state, trie nodes, witness, head) is one
// synced batch, and BlockCommitted leaves after it; there is one block on top of the head at a time, and it is executed
// on the committed state only; what a block does depends on head and block alone, never on clock, mempool or L1 (those
// are asked when a proposal is judged for freshness). Checks are answered in the order in which they were asked.
// Ownership: genesis, store and signature cache outlive the machine.
// Files: sequencer.cpp (messages, commit, check), builder.cpp (own blocks), serve.cpp (witnesses, catching up),
// answers.cpp (JSON).
#pragma once
#include <deque>
#include <map>
#include <memory>

#include "actors/machine.hpp"
#include "core/state/signature_cache.hpp"
#include "core/state/transition_block.hpp"
#include "storage/block_store.hpp"
#include "storage/state_store.hpp"

namespace asterism::actors::sequencer {

struct SequencerSettings {
  storage::StateStoreOptions state;
  Millis block_deadline{200};  // from the first transaction until the block closes
  Millis collect{20};          // between two looks into the mempool
  Millis idle{40};             // a block with transactions closes when nothing came for so long
  std::uint64_t clock_drift_seconds = 10;
  std::uint64_t handlers_per_block = 100;
  std::size_t most_witness_bytes = core::kMaxWitnessBytes;  // of a span
};

inline constexpr TimerId kCollectTimer = 1;

struct SequencerContext {
  const core::Genesis& genesis;
  core::ValidatorIndex self;
  const storage::KeyValue& store;
  std::shared_ptr<core::SignatureCache> signatures;  // may be null
  SequencerSettings settings;
};

class Sequencer final : public Machine {
 public:
  explicit Sequencer(SequencerContext context);

  core::Role role() const override { return core::Role::kSequencer; }
  void start(const Now& now, Effects& effects) override;
  void receive(const Inbound& inbound, const Now& now, Effects& effects) override;
  void expire(TimerId timer, const Now& now, Effects& effects) override;
  // "block" N|HASH|latest, "tx" HASH, "account" ADDRESS, "heads", "state".
  std::string inquire(const Inquiry& inquiry, const Now& now, Effects& effects) override;

  // After start(): the last durable block.
  const storage::StateHead& head() const { return *state_.head(); }

 private:
  // A block that was executed on top of the head.
  struct Candidate {
    std::shared_ptr<const core::Block> block;
    core::ExecutedBlock executed;
    std::unique_ptr<storage::StateRecorder> reads;
  };
  using CandidatePtr = std::shared_ptr<const Candidate>;
  // The own block while it is collected.
  struct Building {
    Building() {}  // clang does not see through the initializers below before the outer class is complete
    core::Round round;
    core::BlockHeader header;
    std::unique_ptr<storage::StateRecorder> reads;
    std::unique_ptr<core::BlockExecutor> executor;
    std::vector<core::Transaction> transactions;
    std::uint64_t bytes = 0;
    Millis wait_until{};                 // without any transaction
    std::optional<Millis> close_at;      // since the first one
    std::optional<std::uint64_t> asked;  // request to the mempool that is open
    bool mempool_asked = false;          // for this block
    bool full = false;
  };

  // sequencer.cpp
  void on(const messages::CheckBlock& check, const messages::MessagePtr& whole, Effects& effects);
  void on(const messages::CommitBlock& commit, const messages::MessagePtr& whole, Effects& effects);
  std::expected<CandidatePtr, std::string> execute(std::shared_ptr<const core::Block> block);
  std::string judge(const messages::CheckBlock& check) const;  // empty: fresh
  void commit(const core::DecidedBlock& decided, const Candidate& candidate, Effects& effects);
  void announce(const core::ExecutedBlock& executed, std::uint64_t witness_bytes, Effects& effects) const;
  core::ParentBlock parent() const;
  core::Felt tenth_before(core::BlockNumber number) const;
  core::SignatureKnownGood known_good() const;
  void prune_witnesses(storage::WriteBatch& batch);

  // builder.cpp
  void on(const messages::BuildBlock& build, const Now& now, Effects& effects);
  void on(const messages::TransactionsTaken& taken, const Now& now, Effects& effects);
  void on(const messages::L1Messages& messages, Effects& effects);
  void open_block(const messages::BuildBlock& build, const Now& now);
  void take_handlers(const Now& now);
  void ask_mempool(Millis wait, Effects& effects);
  void close_own_block(Effects& effects);
  void answer_built(const Candidate& candidate, core::Round round, Effects& effects) const;
  bool handlers_wait() const;
  core::Felt next_l1_nonce() const;

  // serve.cpp
  void on(const messages::WitnessRequest& request, const Sender& from, Effects& effects) const;
  void on(const messages::CatchUpRequest& request, const Sender& from, Effects& effects) const;
  void on(const messages::ChainPointsRequest& request, const Sender& from, Effects& effects) const;
  void on(const messages::BlockSummariesRequest& request, const Sender& from, Effects& effects) const;
  void on(const messages::AccountRead& read, const Sender& from, Effects& effects) const;

  // answers.cpp
  std::string answer(std::string_view what, const std::vector<std::string>& arguments) const;
  std::string heads_json() const;
  std::string state_json() const;
  std::string block_json(std::string_view which) const;
  std::string transaction_json(std::string_view hash) const;
  std::string proposed_json(const core::Felt& hash) const;
  std::string receipt_json(std::string_view hash) const;
  std::string account_json(std::string_view address) const;
  std::string_view finality(core::BlockNumber height) const;

  SequencerContext context_;
  core::ChainRules rules_;
  storage::StateStore state_;
  storage::BlockStore blocks_;
  std::deque<std::pair<core::BlockNumber, core::Felt>> last_hashes_;  // of the last ten blocks, ascending
  std::map<core::Word, CandidatePtr> candidates_;                     // by block hash; bounded, cleared by a commit
  CandidatePtr own_;                                                  // the block built here for the next height
  std::optional<Building> building_;
  std::uint64_t next_request_ = 1;
  messages::L1Messages l1_;
  messages::Heads heads_;
  std::uint64_t first_witness_ = 1;
  bool halted_ = false;
};

}  // namespace asterism::actors::sequencer
