// The key-value interface that everything persistent goes through, and its write batch. LevelDB and an in-memory store
// (with crash simulation for tests) implement it. Writes that belong together are one batch: all of it or none
// survives. A batch written without sync may be lost by a crash, together with every later one, never in the middle.
#pragma once
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asterism::storage {

enum class StorageError : std::uint8_t { kLocked, kCorrupt, kWrongSchema, kIo, kFull };
struct StorageFault {
  StorageError error;
  std::string text;  // what, where, what to do
};

class WriteBatch {
 public:
  void put(std::string key, std::string value) { operations_.push_back({std::move(key), std::move(value)}); }
  void erase(std::string key) { operations_.push_back({std::move(key), std::nullopt}); }
  void append(const WriteBatch& other) {
    operations_.insert(operations_.end(), other.operations_.begin(), other.operations_.end());
  }
  bool empty() const { return operations_.empty(); }

  struct Operation {
    std::string key;
    std::optional<std::string> value;  // absent: erase
  };
  const std::vector<Operation>& operations() const { return operations_; }

 private:
  std::vector<Operation> operations_;
};

class KeyValue {
 public:
  virtual ~KeyValue() = default;
  virtual std::optional<std::string> get(std::string_view key) const = 0;
  // Calls `visit` for keys with `prefix` in ascending order from `from` (which has the prefix, or is empty) until it
  // returns false.
  virtual void scan(std::string_view prefix, std::string_view from,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit) const = 0;
  // The last key with `prefix`, if any.
  virtual std::optional<std::pair<std::string, std::string>> last(std::string_view prefix) const = 0;
  virtual std::expected<void, StorageFault> write(const WriteBatch& batch, bool sync) = 0;
};

}  // namespace asterism::storage
