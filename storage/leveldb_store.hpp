// The key-value interface on LevelDB: one database folder per process.
//
// Durability: write(batch, true) returns after the log is on disk (fdatasync); write(batch, false) may be lost by a
// crash of the machine, not by the death of the process. A batch is one log record: all of it or nothing survives.
// Safety: the log is read strictly. A record that ends at the end of the file was torn by a crash and is dropped; a
// record with a wrong checksum means that the disk changed what was written, perhaps a vote, and the database is
// refused. After one failed write every later one fails too: what LevelDB has then on disk is not known before it is
// reopened. A read error aborts the process: no answer is safe.
#pragma once
#include <filesystem>

#include "storage/key_value.hpp"

namespace leveldb {
class Cache;
class DB;
class FilterPolicy;
}  // namespace leveldb

namespace asterism::storage {

// Of the layout of keys and values; raised by every change that an older program would misread.
inline constexpr std::uint64_t kSchemaVersion = 1;

struct LevelDbOptions {
  std::uint64_t schema = kSchemaVersion;
  std::size_t cache_bytes = 32U << 20;
  std::size_t write_buffer_bytes = 16U << 20;
};

class LevelDbStore final : public KeyValue {
 public:
  // Creates the folder when there is none. kLocked: another process has it open; kWrongSchema: made by a version of the
  // program with another layout, or not made by it; kCorrupt, kIo, kFull as they say, with what to do.
  static std::expected<std::unique_ptr<LevelDbStore>, StorageFault> open(const std::filesystem::path& folder,
                                                                         const LevelDbOptions& options = {});
  ~LevelDbStore() override;
  LevelDbStore(const LevelDbStore&) = delete;
  LevelDbStore& operator=(const LevelDbStore&) = delete;

  std::optional<std::string> get(std::string_view key) const override;
  void scan(std::string_view prefix, std::string_view from,
            const std::function<bool(std::string_view key, std::string_view value)>& visit) const override;
  std::optional<std::pair<std::string, std::string>> last(std::string_view prefix) const override;
  std::expected<void, StorageFault> write(const WriteBatch& batch, bool sync) override;

 private:
  explicit LevelDbStore(std::filesystem::path folder);
  std::expected<void, StorageFault> check_schema(std::uint64_t schema);

  std::filesystem::path folder_;
  std::unique_ptr<leveldb::Cache> cache_;
  std::unique_ptr<const leveldb::FilterPolicy> filter_;
  std::unique_ptr<leveldb::DB> db_;  // after what it uses
  std::optional<StorageFault> broken_;
};

}  // namespace asterism::storage
