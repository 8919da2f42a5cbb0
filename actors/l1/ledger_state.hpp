// What the embedded ledger's contracts store: keys and values, with a journal so that a transaction or a block can be
// taken back. The machine persists what the journal names.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "messages/codec.hpp"

namespace asterism::actors {

// What stood there before a write.
struct JournalEntry {
  std::string key;
  bool present = false;
  std::string value;
  MSGPACK_DEFINE(key, present, value)
};
using Journal = std::vector<JournalEntry>;

class LedgerState {
 public:
  template <class T>
  std::optional<T> get(const std::string& key) const {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    auto value = messages::decode_text<T>(found->second);
    return value ? std::optional<T>(std::move(*value)) : std::nullopt;
  }
  template <class T>
  void put(const std::string& key, const T& value) {
    write(key, messages::encode_text(value));
  }
  void erase(const std::string& key) { write(key, std::nullopt); }
  void each(std::string_view prefix,
            const std::function<void(const std::string& rest, std::string_view value)>& visit) const;

  // Not journalled: what is read from disk.
  void load(std::string key, std::string value) { entries_.insert_or_assign(std::move(key), std::move(value)); }
  const std::string* raw(const std::string& key) const;

  std::size_t mark() const { return journal_.size(); }
  // Takes back every write since the mark.
  void roll_back(std::size_t mark);
  Journal take_journal();
  // Takes back a journal that was taken; its keys then hold what they held before.
  void undo(const Journal& journal);

 private:
  void write(const std::string& key, std::optional<std::string> value);
  void restore(const JournalEntry& entry);

  std::map<std::string, std::string> entries_;
  Journal journal_;
};

}  // namespace asterism::actors
