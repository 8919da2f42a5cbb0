// starkware.cairo.common: dict, default_dict, squash_dict.
#include "core/cairo/hints/dict.hpp"

#include <algorithm>

namespace asterism::core::cairo::hints {

Value Dict::get(const Value& key) {
  const auto found = keys_.find(key);
  if (found != ValueIndex::kNone) return values_[found];
  if (default_value.is_empty()) raise("KeyError: " + to_string(key));
  set(key, default_value);
  return default_value;
}

void Dict::set(const Value& key, const Value& value) {
  const auto position = keys_.insert(key);
  if (position == values_.size()) {
    values_.push_back(value);
  } else {
    values_[position] = value;
  }
}

DictTracker& DictManager::tracker(const Value& pointer) {
  const auto found = trackers.find(segment_index(pointer));
  if (found == trackers.end()) {
    raise("ValueError: Dictionary pointer " + to_string(pointer) + " was not created using dict_new().");
  }
  require(found->second.current == pointer, [&] {
    return "Wrong dict pointer supplied. Got " + to_string(pointer) + ", expected " + to_string(found->second.current) +
           ".";
  });
  return found->second;
}

namespace {

DictManager& manager(Hint& h) { return h.object<DictManager>("__dict_manager"); }
void make_manager(Hint& h) {
  if (!h.has("__dict_manager")) h.let_object("__dict_manager", DictManager{});
}
std::int64_t access_size(Hint& h) { return static_cast<std::int64_t>(h.small("DictAccess.SIZE", 1U << 20)); }

}  // namespace

void dict_new(Hint& h) {
  make_manager(h);
  Dict initial = h.object<Dict>("initial_dict");
  const Value base = h.memory().add_segment();
  manager(h).trackers[base.segment()] = DictTracker{std::move(initial), base};
  h.set_ap(base);
  h.erase("initial_dict");
}

void default_dict_new(Hint& h) {
  make_manager(h);
  const Value base = h.memory().add_segment();
  DictTracker tracker;
  tracker.data.default_value = h.value("default_value");
  tracker.current = base;
  manager(h).trackers[base.segment()] = std::move(tracker);
  h.set_ap(base);
}

void dict_read(Hint& h) {
  DictTracker& tracker = manager(h).tracker(h.value("dict_ptr"));
  tracker.current = advance(tracker.current, access_size(h));
  h.set("value", tracker.data.get(h.value("key")));
}

void dict_write(Hint& h) {
  DictTracker& tracker = manager(h).tracker(h.value("dict_ptr"));
  tracker.current = advance(tracker.current, access_size(h));
  const Value key = h.value("key");
  h.set("dict_ptr.prev_value", tracker.data.get(key));
  tracker.data.set(key, h.value("new_value"));
}

void dict_update(Hint& h) {
  DictTracker& tracker = manager(h).tracker(h.value("dict_ptr"));
  const Value key = h.value("key");
  const Value current = tracker.data.get(key);
  const Value previous = h.value("prev_value");
  require(current == previous, [&] {
    return "Wrong previous value in dict. Got " + to_string(previous) + ", expected " + to_string(current) + ".";
  });
  tracker.data.set(key, h.value("new_value"));
  tracker.current = advance(tracker.current, access_size(h));
}

void dict_squash_enter(Hint& h) {
  Dict copy = manager(h).tracker(h.value("dict_accesses_end")).data;
  copy.default_value = Value();
  Scope scope;
  scope.set("__dict_manager", h.raw("__dict_manager"));
  scope.set("initial_dict", std::shared_ptr<HintObject>(std::make_shared<Boxed<Dict>>(std::move(copy))));
  h.enter_scope(std::move(scope));
}

void dict_squash_update(Hint& h) {
  manager(h).tracker(h.value("squashed_dict_start")).current = h.address("squashed_dict_end");
}

// What the library's documentation tells programs to write.
void dict_peek(Hint& h) { h.set("val", manager(h).tracker(h.value("dict_ptr")).data.get(h.value("key"))); }

void small_merkle_enter(Hint& h) {
  Scope scope;
  scope.set("__dict_manager", h.raw("__dict_manager"));
  h.enter_scope(std::move(scope));
}

// --- squash_dict: the accesses of each key, keys from the smallest

namespace {
// Which accesses each key has: a chain from the first to the last.
struct Accesses {
  struct Chain {
    std::uint32_t first = ValueIndex::kNone;
    std::uint32_t last = ValueIndex::kNone;
    std::uint32_t length = 0;
  };
  ValueIndex keys;
  std::vector<Chain> chains;        // by position of the key
  std::vector<std::uint32_t> next;  // by access
  void add(const Value& key) {
    const auto position = keys.insert(key);
    const auto access = static_cast<std::uint32_t>(next.size());
    if (position == chains.size()) chains.emplace_back();
    Chain& chain = chains[position];
    (chain.length++ == 0 ? chain.first : next[chain.last]) = access;
    chain.last = access;
    next.push_back(ValueIndex::kNone);
  }
};
using AccessTable = std::shared_ptr<const Accesses>;
// What is left of a chain.
struct Indices {
  AccessTable table;
  std::uint32_t next = ValueIndex::kNone;
  bool empty() const { return next == ValueIndex::kNone; }
};
using Keys = std::vector<Value>;  // the smallest last

const Accesses::Chain& chain_of(const AccessTable& table, const Value& key) {
  const auto position = table->keys.find(key);
  if (position == ValueIndex::kNone) raise("KeyError: " + to_string(key));
  return table->chains[position];
}
// From the greatest to the smallest.
Keys sorted_down(const std::vector<Value>& values) {
  std::vector<std::pair<U256, Value>> felts;  // with the standard value, computed once
  Keys keys;
  for (const Value& value : values) {
    if (value.is_felt()) {
      felts.emplace_back(value.felt().to_u256(), value);
    } else {
      keys.push_back(value);
    }
  }
  std::sort(keys.begin(), keys.end(), [](const Value& a, const Value& b) { return compare(a, b) > 0; });
  std::sort(felts.begin(), felts.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [number, value] : felts) keys.push_back(value);
  return keys;
}

BigInt number(std::uint64_t value) { return BigInt::from_u64(value); }
}  // namespace

void init_squash(Hint& h, std::int64_t size) {
  const Value address = h.address("dict_accesses");
  require(size != 0 && (h.integer("ptr_diff") % BigInt(size)).is_zero(),
          "Accesses array size must be divisible by DictAccess.SIZE");
  const BigInt count = h.integer("n_accesses");
  if (h.has("__squash_dict_max_size")) {
    const BigInt most = h.variable("__squash_dict_max_size");
    require(count <= most, [&] {
      return "squash_dict() can only be used with n_accesses<=" + most.to_decimal() +
             ". Got: n_accesses=" + count.to_decimal() + ".";
    });
  }
  auto accesses = std::make_shared<Accesses>();
  // An array that long would end at the first unknown cell.
  const std::uint64_t accessed = count < BigInt::from_u64(UINT32_MAX) ? count.low64() : UINT32_MAX;
  Value at = address;
  for (std::uint64_t i = 0; i < accessed; ++i, at = advance(at, size)) accesses->add(h.read(at));
  Keys keys = sorted_down(accesses->keys.values());
  if (keys.empty()) raise("IndexError: list index out of range");
  const bool big = !keys.front().is_felt() || BigInt::from_felt(keys.front().felt()) >= h.range_check_bound();
  h.set("big_keys", big ? 1 : 0);
  const Value first = keys.back();
  keys.pop_back();
  h.let_object("access_indices", AccessTable(std::move(accesses)));
  h.let_object("keys", std::move(keys));
  h.let("key", first);
  h.set("first_key", first);
}

void squash_dict(Hint& h) { init_squash(h, access_size(h)); }

void squash_first_index(Hint& h) {
  const AccessTable table = h.object<AccessTable>("access_indices");
  const std::uint32_t index = chain_of(table, h.pointer_variable("key")).first;
  h.let_object("current_access_indices", Indices{table, table->next[index]});
  h.let("current_access_index", number(index));
  h.set_memory(h.value("range_check_ptr"), Value::integer(index));
}
void squash_skip_loop(Hint& h) {
  h.set("should_skip_loop", h.object<Indices>("current_access_indices").empty() ? 1 : 0);
}
// How far the next access of the key is.
std::uint64_t squash_advance(Hint& h) {
  auto& indices = h.object<Indices>("current_access_indices");
  if (indices.empty()) raise("IndexError: pop from empty list");
  const std::uint64_t next = indices.next;
  indices.next = indices.table->next[next];
  const std::uint64_t distance = next - h.variable("current_access_index").low64();
  h.let("new_access_index", number(next));
  h.let("current_access_index", number(next));
  return distance;
}
void squash_next_index(Hint& h) { h.set("loop_temps.index_delta_minus1", number(squash_advance(h)) - BigInt(1)); }
bool squash_has_next(Hint& h) { return !h.object<Indices>("current_access_indices").empty(); }
void squash_continue(Hint& h) { h.set("loop_temps.should_continue", squash_has_next(h) ? 1 : 0); }
void squash_loop_end(Hint& h) { require(h.object<Indices>("current_access_indices").empty()); }
void squash_used_accesses(Hint& h) {
  const AccessTable& table = h.object<AccessTable>("access_indices");
  require(h.integer("n_used_accesses") == number(chain_of(table, h.pointer_variable("key")).length));
}
void squash_no_keys(Hint& h) { require(h.object<Keys>("keys").empty()); }
void squash_next_key(Hint& h) {
  auto& keys = h.object<Keys>("keys");
  require(!keys.empty(), "No keys left but remaining_accesses > 0.");
  const Value key = keys.back();
  keys.pop_back();
  h.let("key", key);
  h.set("next_key", key);
}

}  // namespace asterism::core::cairo::hints
