#include "actors/prover/worker_book.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/utf8.hpp"
#include "messages/codec.hpp"

namespace asterism::actors {
namespace {

constexpr std::uint64_t kInviteKept = 24 * 3600;  // seconds after its expiry

}  // namespace

WorkerBook::WorkerBook(const storage::KeyValue& store) {
  store.scan("k/", "", [&](std::string_view, std::string_view value) {
    auto record = messages::decode_text<WorkerRecord>(value);
    ASTERISM_CHECK(record, "a worker's record in the database does not decode");
    workers_[record->key].record = *record;
    return true;
  });
  store.scan("j/", "", [&](std::string_view, std::string_view value) {
    auto record = messages::decode_text<InviteRecord>(value);
    ASTERISM_CHECK(record, "an invitation in the database does not decode");
    invites_[record->token] = *record;
    return true;
  });
}

WorkerState* WorkerBook::find(const core::LinkKey& key) {
  const auto it = workers_.find(key);
  return it == workers_.end() ? nullptr : &it->second;
}

WorkerState* WorkerBook::find_named(std::string_view name_or_key) {
  WorkerState* by_prefix = nullptr;
  for (auto& [key, worker] : workers_) {
    if (worker.record.name == name_or_key) return &worker;
    if (name_or_key.size() >= 4 && key.hex().starts_with(name_or_key)) {
      if (by_prefix) return nullptr;
      by_prefix = &worker;
    }
  }
  return by_prefix;
}

WorkerBook::Admission WorkerBook::admit(const messages::Join& join, const core::LinkKey& key,
                                        std::uint64_t unix_seconds) {
  const auto invite = invites_.find(join.token_key);
  if (invite == invites_.end())
    return {.admitted = false, .text = "this token was not issued here, or is long expired", .batch = {}};
  InviteRecord& token = invite->second;
  if (!token.used_by.is_zero()) {
    const WorkerState* known = find(key);
    if (token.used_by == key && known && !known->record.removed)
      return {.admitted = true, .text = "admitted", .batch = {}};
    return {
        .admitted = false, .text = "this token was already used; ask for another with `worker invite`", .batch = {}};
  }
  if (unix_seconds > token.expiry)
    return {.admitted = false, .text = "this token has expired; ask for another with `worker invite`", .batch = {}};
  for (const auto& [other, worker] : workers_) {
    if (other != key && !worker.record.removed && worker.record.attester == join.attester)
      return {.admitted = false, .text = "another worker attests with this key", .batch = {}};
  }
  token.used_by = key;
  WorkerState& worker = workers_[key];
  worker.record = WorkerRecord{.key = key,
                               .attester = join.attester,
                               .name = std::string(core::utf8_prefix(join.name, 64)),
                               .token = join.token_key};
  Admission out{.admitted = true, .text = "admitted", .batch = {}};
  store(worker, out.batch);
  out.batch.put(invite_key(token.token), messages::encode_text(token));
  return out;
}

void WorkerBook::invite(const std::array<std::uint8_t, 32>& token, std::uint64_t expiry, storage::WriteBatch& batch) {
  InviteRecord& record = invites_[token];
  record.token = token;
  record.expiry = expiry;
  batch.put(invite_key(token), messages::encode_text(record));
}

std::vector<InviteRecord> WorkerBook::open_invites() const {
  std::vector<InviteRecord> out;
  for (const auto& [token, invite] : invites_) {
    if (invite.used_by.is_zero()) out.push_back(invite);
  }
  return out;
}

void WorkerBook::prune_invites(std::uint64_t unix_seconds, storage::WriteBatch& batch) {
  std::erase_if(invites_, [&](const auto& entry) {
    const bool gone = unix_seconds > kInviteKept && entry.second.expiry < unix_seconds - kInviteKept;
    if (gone) batch.erase(invite_key(entry.first));
    return gone;
  });
}

void WorkerBook::store(const WorkerState& worker, storage::WriteBatch& batch) const {
  batch.put(worker_key(worker.record.key), messages::encode_text(worker.record));
}

void WorkerBook::set_attesters(const std::vector<messages::AttesterWeight>& attesters) {
  weights_.clear();
  for (const auto& [attester, weight] : attesters) weights_[attester] = weight;
}

std::uint64_t WorkerBook::weight(const core::EthAddress& attester) const {
  const auto it = weights_.find(attester);
  return it == weights_.end() ? 0 : it->second;
}

}  // namespace asterism::actors
