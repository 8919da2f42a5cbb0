// Sends transactions to L1: settlements by the submitter's key, registrations and the initialisation by the operator's.
//
// Invariants: an entry of the outbox is synced before its transaction is sent for the first time; an entry keeps its
// nonce, so that however often it is sent it counts once; an entry stays until its transaction is finalized on L1 (a
// reorganisation may take it out of a block, then it is sent again) or L1 has used its nonce for something else.
// At most one settlement is under way, and only from where the core contract stands.
// Keys: "o/"<address 20 bytes><nonce u64>.
#pragma once
#include <map>

#include "actors/l1/l1_sync.hpp"
#include "core/chain/genesis.hpp"
#include "core/crypto/secp256k1.hpp"

namespace asterism::actors {

struct SubmitterOptions {
  std::uint64_t l1_chain_id = 0;
  core::Word genesis_hash{}, configuration_hash{};
  std::uint64_t attestation_threshold = 0;
  core::EthAddress submitter_address{}, operator_address{}, bridge{};
  std::optional<core::Secp256k1Secret> submitter, operator_;
  Millis again{1'000};  // between repeats of what L1 has not taken yet
};

class Submitter {
 public:
  Submitter(const storage::KeyValue& store, SubmitterOptions options);

  // False: what is stored does not decode.
  bool load();
  void want(const messages::SettleSpans& spans) { settlement_ = spans; }
  void want(const messages::RegisterAttester& registration);
  void want_pause(bool paused) { pause_ = paused; }
  void on(const messages::LedgerStateReply& reply, const L1Sync& sync, Effects& effects);
  void on(const messages::LedgerSubmitReply& reply, Effects& effects);
  // After every change of the view and on every tick.
  void step(L1Sync& sync, const Now& now, Effects& effects);

  struct Entry {
    messages::LedgerTransaction transaction;
    core::Word hash{};
    std::uint64_t end = 0;  // of a settlement: the last L2 block
    MSGPACK_DEFINE(transaction, hash, end)
  };
  struct Account {
    core::Secp256k1Secret secret;
    std::map<std::uint64_t, Entry> outbox;  // by nonce
    std::optional<std::uint64_t> nonce;     // L1's, asked for since the outbox last changed
    std::uint64_t request = 0;              // of the question under way
    Millis asked_at{-1'000'000}, sent_at{-1'000'000};
  };
  const std::map<core::EthAddress, Account>& accounts() const { return accounts_; }
  bool has_operator() const { return options_.operator_.has_value(); }
  const std::string& last_refusal() const { return last_refusal_; }

 private:
  Account* account(const std::optional<core::Secp256k1Secret>& secret);
  void forget_final(L1Sync& sync, Effects& effects);
  void watch_settlement(const L1Sync& sync, Effects& effects);
  void withdraw_lost(const L1Sync& sync, Effects& effects);
  void plan(const L1Sync& sync, const Now& now, Effects& effects);
  void plan_settlement(const L1Sync& sync, const Now& now, Effects& effects);
  void plan_operator(const L1Sync& sync, const Now& now, Effects& effects);
  void repeat(const L1Sync& sync, const Now& now, Effects& effects);
  // The nonce for a new entry; asks L1 when it is not known.
  std::optional<std::uint64_t> next_nonce(Account& account, const Now& now, Effects& effects);
  void ask_nonce(Account& account, const Now& now, Effects& effects);
  template <class Payload>
  void put(Account& account, messages::LedgerAction action, const Payload& payload, std::uint64_t nonce,
           std::uint64_t end, const Now& now, Effects& effects);
  bool pending(const Account& account, messages::LedgerAction action, const L1Sync& sync,
               const core::Bytes* payload = nullptr) const;
  void send(Account& account, const Entry& entry, Effects& effects);

  const storage::KeyValue& store_;
  SubmitterOptions options_;
  std::map<core::EthAddress, Account> accounts_;
  std::optional<messages::SettleSpans> settlement_;
  std::map<core::EthAddress, messages::RegisterAttester> registrations_;
  std::optional<bool> pause_;
  std::uint64_t requests_ = 0;
  std::string last_refusal_;  // of a settlement that L1 has included as failed
  bool refusal_raised_ = false;
};

}  // namespace asterism::actors
