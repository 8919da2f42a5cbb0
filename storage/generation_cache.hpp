// A bounded map for what was read lately: two generations, the older one dropped as a whole when the younger is full.
// What is asked for again moves to the young one, so that hot entries stay.
#pragma once
#include <cstddef>
#include <unordered_map>

namespace asterism::storage {

template <class Key, class Value, class Hash = std::hash<Key>>
class GenerationCache {
 public:
  explicit GenerationCache(std::size_t generation) : generation_(generation) {}

  // nullptr when unknown; valid until the next call.
  const Value* find(const Key& key) {
    if (const auto found = young_.find(key); found != young_.end()) return &found->second;
    auto node = old_.extract(key);
    if (node.empty()) return nullptr;
    make_room();
    return &young_.insert(std::move(node)).position->second;
  }
  void put(const Key& key, const Value& value) {
    if (const auto found = young_.find(key); found != young_.end()) {
      found->second = value;
      return;
    }
    old_.erase(key);
    make_room();
    young_.emplace(key, value);
  }
  void erase(const Key& key) {
    if (young_.erase(key) == 0) old_.erase(key);
  }
  std::size_t size() const { return young_.size() + old_.size(); }

 private:
  void make_room() {
    if (young_.size() < generation_) return;
    old_.swap(young_);
    young_.clear();
  }

  std::size_t generation_;
  std::unordered_map<Key, Value, Hash> young_, old_;
};

}  // namespace asterism::storage
