#include "actors/l1/ledger_state.hpp"

namespace asterism::actors {

void LedgerState::each(std::string_view prefix,
                       const std::function<void(const std::string& rest, std::string_view value)>& visit) const {
  for (auto at = entries_.lower_bound(std::string(prefix)); at != entries_.end() && at->first.starts_with(prefix);
       ++at) {
    visit(at->first.substr(prefix.size()), at->second);
  }
}

const std::string* LedgerState::raw(const std::string& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

void LedgerState::write(const std::string& key, std::optional<std::string> value) {
  const std::string* before = raw(key);
  journal_.push_back({.key = key, .present = before != nullptr, .value = before != nullptr ? *before : ""});
  if (value) {
    entries_.insert_or_assign(key, std::move(*value));
  } else {
    entries_.erase(key);
  }
}

void LedgerState::restore(const JournalEntry& entry) {
  if (entry.present) {
    entries_.insert_or_assign(entry.key, entry.value);
  } else {
    entries_.erase(entry.key);
  }
}

void LedgerState::roll_back(std::size_t mark) {
  while (journal_.size() > mark) {
    restore(journal_.back());
    journal_.pop_back();
  }
}

Journal LedgerState::take_journal() {
  Journal out;
  std::swap(out, journal_);
  return out;
}

void LedgerState::undo(const Journal& journal) {
  for (auto entry = journal.rbegin(); entry != journal.rend(); ++entry) restore(*entry);
}

}  // namespace asterism::actors
