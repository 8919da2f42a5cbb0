// The dictionaries behind Cairo's dict library, as hints of several modules share them.
#pragma once
#include <unordered_map>
#include <vector>

#include "core/cairo/hint.hpp"

namespace asterism::core::cairo::hints {

struct ValueHash {
  std::size_t operator()(const Value& value) const noexcept {
    if (value.is_felt()) return std::hash<Felt>{}(value.felt());
    return std::hash<std::int64_t>{}(value.offset() * 0x10001 + value.segment());
  }
};

// A Python dict: in order of insertion; with a default value it is a defaultdict, which inserts what is asked for.
class Dict {
 public:
  Value default_value;          // empty: none
  Value get(const Value& key);  // KeyError
  void set(const Value& key, const Value& value);
  bool contains(const Value& key) const { return index_.contains(key); }
  const std::vector<std::pair<Value, Value>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<Value, Value>> entries_;
  std::unordered_map<Value, std::size_t, ValueHash> index_;
};

struct DictTracker {
  Dict data;
  Value current;  // the first unused cell of the dictionary's segment
};

struct DictManager {
  std::unordered_map<std::int64_t, DictTracker> trackers;
  DictTracker& tracker(const Value& pointer);  // ValueError, AssertionError
};

}  // namespace asterism::core::cairo::hints
