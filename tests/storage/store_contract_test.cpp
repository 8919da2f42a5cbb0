// Both stores against a std::map, operation by operation; a seed that fails is printed by RapidCheck.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <map>

#include "storage/keys.hpp"
#include "storage/leveldb_store.hpp"
#include "storage/memory_store.hpp"
#include "tests/storage/scratch_folder.hpp"

namespace asterism::storage {
namespace {

using Model = std::map<std::string, std::string>;

// Few letters, so that prefixes meet; 0xff because it has no successor of its own length.
rc::Gen<std::string> any_key() {
  return rc::gen::resize(4, rc::gen::container<std::string>(rc::gen::element('a', 'b', '\0', '\xff')));
}

std::vector<std::pair<std::string, std::string>> scanned(const KeyValue& store, std::string_view prefix,
                                                         std::string_view from) {
  std::vector<std::pair<std::string, std::string>> out;
  store.scan(prefix, from, [&](std::string_view key, std::string_view value) {
    out.emplace_back(key, value);
    return true;
  });
  return out;
}

void compare(const KeyValue& store, const Model& model) {
  const auto prefix = *any_key();
  const auto from = prefix + *any_key();
  std::vector<std::pair<std::string, std::string>> expected, expected_from;
  for (const auto& entry : model) {
    if (!entry.first.starts_with(prefix) || entry.first == "m/schema") continue;
    expected.emplace_back(entry);
    if (entry.first >= from) expected_from.emplace_back(entry);
  }
  auto all = scanned(store, prefix, "");
  std::erase_if(all, [](const auto& entry) { return entry.first == "m/schema"; });
  auto tail = scanned(store, prefix, from);
  std::erase_if(tail, [](const auto& entry) { return entry.first == "m/schema"; });
  RC_ASSERT(all == expected);
  RC_ASSERT(tail == expected_from);
  if (!prefix.empty()) {
    const auto last = store.last(prefix);
    RC_ASSERT(last.has_value() == !expected.empty());
    if (last) RC_ASSERT(*last == expected.back());
  }
  const auto key = *any_key();
  const auto found = store.get(key);
  RC_ASSERT(found.has_value() == model.contains(key));
  if (found) RC_ASSERT(*found == model.at(key));
}

void exercise(KeyValue& store, Model& model) {
  const auto steps = *rc::gen::inRange(1, 12);
  for (int step = 0; step < steps; ++step) {
    WriteBatch batch;
    const auto operations = *rc::gen::inRange(0, 6);
    for (int i = 0; i < operations; ++i) {
      const auto key = *any_key();
      if (*rc::gen::inRange(0, 3) == 0) {
        batch.erase(key);
        model.erase(key);
      } else {
        const auto value = *any_key();
        batch.put(key, value);
        model[key] = value;
      }
    }
    RC_ASSERT(store.write(batch, step % 4 == 0).has_value());
    compare(store, model);
  }
}

TEST(StoreContract, MemoryStoreIsAMap) {
  rc::check("memory store", [] {
    MemoryStore store;
    Model model;
    exercise(store, model);
  });
}

TEST(StoreContract, LevelDbStoreIsAMapAndStaysOneWhenReopened) {
  const ScratchFolder scratch;
  int run = 0;
  rc::check("LevelDB store", [&] {
    const auto folder = scratch.path() / std::to_string(run++);
    Model model;
    for (int session = 0; session < 2; ++session) {
      auto store = LevelDbStore::open(folder);
      RC_ASSERT(store.has_value());
      compare(**store, model);
      exercise(**store, model);
    }
    std::filesystem::remove_all(folder);
  });
}

TEST(MemoryStore, ACrashKeepsEverySyncedBatchAndAPrefixOfTheRest) {
  rc::check("crash", [] {
    MemoryStore store;
    std::vector<Model> history{{}};  // after each batch
    std::size_t synced = 0;
    const auto batches = *rc::gen::inRange(1, 20);
    for (int i = 0; i < batches; ++i) {
      WriteBatch batch;
      auto model = history.back();
      batch.put("last", std::to_string(i));
      batch.put("k" + std::to_string(i % 3), std::to_string(i));
      model["last"] = std::to_string(i);
      model["k" + std::to_string(i % 3)] = std::to_string(i);
      const bool sync = *rc::gen::inRange(0, 4) == 0;
      RC_ASSERT(store.write(batch, sync).has_value());
      history.push_back(model);
      if (sync) synced = history.size() - 1;
    }
    RC_ASSERT(store.unsynced() == history.size() - 1 - synced);
    const auto survivors = *rc::gen::inRange<std::size_t>(0, store.unsynced() + 1);
    store.crash(survivors);
    const auto left = scanned(store, "", "");
    RC_ASSERT(Model(left.begin(), left.end()) == history[synced + survivors]);
    RC_ASSERT(store.unsynced() == 0U);
  });
}

TEST(MemoryStore, AnInjectedFaultFailsEveryWriteUntilHealedAndLeavesNothing) {
  MemoryStore store;
  store.fail_after(1, {StorageError::kFull, "full"});
  WriteBatch first, second;
  first.put("a", "1");
  second.put("b", "2");
  EXPECT_TRUE(store.write(first, true).has_value());
  for (int i = 0; i < 2; ++i) {
    const auto failed = store.write(second, true);
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().error, StorageError::kFull);
  }
  EXPECT_FALSE(store.get("b").has_value());
  store.heal();
  EXPECT_TRUE(store.write(second, true).has_value());
  EXPECT_EQ(store.get("b"), "2");
  EXPECT_EQ(store.syncs(), 2U);
}

TEST(Keys, NumbersSortAndReadBack) {
  rc::check("number keys", [](std::uint64_t a, std::uint64_t b) {
    RC_ASSERT((number_key("b/", a) < number_key("b/", b)) == (a < b));
    RC_ASSERT(key_number("b/", number_key("b/", a)) == a);
  });
  EXPECT_FALSE(key_number("b/", "b/short").has_value());
  EXPECT_FALSE(key_number("b/", number_key("c/", 1)).has_value());
  MemoryStore store;
  EXPECT_FALSE(read_marker(store, "m/head").has_value());
  WriteBatch batch;
  put_marker(batch, "m/head", 77);
  ASSERT_TRUE(store.write(batch, false).has_value());
  EXPECT_EQ(read_marker(store, "m/head"), 77U);
  batch.put("m/head", "not a number");
  ASSERT_TRUE(store.write(batch, false).has_value());
  EXPECT_DEATH(read_marker(store, "m/head"), "m/head");
}

}  // namespace
}  // namespace asterism::storage
