#include "storage/leveldb_store.hpp"

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

#include "core/base/check.hpp"
#include "storage/keys.hpp"
#include "storage/prefix.hpp"

namespace asterism::storage {

namespace {

constexpr std::string_view kSchemaKey = "m/schema";

leveldb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(const leveldb::Slice& text) { return {text.data(), text.size()}; }

// LevelDB says most of what went wrong in words only.
StorageFault fault_of(const leveldb::Status& status, const std::filesystem::path& folder) {
  const std::string text = status.ToString();
  const auto says = [&](std::string_view words) { return text.find(words) != std::string::npos; };
  const std::string where = "database " + folder.string() + ": ";
  if (status.IsIOError() && says("/LOCK: ")) {
    return {StorageError::kLocked, where + "another process has it open; stop that one first (" + text + ")"};
  }
  if (says("No space left") || says("Disk quota exceeded") || says("File too large")) {
    return {StorageError::kFull, where + "the disk is full; free space and start again (" + text + ")"};
  }
  if (status.IsCorruption() || status.IsInvalidArgument()) {
    return {
        StorageError::kCorrupt,
        where + "the files are damaged; restore the folder, or move it aside and let the node catch up (" + text + ")"};
  }
  return {StorageError::kIo, where + text};
}

leveldb::ReadOptions reading() {
  leveldb::ReadOptions options;
  options.verify_checksums = true;
  return options;
}

void check_read(const leveldb::Status& status, const std::filesystem::path& folder) {
  if (!status.ok()) ASTERISM_CHECK(false, fault_of(status, folder).text);
}

}  // namespace

LevelDbStore::LevelDbStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
LevelDbStore::~LevelDbStore() = default;

std::expected<std::unique_ptr<LevelDbStore>, StorageFault> LevelDbStore::open(const std::filesystem::path& folder,
                                                                              const LevelDbOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return std::unexpected(StorageFault{StorageError::kIo, folder.string() + ": " + error.message()});

  std::unique_ptr<LevelDbStore> store(new LevelDbStore(folder));
  store->cache_.reset(leveldb::NewLRUCache(options.cache_bytes));
  store->filter_.reset(leveldb::NewBloomFilterPolicy(10));
  leveldb::Options settings;
  settings.create_if_missing = true;
  settings.paranoid_checks = true;
  settings.write_buffer_size = options.write_buffer_bytes;
  settings.block_cache = store->cache_.get();
  settings.filter_policy = store->filter_.get();
  leveldb::DB* db = nullptr;
  const auto status = leveldb::DB::Open(settings, folder.string(), &db);
  if (!status.ok()) return std::unexpected(fault_of(status, folder));
  store->db_.reset(db);
  if (auto checked = store->check_schema(options.schema); !checked) return std::unexpected(checked.error());
  return store;
}

std::expected<void, StorageFault> LevelDbStore::check_schema(std::uint64_t schema) {
  const auto wrong = [&](const std::string& what) {
    return std::unexpected(StorageFault{StorageError::kWrongSchema, "database " + folder_.string() + ": " + what});
  };
  const auto found = get(kSchemaKey);
  if (!found) {
    bool empty = true;
    scan("", "", [&](std::string_view, std::string_view) { return empty = false; });
    if (!empty) return wrong("has no schema version; it was not made by this program");
    WriteBatch batch;
    put_marker(batch, std::string(kSchemaKey), schema);
    return write(batch, true);
  }
  const auto version = value_number(*found);
  if (!version) return wrong("its schema version is not readable");
  if (*version != schema) {
    return wrong("has schema version " + std::to_string(*version) + ", this program needs " + std::to_string(schema) +
                 "; use the version of the program that made it, or move the folder aside and let the node catch up");
  }
  return {};
}

std::optional<std::string> LevelDbStore::get(std::string_view key) const {
  std::string value;
  const auto status = db_->Get(reading(), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  check_read(status, folder_);
  return value;
}

void LevelDbStore::scan(std::string_view prefix, std::string_view from,
                        const std::function<bool(std::string_view, std::string_view)>& visit) const {
  const std::unique_ptr<leveldb::Iterator> it(db_->NewIterator(reading()));
  for (it->Seek(slice(std::max(prefix, from))); it->Valid(); it->Next()) {
    const auto key = view(it->key());
    if (!key.starts_with(prefix) || !visit(key, view(it->value()))) break;
  }
  check_read(it->status(), folder_);
}

std::optional<std::pair<std::string, std::string>> LevelDbStore::last(std::string_view prefix) const {
  const std::unique_ptr<leveldb::Iterator> it(db_->NewIterator(reading()));
  const auto limit = after_prefix(prefix);
  if (limit) it->Seek(slice(*limit));
  if (limit && it->Valid()) {
    it->Prev();
  } else {
    it->SeekToLast();
  }
  check_read(it->status(), folder_);
  if (!it->Valid() || !view(it->key()).starts_with(prefix)) return std::nullopt;
  return std::pair(it->key().ToString(), it->value().ToString());
}

std::expected<void, StorageFault> LevelDbStore::write(const WriteBatch& batch, bool sync) {
  if (broken_) return std::unexpected(*broken_);
  leveldb::WriteBatch updates;
  for (const auto& [key, value] : batch.operations()) {
    if (value) {
      updates.Put(key, *value);
    } else {
      updates.Delete(key);
    }
  }
  leveldb::WriteOptions options;
  options.sync = sync;
  const auto status = db_->Write(options, &updates);
  if (status.ok()) return {};
  broken_ = fault_of(status, folder_);
  return std::unexpected(*broken_);
}

}  // namespace asterism::storage
