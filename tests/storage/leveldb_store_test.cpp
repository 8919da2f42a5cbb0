// One test for each way in which a database can be refused or fail, and for what survives.
#include "storage/leveldb_store.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <leveldb/db.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "storage/keys.hpp"
#include "tests/storage/scratch_folder.hpp"

namespace asterism::storage {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<LevelDbStore> opened(const fs::path& folder) {
  auto store = LevelDbStore::open(folder);
  EXPECT_TRUE(store.has_value()) << (store ? "" : store.error().text);
  return store ? std::move(*store) : nullptr;
}

void put(KeyValue& store, std::string key, std::string value, bool sync = true) {
  WriteBatch batch;
  batch.put(std::move(key), std::move(value));
  ASSERT_TRUE(store.write(batch, sync).has_value());
}

fs::path newest_log(const fs::path& folder) {
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".log" && entry.path() > newest) newest = entry.path();
  }
  return newest;
}

TEST(LevelDbStore, ASecondProcessIsToldThatTheFolderIsInUse) {
  const ScratchFolder scratch;
  int ready[2], go[2];
  ASSERT_EQ(pipe(ready), 0);
  ASSERT_EQ(pipe(go), 0);
  const pid_t holder = fork();
  if (holder == 0) {
    auto store = LevelDbStore::open(scratch.path() / "db");
    char byte = store ? 'y' : 'n';
    if (write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) < 0) _exit(1);
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  const auto second = LevelDbStore::open(scratch.path() / "db");
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().error, StorageError::kLocked);
  EXPECT_NE(second.error().text.find("another process"), std::string::npos) << second.error().text;
  ASSERT_EQ(write(go[1], "g", 1), 1);
  int status = 0;
  waitpid(holder, &status, 0);
  EXPECT_NE(opened(scratch.path() / "db"), nullptr);
}

TEST(LevelDbStore, AnotherSchemaVersionIsRefusedWithBothNumbers) {
  const ScratchFolder scratch;
  ASSERT_TRUE(LevelDbStore::open(scratch.path() / "db", {.schema = 7}).has_value());
  const auto store = LevelDbStore::open(scratch.path() / "db", {.schema = 8});
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().error, StorageError::kWrongSchema);
  EXPECT_NE(store.error().text.find("version 7"), std::string::npos);
  EXPECT_NE(store.error().text.find("needs 8"), std::string::npos);
}

TEST(LevelDbStore, ADatabaseOfAnotherProgramIsRefused) {
  const ScratchFolder scratch;
  leveldb::Options options;
  options.create_if_missing = true;
  leveldb::DB* db = nullptr;
  ASSERT_TRUE(leveldb::DB::Open(options, (scratch.path() / "db").string(), &db).ok());
  db->Put({}, "somebody", "else");
  delete db;
  const auto store = LevelDbStore::open(scratch.path() / "db");
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().error, StorageError::kWrongSchema);
}

TEST(LevelDbStore, AFolderThatCannotBeMadeIsAnIoFault) {
  const ScratchFolder scratch;
  std::ofstream(scratch.path() / "file") << "in the way";
  const auto store = LevelDbStore::open(scratch.path() / "file" / "db");
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().error, StorageError::kIo);
}

TEST(LevelDbStore, ATornTailOfTheLogLosesTheLastBatchOnly) {
  const ScratchFolder scratch;
  {
    auto store = opened(scratch.path() / "db");
    put(*store, "a", "first");
    put(*store, "b", std::string(500, 'x'), false);
  }
  const auto log = newest_log(scratch.path() / "db");
  fs::resize_file(log, fs::file_size(log) - 100);
  auto store = opened(scratch.path() / "db");
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->get("a"), "first");
  EXPECT_FALSE(store->get("b").has_value());
}

TEST(LevelDbStore, AFlippedBitInTheLogIsRefused) {
  const ScratchFolder scratch;
  {
    auto store = opened(scratch.path() / "db");
    put(*store, "v/1", std::string(500, 'x'));
    put(*store, "v/2", std::string(500, 'y'));
  }
  const auto log = newest_log(scratch.path() / "db");
  {
    std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(log)) - 700);
    file.put('!');
  }
  const auto store = LevelDbStore::open(scratch.path() / "db");
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().error, StorageError::kCorrupt);
}

// A limit on the size of files stands for the full disk; the child does the writing.
TEST(LevelDbStore, AFullDiskIsSaidAndEveryLaterWriteFailsToo) {
  const ScratchFolder scratch;
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    auto store = LevelDbStore::open(scratch.path() / "db");
    if (!store) _exit(10);
    const rlimit limit{64 << 10, 64 << 10};
    setrlimit(RLIMIT_FSIZE, &limit);
    WriteBatch large;
    large.put("large", std::string(200 << 10, 'x'));
    const auto first = (*store)->write(large, true);
    if (first || first.error().error != StorageError::kFull) _exit(11);
    WriteBatch small;
    small.put("small", "x");
    const auto second = (*store)->write(small, true);
    _exit(second ? 12 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  auto store = opened(scratch.path() / "db");
  ASSERT_NE(store, nullptr);
  EXPECT_FALSE(store->get("large").has_value());
}

// The death of the process loses nothing, synced or not, and never half of a batch.
TEST(LevelDbStore, WhatWasWrittenBeforeAKillIsThere) {
  const ScratchFolder scratch;
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    auto store = LevelDbStore::open(scratch.path() / "db");
    for (std::uint64_t i = 0; i < 200; ++i) {
      WriteBatch batch;
      put_marker(batch, number_key("b/", i), i);
      put_marker(batch, "m/head", i);
      if (!(*store)->write(batch, i % 10 == 0)) _exit(1);
    }
    if (write(ready[1], "x", 1) != 1) _exit(1);
    pause();
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  auto store = opened(scratch.path() / "db");
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(read_marker(*store, "m/head"), 199U);
  EXPECT_EQ(store->last("b/")->first, number_key("b/", 199));
}

}  // namespace
}  // namespace asterism::storage
