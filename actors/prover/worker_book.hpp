// The coordinator's view of its workers: who was admitted (persisted), who is connected, what each announced and runs.
// Owned by the coordinator machine; knows nothing of spans beyond their ids.
#pragma once
#include <map>
#include <optional>

#include "actors/machine.hpp"
#include "actors/prover/span_record.hpp"

namespace asterism::actors {

struct WorkerState {
  WorkerRecord record;
  bool connected = false;          // said hello on the present link
  std::uint64_t running_span = 0;  // 0: idle
  std::uint32_t running_attempt = 0;
  Millis given_at{};  // what it runs
  Millis lease_until{};
  std::uint32_t done_permille = 0;

  bool is_idle() const {
    return connected && running_span == 0 && !record.draining && !record.distrusted && !record.removed;
  }
  // Announced capacity, whether it is connected or not.
  bool could_take(const SpanRecord& span) const {
    return !record.removed && !record.distrusted && record.max_transactions >= span.transactions &&
           record.max_witness_bytes >= span.witness_bytes;
  }
};

class WorkerBook {
 public:
  explicit WorkerBook(const storage::KeyValue& store);

  WorkerState* find(const core::LinkKey& key);
  WorkerState* find_named(std::string_view name_or_key);  // by name, or by a prefix of the key's hex that is unique
  const std::map<core::LinkKey, WorkerState>& all() const { return workers_; }
  std::map<core::LinkKey, WorkerState>& all() { return workers_; }

  // What `join` says, and the batch that makes it so (empty when nothing changes). The token is consumed in the batch
  // that stores the membership; the same key asking again gets the same answer.
  struct Admission {
    bool admitted = false;
    std::string text;
    storage::WriteBatch batch;
  };
  Admission admit(const messages::Join& join, const core::LinkKey& key, std::uint64_t unix_seconds);
  void invite(const std::array<std::uint8_t, 32>& token, std::uint64_t expiry, storage::WriteBatch& batch);
  // Those that nobody has used yet, by the public half of their tokens.
  std::vector<InviteRecord> open_invites() const;
  // Forgets invitations a day after they expired: until then the answer to whoever still has the token says why.
  void prune_invites(std::uint64_t unix_seconds, storage::WriteBatch& batch);
  void store(const WorkerState& worker, storage::WriteBatch& batch) const;

  // Weight on L1, as the last settlement view has it.
  void set_attesters(const std::vector<messages::AttesterWeight>& attesters);
  std::uint64_t weight(const core::EthAddress& attester) const;

 private:
  std::map<core::LinkKey, WorkerState> workers_;
  std::map<std::array<std::uint8_t, 32>, InviteRecord> invites_;
  std::map<core::EthAddress, std::uint64_t> weights_;
};

}  // namespace asterism::actors
