// The key-value interface in memory, for tests and simulation. It keeps what a disk would have: batches written without
// sync are lost by crash(), all or from some point on, and a fault can be injected into any write.
//
// Invariants: reads see every write at once, as with LevelDB; after crash() the content is that of a prefix of the
// batches written, which contains every batch up to the last synced one.
// LevelDB drops a log record whose checksum is wrong, so a batch that was torn by the crash is lost as a whole: a torn
// write is crash(n) with n less than unsynced().
#pragma once
#include <map>

#include "storage/key_value.hpp"

namespace asterism::storage {

class MemoryStore final : public KeyValue {
 public:
  std::optional<std::string> get(std::string_view key) const override;
  void scan(std::string_view prefix, std::string_view from,
            const std::function<bool(std::string_view key, std::string_view value)>& visit) const override;
  std::optional<std::pair<std::string, std::string>> last(std::string_view prefix) const override;
  std::expected<void, StorageFault> write(const WriteBatch& batch, bool sync) override;

  // How many batches a crash could lose now.
  std::size_t unsynced() const { return unsynced_.size(); }
  // Power loss: keeps the first `survivors` of the unsynced batches (at most all of them) and forgets the rest.
  void crash(std::size_t survivors = 0);
  // The next `successes` writes succeed, and every one after them fails with `fault` until heal() is called; a failed
  // write leaves nothing behind.
  void fail_after(std::size_t successes, StorageFault fault);
  void heal() { fault_.reset(); }

  std::size_t size() const { return content_.size(); }
  std::uint64_t writes() const { return writes_; }
  std::uint64_t syncs() const { return syncs_; }

 private:
  using Content = std::map<std::string, std::string, std::less<>>;
  static void apply(Content& content, const WriteBatch& batch);

  Content content_;                   // what reads see
  Content durable_;                   // what a crash cannot take
  std::vector<WriteBatch> unsynced_;  // content_ = durable_ + these
  std::optional<StorageFault> fault_;
  std::size_t successes_left_ = 0;
  std::uint64_t writes_ = 0, syncs_ = 0;
};

}  // namespace asterism::storage
