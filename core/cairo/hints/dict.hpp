// The dictionaries behind Cairo's dict library, as hints of several modules share them.
#pragma once
#include <unordered_map>
#include <vector>

#include "core/cairo/hint.hpp"
#include "core/cairo/hints/value_index.hpp"

namespace asterism::core::cairo::hints {

// A Python dict: in order of insertion; with a default value it is a defaultdict, which inserts what is asked for.
class Dict {
 public:
  Value default_value;          // empty: none
  Value get(const Value& key);  // KeyError
  void set(const Value& key, const Value& value);
  const std::vector<Value>& keys() const { return keys_.values(); }
  const std::vector<Value>& values() const { return values_; }  // of the same positions

 private:
  ValueIndex keys_;
  std::vector<Value> values_;
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
