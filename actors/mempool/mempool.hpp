// The mempool of a replica: checks transactions, keeps them by account and nonce, passes new ones on to other replicas,
// and gives the sequencer the best that can run.
//
// The way of a transaction: stateless checks; the account's nonce, class, key and balance (asked from the sequencer and
// kept, corrected by every block); its place in the queue; its signature, verified once, here; the pool. It leaves the
// pool when a committed block used its nonce, when it is replaced, evicted, too old, or refused by the sequencer: being
// in an undecided block changes nothing, so nothing has to be brought back when that block fails.
// There is no queue of transactions below the gas price: prices are genesis's and do not change in version 1, so such a
// transaction could never run, and its sender is told so at once (kMaxPriceTooLow).
// Invariants: bounded in transactions and bytes (pool.hpp), in waiting questions, known accounts and remembered fates.
// Every AdmitTransaction gets exactly one AdmitReply. Nothing here is persistent.
#pragma once
#include <span>

#include "actors/machine.hpp"
#include "actors/mempool/account_book.hpp"
#include "actors/mempool/pool.hpp"
#include "core/state/transition.hpp"

namespace asterism::actors {

struct MempoolOptions {
  core::ExecutionRules rules;
  mempool::PoolLimits limits{};
  Millis ttl{300'000};
  std::size_t max_transaction_bytes = 200U << 10;
  std::size_t max_waiting = 20'000;  // transactions whose account is being asked for
  std::size_t max_waiting_bytes = 64U << 20;
  std::size_t known_accounts = 100'000;  // a generation
  std::size_t remembered_fates = 50'000;
  Millis read_again{1'000};
  std::uint32_t read_attempts = 5;
  Millis gossip_delay{15};
  std::size_t gossip_bytes = 512U << 10;
  // Told of every signature that was verified (core/state/signature_cache.hpp).
  std::function<void(const core::Felt& hash, const core::Felt& public_key, std::span<const core::Felt> signature)>
      signature_good{};
};

class Mempool final : public Machine {
 public:
  explicit Mempool(MempoolOptions options);

  core::Role role() const override { return core::Role::kMempool; }
  void start(const Now& now, Effects& effects) override;
  void receive(const Inbound& inbound, const Now& now, Effects& effects) override;
  void expire(TimerId timer, const Now& now, Effects& effects) override;
  void link_changed(const Sender& peer, bool up, const Now& now, Effects& effects) override;
  std::string inquire(const Inquiry& inquiry, const Now& now, Effects& effects) override;

  const mempool::Pool& pool() const { return pool_; }

 private:
  struct Step {
    const Now& now;
    Effects& effects;
  };
  // A transaction on its way into the pool.
  struct Candidate {
    mempool::Pooled pooled;
    std::optional<Sender> from;  // who gets the reply; none for gossip
    std::uint64_t request = 0;
    bool fresh = false;  // the account was read for this one
  };
  struct Waiting {
    std::vector<Candidate> candidates;
    Millis asked{};
    std::uint32_t attempts = 1;
  };
  struct Verdict {
    messages::SubmitCode code = messages::SubmitCode::kReceived;
    std::string text;
    bool state_may_have_changed = false;  // the same transaction may be good on a newer state
  };
  struct Take {
    messages::TakeTransactions request;
    Sender from;
  };

  void on(const Sender& from, const messages::AdmitTransaction& message, Step& step);
  void on(const Sender& from, const messages::TransactionGossip& message, Step& step);
  void on(const Sender& from, const messages::TakeTransactions& message, Step& step);
  void on(const Sender& from, const messages::TransactionsRejected& message, Step& step);
  void on(const Sender& from, const messages::AccountInfo& message, Step& step);
  void on(const Sender& from, const messages::BlockCommitted& message, Step& step);
  void on(const Sender& from, const messages::PoolQuery& message, Step& step);
  // Kinds that are not for this role.
  template <class Other>
  void on(const Sender&, const Other&, Step&) {}

  // Admission (mempool_admission.cpp).
  // `hash`: of the transaction, where it is known already.
  void take_in(const core::Transaction& transaction, const std::optional<core::Felt>& hash, std::optional<Sender> from,
               std::uint64_t request, Step& step);
  void consider(Candidate candidate, Step& step);
  Verdict judge(const Candidate& candidate, const mempool::KnownAccount& account) const;
  Verdict judge_signature(const Candidate& candidate, const core::Felt& public_key) const;
  void wait_for_account(Candidate candidate, Step& step);
  void enter(Candidate candidate, std::uint64_t account_nonce, Step& step);
  void answer(const Candidate& candidate, messages::SubmitCode code, std::string text, Step& step);
  void ask_again(Step& step);

  void depart(const std::vector<mempool::Departed>& departed, Step& step);
  void advance(const core::Felt& account, std::uint64_t nonce, Step& step);
  void hand_out(Step& step);
  void pass_on(Step& step);
  // After every step: the sequencer's question, the edge of WorkPending, the gauges.
  void settle(Step& step);

  // mempool_query.cpp
  std::string transaction_json(const std::string& hash, const Now& now) const;
  std::string account_json(const std::string& address) const;
  std::string summary_json() const;

  MempoolOptions options_;
  mempool::Pool pool_;
  mempool::AccountBook accounts_;
  mempool::Fates fates_;
  std::unordered_map<core::Felt, Waiting> waiting_;
  std::size_t waiting_count_ = 0, waiting_bytes_ = 0;
  std::vector<core::Transaction> gossip_;
  std::uint64_t gossip_size_ = 0;
  bool gossip_timer_ = false;
  std::optional<Take> take_;
  std::unordered_set<core::Felt> given_;  // to the block that is being built
  std::optional<std::uint64_t> height_;   // last committed
  bool told_pending_ = false;
};

}  // namespace asterism::actors
