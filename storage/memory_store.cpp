#include "storage/memory_store.hpp"

#include <algorithm>

#include "storage/prefix.hpp"

namespace asterism::storage {

std::optional<std::string> MemoryStore::get(std::string_view key) const {
  const auto found = content_.find(key);
  if (found == content_.end()) return std::nullopt;
  return found->second;
}

void MemoryStore::scan(std::string_view prefix, std::string_view from,
                       const std::function<bool(std::string_view, std::string_view)>& visit) const {
  for (auto it = content_.lower_bound(std::max(prefix, from)); it != content_.end(); ++it) {
    if (!it->first.starts_with(prefix) || !visit(it->first, it->second)) return;
  }
}

std::optional<std::pair<std::string, std::string>> MemoryStore::last(std::string_view prefix) const {
  const auto limit = after_prefix(prefix);
  auto it = limit ? content_.lower_bound(*limit) : content_.end();
  if (it == content_.begin()) return std::nullopt;
  --it;
  if (!it->first.starts_with(prefix)) return std::nullopt;
  return *it;
}

void MemoryStore::apply(Content& content, const WriteBatch& batch) {
  for (const auto& [key, value] : batch.operations()) {
    if (value) {
      content.insert_or_assign(key, *value);
    } else {
      content.erase(key);
    }
  }
}

std::expected<void, StorageFault> MemoryStore::write(const WriteBatch& batch, bool sync) {
  if (fault_) {
    if (successes_left_ == 0) return std::unexpected(*fault_);
    --successes_left_;
  }
  ++writes_;
  apply(content_, batch);
  unsynced_.push_back(batch);
  if (sync) {
    ++syncs_;
    for (const auto& earlier : unsynced_) apply(durable_, earlier);
    unsynced_.clear();
  }
  return {};
}

void MemoryStore::crash(std::size_t survivors) {
  survivors = std::min(survivors, unsynced_.size());
  for (std::size_t i = 0; i < survivors; ++i) apply(durable_, unsynced_[i]);
  unsynced_.clear();
  content_ = durable_;
}

void MemoryStore::fail_after(std::size_t successes, StorageFault fault) {
  successes_left_ = successes;
  fault_ = std::move(fault);
}

}  // namespace asterism::storage
