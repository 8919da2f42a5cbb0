// Signatures that were found good, shared by a replica's mempool (which fills it) and sequencer (which asks it), so
// that no signature is verified twice. Thread-safe and bounded: two generations, the older one forgotten as a whole. An
// entry is the whole statement "this key signed this hash with these two numbers". The transaction hash alone would not
// do: it does not cover the signature, and replicas that know different ones would judge one block differently.
#pragma once
#include <mutex>
#include <span>
#include <unordered_set>

#include "core/felt/felt.hpp"

namespace asterism::core {

class SignatureCache {
 public:
  explicit SignatureCache(std::size_t generation = 1 << 16) : generation_(generation) {}

  // Only signatures of two felts are kept: no other is ever good.
  void insert(const Felt& hash, const Felt& public_key, std::span<const Felt> signature) {
    if (signature.size() != 2) return;
    const std::lock_guard lock(mutex_);
    if (young_.size() >= generation_) {
      old_ = std::move(young_);
      young_.clear();
    }
    young_.insert({hash, public_key, signature[0], signature[1]});
  }
  bool contains(const Felt& hash, const Felt& public_key, std::span<const Felt> signature) const {
    if (signature.size() != 2) return false;
    const Entry entry{hash, public_key, signature[0], signature[1]};
    const std::lock_guard lock(mutex_);
    return young_.contains(entry) || old_.contains(entry);
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return young_.size() + old_.size();
  }

 private:
  struct Entry {
    Felt hash, public_key, r, s;
    bool operator==(const Entry&) const = default;
  };
  struct EntryHash {
    std::size_t operator()(const Entry& entry) const noexcept { return std::hash<Felt>{}(entry.hash); }
  };

  std::size_t generation_;
  mutable std::mutex mutex_;
  std::unordered_set<Entry, EntryHash> young_, old_;
};

}  // namespace asterism::core
